import Foundation

/// A source file, and which of its letters may be mutated.
struct Source {
  /// The path relative to the checkout.
  let path: String
  let lines: [String]
  /// `lines` with comments and excluded code replaced by spaces, and the letters of strings by underscores.
  let masked: [String]
  /// The hash of the whole text.
  let hash: String

  var isSwift: Bool { path.hasSuffix(".swift") }
  /// The name of the folder under Sources.
  var module: String { String(path.split(separator: "/")[1]) }

  init(path: String, text: String) {
    self.path = path
    lines = text.components(separatedBy: "\n")
    hash = fingerprint(text)
    let visible = withoutCommentsAndStrings(Array(text.utf16))
    let code = String(decoding: visible, as: UTF16.self)
    var letters = visible
    for exclusion in exclusions {
      for range in exclusion.ranges(in: code) {
        for i in range where letters[i] != newline { letters[i] = space }
      }
    }
    masked = String(decoding: letters, as: UTF16.self).components(separatedBy: "\n")
  }
}

/// A short hash of a text, the same in every run and on every machine (FNV-1a).
func fingerprint(_ text: String) -> String {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  return String(hash % 0xff_ffff_ffff, radix: 16)
}

/// The regular expression of `pattern`, in which `^` and `$` match at lines; an invalid pattern traps.
func expression(_ pattern: String) -> NSRegularExpression {
  do {
    return try NSRegularExpression(pattern: pattern, options: .anchorsMatchLines)
  } catch {
    fatalError("\(pattern): \(error)")
  }
}

extension NSRegularExpression {
  func matches(in text: String) -> [NSTextCheckingResult] {
    matches(in: text, range: NSRange(location: 0, length: text.utf16.count))
  }
}

private let newline = UInt16(UInt8(ascii: "\n")), space = UInt16(UInt8(ascii: " "))

/// The text with comments replaced by spaces, and the contents of strings and letters outside ASCII by underscores.
private func withoutCommentsAndStrings(_ text: [UInt16]) -> [UInt16] {
  var result = text
  var i = 0
  func follows(_ word: String) -> Bool { text[min(i, text.count)...].starts(with: word.utf16) }
  func blank(_ count: Int, by letter: UInt16) {
    for _ in 0..<count where i < text.count {
      if text[i] != newline { result[i] = letter }
      i += 1
    }
  }
  let underscore = UInt16(UInt8(ascii: "_"))
  // Leaves `i` after the closing quotation mark; interpolations count as part of the string.
  func string(closing quote: String) {
    i += quote.utf16.count
    while i < text.count, !follows(quote) {
      if follows("\\(") {
        blank(2, by: underscore)
        var depth = 1
        while i < text.count, depth > 0 {
          if follows("\"") {
            string(closing: "\"")
            continue
          }
          depth += follows("(") ? 1 : follows(")") ? -1 : 0
          blank(1, by: underscore)
        }
      } else {
        blank(follows("\\") ? 2 : 1, by: underscore)
      }
    }
    i += quote.utf16.count
  }
  while i < text.count {
    if follows("//") {
      while i < text.count, text[i] != newline { blank(1, by: space) }
    } else if follows("/*") {
      while i < text.count, !follows("*/") { blank(1, by: space) }
      blank(2, by: space)
    } else if follows("\"\"\"") {
      string(closing: "\"\"\"")
    } else if follows("\"") {
      string(closing: "\"")
    } else if text[i] > 127 {
      blank(1, by: underscore)
    } else {
      i += 1
    }
  }
  return result
}
