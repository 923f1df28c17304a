import Foundation
import Synchronization

/// A source file, and which of its letters may be mutated.
struct Source {
  /// The path relative to the checkout.
  let path: String
  let text: String
  let lines: [String]
  /// The text with comments replaced by spaces, and the letters of strings by underscores; code within strings stays.
  let code: [UInt16]
  /// The lines of `code`, with excluded code replaced by spaces.
  let masked: [String]
  /// The place in `code` at which each line begins.
  let starts: [Int]
  /// The hash of the whole text.
  let hash: String

  let language: Language
  /// The name of the folder under Sources.
  var module: String { String(path.split(separator: "/")[1]) }

  init(path: String, text: String) {
    self.path = path
    self.text = text
    language = Language(path: path) ?? .swift
    lines = text.components(separatedBy: "\n")
    hash = fingerprint(text)
    code = withoutCommentsAndStrings(Array(text.utf16))
    let visible = String(decoding: code, as: UTF16.self)
    var letters = code
    for exclusion in exclusions {
      for range in exclusion.ranges(in: visible) {
        for i in range where letters[i] != newline { letters[i] = space }
      }
    }
    masked = String(decoding: letters, as: UTF16.self).components(separatedBy: "\n")
    var starts = [0]
    for line in lines { starts.append(starts[starts.count - 1] + line.utf16.count + 1) }
    self.starts = starts
  }

  /// The number of the line, from 0, in which a letter stands.
  func line(at place: Int) -> Int {
    var range = 0..<starts.count
    while range.count > 1 {
      let middle = range.lowerBound + range.count / 2
      range = starts[middle] > place ? range.lowerBound..<middle : middle..<range.upperBound
    }
    return range.lowerBound
  }
}

/// A short hash of a text, the same in every run and on every machine (FNV-1a).
func fingerprint(_ text: String) -> String {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  return String(hash % 0xff_ffff_ffff, radix: 16)
}

/// A hash of the texts in folders.
func fingerprint(ofFolders folders: [String]) -> String {
  var hash = ""
  for folder in folders {
    for path in (FileManager.default.subpaths(atPath: folder) ?? []).sorted() {
      if let text = try? String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8) {
        hash = fingerprint("\(hash) \(path) \(text)")
      }
    }
  }
  return hash
}

private let expressions = Mutex<[String: NSRegularExpression]>([:])

/// The regular expression of `pattern`, in which `^` and `$` match at lines; an invalid pattern traps.
func expression(_ pattern: String) -> NSRegularExpression {
  expressions.withLock { known in
    if let expression = known[pattern] { return expression }
    do {
      let expression = try NSRegularExpression(pattern: pattern, options: .anchorsMatchLines)
      known[pattern] = expression
      return expression
    } catch {
      fatalError("\(pattern): \(error)")
    }
  }
}

extension NSRegularExpression {
  func matches(in text: String) -> [NSTextCheckingResult] {
    matches(in: text, range: NSRange(location: 0, length: text.utf16.count))
  }
}

private let newline = UInt16(UInt8(ascii: "\n")), space = UInt16(UInt8(ascii: " "))

/// The text with comments replaced by spaces, and by underscores the letters of strings and those outside ASCII. Code that is
/// interpolated into a string stays as it is.
private func withoutCommentsAndStrings(_ text: [UInt16]) -> [UInt16] {
  var mask = Mask(text: text)
  mask.code(until: nil)
  return mask.result
}

private struct Mask {
  let text: [UInt16]
  var result: [UInt16]
  var i = 0

  init(text: [UInt16]) {
    self.text = text
    result = text
  }

  private func follows(_ word: String) -> Bool { text[min(i, text.count)...].starts(with: word.utf16) }

  private mutating func blank(_ count: Int, by letter: UInt16) {
    for _ in 0..<count where i < text.count {
      if text[i] != newline { result[i] = letter }
      i += 1
    }
  }

  /// Masks code up to the bracket that closes an interpolation, or to the end.
  mutating func code(until closing: String?) {
    var depth = 0
    while i < text.count {
      if follows("//") {
        while i < text.count, text[i] != newline { blank(1, by: space) }
      } else if follows("/*") {
        while i < text.count, !follows("*/") { blank(1, by: space) }
        blank(2, by: space)
      } else if let pounds = poundsOfString() {
        let hash = String(repeating: "#", count: pounds)
        i += pounds
        string(quote: follows("\"\"\"") ? "\"\"\"" : "\"", hash: hash)
      } else if text[i] > 127 {
        blank(1, by: underscore)
      } else {
        depth += follows("(") ? 1 : follows(")") ? -1 : 0
        i += 1
        if closing != nil, depth < 0 { return }
      }
    }
  }

  /// The number of `#` before a quotation mark that follows, or nil if no string follows.
  private func poundsOfString() -> Int? {
    var k = i
    while k < text.count, text[k] == UInt16(UInt8(ascii: "#")) { k += 1 }
    return k < text.count && text[k] == UInt16(UInt8(ascii: "\"")) ? k - i : nil
  }

  /// Leaves `i` after the string's end.
  private mutating func string(quote: String, hash: String) {
    i += quote.utf16.count
    while i < text.count, !follows(quote + hash) {
      if follows("\\" + hash + "(") {
        blank(1 + hash.utf16.count, by: underscore)
        i += 1
        code(until: ")")
      } else {
        blank(follows("\\" + hash) ? 2 + hash.utf16.count : 1, by: underscore)
      }
    }
    i += quote.utf16.count + hash.utf16.count
  }
}

private let underscore = UInt16(UInt8(ascii: "_"))
