/// Escapes control characters and line breaks: a path or a name may contain any character, but a message must stay on one line.
package func oneLine(_ text: String) -> String { escaped(text) { "\\u{\($0)}" } }

/// Escapes control characters except line breaks and tabs: what a terminal shows must not change how it shows the rest. The escapes are
/// JSON's, so that JSON says the same as before.
package func printable(_ text: String) -> String {
  escaped(text, except: ["\n", "\t"]) { "\\u" + String(repeating: "0", count: 4 - $0.count) + $0 }
}

/// Replaces control characters, of which none is above U+FFFF, by the escape for their hexadecimal digits.
private func escaped(_ text: String, except kept: Set<Unicode.Scalar> = [], _ escape: (String) -> String) -> String {
  func isControl(_ scalar: Unicode.Scalar) -> Bool {
    if (0x20..<0x7f).contains(scalar.value) { return false }
    return switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: !kept.contains(scalar)
    default: false
    }
  }
  guard text.unicodeScalars.contains(where: isControl) else { return text }
  var line = ""
  for scalar in text.unicodeScalars {
    if isControl(scalar) { line += escape(String(scalar.value, radix: 16)) } else { line.unicodeScalars.append(scalar) }
  }
  return line
}
