import Foundation

/// One small change within one line.
struct Mutant: Codable {
  /// A hash of the file, the rule, the line's text before and after, and the number among mutants that share these.
  let id: String
  let file: String
  let module: String
  /// The line's number, from 1.
  let line: Int
  let rule: String
  let before, after: String
  /// What is replaced, in letters of the file's UTF-16 text, and by what.
  let range: Range<Int>
  let replacement: String

  var difference: String { diff(id, "\(file):\(line)", rule, before, after) }
}

/// A change for people to read.
func diff(_ id: String, _ place: String, _ rule: String, _ before: String, _ after: String) -> String {
  """
  \(id)  \(place)  \(rule)
    - \(before.trimmingCharacters(in: .whitespaces))
    + \(after.trimmingCharacters(in: .whitespaces))
  """
}

/// The modules under Sources that have code.
func allModules() throws -> [String] { try Language.allCases.flatMap { try $0.modules() }.sorted() }

/// The sources to mutate.
func readSources(of modules: [String]) throws -> [Source] {
  var sources: [Source] = []
  for module in modules {
    let folder = "Sources/\(module)"
    guard let paths = FileManager.default.enumerator(atPath: folder) else { throw Failure("no folder \(folder)") }
    for case let path as String in paths where Language(path: path) != nil {
      let path = "\(folder)/\(path)"
      guard !excludedFiles.contains(where: { path.contains($0.part) }) else { continue }
      sources.append(Source(path: path, text: try String(contentsOfFile: path, encoding: .utf8)))
    }
  }
  return sources.sorted { $0.path < $1.path }
}

extension Source {
  /// The mutants that lie in something that can stand twice.
  func placedMutants() -> [Mutant] {
    let units = units()
    return mutants().filter { mutant in units.contains { $0.range.encloses(mutant.range) } }
  }

  /// Every mutant of the file, in the order of its lines.
  func mutants() -> [Mutant] {
    var occurrences: [String: Int] = [:]
    var mutants: [Mutant] = []
    let scope = Scope(source: self)
    for (i, line) in lines.enumerated() where masked[i].contains(where: { $0 != " " }) {
      var seen: Set = [line]
      var changes: [(rule: String, change: Change)] = []
      for rule in rules where !rule.wholeStatement || isStatement(i) {
        let edits = rule.edits.filter { $0.language == nil || $0.language == language }
        changes += edits.flatMap { $0.changes(of: line, masked: masked[i]) }.map { (rule.name, $0) }
      }
      changes += scope.changes(ofLine: i)
      for (rule, change) in changes {
        let after = (line as NSString).replacingCharacters(in: change.range, with: change.replacement)
        guard balance(after) == balance(line), seen.insert(after).inserted else { continue }
        let key = [path, rule, line, after].map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
        let occurrence = occurrences[key, default: 0]
        occurrences[key] = occurrence + 1
        let start = starts[i] + change.range.location
        mutants.append(
          Mutant(
            id: fingerprint("\(key)\n\(occurrence)"), file: path, module: module, line: i + 1, rule: rule,
            before: line, after: after, range: start..<start + change.range.length, replacement: change.replacement))
      }
    }
    return mutants
  }

  /// True if the statement in line `i` extends neither to the line before nor to the one after.
  private func isStatement(_ i: Int) -> Bool {
    let before = masked[..<i].last { $0.contains { $0 != " " } }?.last { $0 != " " }
    let after = masked[(i + 1)...].first { $0.contains { $0 != " " } }?.first { $0 != " " }
    return !(before.map { "([,=+-*/?:&|<>".contains($0) } ?? false)
      && !(after.map { ".?:+-*/&|".contains($0) } ?? false)
  }
}

/// For each kind of bracket, the number opened minus the number closed; and whether a quotation mark is alone.
private func balance(_ line: String) -> [Int] {
  ["()", "[]", "{}"].map { pair in line.count { $0 == pair.first } - line.count { $0 == pair.last } }
    + [line.count { $0 == "\"" } % 2]
}

/// The part of the mutants that each module gets, as long as it has any.
private let leastShare = 0.025

/// All mutants in the order in which they are drawn. Every file gets its turn, in proportion to the square root of its
/// number of mutants, and in a file the rule drawn least often so far. The seed decides between equals. The first `n`
/// do not depend on how many are drawn.
func drawn(_ mutants: [Mutant], seed: UInt64) -> [Mutant] {
  /// What is left of a file: of each rule the mutants, the last to be drawn first.
  struct File {
    var rest: [String: [(key: String, mutant: Mutant)]]
    var size: Double
    var taken = 0.0
    var load: Double { rest.isEmpty ? .infinity : (taken + 1) / size }
  }
  var files = Dictionary(grouping: mutants, by: \.file).sorted {
    fingerprint("\(seed) \($0.key)") < fingerprint("\(seed) \($1.key)")
  }.map { _, mutants in
    let keyed = mutants.map { (key: fingerprint("\(seed) \($0.id)"), mutant: $0) }.sorted { $0.key > $1.key }
    return File(rest: Dictionary(grouping: keyed, by: \.mutant.rule), size: Double(mutants.count).squareRoot())
  }
  let modules = files.map { $0.rest.values.first?.first?.mutant.module ?? "" }
  let whole = files.reduce(0) { $0 + $1.size }
  let share = Dictionary(zip(modules, files.map(\.size)), uniquingKeysWith: +)
  for (i, module) in modules.enumerated() {
    files[i].size *= max(1, leastShare * whole / (share[module] ?? whole))
  }
  var loads = files.map(\.load)
  var ofRule: [String: Int] = [:]
  var order: [Mutant] = []
  while let i = loads.indices.min(by: { loads[$0] < loads[$1] }), loads[i] < .infinity,
    let rule = files[i].rest.min(by: { a, b in
      (ofRule[a.key, default: 0], a.value.last?.key ?? "") < (ofRule[b.key, default: 0], b.value.last?.key ?? "")
    })?.key, let next = files[i].rest[rule]?.popLast()
  {
    order.append(next.mutant)
    if files[i].rest[rule]?.isEmpty == true { files[i].rest[rule] = nil }
    files[i].taken += 1
    loads[i] = files[i].load
    ofRule[rule, default: 0] += 1
  }
  return order
}

struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
