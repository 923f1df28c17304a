/// What a person types in a checkout to call Signet, as the README has it.
package let programInCheckout = ".build/release/signet"

/// A command line that a shell splits into these words again.
package func shellCommand(_ words: [String]) -> String {
  words.map(shellWord).joined(separator: " ")
}

/// A word in quotes, if a shell would read it as anything but one word.
private func shellWord(_ word: String) -> String {
  let isPlain = word.unicodeScalars.allSatisfy { scalar in
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/", ",", "=", ":", "+", "@", "%": true
    default: false
    }
  }
  return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}
