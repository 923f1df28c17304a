import Foundation

/// What the tree holds, and which suite reaches what of it. Kept in a file, so that one build serves many starts.
struct Reach: Codable {
  struct Suite: Codable {
    /// How long it takes without a mutant.
    var seconds: Double
    /// The numbers of the mutants that it reaches.
    var reached: Set<Int>
    /// The hash of the suite's target.
    var tests: String
  }

  /// The mutants in the tree.
  var placed: [Placed]
  /// The mutants that are reached where a place is.
  var places: [Int: [Int]]
  /// The sources' hashes, by file.
  var sources: [String: String]
  /// The hash of all tests for which the tree is built.
  var tests = ""
  /// Whether the planted mutants have come to what they should.
  var isProved = false
  var suites: [String: Suite] = [:]

  static func hashes(of sources: [Source]) -> [String: String] {
    Dictionary(uniqueKeysWithValues: sources.map { ($0.path, $0.hash) })
  }

  static func read(_ path: String) -> Reach? {
    FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(Reach.self, from: $0) }
  }

  func write(_ path: String) throws {
    try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  /// The suites that reach a mutant, those in the usual variant of the kernels and the quickest first.
  func suites(reaching number: Int) -> [String] {
    suites.filter { $0.value.reached.contains(number) }.sorted {
      (Suites.variant(of: $0.key), $0.value.seconds, $0.key) < (Suites.variant(of: $1.key), $1.value.seconds, $1.key)
    }
    .map(\.key)
  }

  /// The suites that reach a mutant, in groups that run together: each takes about four times as long as the one before.
  /// - Parameter longest: the seconds above which a suite is left out, if a quicker one reaches the mutant.
  func groups(reaching number: Int, longest: Double) -> [[String]] {
    let all = suites(reaching: number)
    let quick = all.filter { suites[$0]?.seconds ?? 0 <= longest }
    var groups: [[String]] = [], group: [String] = []
    var time = 0.0, bound = 1.5
    for suite in quick.isEmpty ? all : quick {
      let seconds = suites[suite]?.seconds ?? 0
      if let last = group.last, time + seconds > bound || Suites.variant(of: last) != Suites.variant(of: suite) {
        groups.append(group)
        (group, time, bound) = ([], 0, bound * 4)
      }
      group.append(suite)
      time += seconds
    }
    return group.isEmpty ? groups : groups + [group]
  }

  /// The seconds after which suites are taken to hang.
  func limit(of names: [String]) -> Int {
    Int(20 + 5 * names.reduce(0) { $0 + (suites[$1]?.seconds ?? 0) })
  }
}

/// Marks what each suite reaches.
extension Suites {
  /// Runs every suite without a mutant, and throws if one fails.
  /// - Returns: the suites with their times and the mutants that they reach; those of `known` whose target is as it was.
  func reach(_ reach: Reach, jobs: Int, save: (Reach) throws -> Void) throws -> Reach {
    var reach = reach
    let names = try names()
    let hashes = Dictionary(
      uniqueKeysWithValues: Set(names.map(target)).map {
        ($0, fingerprint(ofFolders: ["\(tree.root)/Tests/\($0)", "\(tree.root)/Tests/TestSupport"]))
      })
    reach.suites = reach.suites.filter { hashes[target($0.key)] == $0.value.tests }
    let missing = names.filter { reach.suites[$0] == nil }
    if missing.isEmpty { return reach }
    note("running \(missing.count) suites without a mutant, each on its own: it must pass, and shows what it reaches")
    var done = 0
    try inParallel(missing, jobs: jobs) { name, slot in
      let log = FileManager.default.currentDirectoryPath + "/.build/mutants/reached-\(slot)"
      _ = FileManager.default.createFile(atPath: log, contents: nil)
      let (verdict, seconds) = try run([name], mutant: 0, log: log, limit: 1800)
      return (verdict, seconds, try String(contentsOfFile: log, encoding: .utf8))
    } each: { name, result in
      switch result.0 {
      case .passed: break
      case .failed(let test): throw Failure("without a mutant, the tree fails \(name): \(test)")
      case .timedOut: throw Failure("without a mutant, \(name) takes more than 1800 s")
      }
      let numbers = result.2.split(separator: "\n").compactMap { Int($0) }.flatMap { reach.places[$0] ?? [] }
      reach.suites[name] = Reach.Suite(
        seconds: result.1, reached: Set(numbers), tests: hashes[target(name)] ?? "")
      try save(reach)
      done += 1
      note("\(done) of \(missing.count)  \(name)  reaches \(Set(numbers).count) mutants in \(text(result.1))")
    }
    return reach
  }

  private func target(_ suite: String) -> String { String(suite.prefix { $0 != "." }) }
}
