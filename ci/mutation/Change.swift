import Foundation

/// Another text for a part of a line.
struct Change {
  let range: NSRange
  let replacement: String
}

extension Rule.Edit {
  /// The change at each place of a line where the rule applies.
  func changes(of line: String, masked: String) -> [Change] {
    if let word, !masked.contains(word) { return [] }
    let original = line as NSString, visible = masked as NSString
    return expression(pattern).matches(in: inStrings ? line : masked).filter { match in
      match.range.length > 0
        && (!inStrings || visible.substring(with: match.range).allSatisfy { $0 == "_" })
    }.map { match in
      var text = ""
      var template = template[...]
      while let letter = template.popFirst() {
        if letter == "$", let digit = template.first?.wholeNumberValue {
          template.removeFirst()
          let group = match.range(at: digit)
          if group.location != NSNotFound { text += original.substring(with: group) }
        } else {
          text.append(letter)
        }
      }
      return Change(range: match.range, replacement: text)
    }
  }
}

extension Range<Int> {
  func encloses(_ other: Range<Int>) -> Bool { lowerBound <= other.lowerBound && upperBound >= other.upperBound }
}
