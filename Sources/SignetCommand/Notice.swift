import Files

/// Writes one line to standard error, prefixed with the program's name.
func notice(_ text: String) { StandardError.write("signet: \(text)\n") }
