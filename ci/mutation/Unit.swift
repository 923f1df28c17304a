import Foundation

/// A part of a file that can stand several times, once for each mutant: a function's body, or an expression.
struct Unit {
  enum Kind { case body, expression }
  let kind: Kind
  /// What is inside the braces, or the expression.
  let range: Range<Int>
  /// The type that a body returns, and nil if it returns none, or that of an expression, if it is written there.
  var type: String?
  /// The parameters that a body can use.
  var parameters: [(name: String, type: String)] = []
}

extension Source {
  /// The parts of the file that can hold mutants; none lies within another.
  func units() -> [Unit] {
    found().filter { !$0.range.isEmpty }.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  private func found() -> [Unit] {
    switch language {
    case .swift:
      var finder = UnitFinder(code: code)
      finder.declarations()
      return finder.units
    case .c: return CUnitFinder(code: code).units()
    }
  }
}

/// Reads declarations from code without comments and strings, and steps over the bodies of functions.
private struct UnitFinder {
  let code: Letters
  var units: [Unit] = []
  private var i = 0

  init(code: [UInt16]) { self.code = Letters(code) }

  mutating func declarations() {
    while i < code.count {
      let letter = code[i]
      if letter == "#" {
        // `#if` and its like take a line.
        i = code.endOfLine(from: i)
      } else if letter == "(" || letter == "[" {
        i = code.afterBracket(at: i)
      } else if letter == "_" || letter.isLetter || letter == "@" {
        let start = i
        let word = code.word(at: i)
        i += max(1, word.count)
        declaration(word, isMember: start > 0 && code[start - 1] == ".")
      } else {
        i += 1
      }
    }
  }

  private mutating func declaration(_ word: String, isMember: Bool) {
    guard !isMember else { return }
    switch word {
    case "func", "subscript": function(isSubscript: word == "subscript")
    case "init" where "(?!<".contains(code[i]): function(isSubscript: false)
    case "deinit":
      i = code.skipSpace(from: i)
      if i < code.count, code[i] == "{" { i = code.afterBracket(at: i) }
    case "var", "let": binding()
    case "protocol":
      while i < code.count, code[i] != "{" { i += 1 }
      i = code.afterBracket(at: i)
    default: break
    }
  }

  private mutating func function(isSubscript: Bool) {
    while i < code.count, code[i] != "(" { i += 1 }
    guard i < code.count else { return }
    let open = i
    i = code.afterBracket(at: i)
    let parameters = self.parameters(in: open + 1..<max(open + 1, i - 1))
    var returns: Int?
    while i < code.count {
      switch code[i] {
      case "{":
        let type = returns.map { typeText($0..<i) }
        body(Unit(kind: .body, range: i..<i, type: type, parameters: parameters), hasAccessors: isSubscript)
        return
      case "(", "[": i = code.afterBracket(at: i)
      case "}": return
      case "\n":
        let before = code.lastLetter(before: i), next = code.skipSpace(from: i)
        let word = code.word(at: next)
        guard next < code.count,
          "{".contains(code[next]) || code.follows("->", at: next) || ",&:=(".contains(before)
            || ["where", "throws", "async", "rethrows"].contains(word)
        else { return }
        i = next
        if code[i] == "{" { continue }
        if code.follows("->", at: i) { continue }
        i += max(word.count, 1)
      case "-" where code.follows("->", at: i):
        i += 2
        returns = i
      default: i += 1
      }
    }
  }

  private func typeText(_ range: Range<Int>) -> String {
    let text = code.text(range)
    return (text.range(of: #"\bwhere\b"#, options: .regularExpression).map { String(text[..<$0.lowerBound]) } ?? text)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Reads the parameters, and takes their default values for units.
  private mutating func parameters(in range: Range<Int>) -> [(name: String, type: String)] {
    var result: [(String, String)] = []
    var start = range.lowerBound
    while start < range.upperBound {
      var colon: Int?, equals: Int?
      var k = start
      while k < range.upperBound, code[k] != "," {
        if "([{".contains(code[k]) {
          k = code.afterBracket(at: k)
          continue
        }
        if code[k] == ":", colon == nil { colon = k }
        if code[k] == "=", equals == nil, code[k - 1] == " " { equals = k }
        k += 1
      }
      k = min(k, range.upperBound)
      if let colon {
        let names = code.text(start..<colon).split { $0.isWhitespace }
        let type = code.text(colon + 1..<(equals ?? k)).trimmingCharacters(in: .whitespacesAndNewlines)
        if let name = names.last { result.append((String(name), type)) }
        if let equals { expression(equals + 1..<k, type: type) }
      }
      start = k + 1
    }
    return result
  }

  private mutating func binding() {
    var colon: Int?
    while i < code.count {
      switch code[i] {
      case "(", "[": i = code.afterBracket(at: i)
      case ":":
        colon = i + 1
        i += 1
      case "=":
        let end = code.endOfExpression(from: i + 1)
        expression(i + 1..<end, type: colon.map { typeText($0..<i) })
        i = end
        colon = nil
        let next = code.skipSpace(from: i)
        if next < code.count, code[next] == "{" {
          i = next
          body(Unit(kind: .body, range: i..<i), hasAccessors: true)
          return
        }
      case "{":
        body(Unit(kind: .body, range: i..<i, type: colon.map { typeText($0..<i) }), hasAccessors: true)
        return
      case "\n":
        let next = code.skipSpace(from: i)
        guard next < code.count, code[next] == "{" || code[next] == "=" || ",:=".contains(code.lastLetter(before: i))
        else { return }
        i = next
      case "}", ")", "]", ";": return
      default: i += 1
      }
    }
  }

  private mutating func expression(_ range: Range<Int>, type: String?) {
    let start = code.skipSpace(from: range.lowerBound)
    var end = range.upperBound
    while end > start, code[end - 1].isWhitespace { end -= 1 }
    if start < end { units.append(Unit(kind: .expression, range: start..<end, type: type)) }
  }

  /// Takes the body whose brace is at `i`, or its accessors, and steps over it.
  private mutating func body(_ unit: Unit, hasAccessors: Bool) {
    let open = i, end = code.afterBracket(at: i)
    i = end
    guard hasAccessors, isAccessor(code.word(at: code.skipSpace(from: open + 1))) else {
      units.append(
        Unit(kind: .body, range: open + 1..<max(open + 1, end - 1), type: unit.type, parameters: unit.parameters))
      return
    }
    var k = open + 1
    var keyword = ""
    while k < end - 1 {
      if code[k] == "{" {
        let close = code.afterBracket(at: k)
        units.append(
          Unit(
            kind: .body, range: k + 1..<max(k + 1, close - 1), type: keyword == "get" ? unit.type : nil,
            parameters: unit.parameters))
        k = close
      } else if code[k] == "(" {
        k = code.afterBracket(at: k)
      } else {
        let word = code.word(at: k)
        if isAccessor(word) { keyword = word }
        k += max(1, word.count)
      }
    }
  }

  private func isAccessor(_ word: String) -> Bool {
    ["get", "set", "_read", "_modify", "didSet", "willSet", "mutating", "nonmutating", "unsafeAddress"].contains(word)
  }
}
