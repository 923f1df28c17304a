import Networks
import Training
import WeightDistributions

extension Experiment {
  /// The experiment, changed first by a recipe's values, then by `--set` and by the options that are shorthands for
  /// recipe keys.
  ///
  /// - Parameters:
  ///   - file: the recipe's path, or a name from `Recipe.names`.
  ///   - options: the options given, with their values as typed.
  ///   - settings: the keys and values given with `--set`; a sweep's name no grids.
  ///   - epochs: the options given that set numbers of epochs, which belong to the run and not to the experiment.
  ///   - networks: the networks to train.
  ///   - grids: the grids of a sweep, which trains with each of them instead of the experiment's.
  /// - Throws: `SettingsFileError`; `RecipeError` for `--set`; `OptionError` for an invalid value, or for an option that
  ///   has no effect on the networks to train; `ArchitectureError` or `MethodError` if the values do not fit together for these
  ///   networks and those that they start from.
  package func changed(
    byFile file: String?, options: [OptionScope: String], settings: [(key: String, value: String)],
    epochs: [OptionScope], training networks: [NetworkKind], sweeping grids: [WeightGrid]?
  ) throws -> Experiment {
    let experiment =
      try file.map { file in
        try (Recipe.named(file, for: self) ?? RecipeFile.read(file)).apply(to: self)
      } ?? self
    let given = OptionScope.allCases.filter { options[$0] != nil || epochs.contains($0) }
    var values: [String: String] = [:]
    for (key, value) in settings {
      guard values.updateValue(value, forKey: key) == nil else { throw RecipeError.twice(key: key, with: "--set") }
      if let option = given.first(where: { $0.keys.contains { $0.name == key } }) {
        throw RecipeError.twice(key: key, with: option.option)
      }
    }
    if grids != nil, let value = values["weights"] {
      throw RecipeError.value(
        key: "weights", expected: "the sweep's own list of weights", found: "the key with \(value)")
    }
    let recipe = try Recipe(values)
    let changed = try Recipe(options, changing: experiment).merging(recipe).apply(to: experiment)
    try recipe.requireEffect(on: networks, of: changed)
    let order = NetworkKind.trainingOrder(of: Set(networks), initialization: changed.method.initialization)
    for grids in grids.map({ $0.map { [$0] } }) ?? [changed.method.grids] {
      var trained = changed
      trained.method.grids = grids
      try trained.validate(for: trained.data.input, classes: trained.data.classes, networks: order)
    }
    let plan = OptionScope.Plan(networks, of: changed)
    for option in given {
      if let error = option.withoutEffect(in: plan) { throw error }
    }
    return changed
  }
}
