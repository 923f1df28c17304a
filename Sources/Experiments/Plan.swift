import Datasets
import Files
import Foundation
import Networks
import Training
import WeightDistributions

/// Trainings of several experiments, networks, grids, recipes and seeds, as a file names them:
///
///     {"trainings": [
///       {"experiment": "mnist-pi", "data": "data/mnist", "networks": ["real", "discrete-sign"],
///        "weights": ["ternary", "quinary"], "seeds": [1, 2, 3]},
///       {"experiment": "mnist-pi", "data": "data/mnist", "recipe": "thesis", "discreteEpochs": 100}
///     ]}
package struct Plan: Decodable, Equatable, Sendable {
  package let trainings: [Entry]

  private enum CodingKeys: String, CodingKey, CaseIterable { case trainings }

  package init(from decoder: any Decoder) throws {
    try decoder.requireKeys(of: CodingKeys.self)
    trainings = try decoder.container(keyedBy: CodingKeys.self).decode([Entry].self, forKey: .trainings)
  }

  /// The trainings of one experiment. What is left out is as with `signet sweep EXPERIMENT`.
  package struct Entry: Decodable, Equatable, Sendable {
    package let experiment: String
    /// The directory of the data's files.
    package let data: String?
    package let networks: [String]?
    package let weights: [String]?
    package let seeds: [UInt64]?
    /// A file, or a name of `Recipe.names`.
    package let recipe: String?
    /// Constants by key.
    package let set: [String: String]?
    package let realEpochs, discreteEpochs: Int?
    package let withoutExtra: Bool?

    private enum CodingKeys: String, CodingKey, CaseIterable {
      case experiment, data, networks, weights, seeds, recipe, set, realEpochs, discreteEpochs, withoutExtra
    }

    package init(from decoder: any Decoder) throws {
      try decoder.requireKeys(of: CodingKeys.self)
      let entry = try decoder.container(keyedBy: CodingKeys.self)
      experiment = try entry.decode(String.self, forKey: .experiment)
      data = try entry.decodeIfPresent(String.self, forKey: .data)
      networks = try entry.decodeIfPresent([String].self, forKey: .networks)
      weights = try entry.decodeIfPresent([String].self, forKey: .weights)
      seeds = try entry.decodeNumbersIfPresent([UInt64].self, forKey: .seeds)
      recipe = try entry.decodeIfPresent(String.self, forKey: .recipe)
      set = try entry.decodeIfPresent([String: String].self, forKey: .set)
      realEpochs = try entry.decodeNumbersIfPresent(Int.self, forKey: .realEpochs)
      discreteEpochs = try entry.decodeNumbersIfPresent(Int.self, forKey: .discreteEpochs)
      withoutExtra = try entry.decodeIfPresent(Bool.self, forKey: .withoutExtra)
    }
  }

  /// Reads a plan.
  ///
  /// - Throws: `SettingsFileError`
  package init(reading path: String) throws(SettingsFileError) {
    let bytes = try SettingsFileError.contents(of: path)
    do {
      self = try JSONDecoder().decode(Plan.self, from: Data(bytes))
    } catch {
      throw .damaged(path: path, problem: "expected a plan, found \(whatDoesNotDecode(error))")
    }
    try SettingsFileError.requireStrict(bytes, of: path)
    if trainings.isEmpty { throw .damaged(path: path, problem: "expected trainings, found none") }
  }

  /// The sweeps of a plan, one for each entry.
  ///
  /// - Parameters:
  ///   - path: the plan's file, for errors.
  ///   - load: reads a data set from a directory.
  /// - Throws: `SettingsFileError`; what `load` throws.
  package func sweeps(from path: String, loading load: (DataSource, String?) throws -> Dataset) throws -> [Sweep] {
    var loaded: [String: Dataset] = [:]
    return try trainings.enumerated().map { number, entry in
      func wrong(_ key: String, _ expected: String, _ found: String) -> SettingsFileError {
        .damaged(path: path, problem: "trainings[\(number)].\(key): expected \(expected), found \(found)")
      }
      let wanted = try entry.choices(wrong)
      let experiment: Experiment
      do {
        experiment = try wanted.experiment.changed(
          byFile: entry.recipe, options: [:], settings: (entry.set ?? [:]).sorted { $0.key < $1.key }.map { ($0, $1) },
          epochs: (entry.realEpochs == nil ? [] : [.realEpochs])
            + (entry.discreteEpochs == nil ? [] : [.discreteEpochs]),
          training: wanted.networks, sweeping: wanted.grids)
      } catch let error as SettingsFileError {
        throw error
      } catch {
        throw SettingsFileError.damaged(path: path, problem: "trainings[\(number)]\(Plan.place(of: error))")
      }
      if entry.data == nil && !experiment.data.isBuiltIn {
        throw wrong("data", "a directory with the files of \(experiment.data.name)", "none")
      }
      let key = "\(experiment.data.name) \(entry.data ?? "")"
      let data = try loaded[key] ?? load(experiment.data, entry.data)
      loaded[key] = data
      return Sweep(
        experiment, data: data, directory: entry.data, grids: wanted.grids, networks: Set(wanted.networks),
        seeds: wanted.seeds, realEpochs: entry.realEpochs, discreteEpochs: entry.discreteEpochs)
    }
  }
}

