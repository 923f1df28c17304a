import Experiments
import Nightly
import Testing
import Training

@Suite("A night's state")
struct NightTests {
  private static let job = TrainingJob(.digits, networks: [.real], seed: 1, realEpochs: 2)

  /// A night that did all that it had planned.
  private static func whole() -> Night {
    var night = Night(
      name: "2026-11-23T02-30-00Z", number: 1,
      plan: Night.plan(suites: ["ops", "traces"], benchmarks: true, baseline: nil, jobs: [job]), signet: "0",
      commit: nil, isModified: false,
      host: .init(system: "Linux", processor: "any", cores: 2, kernels: "plain"), command: "ci/nightly")
    for suite in ["ops", "traces"] { night.add(.init(suite: suite, cases: 3, failures: [], seconds: 1)) }
    night.benchmarks = [.init(name: "it", rounds: [1, 2])]
    night.mark(all: .benchmarks, .done)
    night.mark(.training, job.name, .done)
    night.isFinished = true
    return night
  }

  private static func change(_ verdict: ChangeVerdict) -> Change {
    Change(
      measure: .time, subject: "it", against: "base", before: [1], after: [2], p: nil, correctedP: nil, estimate: nil,
      low: nil, high: nil, verdict: verdict, reason: "why")
  }

  struct Case: Sendable, CustomStringConvertible {
    let description: String
    let state: NightState
    let change: @Sendable (inout Night) -> Void

    init(_ description: String, _ state: NightState, _ change: @escaping @Sendable (inout Night) -> Void) {
      (self.description, self.state, self.change) = (description, state, change)
    }
  }

  static let cases = [
    Case("all that was planned ran", .good) { _ in },
    Case("something is better, new, not planned or has too few data", .good) {
      $0.changes = [.better, .new, .notRun, .tooFewData, .same].map(NightTests.change)
    },
    Case("something is worse", .worse) { $0.changes = [NightTests.change(.worse)] },
    Case("something vanished", .worse) { $0.changes = [NightTests.change(.vanished)] },
    Case("something is worse, and accepted", .good) { ($0.changes, $0.accepted) = ([NightTests.change(.worse)], "so") },
    Case("something is worse, accepted, and a training failed", .incomplete) {
      ($0.changes, $0.accepted) = ([NightTests.change(.worse)], "so")
      $0.mark(all: .training, .failed, "why")
    },
    Case("a training failed", .incomplete) { $0.mark(all: .training, .failed, "why") },
    Case("a training did not run", .incomplete) { $0.mark(all: .training, .notRun, "why") },
    Case("the benchmarks failed", .incomplete) {
      $0.benchmarks = []
      $0.mark(all: .benchmarks, .failed, "why")
    },
    Case("a suite did not run", .incomplete) {
      $0.verification.removeLast()
      $0.mark(.suite, "traces", .notRun, "why")
    },
    Case("a suite did not run, and something is worse", .worse) {
      $0.mark(.suite, "traces", .notRun, "why")
      $0.changes = [NightTests.change(.worse)]
    },
    Case("a night that was killed", .incomplete) { $0.isFinished = false },
    Case("an older version's, without a plan", .incomplete) { $0.plan = nil },
    Case("a plan without steps", .incomplete) { $0.plan = [] },
    Case("a suite failed", .notVerified) { $0.add(.init(suite: "ops", cases: 3, failures: ["a"], seconds: 1)) },
    Case("a suite has no cases", .notVerified) { $0.add(.init(suite: "ops", cases: 0, failures: [], seconds: 1)) },
    Case("a suite failed, and something is worse", .notVerified) {
      $0.add(.init(suite: "ops", cases: 3, failures: ["a"], seconds: 1))
      $0.changes = [NightTests.change(.worse)]
    },
    Case("measured, but no suite ran", .notVerified) { $0.verification = [] },
    Case("nothing ran", .empty) { ($0.verification, $0.benchmarks, $0.trainings) = ([], [], []) },
  ]

  @Test("The state follows from what was planned and what ran; the most severe wins", arguments: cases)
  func state(_ each: Case) {
    var night = Self.whole()
    each.change(&night)
    #expect(night.state == each.state)
    #expect(night.headline.hasPrefix("\(each.state.rawValue): "))
  }

