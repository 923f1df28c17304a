import Files
import Foundation

/// Why a file that says what to train, a recipe or a plan, could not be used.
package enum SettingsFileError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, reason: String)
  case damaged(path: String, problem: String)

  package var isInputOutput: Bool { if case .unreadable = self { true } else { false } }

  package var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): expected to read, found: \(reason)"
    case .damaged(let path, let problem): "\(path): \(problem)"
    }
  }

  /// The bytes of such a file.
  static func contents(of path: String) throws(SettingsFileError) -> Data {
    guard access(path, R_OK) == 0 else { throw .unreadable(path: path, reason: reason(ofErrno: errno)) }
    do {
      return try Data(contentsOf: URL(plainPath: path))
    } catch {
      throw .unreadable(path: path, reason: reason(of: error))
    }
  }

  /// Requires that no object of a file's JSON has a key twice.
  static func requireDifferentKeys(in bytes: Data, of path: String) throws(SettingsFileError) {
    if let key = StrictJSON.repeatedName(in: Array(bytes)) {
      throw .damaged(path: path, problem: "expected each key once, found \(key) twice")
    }
  }
}
