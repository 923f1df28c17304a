import Foundation

/// One small change of one line.
struct Mutant {
  /// A hash of the file, the rule, the line's text, and the number among mutants that share these.
  let id: String
  let file: String
  let module: String
  /// The line's number, from 1.
  let line: Int
  let rule: String
  let before, after: String

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

/// The sources to mutate.
func readSources(of modules: [String]) throws -> [Source] {
  var sources: [Source] = []
  for module in modules {
    let folder = "Sources/\(module)"
    guard let paths = FileManager.default.enumerator(atPath: folder) else { throw Failure("no folder \(folder)") }
    for case let path as String in paths {
      let path = "\(folder)/\(path)"
      guard [".swift", ".c", ".h", ".inc"].contains(where: { path.hasSuffix($0) }),
        !excludedFiles.contains(where: { path.hasSuffix($0.suffix) }),
        !excludedFolders.contains(where: { path.contains($0.part) })
      else { continue }
      sources.append(Source(path: path, text: try String(contentsOfFile: path, encoding: .utf8)))
    }
  }
  return sources.sorted { $0.path < $1.path }
}

extension Source {
  /// Every mutant of the file, in the order of its lines.
  func mutants() -> [Mutant] {
    var occurrences: [String: Int] = [:]
    var mutants: [Mutant] = []
    for (i, line) in lines.enumerated() where masked[i].contains(where: { $0 != " " }) {
      var seen: Set = [line]
      for rule in rules where !rule.wholeStatement || isStatement(i) {
        for edit in rule.edits where edit.language == .both || (edit.language == .swift) == isSwift {
          for after in edit.lines(of: line, masked: masked[i])
          where balance(after) == balance(line) && seen.insert(after).inserted {
            let key = [path, rule.name, line.trimmingCharacters(in: .whitespaces)].joined(separator: "\n")
            let occurrence = occurrences[key, default: 0]
            occurrences[key] = occurrence + 1
            mutants.append(
              Mutant(
                id: fingerprint("\(key)\n\(occurrence)"), file: path, module: module, line: i + 1, rule: rule.name,
                before: line, after: after))
          }
        }
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

  /// The text with line `line` (from 1) replaced.
  func text(replacing line: Int, by after: String) -> String {
    var lines = lines
    lines[line - 1] = after
    return lines.joined(separator: "\n")
  }
}

/// For each kind of bracket, the number opened minus the number closed.
private func balance(_ line: String) -> [Int] {
  ["()", "[]", "{}"].map { pair in line.count { $0 == pair.first } - line.count { $0 == pair.last } }
}

/// All mutants in the order in which they are drawn. Every file gets its turn, in proportion to the square root of its
/// number of mutants, and in a file the rule drawn least often so far. The seed decides between equals. The first `n`
/// do not depend on how many are drawn.
func drawn(_ mutants: [Mutant], seed: UInt64) -> [Mutant] {
  var rest = Dictionary(grouping: mutants, by: \.file).mapValues { mutants in
    mutants.map { (fingerprint("\(seed) \($0.id)"), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
  }
  let sizes = rest.mapValues { Double($0.count).squareRoot() }
  var ofFile: [String: Double] = [:], ofRule: [String: Int] = [:]
  let files = rest.keys.sorted { fingerprint("\(seed) \($0)") < fingerprint("\(seed) \($1)") }
  func load(_ file: String) -> Double { (ofFile[file, default: 0] + 1) / sizes[file, default: 1] }
  var order: [Mutant] = []
  while let file = files.filter({ rest[$0]?.isEmpty == false }).min(by: { load($0) < load($1) }),
    let candidates = rest[file],
    let index = candidates.indices.min(by: {
      ofRule[candidates[$0].rule, default: 0] < ofRule[candidates[$1].rule, default: 0]
    })
  {
    order.append(candidates[index])
    rest[file]?.remove(at: index)
    ofFile[file, default: 0] += 1
    ofRule[candidates[index].rule, default: 0] += 1
  }
  return order
}

struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
