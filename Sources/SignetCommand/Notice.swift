import Files

/// Says something in one line on standard error, under the program's name.
func notice(_ text: String) { StandardError.write("signet: \(text)\n") }
