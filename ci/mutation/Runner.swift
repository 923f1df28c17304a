import Foundation

/// Builds and tests mutants in the private tree.
struct Runner {
  let tree: Tree
  /// The hash of all tests.
  let tests: String
  private let sources: [String: Source]
  private let stages: [String: [String]]
  private let log: Results
  /// The seconds that each target's tests may take: 60, or more on a busy machine.
  private var limits: [String: Int] = [:]
  private var done = 0

  private static let buildLimit = 300, testLimit = 60

  /// Brings the tree up to date and makes sure that it passes as it is.
  init(tree: Tree, sources: [Source], modules: Set<String>, log: Results) throws {
    self.tree = tree
    self.log = log
    self.sources = Dictionary(uniqueKeysWithValues: sources.map { ($0.path, $0) })
    try tree.synchronize()
    tests = try tree.testsHash()
    note("building the tree without mutants (the first time takes minutes)")
    try tree.build()
    var stages: [String: [String]] = [:]
    for module in modules { stages[module] = try tree.stages(of: module) }
    self.stages = stages
    for stage in Set(stages.values.joined()).sorted() {
      let start = ContinuousClock.now
      switch try tree.test(stage, limit: 10 * Self.testLimit) {
      case .passed:
        let time = start.duration(to: .now)
        limits[stage] = max(Self.testLimit, Int(5 * (time / .seconds(1))))
        note("\(stage) pass without mutants in \(text(time))")
      case .failed(let test): throw Failure("the tree without mutants fails \(stage): \(test)")
      case .timedOut: throw Failure("the tree without mutants takes more than \(10 * Self.testLimit) s for \(stage)")
      }
    }
  }

  /// Applies a mutant, builds, tests up to the first stage that fails, reverts the mutant, and adds the result to the file.
  mutating func run(_ mutant: Mutant) throws -> Result {
    guard let source = sources[mutant.file] else { throw Failure("no file \(mutant.file)") }
    let start = ContinuousClock.now
    try tree.write(Data(source.text(replacing: mutant.line, by: mutant.after).utf8), to: mutant.file)
    let (verdict, stage, detail) = try outcome(of: mutant)
    try tree.write(Data(source.lines.joined(separator: "\n").utf8), to: mutant.file)
    let time = start.duration(to: .now)
    let result = Result(
      id: mutant.id, file: mutant.file, line: mutant.line, rule: mutant.rule, before: mutant.before,
      after: mutant.after, verdict: verdict, stage: stage, detail: detail,
      seconds: (time / .milliseconds(100)).rounded() / 10, source: source.hash, tests: tests)
    try log.append(result)
    done += 1
    note(
      "\(done)  \(mutant.id)  \(mutant.file):\(mutant.line)  \(mutant.rule)  \(verdict.rawValue) "
        + "\(stage ?? "")  \(text(time))")
    return result
  }

  private func outcome(of mutant: Mutant) throws -> (Verdict, stage: String?, detail: String?) {
    if case .doesNotCompile(let error) = try tree.rebuild(limit: Self.buildLimit) { return (.invalid, nil, error) }
    for stage in stages[mutant.module, default: []] {
      switch try tree.test(stage, limit: limits[stage, default: Self.testLimit]) {
      case .passed: continue
      case .failed(let test): return (.killedByTest, stage, test)
      case .timedOut: return (.killedByTimeout, stage, nil)
      }
    }
    return (.survived, nil, nil)
  }
}

private func note(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

private func text(_ time: Duration) -> String { String(format: "%.1f s", time / .seconds(1)) }
