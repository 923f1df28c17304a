import ArgumentParser
import Experiments
import Networks
import Training

/// `--recipe` and `--set`.
struct RecipeOptions: ParsableArguments {
  @Option(
    name: .customLong("recipe"),
    help: ArgumentHelp(
      "File with the training's constants, as signet recipe --json prints them. Options change them.", valueName: "file"
    ))
  var file: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Change one constant of the training; repeatable. signet recipe lists the keys.", valueName: "key=value"))
  var settings: [RecipeSetting] = []

  func validate() throws {
    var seen: Set<String> = []
    for setting in settings {
      guard seen.insert(setting.key).inserted else {
        throw ValidationError("--set: \(RecipeError.twice(key: setting.key, with: "--set"))")
      }
    }
  }

  /// An experiment with the file's constants.
  ///
  /// - Throws: `RecipeFileError`
  func applyFile(to experiment: Experiment) throws -> Experiment {
    try file.map { try RecipeFile.read($0).apply(to: experiment) } ?? experiment
  }

  /// An experiment with the constants of `--set`.
  ///
  /// - Parameters:
  ///   - networks: what is to be trained.
  ///   - given: options that have set a constant already.
  /// - Throws: `ValidationError` if a value is wrong, is given by an option, too, or changes nothing in what is to be trained.
  func applySettings(
    to experiment: Experiment, on networks: [NetworkKind], given: [OptionScope]
  ) throws -> Experiment {
    do {
      let recipe = try Recipe(Dictionary(uniqueKeysWithValues: settings.map { ($0.key, $0.value) }))
      for key in recipe.keys {
        if let option = key.option, given.contains(option) {
          throw RecipeError.twice(key: key.name, with: option.option)
        }
      }
      let changed = try recipe.apply(to: experiment)
      try recipe.requireEffect(on: networks, of: changed)
      return changed
    } catch let error as RecipeError {
      throw ValidationError("--set: \(error)")
    }
  }
}

/// `KEY=VALUE`.
struct RecipeSetting: ExpressibleByArgument {
  let key, value: String

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { return nil }
    (key, value) = (String(parts[0]), String(parts[1]))
  }
}
