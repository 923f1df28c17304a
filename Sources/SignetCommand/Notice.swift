import Files

/// Writes one line to standard error, prefixed with the program's name.
func notice(_ text: String) { StandardError.write("signet: \(oneLine(text))\n") }

/// Reports all errors, each of which concerns one thing among several: whoever catches the last one reports it.
///
/// - Throws: the last error, if there is one.
func report(_ errors: [any Error]) throws {
  for error in errors.dropLast() { notice("\(error)") }
  if let last = errors.last { throw last }
}
