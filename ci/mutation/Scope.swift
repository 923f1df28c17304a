import Foundation

/// What is known about the names and types in a file: changes that put another variable of the same type, or a default value.
struct Scope {
  private struct Body {
    let lines: ClosedRange<Int>
    let range: Range<Int>
    let type: String?
    /// The next name of the same type, for each name that has one.
    let others: [String: String]
    /// True if the body is one expression that is returned.
    let isExpression: Bool
  }

  private let source: Source
  private let bodies: [Body]
  /// The same for the properties that the file's types store.
  private let members: [String: String]

  init(source: Source) {
    self.source = source
    let letters = Letters(source.code)
    bodies = source.units().filter { $0.kind == .body }.map { unit in
      let lines = source.line(at: unit.range.lowerBound)...source.line(at: unit.range.upperBound)
      let text = letters.text(unit.range)
      let isExpression =
        unit.type != nil
        && text.range(of: #"\b(?:return|let|var|if|switch|guard|for|while|throw|do)\b"#, options: .regularExpression)
          == nil
        && text.trimmingCharacters(in: .whitespacesAndNewlines).count(where: { $0 == "\n" }) == 0
      return Body(
        lines: lines, range: unit.range, type: unit.type,
        others: Self.others(unit.parameters + Self.declared(in: text, source.language)), isExpression: isExpression)
    }
    var properties: [(String, String)] = []
    for (i, line) in source.masked.enumerated()
    where !bodies.contains(where: { $0.lines.contains(i) && $0.lines.count > 1 }) {
      properties += Self.declared(in: line, source.language)
    }
    members = Self.others(properties)
  }

  /// The names that are declared with a type: `let a, b: T`, or `T a = …` in C.
  private static func declared(in text: String, _ language: Language) -> [(name: String, type: String)] {
    let whole = text as NSString
    if language == .c {
      return expression(#"^ *(?:const )?(\w+) (\w+) = "#).matches(in: text).map { match in
        (whole.substring(with: match.range(at: 2)), whole.substring(with: match.range(at: 1)))
      }
    }
    return expression(#"\b(?:let|var) ((?:\w+, )*\w+): ([^=\n{]+)"#).matches(in: text).flatMap { match in
      let type = whole.substring(with: match.range(at: 2)).trimmingCharacters(in: .whitespaces)
      return whole.substring(with: match.range(at: 1)).components(separatedBy: ", ").map { ($0, type) }
    }
  }

  private static func others(_ names: [(name: String, type: String)]) -> [String: String] {
    var result: [String: String] = [:]
    for (_, group) in Dictionary(grouping: names, by: { $0.type.replacingOccurrences(of: "inout ", with: "") }) {
      let names = group.map(\.name).reduce(into: [String]()) { if $1 != "_", !$0.contains($1) { $0.append($1) } }
      guard names.count > 1 else { continue }
      for (i, name) in names.enumerated() { result[name] = names[(i + 1) % names.count] }
    }
    return result
  }

  /// The changes of a line, with the name of the rule.
  func changes(ofLine i: Int) -> [(rule: String, change: Change)] {
    guard let body = bodies.first(where: { $0.lines.contains(i) }) else { return [] }
    let masked = source.masked[i] as NSString
    var changes: [(String, Change)] = []
    for match in expression(#"(?<!let |var |func )(?<![\w$])[A-Za-z]\w*(?!\w*(?::|\())"#).matches(in: source.masked[i])
    {
      let place = source.starts[i] + match.range.location
      guard body.range.contains(place) else { continue }
      let isMember =
        match.range.location > 0
        && ".>".utf16.contains(masked.character(at: match.range.location - 1))
      let name = masked.substring(with: match.range)
      if let other = isMember ? members[name] : body.others[name] ?? members[name] {
        changes.append(("other", Change(range: match.range, replacement: other)))
      }
    }
    for range in returned(ofLine: i, in: body) {
      for value in Self.defaults(of: body.type ?? "") where value != masked.substring(with: range) {
        changes.append(("default", Change(range: range, replacement: value)))
      }
    }
    return changes
  }

  /// Where the line has an expression that is returned.
  private func returned(ofLine i: Int, in body: Body) -> [NSRange] {
    let line = source.masked[i]
    let matches = expression(#"\breturn ([^{}\n]+?)(?=\s*(?:\}|$))"#).matches(in: line).map { $0.range(at: 1) }
    if !matches.isEmpty || !body.isExpression { return matches }
    // The rest of the line, or what is between the braces.
    let start = max(body.range.lowerBound - source.starts[i], 0)
    let end = min(body.range.upperBound - source.starts[i], (line as NSString).length)
    guard start < end else { return [] }
    let text = (line as NSString).substring(with: NSRange(location: start, length: end - start))
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    guard !trimmed.isEmpty else { return [] }
    let found = (text as NSString).range(of: trimmed)
    return [NSRange(location: start + found.location, length: found.length)]
  }

  /// Values of a type that say nothing.
  private static func defaults(of type: String) -> [String] {
    switch type {
    case "": []
    case "Bool": ["false", "true"]
    case "String": ["\"\""]
    case "Duration": [".zero"]
    case _ where type.hasSuffix("?"): ["nil"]
    case _ where type.hasPrefix("[") && type.hasSuffix("]"): [type.contains(":") ? "[:]" : "[]"]
    case _ where type.hasPrefix("Set<"): ["[]"]
    case _ where type.wholeMatch(of: /U?Int\d*|Double|Float|Scalar|S|T/) != nil: ["0"]
    case _ where type.hasPrefix("some ") || type.hasPrefix("("): []
    default: [".init()"]
    }
  }
}