  @Test("Only a good night exits with 0, and every state has an exit code of its own")
  func exitCodes() {
    #expect(NightState.allCases.filter { $0.exitCode == 0 } == [.good])
    #expect(Set(NightState.allCases.map(\.exitCode)).count == NightState.allCases.count)
    #expect(Set(NightState.bySeverity) == Set(NightState.allCases))
  }

  @Test("A night is verified only if every suite that ran has cases and none failed")
  func verified() {
    var night = Self.whole()
    #expect(night.isVerified)
    night.verification = []
    #expect(!night.isVerified)
    night.verification = [.init(suite: "traces", cases: 0, failures: [], seconds: 1)]
    #expect(!night.isVerified)
    night.verification = [.init(suite: "traces", cases: 1, failures: ["a"], seconds: 1)]
    #expect(!night.isVerified)
  }

  @Test("A suite's step is done only if it has cases and none failed, with the reason otherwise")
  func suites() {
    func step(cases: Int, failures: [String]) -> String {
      var night = Self.whole()
      night.add(.init(suite: "ops", cases: cases, failures: failures, seconds: 1))
      return night.plan?.first { $0.name == "ops" }.map { "\($0.outcome.rawValue): \($0.reason)" } ?? ""
    }
    #expect(step(cases: 3, failures: []) == "done: ")
    #expect(step(cases: 3, failures: ["a", "b"]) == "failed: 2 of 3 cases, first a")
    #expect(step(cases: 0, failures: []) == "failed: it has no cases")
  }

  @Test("Counts and failures are reported, failures first, with one line for each reason")
  func headline() {
    var night = Self.whole()
    night.changes = [.same, .same, .worse, .notRun].map(Self.change)
    night.mark(.suite, "ops", .notRun, "left out by --suite")
    night.mark(.suite, "traces", .notRun, "left out by --suite")
    night.mark(all: .training, .failed, "no such file")
    #expect(night.headline == "worse: 2 same, 1 worse, 3 not run, 1 failed")
    #expect(
      night.shortfalls.map(\.text) == [
        "failed: training digits_ternary_real_seed-1: no such file",
        "not run: suites ops, traces: left out by --suite",
      ])
  }

  @Test("Steps of one reason share a line only if they have the same outcome, kind and experiment")
  func shortfalls() {
    var night = Self.whole()
    night.plan = [
      Night.Step(.suite, "ops", group: "suites"), Night.Step(.suite, "traces", group: "suites"),
      Night.Step(.benchmarks, "benchmarks"), Night.Step(.training, "one", group: "digits"),
      Night.Step(.training, "two", group: "digits"), Night.Step(.training, "three", group: "digits"),
      Night.Step(.training, "four", group: "glyphs"), Night.Step(.training, "five", group: "glyphs"),
    ]
    for kind in [Night.Step.Kind.suite, .benchmarks, .training] { night.mark(all: kind, .notRun, "the disk is full") }
    night.mark(.training, "two", .failed, "the disk is full")
    #expect(
      night.shortfalls.map(\.text) == [
        "failed: training two: the disk is full", "not run: suites ops, traces: the disk is full",
        "not run: benchmarks: the disk is full", "not run: 2 trainings of digits: the disk is full",
        "not run: 2 trainings of glyphs: the disk is full",
      ])
  }

  @Test("A resumed night keeps what is done or failed, and why times that it has were not compared")
  func replanned() {
    let plan = Night.plan(
      suites: ["ops", "traces", "chain"], benchmarks: true, baseline: Self.whole(), jobs: [Self.job])
    for isTimed in [false, true] {
      var night = Self.whole()
      night.plan = plan
      night.mark(.suite, "ops", .notRun, "the time was over")
      night.mark(.suite, "traces", .failed, "1 of 3 cases")
      for kind in [Night.Step.Kind.benchmarks, .training] { night.mark(all: kind, .done) }
      night.mark(all: .comparison, .notRun, "no --base was given")
      night.benchmarks = isTimed ? [.init(name: "it", rounds: [1, 2])] : []
      night.replan(plan)
      let ended = "the night ended before it"
      #expect(
        night.plan?.map(\.reason) == [ended, "1 of 3 cases", ended, "", isTimed ? "no --base was given" : ended, ""])
      #expect(night.plan?.map(\.outcome) == [.notRun, .failed, .notRun, .done, .notRun, .done])
    }
  }
}
