import Files

/// Why a run's directory could not be used.
package enum RunDirectoryError: Error, CustomStringConvertible {
  case holdsRun(path: String)
  /// A file of a run whose `run.json` is missing.
  case withoutRecord(path: String)
  case inUse(path: String)
  case otherRun(path: String, [FieldDifference])
  case damaged(path: String, expected: String, found: String)
  /// A record of networks that cannot be trained: the reason names the constant, with what was expected and found.
  case untrainable(path: String, reason: String)
  /// There is no run: `wanted` is what was looked for at the path.
  case missing(path: String, wanted: String)
  case unreadable(path: String, reason: String)
  /// While the run went on, another directory has got the name of the run's own.
  case replaced(path: String)

  /// The exit code of a program whose run directory another process is using.
  package static let inUseExitCode: Int32 = 75

  package var isInUse: Bool { if case .inUse = self { true } else { false } }
  package var isInputOutput: Bool {
    switch self {
    case .missing, .unreadable, .replaced: true
    default: false
    }
  }

  package var description: String {
    switch self {
    case .holdsRun(let path): "\(path): expected a directory without a run, found one (--resume continues it)"
    case .withoutRecord(let path): "\(path): expected no file of a run without the run's run.json, found one"
    case .inUse(let path): "\(path): expected a directory that no other process uses, found one in use"
    case .otherRun(let path, let differences):
      "\(path): expected \(differences.words(of: \.first)), as in the run to resume, found \(differences.words(of: \.second))"
    case .damaged(let path, let expected, let found): "\(path): expected \(expected), found \(found)"
    case .untrainable(let path, let reason): "\(path): \(reason)"
    case .missing(let path, let wanted): "\(path): expected \(wanted), found none"
    case .unreadable(let path, let reason): "\(path): expected to read, found: \(reason)"
    case .replaced(let path): "\(path): expected the directory that the run began in, found another one"
    }
  }
}
