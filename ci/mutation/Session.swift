import Foundation

/// One start of the tool: what is known from before, and what has to run.
struct Session {
  let options: Options
  let sources: [Source]
  private let files: Results
  private let tree = Tree(root: FileManager.default.currentDirectoryPath + "/.build/mutants/tree")
  private let tests: String
  /// The hash of the tests, and of which are run.
  private let suites: String
  private var known: [String: Result]

  private static let reachPath = ".build/mutants/tree.json"

  init(options: Options, sources: [Source]) {
    (self.options, self.sources) = (options, sources)
    files = Results(path: options.results)
    tests = fingerprint(ofFolders: ["Tests", "Golden"])
    // A survivor of some suites alone is none of all.
    suites =
      options.longest == .infinity && options.suites.isEmpty
      ? tests : ([tests, "\(options.longest)"] + options.suites).joined(separator: " ")
    known = files.valid(for: sources, tests: suites)
    for id in options.only where known[id]?.verdict != .invalid { known[id] = nil }
  }

  /// The results of the first `count` mutants that compile.
  func results(of order: [Mutant], count: Int) -> [Result] {
    // A report says what the file says, whatever the tests are now.
    let results = options.isReport ? files.valid(for: sources, tests: nil) : known
    return Array(order.lazy.compactMap { results[$0.id] }.filter { $0.verdict != .invalid }.prefix(count))
  }

  /// Runs those of the first `count` mutants that have no result.
  mutating func run(_ order: [Mutant]) throws {
    while case let missing = missing(in: order), !missing.isEmpty {
      var reach = try tree(with: missing, of: order)
      let suites = try Suites(tree: tree, wanted: options.suites)
      reach.suites = reach.suites.filter { suites.isWanted($0.key) }
      let wanted = Set(missing.map(\.id))
      // Neighbours are found by the same suites; in another order, slow ones are spread out. Explained survivors, which take longest and
      // say least, come last.
      let explained = accepted(in: options.accepted)
      func rank(_ id: String) -> (Int, String) { (explained[id] == nil ? 0 : 1, id) }
      let placed = reach.placed.filter { wanted.contains($0.mutant.id) }.sorted {
        rank($0.mutant.id) < rank($1.mutant.id)
      }
      let runner = Runner(
        suites: suites, reach: reach, files: files, jobs: options.jobs, longest: options.longest, tests: self.suites)
      note("\(placed.count) mutants to run")
      let controls = try runner.run(placed)
      if controls > 0 { note("in between, \(controls) runs without a mutant passed") }
      let ids = Set(placed.map(\.mutant.id))
      let fresh = files.valid(for: sources, tests: self.suites)
      known.merge(fresh.filter { ids.contains($0.key) || $0.value.verdict == .invalid }) { $1 }
    }
  }

  private func missing(in order: [Mutant]) -> [Mutant] {
    order.filter { known[$0.id]?.verdict != .invalid }.prefix(options.count).filter { known[$0.id] == nil }
  }

  /// A tree that holds `missing`, or as many others instead of those that do not compile, and has proved itself.
  private func tree(with missing: [Mutant], of order: [Mutant]) throws -> Reach {
    let reach = try usable(for: missing) ?? prepared(order.filter { known[$0.id] == nil }, count: missing.count)
    return try proved(reach)
  }

  /// The tree as it is, if it holds all mutants; its tests are brought up to date.
  private func usable(for missing: [Mutant]) throws -> Reach? {
    guard var reach = Reach.read(Self.reachPath),
      reach.sources.filter({ $0.key != Plants.file }) == Reach.hashes(of: sources),
      Set(missing.map(\.id)).isSubset(of: Set(reach.placed.map(\.mutant.id)))
    else { return nil }
    if reach.tests != tests {
      note("building the tests anew")
      try tree.synchronize(keeping: Set(reach.placed.map(\.mutant.file)))
      if let error = try tree.build().first { throw Failure("\(error.file):\(error.line): \(error.message)") }
      reach.tests = tests
      try reach.write(Self.reachPath)
    }
    return reach
  }

  private func prepared(_ order: [Mutant], count: Int) throws -> Reach {
    note("preparing a tree with \(count) mutants")
    try? FileManager.default.removeItem(atPath: Self.reachPath)
    var preparation = Preparation(
      tree: tree, sources: sources + [try Plants.source()], files: files, jobs: options.jobs)
    var reach = try preparation.prepare(order, count: count)
    reach.tests = tests
    try reach.write(Self.reachPath)
    return reach
  }

  /// Runs the suites that are new, and the planted mutants in a new tree.
  private func proved(_ known: Reach) throws -> Reach {
    let suites = try Suites(tree: tree, wanted: options.suites)
    var reach = try suites.reach(known, jobs: options.jobs) { try $0.write(Self.reachPath) }
    if !reach.isProved {
      try provePlants(in: suites, reach)
      reach.isProved = true
    }
    try reach.write(Self.reachPath)
    return reach
  }

  private func provePlants(in suites: Suites, _ reach: Reach) throws {
    note("running the planted mutants")
    let path = ".build/mutants/plants.jsonl"
    try? FileManager.default.removeItem(atPath: path)
    let plants = Results(path: path)
    let runner = Runner(
      suites: suites, reach: reach, files: plants, jobs: options.jobs, longest: .infinity, tests: tests)
    try runner.run(reach.placed.filter { $0.mutant.file == Plants.file })
    let results = plants.read() + files.read().filter { $0.file == Plants.file && $0.verdict == .invalid }
    try Plants.check(Dictionary(results.map { ($0.id, $0) }) { $1 })
  }

  /// Builds a tree with the planted mutants alone, if there is none, and runs them.
  func provePlants() throws {
    let reach = try usable(for: []) ?? prepared([], count: 0)
    let suites = try Suites(tree: tree, wanted: options.suites)
    try provePlants(in: suites, try suites.reach(reach, jobs: options.jobs) { try $0.write(Self.reachPath) })
  }
}
