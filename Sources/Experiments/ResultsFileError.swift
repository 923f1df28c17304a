import Training

/// Why a file of results could not be used.
package enum ResultsFileError: Error, CustomStringConvertible {
  /// The system refused to read the file.
  case cannotRead(path: String, reason: String)
  /// The system refused to add to the file.
  case cannotUse(path: String, reason: String)
  case notARecord(path: String, line: Int)
  /// A line of a form that a newer program wrote.
  case unknownVersion(path: String, line: Int, version: Int)
  /// Two lines, or two files, with other results of the same network.
  case contradiction(places: String, results: (NetworkResult, NetworkResult))
  /// A result that was to be added to a file, which has another one of the same network.
  case otherResult(places: String, results: (NetworkResult, NetworkResult))

  /// True if the system refused, and not the file's contents.
  package var isInputOutput: Bool {
    switch self {
    case .cannotRead, .cannotUse: true
    default: false
    }
  }

  /// True if the file is good, and only this result cannot be added to it.
  package var isOfOneResult: Bool {
    if case .otherResult = self { true } else { false }
  }

  package var description: String {
    switch self {
    case .cannotRead(let path, let reason): "\(path): expected to read, found: \(reason)"
    case .cannotUse(let path, let reason): "\(path): expected to read and write, found: \(reason)"
    case .notARecord(let path, let line):
      "\(path), line \(line): expected a complete record of a sweep, found something else"
    case .unknownVersion(let path, let line, let version):
      "\(path), line \(line): expected a record of at most version \(Sweep.Record.version), found version \(version)"
    case .contradiction(let places, let results), .otherResult(let places, let results):
      "\(places): expected the same result for the same network, found "
        + (results.0.parametersSHA256 == results.1.parametersSHA256
          ? "\(results.0.errorsInWords) and \(results.1.errorsInWords)"
          : "\(results.0.parametersSHA256.prefix(12))… and \(results.1.parametersSHA256.prefix(12))…")
    }
  }
}
