import Nightly
import Tensors
import Testing
import Training
import Verification

@Suite("Judgement: what counts as worse, better, the same")
struct JudgementTests {
  /// Ten distinct times about 1, in no order.
  static let tenTimes = [1.003, 0.998, 1.011, 0.987, 1.006, 0.994, 1.001, 1.018, 0.991, 0.9995]

  struct Case: Sendable, CustomStringConvertible {
    let description: String
    let before, after: [Double]
    let verdict: ChangeVerdict
    var reason: String?
  }

  static let timeCases = [
    Case(description: "15 % slower", before: tenTimes, after: tenTimes.map { $0 * 1.15 }, verdict: .worse),
    Case(description: "15 % faster", before: tenTimes, after: tenTimes.map { $0 / 1.15 }, verdict: .better),
    Case(description: "the same numbers", before: tenTimes, after: tenTimes, verdict: .same),
    Case(description: "6 % slower", before: tenTimes, after: tenTimes.map { $0 * 1.06 }, verdict: .worse),
    Case(
      description: "4 % slower, less than matters", before: tenTimes, after: tenTimes.map { $0 * 1.04 }, verdict: .same),
    Case(
      description: "4 % faster, less than matters", before: tenTimes, after: tenTimes.map { $0 / 1.04 }, verdict: .same),
    Case(description: "5.1 % slower", before: tenTimes, after: tenTimes.map { $0 * 1.051 }, verdict: .worse),
    Case(
      description: "4.9 % slower", before: tenTimes, after: tenTimes.map { $0 * 1.049 }, verdict: .same,
      reason: "a difference too small to matter"),
    Case(description: "5.1 % less", before: tenTimes, after: tenTimes.map { $0 * 0.949 }, verdict: .better),
    Case(
      description: "4.9 % less", before: tenTimes, after: tenTimes.map { $0 * 0.951 }, verdict: .same,
      reason: "a difference too small to matter"),
    Case(
      description: "four samples", before: Array(tenTimes.prefix(4)), after: tenTimes, verdict: .tooFewData,
      reason: "4 and 10 samples; at least 5 are needed"),
    Case(
      description: "four samples tonight", before: tenTimes, after: Array(tenTimes.prefix(4)), verdict: .tooFewData,
      reason: "10 and 4 samples; at least 5 are needed"),
    Case(
      description: "noise that hides 15 %", before: [0.7, 0.8, 1, 1.3, 1.5], after: [0.72, 0.81, 1.1, 1.31, 1.6],
      verdict: .tooFewData),
    Case(
      description: "noise of ten samples that hides 15 %", before: (0..<10).map { 0.6 + Double($0) / 10 },
      after: (0..<10).map { 0.6 + Double($0) / 10 }, verdict: .tooFewData,
      reason: "noisy: the interval does not exclude 15 % more"),
    Case(
      description: "five apart are too few among twenty", before: (0..<5).map { 1 + Double($0) / 100 },
      after: (0..<5).map { 1.2 + Double($0) / 100 }, verdict: .tooFewData,
      reason: "5 and 5 samples cannot reach p < 0.01 among 20 tests"),
    Case(description: "gone", before: tenTimes, after: [], verdict: .vanished),
    Case(description: "not there before", before: [], after: tenTimes, verdict: .new),
  ]

