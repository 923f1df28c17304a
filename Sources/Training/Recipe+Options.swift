import Files

extension OptionScope {
  /// The keys of a recipe for which the option is a shorthand.
  package var keys: [RecipeKey] { RecipeKey.all.filter { $0.option == (self == .prior ? .regularizer : self) } }
}

extension Recipe {
  /// The values of the keys for which options are shorthands.
  ///
  /// - Parameters:
  ///   - options: each option with its value as typed.
  ///   - experiment: the experiment that the options are to change.
  /// - Throws: `OptionError` if a value is not one that the option's keys accept.
  package init(_ options: [OptionScope: String], changing experiment: Experiment) throws(OptionError) {
    values = [:]
    var changed = experiment
    for option in OptionScope.allCases {
      guard let typed = options[option], let value = try Self.value(of: option, typed, options, experiment) else {
        continue
      }
      // Without constants of its own, the straight-through network has the discrete networks' dropout rates.
      for key in option.keys where !(key.name == "straight-through.dropout" && experiment.straightThrough == nil) {
        do throws(RecipeError) {
          try key.set(value, in: &changed)
        } catch {
          guard case .value(_, let expected, _) = error else { continue }
          throw OptionError(option: option.option, expected: expected, found: typed)
        }
        values[key.name] = value
      }
    }
  }

  /// The value of an option's keys; nil if the option changes nothing without another one.
  private static func value(
    of option: OptionScope, _ typed: String, _ options: [OptionScope: String], _ experiment: Experiment
  ) throws(OptionError) -> String? {
    switch option {
    case .regularizer where typed == "kl": return try options[.prior].map(divergence(prior:)) ?? typed
    case .prior:
      guard options[.regularizer] == nil, case .divergence = experiment.method.regularizer else { return nil }
      return try divergence(prior: typed)
    case .dropout where !typed.contains(","):
      let layers = experiment.architecture.blocks.count
      guard layers > 1 else {
        throw OptionError(
          option: option.option, expected: "layers after the first, since a single rate is for these",
          found: "\(experiment.architecture)")
      }
      return (["0"] + Array(repeating: typed, count: layers - 1)).joined(separator: ",")
    default: return typed
    }
  }

  /// The value of the regularizer's key for a prior.
  private static func divergence(prior: String) throws(OptionError) -> String {
    guard commaSeparated(prior, of: { Double($0).flatMap { $0.isFinite ? $0 : nil } }) != nil else {
      throw OptionError(option: OptionScope.prior.option, expected: "numbers separated by commas", found: prior)
    }
    return "kl:\(prior)"
  }
}
