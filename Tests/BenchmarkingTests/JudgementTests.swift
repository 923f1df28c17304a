import Benchmarking
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
  }

  static let timeCases = [
    Case(description: "15 % slower", before: tenTimes, after: tenTimes.map { $0 * 1.15 }, verdict: .worse),
    Case(description: "15 % faster", before: tenTimes, after: tenTimes.map { $0 / 1.15 }, verdict: .better),
    Case(description: "the same numbers", before: tenTimes, after: tenTimes, verdict: .same),
    Case(
      description: "4 % slower, less than matters", before: tenTimes, after: tenTimes.map { $0 * 1.04 }, verdict: .same),
    Case(description: "four samples", before: Array(tenTimes.prefix(4)), after: tenTimes, verdict: .tooFewData),
    Case(
      description: "noise that hides 15 %", before: [0.7, 0.8, 1, 1.3, 1.5], after: [0.72, 0.81, 1.1, 1.31, 1.6],
      verdict: .tooFewData),
    Case(
      description: "five apart are too few among twenty", before: (0..<5).map { 1 + Double($0) / 100 },
      after: (0..<5).map { 1.2 + Double($0) / 100 }, verdict: .tooFewData),
    Case(description: "gone", before: tenTimes, after: [], verdict: .vanished),
    Case(description: "not there before", before: [], after: tenTimes, verdict: .new),
  ]

  /// Beside nineteen benchmarks that stay as they are.
  @Test("times among twenty benchmarks", arguments: timeCases)
  func judgedTimes(_ each: Case) throws {
    let others = (1...19).map { Judgement.Pair("other \($0)", before: Self.tenTimes, after: Self.tenTimes) }
    let changes = Judgement().changes(
      [.init("it", before: each.before, after: each.after)] + others, of: .time, against: "base")
    #expect(changes.map(\.subject) == ["it"] + others.map(\.subject))
    let change = try #require(changes.first)
    #expect(change.verdict == each.verdict, "\(change)")
    #expect(change.verdict.isAlarm == (each.verdict == .worse || each.verdict == .vanished))
    #expect(changes.dropFirst().allSatisfy { $0.verdict == .same })
  }

  @Test("a ratio comes with its interval, a difference of errors in its own unit")
  func estimates() throws {
    let pair = Judgement.Pair("it", before: Self.tenTimes, after: Self.tenTimes.map { $0 * 1.15 })
    let time = try #require(Judgement().changes([pair], of: .time, against: "base").first)
    #expect(abs(try #require(time.estimate) - 1.15) < 0.01)
    #expect(try #require(time.low) < 1.15 && 1.15 < (try #require(time.high)))
    let error = try #require(Judgement().changes([pair], of: .testError, against: "night").first)
    #expect(abs(try #require(error.estimate) - 0.15) < 0.01)
    #expect(error.verdict == .worse)
  }

  @Test("of many comparisons of one distribution with itself, few raise an alarm")
  func falseAlarms() {
    var numbers = TestNumbers(named: "false alarms")
    func times() -> [Double] {
      let noise: Tensor<Double> = numbers.tensor(10, in: 0...1)
      return noise.scalars.map { 1 + 0.2 * $0 * $0 * $0 }
    }
    #if DEBUG
      let nights = 20
    #else
      let nights = 200
    #endif
    let alarms = (0..<nights).count { _ in
      let pairs = (1...20).map { name in
        Judgement.Pair("\(name)", before: times(), after: times())
      }
      return Judgement(alpha: 0.05).changes(pairs, of: .time, against: "itself").contains { $0.verdict.isAlarm }
    }
    // At most 0.05 of them are expected, in both directions together; twice as many would be three deviations more.
    #expect(alarms <= nights / 10, "\(alarms) of \(nights)")
  }
}

@Suite("Test errors of two nights")
struct ErrorChangeTests {
  private static func night(_ name: String, errors: [Double], digest: String, network: NetworkKind = .discreteSign)
    -> Night
  {
    var night = Night(
      name: name, signet: "0", commit: nil, isModified: false,
      host: .init(system: "Linux", processor: "any", cores: 2, kernels: "plain"), command: "ci/nightly")
    for (index, error) in errors.enumerated() {
      let difference = night.add(training(network, seed: UInt64(index + 1), error: error, digest: "\(digest)\(index)"))
      #expect(difference == nil)
    }
    return night
  }

  private static func training(_ network: NetworkKind, seed: UInt64, error: Double, digest: String) -> TrainingRecord {
    TrainingRecord(
      experiment: "digits", architecture: "256-256-10", weights: "ternary", network: network, seed: seed, epochs: 100,
      realEpochs: 60, command: "signet", curve: [],
      result: NetworkResult(
        network: network, weights: "ternary", activation: "sign", epochs: 100, bestEpoch: 1, validationError: error,
        testError: error, seconds: 1, parametersSHA256: digest), peakMemory: nil)
  }

  private static let errors = [0.02, 0.0225, 0.025, 0.0175, 0.03, 0.0275, 0.0225, 0.02, 0.025, 0.0325]

  private func change(_ before: Night, _ after: Night, excuse: String? = nil) throws -> Change {
    let changes = Judgement().errorChanges(before: before, after: after) { _ in excuse }
    #expect(changes.count == 1)
    return try #require(changes.first)
  }

  @Test("the same bits need no test")
  func identity() throws {
    let change = try change(
      Self.night("1", errors: Self.errors, digest: "a"),
      Self.night("2", errors: Array(Self.errors.prefix(3)), digest: "a"))
    #expect(change.verdict == .same)
    #expect(change.p == nil)
    #expect(change.reason == "the same bits from 3 seeds")
  }

  @Test("other bits of like errors are the same by the test, and errors two points higher worse")
  func test() throws {
    let before = Self.night("1", errors: Self.errors, digest: "a")
    let like = try change(before, Self.night("2", errors: Self.errors.reversed(), digest: "b"))
    #expect(like.verdict == .same)
    #expect(like.p != nil)
    let worse = try change(before, Self.night("2", errors: Self.errors.map { $0 + 0.02 }, digest: "b"))
    #expect(worse.verdict == .worse)
    #expect(worse.subject == "digits, discrete-sign, ternary, 60 + 100 epochs")
    let better = try change(Self.night("1", errors: Self.errors.map { $0 + 0.02 }, digest: "b"), before)
    #expect(better.verdict == .better)
  }

  @Test("what is not trained has vanished, unless there is a reason")
  func missing() throws {
    let (before, empty) = (Self.night("1", errors: Self.errors, digest: "a"), Self.night("2", errors: [], digest: "a"))
    #expect(try change(before, empty).verdict == .vanished)
    let excused = try change(before, empty, excuse: "no time")
    #expect(excused.verdict == .tooFewData)
    #expect(excused.reason == "no time")
    #expect(try change(empty, before).verdict == .new)
  }

  @Test("a training that is repeated must give the same bits")
  func repetition() throws {
    var night = Self.night("1", errors: [0.02], digest: "a")
    let same = night.add(Self.training(.discreteSign, seed: 1, error: 0.02, digest: "a0"))
    #expect(same == nil)
    let found = night.add(Self.training(.discreteSign, seed: 1, error: 0.02, digest: "b0"))
    let difference = try #require(found)
    #expect(difference.contains("a0") && difference.contains("b0"))
    #expect(night.trainings.count == 1)
  }
}
