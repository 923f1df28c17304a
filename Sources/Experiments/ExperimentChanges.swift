import Training
import WeightDistributions

/// What a command line changes of an experiment: a recipe's file, options that are shorthands of its keys, and the keys of `--set`.
package struct ExperimentChanges {
  /// The path of a recipe's file.
  private let file: String?
  /// Options with their values as they are typed.
  private let options: [OptionScope: String]
  /// The keys of `--set` with their values, in the order in which they are typed.
  private let settings: [(key: String, value: String)]
  /// Options of epochs that are given: they are the run's, and not the experiment's.
  private let epochs: [OptionScope]

  package init(
    file: String?, options: [OptionScope: String] = [:], settings: [(key: String, value: String)], epochs: [OptionScope]
  ) {
    (self.file, self.options, self.settings, self.epochs) = (file, options, settings, epochs)
  }

  /// An experiment with the file's values, then those of options and `--set`.
  ///
  /// - Parameters:
  ///   - networks: what is to be trained.
  ///   - grids: those of a sweep, which trains with each of them instead of the experiment's.
  /// - Throws: `RecipeFileError`; `RecipeError` of `--set`; `OptionError` of a value that is none, or of an option that changes nothing
  ///   in what is to be trained; `ArchitectureError` or `MethodError` if the values do not fit together.
  package func apply(
    to base: Experiment, training networks: [NetworkKind], sweeping grids: [WeightGrid]? = nil
  ) throws -> Experiment {
    let experiment = try file.map { try RecipeFile.read($0).apply(to: base) } ?? base
    let settings = try settingsRecipe()
    let changed = try Recipe(options, changing: experiment).merging(settings).apply(to: experiment)
    try settings.requireEffect(on: networks, of: changed)
    for grids in grids.map({ $0.map { [$0] } }) ?? [changed.method.grids] {
      var trained = changed
      trained.method.grids = grids
      try trained.validate(for: trained.data.image, classes: trained.data.classes)
    }
    let plan = OptionScope.Plan(networks, of: changed)
    for option in OptionScope.allCases where options[option] != nil || epochs.contains(option) {
      if let error = option.withoutEffect(in: plan) { throw error }
    }
    return changed
  }

  /// The values of `--set`, none of which is given another time.
  private func settingsRecipe() throws(RecipeError) -> Recipe {
    var values: [String: String] = [:]
    for (key, value) in settings {
      guard values.updateValue(value, forKey: key) == nil else { throw .twice(key: key, with: "--set") }
    }
    for option in OptionScope.allCases where options[option] != nil || epochs.contains(option) {
      if let key = option.keys.first(where: { values[$0.name] != nil }) {
        throw .twice(key: key.name, with: option.option)
      }
    }
    return try Recipe(values)
  }
}
