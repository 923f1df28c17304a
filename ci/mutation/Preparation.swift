import Foundation

/// Puts mutants into the tree, and takes out those that do not compile.
struct Preparation {
  let tree: Tree
  let sources: [Source]
  let files: Results
  let jobs: Int
  /// The mutants that are known not to compile.
  private(set) var invalid: Set<String>
  private var placed: [Placed] = []
  /// Of each file, the units in which only the first place is marked.
  private var coarse: [String: Set<Int>] = [:]
  private var numbers: [String: Int] = [:]

  init(tree: Tree, sources: [Source], files: Results, jobs: Int) {
    (self.tree, self.sources, self.files, self.jobs) = (tree, sources, files, jobs)
    invalid = Set(files.valid(for: sources, tests: nil).values.filter { $0.verdict == .invalid }.map(\.id))
  }

  /// Puts the planted mutants and the first `count` of `order` that compile into the tree, and builds it.
  /// - Returns: what the tree holds. That may be more than `count` mutants.
  mutating func prepare(_ order: [Mutant], count: Int) throws -> Reach {
    try tree.prepareForChecks()
    let planted = try Plants.mutants().map(\.mutant)
    let order = planted + order, count = planted.count + count
    var taken = 0
    while true {
      let possible = order.filter { !invalid.contains($0.id) }
      let valid = placed.count
      guard valid < count, taken < possible.count else { break }
      // About a fifth does not compile.
      taken = min(possible.count, taken == 0 ? count + count / 4 + 2 : taken + 2 * (count - valid) + 2)
      try weed(Array(possible.prefix(taken)))
      taken = placed.count
    }
    while true {
      note("building \(placed.count) mutants in \(Set(placed.map(\.mutant.module)).count) modules")
      try tree.synchronize(written().mapValues(\.text))
      let errors = try tree.build()
      if errors.isEmpty { break }
      try drop(errors, from: written())
    }
    try tree.recordBuild()
    let written = written()
    return Reach(
      placed: placed, places: written.values.reduce(into: [:]) { $0.merge($1.places) { a, _ in a } },
      sources: Reach.hashes(of: sources))
  }

  /// The files that hold mutants.
  private func written() -> [String: Schemata] {
    var files: [String: Schemata] = [:]
    var place = 0
    let parts = Dictionary(grouping: placed, by: \.mutant.file)
    for source in sources {
      guard let mutants = parts[source.path] else { continue }
      let file = Schemata(
        source: source, mutants: mutants, firstPlace: place, coarse: coarse[source.path, default: []])
      place = file.endOfPlaces
      files[source.path] = file
    }
    return files
  }

  /// Checks the modules that hold these mutants until the compiler has nothing more to say.
  private mutating func weed(_ mutants: [Mutant]) throws {
    for mutant in mutants where numbers[mutant.id] == nil { numbers[mutant.id] = numbers.count + 1 }
    placed = mutants.map { Placed(number: numbers[$0.id] ?? 0, mutant: $0) }
    for (path, file) in written() where !file.homeless.isEmpty {
      try remove(Set(file.homeless), why: "\(path): no body or expression around it can stand twice")
    }
    var open = Set(placed.map(\.mutant.module))
    while !open.isEmpty {
      let files = written()
      try tree.synchronize(files.mapValues(\.text))
      note("checking \(placed.count) mutants, in \(open.count) modules")
      var failed: Set<String> = []
      let tree = tree
      try inParallel(open.sorted(), jobs: jobs) { module, _ in
        try tree.check(module)
      } each: { module, errors in
        if errors.isEmpty { return }
        failed.insert(module)
        try drop(errors, from: files)
      }
      open = failed.intersection(placed.map(\.mutant.module))
    }
  }

  /// Takes out the mutants at which the compiler errs.
  private mutating func drop(_ errors: [CompilerError], from files: [String: Schemata]) throws {
    var single: [Int: String] = [:], shared: [(numbers: [Int], file: String, message: String)] = []
    var others: [CompilerError] = []
    for error in errors {
      // What is not closed in a mutant lets the compiler err further below.
      guard let file = files[error.file],
        let line = (1...error.line).last(where: { file.mutants[$0] != nil }), let numbers = file.mutants[line]
      else {
        // A mutant that does not compile may leave errors in other files.
        others.append(error)
        continue
      }
      switch numbers.count {
      case 1 where file.isCopy(line): single[numbers[0]] = error.message
      default: shared.append((numbers, error.file, error.message))
      }
    }
    if single.isEmpty, shared.isEmpty, let error = others.first {
      throw Failure("\(error.file):\(error.line): \(error.message), at no mutant")
    }
    for (number, message) in single { try remove([number], why: message) }
    // What surrounds mutants may err only because of one of them.
    if !single.isEmpty { return }
    for (numbers, file, message) in shared {
      guard let source = sources.first(where: { $0.path == file }) else { continue }
      let units = source.units().filter { unit in
        placed.contains { numbers.contains($0.number) && unit.range.encloses($0.mutant.range) }
      }
      let starts = Set(units.map(\.range.lowerBound))
      if starts.isSubset(of: coarse[file, default: []]) {
        try remove(Set(numbers), why: "what is around it cannot stand twice: \(message)")
      } else {
        coarse[file, default: []].formUnion(starts)
      }
    }
  }

  private mutating func remove(_ numbers: Set<Int>, why: String) throws {
    for placed in placed where numbers.contains(placed.number) {
      invalid.insert(placed.mutant.id)
      try files.append(
        Result(
          placed.mutant, verdict: .invalid, suite: nil, detail: why, seconds: 0,
          source: sources.first { $0.path == placed.mutant.file }?.hash ?? "", tests: ""))
    }
    placed.removeAll { numbers.contains($0.number) }
  }
}
