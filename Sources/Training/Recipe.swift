import Networks

/// Values for some of an experiment's constants, by the names of `RecipeKey.all`.
public struct Recipe: Sendable, Equatable {
  /// The values as text, by key.
  public internal(set) var values: [String: String]

  /// Values by key.
  ///
  /// - Throws: `RecipeError.unknown`
  public init(_ values: [String: String]) throws(RecipeError) {
    for name in values.keys.sorted() where RecipeKey.named(name) == nil { throw .unknown(key: name) }
    self.values = values
  }

  /// The values of all constants of an experiment.
  public init(of experiment: Experiment) {
    values = Dictionary(uniqueKeysWithValues: RecipeKey.all.map { ($0.name, $0.value(in: experiment)) })
  }

  /// The keys that have a value, in their order.
  public var keys: [RecipeKey] { RecipeKey.all.filter { values[$0.name] != nil } }

  /// These values, overridden by those of `other`.
  public func merging(_ other: Recipe) -> Recipe {
    var merged = self
    merged.values.merge(other.values) { $1 }
    return merged
  }

  /// An experiment with these values; the order in which they were given does not matter.
  ///
  /// - Throws: `RecipeError.value`
  public func apply(to experiment: Experiment) throws(RecipeError) -> Experiment {
    var experiment = experiment
    for key in keys {
      if let value = values[key.name] { try key.set(value, in: &experiment) }
    }
    return experiment
  }

  /// Refuses keys that have no effect on what is to be trained.
  ///
  /// - Parameter experiment: the experiment with the recipe's values.
  /// - Throws: `RecipeError.withoutEffect`
  package func requireEffect(on networks: [NetworkKind], of experiment: Experiment) throws(RecipeError) {
    for key in keys {
      if let error = key.withoutEffect(on: networks, of: experiment) { throw error }
    }
  }
}

extension RecipeKey {
  /// Why the key has no effect on what is to be trained; nil if it has one.
  ///
  /// - Parameter experiment: the experiment with the values of all keys.
  package func withoutEffect(on networks: [NetworkKind], of experiment: Experiment) -> RecipeError? {
    let plan = OptionScope.Plan(networks, of: experiment)
    if let (expected, found) = plan.absence(of: self.networks) {
      return .withoutEffect(key: name, expected: expected, found: found)
    }
    if let error = option?.withoutEffect(in: plan) {
      return .withoutEffect(key: name, expected: error.expected, found: error.found)
    }
    let prefix = name.prefix { $0 != "." }
    if name.hasSuffix(".cooldown") || name.hasSuffix(".patience"),
      let steps = RecipeKey.named("\(prefix).learning-rate-steps")?.value(in: experiment), steps != "plateau"
    {
      return .withoutEffect(key: name, expected: "\(prefix).learning-rate-steps=plateau", found: steps)
    }
    return nil
  }
}

/// Why a recipe cannot be used.
public enum RecipeError: Error, Equatable, CustomStringConvertible {
  case unknown(key: String)
  case value(key: String, expected: String, found: String)
  case withoutEffect(key: String, expected: String, found: String)
  /// A named recipe is not for this experiment.
  case notFor(recipe: String, expected: [String], found: String)
  /// A key has two values.
  case twice(key: String, with: String)

  /// True if the error is about the recipe as a whole rather than a key.
  package var isOfRecipe: Bool { if case .notFor = self { true } else { false } }

  public var description: String {
    switch self {
    case .unknown(let key): "expected a key that signet recipe lists, found \(key)"
    case .value(let key, let expected, let found), .withoutEffect(let key, let expected, let found):
      "\(key): expected \(expected), found \(found)"
    case .notFor(let recipe, let expected, let found):
      "\(recipe): expected an experiment that it is for (\(expected.joined(separator: ", "))), found \(found)"
    case .twice(let key, let other): "\(key): expected one value, found another by \(other)"
    }
  }
}
