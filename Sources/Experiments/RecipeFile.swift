import Files
import Foundation
import Training

/// A file of recipe values by key, as `signet recipe --json` prints it: one JSON object whose values are strings.
package enum RecipeFile {
  /// Reads a recipe.
  ///
  /// - Throws: `RecipeFileError`
  package static func read(_ path: String) throws(RecipeFileError) -> Recipe {
    guard access(path, R_OK) == 0 else { throw .unreadable(path: path, reason: reason(ofErrno: errno)) }
    let bytes: Data
    do {
      bytes = try Data(contentsOf: URL(filePath: path))
    } catch {
      throw .unreadable(path: path, reason: reason(of: error))
    }
    guard let values = try? JSONDecoder().decode([String: String].self, from: bytes) else {
      throw .damaged(path: path, problem: "expected a JSON object of strings, as signet recipe --json prints it")
    }
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

/// Why a file could not be read as a recipe.
package enum RecipeFileError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, reason: String)
  case damaged(path: String, problem: String)

  package var isInputOutput: Bool { if case .unreadable = self { true } else { false } }

  package var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): expected to read, found: \(reason)"
    case .damaged(let path, let problem): "\(path): \(problem)"
    }
  }
}