  /// Beside nineteen benchmarks that stay as they are.
  @Test("times among twenty benchmarks", arguments: timeCases)
  func judgedTimes(_ each: Case) throws {
    let others = (1...19).map {
      Judgement.Pair("other \($0)", against: "base", before: Self.tenTimes, after: Self.tenTimes)
    }
    let changes = Judgement().changes(
      [.init("it", against: "base", before: each.before, after: each.after)] + others, of: .time)
    #expect(changes.map(\.subject) == ["it"] + others.map(\.subject))
    let change = try #require(changes.first)
    #expect(change.verdict == each.verdict, "\(change)")
    #expect(change.verdict.isAlarm == (each.verdict == .worse || each.verdict == .vanished))
    #expect(changes.dropFirst().allSatisfy { $0.verdict == .same })
    if let reason = each.reason { #expect(change.reason == reason) }
  }

  @Test("a change of time is a ratio with an interval, a change of error a difference")
  func estimates() throws {
    let pair = Judgement.Pair("it", against: "base", before: Self.tenTimes, after: Self.tenTimes.map { $0 * 1.15 })
    let time = try #require(Judgement().changes([pair], of: .time).first)
    #expect(abs(try #require(time.estimate) - 1.15) < 0.01)
    #expect(try #require(time.low) < 1.15 && 1.15 < (try #require(time.high)))
    let error = try #require(Judgement().changes([pair], of: .testError).first)
    #expect(abs(try #require(error.estimate) - 0.15) < 0.01)
    #expect(error.verdict == .worse)
  }

  @Test(
    "a test error is worse or better from 0.2 percentage points on, however significant a smaller difference is",
    arguments: [(0.21, .worse), (0.19, .same), (-0.19, .same), (-0.21, .better)] as [(Double, ChangeVerdict)])
  func smallestError(points: Double, verdict: ChangeVerdict) throws {
    // From 2 % to 2.09 %: no two nights' errors overlap.
    let before = (0..<10).map { 0.02 + Double($0) / 10_000 }
    let pair = Judgement.Pair("it", against: "base", before: before, after: before.map { $0 + points / 100 })
    let change = try #require(Judgement().changes([pair], of: .testError).first)
    #expect(change.verdict == verdict && (change.p ?? 1) < 0.0001, "\(change)")
    if verdict == .same { #expect(change.reason == "a difference too small to matter") }
  }

  @Test(
    "test errors are the same only if they exclude a worsening of 2 percentage points",
    arguments: [(0.6, .same), (0.7, .tooFewData)] as [(Double, ChangeVerdict)])
  func noisyErrors(step: Double, verdict: ChangeVerdict) throws {
    // Of the 25 differences, from -4 to 4 steps, the third largest is the end of the interval: 3 steps.
    let errors = (0..<5).map { 0.05 + Double($0) * step / 100 }
    let pair = Judgement.Pair("it", against: "base", before: errors, after: errors)
    let change = try #require(Judgement().changes([pair], of: .testError).first)
    #expect(abs(try #require(change.high) - 3 * step / 100) < 1e-9 && change.estimate == 0)
    #expect(change.verdict == verdict, "\(change)")
    #expect(
      change.reason
        == (verdict == .same
          ? "no difference shown" : "noisy: the interval does not exclude 2 points more"))
  }

  @Test("the times of two programs are compared by name, in the names' order, also those that only one of them has")
  func programs() {
    let times = Self.tenTimes
    let changes = Judgement().timeChanges(
      [
        .init(name: "new", rounds: times), .init(name: "a", rounds: times.map { $0 * 1.25 }),
        .init(name: "c", rounds: times),
      ],
      against: [
        (
          "base",
          [.init(name: "c", rounds: times), .init(name: "lost", rounds: times), .init(name: "a", rounds: times)]
        )
      ])
    #expect(changes.map(\.subject) == ["a", "c", "lost", "new"])
    #expect(changes.map(\.verdict) == [.worse, .same, .vanished, .new])
    #expect(changes.allSatisfy { $0.measure == .time && $0.against == "base" })
    #expect(changes.map(\.before) == [times, times, times, []])
    #expect(changes.map(\.after) == [times.map { $0 * 1.25 }, times, [], times])
  }

  @Test("the tests against all bases are corrected together, and what is not tested does not count")
  func bases() {
    // Five rounds that do not overlap with five have p = 2 / C(10, 5) = 2 / 252, which is below 0.01, but not twice.
    let (fast, slow) = ((1...5).map { 1 + Double($0) / 100 }, (1...5).map { 1.2 + Double($0) / 100 })
    func changes(_ bases: [String]) -> [Change] {
      Judgement().timeChanges(
        [.init(name: "it", rounds: slow)], against: bases.map { ($0, [.init(name: "it", rounds: fast)]) })
    }
    let alone = changes(["one"])
    #expect(alone.map(\.verdict) == [.worse] && alone.map(\.correctedP) == [2.0 / 252])
    let both = changes(["one", "other"])
    #expect(both.map(\.against) == ["one", "other"] && both.map(\.verdict) == [.tooFewData, .tooFewData])
    #expect(both.map(\.p) == [2.0 / 252, 2.0 / 252] && both.map(\.correctedP) == [4.0 / 252, 4.0 / 252])
    let beside = Judgement().timeChanges(
      [.init(name: "it", rounds: slow), .init(name: "new", rounds: slow)],
      against: [("one", [.init(name: "it", rounds: fast)])])
    #expect(beside.map(\.verdict) == [.worse, .new] && beside.map(\.correctedP) == [2.0 / 252, nil])
  }

  @Test("few comparisons of a distribution with itself raise an alarm")
  func falseAlarms() {
    var numbers = TestNumbers(named: "false alarms")
    func times() -> [Double] {
      let noise: Tensor<Double> = numbers.tensor(10, in: 0...1)
      return noise.scalars.map { 1 + 0.2 * $0 * $0 * $0 }
    }
    let nights = Extent.of(200, debug: 20)
    let alarms = (0..<nights).count { _ in
      let pairs = (1...20).map { name in
        Judgement.Pair("\(name)", against: "itself", before: times(), after: times())
      }
      return Judgement(alpha: 0.05).changes(pairs, of: .time).contains { $0.verdict.isAlarm }
    }
    // At most 0.05 of them are expected, in both directions together; twice as many would be three deviations more.
    #expect(alarms <= nights / 10, "\(alarms) of \(nights)")
  }
}
