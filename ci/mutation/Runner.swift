import Foundation

/// Tests the mutants that the tree holds.
struct Runner {
  let suites: Suites
  let reach: Reach
  let files: Results
  let jobs: Int
  /// The seconds above which a suite is left out, if a quicker one reaches the mutant.
  let longest: Double
  /// The hash of the tests, and of which are run.
  let tests: String

  /// After so many mutants one runs again with none active, so that suites that fail now and then are noticed.
  private static let controlInterval = 50

  /// Runs the mutants, and adds each result to the file.
  /// - Returns: the number of runs without a mutant in between; all of them have passed.
  @discardableResult
  func run(_ placed: [Placed]) throws -> Int {
    let start = ContinuousClock.now
    var done = 0, controls = 0, kills = 0
    let steps = placed.enumerated().flatMap { i, mutant in
      (i + 1) % Self.controlInterval == 0 ? [(mutant, false), (mutant, true)] : [(mutant, false)]
    }
    let (suites, reach, longest) = (suites, reach, longest)
    try inParallel(steps.map { Step(placed: $0.0, isControl: $0.1) }, jobs: jobs) { step, _ in
      let start = ContinuousClock.now
      let (verdict, suite, detail) = try Self.outcome(
        of: step, in: suites, groups: reach.groups(reaching: step.placed.number, longest: longest), reach: reach)
      return Found(
        verdict: verdict, suite: suite, detail: detail,
        seconds: (start.duration(to: .now) / .milliseconds(100)).rounded() / 10)
    } each: { step, found in
      if step.isControl {
        guard found.verdict == .survived || found.verdict == .notReached else {
          throw Failure("without a mutant, \(found.suite ?? "") now fails: \(found.detail ?? "too slow")")
        }
        controls += 1
        return
      }
      let mutant = step.placed.mutant
      try files.append(
        Result(
          mutant, verdict: found.verdict, suite: found.suite, detail: found.detail, seconds: found.seconds,
          source: reach.sources[mutant.file] ?? "", tests: tests))
      done += 1
      if found.verdict.isKill { kills += 1 }
      let left = (start.duration(to: .now) / .seconds(1)) / Double(done) * Double(placed.count - done)
      note(
        "\(done) of \(placed.count), \(kills) killed, \(text(left)) left  \(mutant.id)  \(mutant.file):\(mutant.line)  \(mutant.rule)  "
          + "\(found.verdict.rawValue) \(found.suite ?? "")  \(text(found.seconds))")
    }
    return controls
  }

  private struct Step: Sendable {
    let placed: Placed
    let isControl: Bool
  }

  private struct Found: Sendable {
    let verdict: Verdict
    let suite, detail: String?
    let seconds: Double
  }

  private static func outcome(of step: Step, in suites: Suites, groups: [[String]], reach: Reach) throws
    -> (Verdict, suite: String?, detail: String?)
  {
    if groups.isEmpty { return (.notReached, nil, nil) }
    for group in groups {
      let (verdict, _) = try suites.run(
        group, mutant: step.isControl ? 0 : step.placed.number, limit: reach.limit(of: group))
      switch verdict {
      case .passed: continue
      case .failed(let test): return (.killedByTest, group.joined(separator: " "), test)
      case .timedOut: return (.killedByTimeout, group.joined(separator: " "), nil)
      }
    }
    return (.survived, nil, nil)
  }
}