extension Plan.Entry {
  /// What the entry chooses, checked.
  fileprivate func choices(
    _ wrong: (_ key: String, _ expected: String, _ found: String) -> SettingsFileError
  ) throws(SettingsFileError) -> (experiment: Experiment, networks: [NetworkKind], grids: [WeightGrid], seeds: [UInt64])
  {
    guard var chosen = Experiment.named(experiment) else {
      throw wrong("experiment", Experiment.all.map(\.name).joined(separator: ", "), experiment)
    }
    if withoutExtra == true {
      guard let changed = chosen.withoutExtra else { throw wrong("withoutExtra", "the experiment svhn", experiment) }
      chosen = changed
    }
    var kinds: Set<NetworkKind> = []
    for name in networks ?? NetworkKind.allCases.map(\.rawValue) {
      guard let kind = NetworkKind(rawValue: name), kinds.insert(kind).inserted else {
        throw wrong("networks", "each of \(NetworkKind.allCases.map(\.rawValue).joined(separator: ", ")) once", name)
      }
    }
    if kinds.isEmpty { throw wrong("networks", "one or more", "none") }
    var grids: [WeightGrid] = []
    for text in weights ?? WeightGrid.all.map(\.name) {
      do throws(WeightGridError) {
        grids.append(try WeightGrid(text))
      } catch {
        throw wrong("weights", "grids", "\(text) (\(error))")
      }
    }
    if grids.isEmpty { throw wrong("weights", "one or more", "none") }
    let seeds = seeds ?? Plan.seeds
    if seeds.isEmpty || Set(seeds).count < seeds.count { throw wrong("seeds", "different numbers", "\(seeds)") }
    let counts = Experiment.Phase.epochCounts
    for (key, epochs) in [("realEpochs", realEpochs), ("discreteEpochs", discreteEpochs)] {
      if let epochs, !counts.contains(epochs) {
        throw wrong(key, "\(counts.lowerBound) to \(counts.upperBound)", "\(epochs)")
      }
    }
    return (chosen, NetworkKind.allCases.filter(kinds.contains), grids, seeds)
  }
}

extension Plan {
  /// The seeds of a sweep that names none.
  package static let seeds: [UInt64] = [1, 2, 3, 4, 5]

  /// An error of a training's constants, behind the member of the training that it is about: what is an option on the command line
  /// is a member here.
  fileprivate static func place(of error: any Error) -> String {
    func member(_ option: String) -> String {
      option == OptionScope.realEpochs.option ? "realEpochs" : "discreteEpochs"
    }
    return switch error {
    case let error as OptionError: ".\(member(error.option)): expected \(error.expected), found \(error.found)"
    case RecipeError.twice(let key, let option): ".set: \(RecipeError.twice(key: key, with: member(option)))"
    case let error as RecipeError: ".\(error.isOfRecipe ? "recipe" : "set"): \(error)"
    default: ": \(error)"
    }
  }
}
