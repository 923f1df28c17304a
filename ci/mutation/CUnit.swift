import Foundation

/// Finds the bodies of functions in C, code without comments and strings: what stands in braces at the level of the file after a list of
/// parameters. What a macro defines is no unit.
struct CUnitFinder {
  private let code: Letters

  init(code: [UInt16]) {
    var letters = code
    // Of macros, braces need not match.
    for range in preprocessor.ranges(in: String(decoding: code, as: UTF16.self)) {
      for i in range { letters[i] = UInt16(UInt8(ascii: " ")) }
    }
    self.code = Letters(letters)
  }

  func units() -> [Unit] {
    var units: [Unit] = []
    var i = 0, start = 0
    while i < code.count {
      if code[i] == "{" {
        let end = code.afterBracket(at: i)
        if let parameters = parameters(in: code.text(start..<i)) {
          units.append(Unit(kind: .body, range: i + 1..<max(i + 1, end - 1), parameters: parameters))
        }
        (i, start) = (end, end)
      } else {
        if code[i] == ";" { start = i + 1 }
        i += 1
      }
    }
    return units
  }

  /// The parameters of the function that `head` begins; nil if it begins something else, such as `struct NAME(pair)`.
  private func parameters(in head: String) -> [(name: String, type: String)]? {
    let head = head.trimmingCharacters(in: .whitespacesAndNewlines)
    guard head.hasSuffix(")"), head.wholeMatch(of: /(?:struct|union|enum)\s+\w+\([^()]*\)/) == nil,
      let list = head.firstMatch(of: /\(((?:[^()]|\([^()]*\))*)\)$/)
    else { return nil }
    return list.1.split(separator: ",").compactMap { parameter in
      parameter.wholeMatch(of: /\s*([^()]+[\s*])(\w+)\s*/).map { match in
        (String(match.2), match.1.trimmingCharacters(in: .whitespacesAndNewlines))
      }
    }
  }
}
