import Files

/// Why a file that says what to train, a recipe or a plan, could not be used.
package enum SettingsFileError: Error, Equatable, CustomStringConvertible {
  case unreadable(FileReadError)
  case damaged(path: String, problem: String)

  package var isInputOutput: Bool { if case .unreadable = self { true } else { false } }

  package var description: String {
    switch self {
    case .unreadable(let error): "\(error)"
    case .damaged(let path, let problem): "\(path): \(problem)"
    }
  }

  private static let limit = 1 << 24

  /// The bytes of such a file, which may be a pipe.
  static func contents(of path: String) throws(SettingsFileError) -> [UInt8] {
    let bytes: [UInt8]?
    do throws(FileReadError) {
      bytes = try InputFile.contents(of: path, atMost: limit)
    } catch {
      throw .unreadable(error)
    }
    guard let bytes else { throw .damaged(path: path, problem: "expected at most \(limit) bytes, found more") }
    return bytes
  }

  /// Requires that a file's JSON, which has been decoded, says nothing that its decoder passes over, such as a key given twice.
  static func requireStrict(_ bytes: [UInt8], of path: String) throws(SettingsFileError) {
    if let (expected, found) = StrictJSON.flaw(in: bytes) {
      throw .damaged(path: path, problem: "expected \(expected), found \(found)")
    }
  }
}
