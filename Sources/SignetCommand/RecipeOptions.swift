import ArgumentParser
import Experiments
import Networks
import Training
import WeightDistributions

/// `--recipe` and `--set`.
struct RecipeOptions: ParsableArguments {
  @Option(
    name: .customLong("recipe"),
    help: ArgumentHelp(
      "File with the training's constants, as signet recipe --json prints them, or \(Recipe.names.joined(separator: ", ")).",
      discussion: """
        thesis is the protocol of the authors' later experiments, for the experiments mnist-pi, mnist, cifar-10 and \
        cifar-100, which signet train does not take. Options change the recipe's constants.
        """, valueName: "recipe"))
  var file: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Change one constant of the training; repeatable. signet recipe lists the keys.", valueName: "key=value"),
    transform: { try RecipeSetting($0) })
  var settings: [RecipeSetting] = []

  /// An experiment with the changes from the recipe's file, from options and from `--set`.
  ///
  /// - Parameters:
  ///   - options: the options that are shorthands for keys, with their values.
  ///   - grids: the grids of a sweep.
  /// - Throws: `SettingsFileError`; `ValidationError` for values that are wrong, do not fit together or have no effect.
  func apply(
    to experiment: Experiment, training networks: [NetworkKind], options: [OptionScope: String] = [:],
    epochs: [OptionScope], sweeping grids: [WeightGrid]? = nil
  ) throws -> Experiment {
    do {
      return try experiment.changed(
        byFile: file, options: options, settings: settings.map { ($0.key, $0.value) }, epochs: epochs,
        training: networks, sweeping: grids)
    } catch let error as SettingsFileError {
      throw error
    } catch let error as RecipeError where error.isOfRecipe {
      throw ValidationError("--recipe: \(error)")
    } catch {
      throw ValidationError(error is RecipeError ? "--set: \(error)" : "\(error)")
    }
  }
}

/// `KEY=VALUE`.
struct RecipeSetting {
  let key, value: String

  /// - Throws: `ValidationError`
  init(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw ValidationError("expected key=value (signet recipe lists the keys), found \(text)")
    }
    (key, value) = (String(parts[0]), String(parts[1]))
  }
}
