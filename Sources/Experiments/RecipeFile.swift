import Foundation
import Training

/// A file of recipe values by key, as `signet recipe --json` prints it: one JSON object whose values are strings.
package enum RecipeFile {
  /// Reads a recipe.
  ///
  /// - Throws: `SettingsFileError`
  package static func read(_ path: String) throws(SettingsFileError) -> Recipe {
    let bytes = try SettingsFileError.contents(of: path)
    guard let values = try? JSONDecoder().decode([String: String].self, from: Data(bytes)) else {
      throw .damaged(path: path, problem: "expected a JSON object of strings, as signet recipe --json prints it")
    }
    try SettingsFileError.requireStrict(bytes, of: path)
    do {
      let recipe = try Recipe(values)
      // Whether a value is valid for its key does not depend on the experiment.
      _ = try recipe.apply(to: .digits)
      return recipe
    } catch {
      throw .damaged(path: path, problem: "\(error)")
    }
  }
}
