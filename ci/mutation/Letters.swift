import Foundation

/// Code as letters that can be reached by their number.
struct Letters {
  private let letters: [Character]
  init(_ code: [UInt16]) {
    letters = code.map { $0 < 128 ? Character(Unicode.Scalar(UInt8($0))) : "_" }
  }

  var count: Int { letters.count }
  subscript(_ i: Int) -> Character { i >= 0 && i < letters.count ? letters[i] : "\n" }
  func text(_ range: Range<Int>) -> String { String(letters[range.clamped(to: 0..<letters.count)]) }
  func follows(_ word: String, at i: Int) -> Bool { zip(word, i...).allSatisfy { self[$1] == $0 } }

  /// The identifier that begins at `i`, or nothing.
  func word(at i: Int) -> String {
    var end = i
    while end < count, letters[end] == "_" || letters[end].isLetter || letters[end].isNumber { end += 1 }
    return text(i..<max(i, end))
  }

  /// The first place from `i` that is neither space nor the end of a line.
  func skipSpace(from i: Int) -> Int {
    var i = i
    while i < count, letters[i].isWhitespace { i += 1 }
    return i
  }

  func endOfLine(from i: Int) -> Int {
    var i = i
    while i < count, letters[i] != "\n" { i += 1 }
    return i
  }

  /// The last letter before `i` that is not space, or the end of a line if there is none.
  func lastLetter(before i: Int) -> Character {
    var i = i - 1
    while i >= 0, letters[i].isWhitespace { i -= 1 }
    return self[i]
  }

  /// The place after the bracket that closes the one at `i`.
  func afterBracket(at i: Int) -> Int {
    var i = i, depth = 0
    while i < count {
      switch letters[i] {
      case "(", "[", "{": depth += 1
      case ")", "]", "}":
        depth -= 1
        if depth <= 0 { return i + 1 }
      default: break
      }
      i += 1
    }
    return count
  }

  /// Where the expression that begins at `i` ends: at a comma, a bracket that closes, or the end of a line that goes no further.
  func endOfExpression(from start: Int) -> Int {
    var i = start
    while i < count {
      switch letters[i] {
      case "(", "[": i = afterBracket(at: i)
      case "{":
        if ["didSet", "willSet"].contains(word(at: skipSpace(from: i + 1))) { return i }
        i = afterBracket(at: i)
      case ")", "]", "}", ",", ";": return i
      case "\n":
        let before = lastLetter(before: i), next = self[skipSpace(from: i)]
        guard "=+-*/?:&|<>(".contains(before) || ".?:+-*/&|<=>".contains(next) else { return i }
        i += 1
      default: i += 1
      }
    }
    return count
  }
}
