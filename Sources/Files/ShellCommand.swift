/// A command line that a shell splits into the given words.
package func shellCommand(_ words: [String]) -> String {
  words.map(shellWord).joined(separator: " ")
}

/// A word, in quotes if a shell would not read it as a single plain word.
private func shellWord(_ word: String) -> String {
  let isPlain = word.unicodeScalars.allSatisfy { scalar in
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/", ",", "=", ":", "+", "@", "%": true
    default: false
    }
  }
  return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}
