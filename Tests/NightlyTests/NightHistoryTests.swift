import Experiments
import Nightly
import Testing
import Training

@Suite("What a night is compared with")
struct NightHistoryTests {
  static let errors = [0.02, 0.0225, 0.025, 0.0175, 0.03, 0.0275, 0.0225, 0.02, 0.025, 0.0325]
  private static let series = TrainingRecord.Series(
    experiment: "digits", weights: "ternary", network: .discreteSign, epochs: 100, realEpochs: 60)

  /// A night that is over, and verified, and trained so many seeds.
  private static func night(
    _ number: Int, _ errors: [Double] = errors, digest: String = "a", change: (inout Night) -> Void = { _ in }
  ) -> Night {
    let job = TrainingJob(.digits, networks: [.discreteSign], seed: 1, realEpochs: 60, discreteEpochs: 100)
    var night = Night(
      name: "night-\(number)", number: number,
      plan: Night.plan(suites: ["ops"], benchmarks: false, baseline: nil, jobs: [job]), signet: "0", commit: "c",
      isModified: false, host: .init(system: "Linux", processor: "any", cores: 2, kernels: "plain"),
      command: "ci/nightly")
    night.add(.init(suite: "ops", cases: 1, failures: [], seconds: 1))
    for (index, error) in errors.enumerated() {
      let difference = night.add(training(seed: UInt64(index + 1), error: error, digest: "\(digest)\(index)"))
      #expect(difference == nil)
    }
    night.mark(all: .training, errors.isEmpty ? .notRun : .done, errors.isEmpty ? "the time was over" : "")
    night.isFinished = true
    change(&night)
    return night
  }

  private static func training(
    seed: UInt64, error: Double, digest: String, validationError: Double? = nil, bestEpoch: Int = 1,
    isFinished: Bool = true
  ) -> TrainingRecord {
    TrainingRecord(
      experiment: "digits", architecture: "256-256-10", weights: "ternary", network: .discreteSign, seed: seed,
      epochs: 100, realEpochs: 60, command: "signet", curve: [],
      result: isFinished
        ? NetworkResult(
          network: .discreteSign, weights: "ternary", activation: "sign", epochs: 100,
          bestEpoch: bestEpoch, validationError: validationError ?? 0.9 - error, testError: error, seconds: 1,
          parametersSHA256: digest) : nil, peakMemory: nil)
  }

  /// The same night with its verdicts, as `signet night run` finds them.
  private static func judged(_ night: Night, after nights: [Night]) -> Night {
    var night = night
    night.changes = Judgement().errorChanges(NightHistory(nights), tonight: night)
    return night
  }

  private static func worse(_ number: Int) -> Night { night(number, errors.map { $0 + 0.02 }, digest: "b") }

  private func change(_ tonight: Night, after nights: [Night]) throws -> Change {
    let changes = Self.judged(tonight, after: nights).changes
    #expect(changes.count == 1)
    return try #require(changes.first)
  }

  struct Between: Sendable, CustomStringConvertible {
    let description: String
    let night: @Sendable () -> Night
  }

  static let between = [
    Between(description: "one whose time was over") { night(2, []) },
    Between(description: "one whose time was over after three seeds") {
      night(2, Array(errors.prefix(3)), digest: "b")
    },
    Between(description: "an empty one") { night(2, []) { $0.verification = [] } },
    Between(description: "one that is not verified") {
      night(2, errors.map { $0 + 0.02 }, digest: "b") {
        $0.add(.init(suite: "sign", cases: 1, failures: ["a"], seconds: 1))
      }
    },
    Between(description: "one that was killed") {
      night(2, errors.map { $0 + 0.02 }, digest: "b") { $0.isFinished = false }
    },
    Between(description: "one that is worse itself") { judged(worse(2), after: [night(1)]) },
    Between(description: "one without suites") {
      night(2, errors.map { $0 + 0.02 }, digest: "b") { $0.verification = [] }
    },
  ]

  @Test("A regression is found right after any night that is not a baseline", arguments: between)
  func regression(_ between: Between) throws {
    let nights = [Self.night(1), between.night()]
    let change = try change(Self.worse(3), after: nights)
    #expect(change.verdict == .worse)
    #expect(change.against == "night night-1")
    #expect(change.subject == "digits, discrete-sign, ternary, 60 + 100 epochs")
    #expect(Self.judged(Self.worse(3), after: nights).state == .worse)
  }

  @Test("The newest good night by number is the baseline, even if it is dated before the others")
  func numbers() throws {
    let nights = NightHistory([Self.night(12), Self.night(9), Self.night(10)])
    #expect(nights.nights.map(\.number) == [9, 10, 12])
    #expect(nights.baseline(of: Self.series, seeds: [1], data: nil)?.name == "night-12")
  }

  @Test("An accepted night is a baseline, and what vanished in it is forgotten")
  func accepted() throws {
    var worse = Self.judged(Self.worse(2), after: [Self.night(1)])
    worse.accepted = "a reason"
    #expect(try change(Self.worse(3), after: [Self.night(1), worse]).verdict == .same)
    var gone = Self.judged(Self.night(2, []) { $0.plan = [] }, after: [Self.night(1)])
    #expect(gone.changes.map(\.verdict) == [.vanished])
    #expect(Self.judged(Self.night(3, []) { $0.plan = [] }, after: [Self.night(1), gone]).changes.count == 1)
    gone.accepted = "a reason"
    #expect(Self.judged(Self.night(3, []) { $0.plan = [] }, after: [Self.night(1), gone]).changes.isEmpty)
  }

  @Test("The same bits need no test, similar errors are the same by the test, and lower ones are better")
  func verdicts() throws {
    let identical = try change(Self.night(2, Array(Self.errors.prefix(3))), after: [Self.night(1)])
    #expect(identical.verdict == .same && identical.p == nil)
    #expect(identical.reason == "the same bits from 3 seeds")
    let one = try change(Self.night(2, [Self.errors[0]]), after: [Self.night(1)])
    #expect(one.verdict == .same && one.reason == "the same bits from 1 seed")
    let like = try change(Self.night(2, Self.errors.reversed(), digest: "b"), after: [Self.night(1)])
    #expect(like.verdict == .same && like.p != nil)
    #expect(try change(Self.night(2), after: [Self.worse(1)]).verdict == .better)
    #expect(try change(Self.night(1), after: []).verdict == .new)
  }

  @Test(
    "The same bits with another test error, validation error or best epoch are an alarm, in either direction",
    arguments: [(0.21, 0.88, 1), (0.01, 0.88, 1), (0.02, 0.5, 1), (0.02, 0.88, 2)])
  func otherEvaluation(error: Double, validationError: Double, bestEpoch: Int) throws {
    /// With another evaluation of the second and the third seed.
    func night(_ number: Int) -> Night {
      Self.night(number, [0.02]) { night in
        for seed in [2, 3] as [UInt64] {
          let (isOther, digest) = (number == 2, "a\(seed)")
          let training =
            isOther
            ? Self.training(
              seed: seed, error: error, digest: digest, validationError: validationError, bestEpoch: bestEpoch)
            : Self.training(seed: seed, error: 0.02, digest: digest)
          night.trainings.append(training)
        }
      }
    }
    let judged = Self.judged(night(2), after: [night(1)])
    let changed = try #require(judged.changes.first)
    #expect(judged.changes.count == 1 && changed.verdict == .worse && changed.p == nil)
    #expect(changed.reason == "the same bits from 2 seeds, but other errors or another best epoch")
    #expect(judged.state == .worse)
    #expect(NightHistory([night(1), judged]).baseline(of: Self.series, seeds: [1], data: nil)?.number == 1)
    // A training that is repeated in one night must have the same errors, too.
    var tonight = night(1)
    let difference = tonight.add(night(2).trainings[2])
    #expect(
      difference == """
        digits, discrete-sign, ternary, 60 + 100 epochs, seed 3: expected the same errors again, found test error 0.02, \
        validation error 0.88 in epoch 1 and test error \(error), validation error \(validationError) in epoch \(bestEpoch)
        """)
  }

  /// A night on the file of these bytes' digest, or one whose record does not name its data.
  private static func night(_ number: Int, _ errors: [Double] = errors, on digest: String?) -> Night {
    night(number, errors, digest: "\(digest ?? "")\(number)") { night in
      for i in night.trainings.indices {
        night.trainings[i].dataFiles = digest.map { [DataFile(file: "digits.gz", sha256: $0)] }
      }
    }
  }

  @Test("Test errors are compared with those of a night on the same data, and are new where there is none")
  func otherData() throws {
    let worse = Self.errors.map { $0 + 0.02 }
    let first = Self.night(1, on: "a")
    let new = try change(Self.night(2, worse, on: "b"), after: [first])
    #expect(new.verdict == .new && new.against == "no night" && new.before.isEmpty && new.after == worse)
    #expect(new.reason == "on other data than night night-1: digits.gz: a… and not b…")
    // The newest of the same data, or of unknown data, is the one to compare with.
    let second = Self.night(2, worse, on: "b")
    let third = try change(Self.night(3, worse, on: "a"), after: [first, second])
    #expect(third.verdict == .worse && third.against == "night night-1")
    let unknown = try change(Self.night(3, worse, on: nil), after: [first, second])
    #expect(unknown.against == "night night-2")
    #expect(try change(Self.night(3, on: "b"), after: [first, Self.night(2, on: nil)]).against == "night night-2")
  }

  @Test("What was planned but did not run is not a change; what disappears without a plan has vanished")
  func missing() {
    #expect(Self.judged(Self.night(2, []), after: [Self.night(1)]).changes.isEmpty)
    let done = Self.judged(Self.night(2, []) { $0.mark(all: .training, .done) }, after: [Self.night(1)])
    #expect(done.changes.map(\.verdict) == [.vanished])
    #expect(done.state == .worse)
  }

  @Test("What needs data from outside counts as not run if tonight has other epochs, or no such data")
  func notPlanned() throws {
    // Ten epochs of a real network on MNIST.
    let vectors = TrainingRecord(
      experiment: "mnist-pi", architecture: "1200-1200-10", weights: "real", network: .real, seed: 1, epochs: 10,
      realEpochs: 10, command: "signet", curve: [],
      result: NetworkResult(
        network: .real, weights: "real", activation: "tanh", epochs: 10, bestEpoch: 1, validationError: 0.03,
        testError: 0.02, seconds: 1, parametersSHA256: "a"), peakMemory: nil)
    let digits = TrainingJob(.digits, networks: [.real], seed: 1, realEpochs: 10)
    for (jobs, reason) in [
      ([digits, TrainingJob(.mnistPI, networks: [.real], seed: 1, realEpochs: 20)], "other epochs tonight"),
      ([digits], "no --data tonight"), ([], "no --data tonight"),
    ] as [([TrainingJob], String)] {
      let tonight = Self.night(2, []) {
        $0.plan = Night.plan(suites: jobs.isEmpty ? [] : ["ops"], benchmarks: false, baseline: nil, jobs: jobs)
      }
      let change = try change(tonight, after: [Self.night(1, []) { $0.trainings = [vectors] }])
      #expect(change.verdict == .notRun && change.reason == reason)
      #expect(change.subject == "mnist-pi, real, real, 10 epochs" && change.against == "night night-1")
      #expect(change.before == [0.02] && change.after.isEmpty)
    }
  }

  @Test("Benchmarks that were not asked for count as not run, with the reason")
  func untimed() {
    let timed = Self.night(1) { $0.benchmarks = [.init(name: "it", rounds: [1, 2])] }
    let changes = Judgement().untimed(NightHistory([timed]), tonight: Self.night(2))
    #expect(changes.map(\.verdict) == [.notRun])
    #expect(changes.first?.reason == "no --benchmarks tonight")
    let asked = Self.night(2) { $0.plan = Night.plan(suites: [], benchmarks: true, baseline: nil, jobs: []) }
    #expect(Judgement().untimed(NightHistory([timed]), tonight: asked).isEmpty)
    // It was resumed without --benchmarks, when they had been timed.
    let before = Self.night(2) { $0.benchmarks = timed.benchmarks }
    #expect(Judgement().untimed(NightHistory([timed]), tonight: before).isEmpty)
  }

  @Test("The program to build is that of the last night whose times are good")
  func timed() {
    func night(_ number: Int, _ change: (inout Night) -> Void = { _ in }) -> Night {
      Self.night(number) {
        $0.benchmarks = [.init(name: "it", rounds: [1, 2])]
        change(&$0)
      }
    }
    func last(_ change: (inout Night) -> Void) -> Int? { NightHistory([night(1), night(2, change)]).lastTimed?.number }
    let slower = Judgement().changes(
      [.init("it", against: "base", before: Self.errors, after: Self.errors.map { $0 * 2 })], of: .time)
    #expect(slower.map(\.verdict) == [.worse])
    #expect(last { _ in } == 2)
    #expect(last { $0.changes = slower } == 1)
    #expect(last { ($0.changes, $0.accepted) = (slower, "a reason") } == 2)
    #expect(last { $0.isFinished = false } == 1)
    #expect(last { $0.verification = [] } == 1)
    #expect(last { $0.benchmarks = [] } == 1)
    #expect(last { $0.plan = Night.plan(suites: [], benchmarks: true, baseline: night(1), jobs: []) } == 1)
    #expect(NightHistory([Self.night(1)]).lastTimed == nil)
  }

  @Test("a training that is repeated must give the same bits")
  func repetition() throws {
    var night = Self.night(1, [0.02])
    let same = night.add(Self.training(seed: 1, error: 0.02, digest: "a0"))
    #expect(same == nil)
    let found = night.add(Self.training(seed: 1, error: 0.02, digest: "b0"))
    let difference = try #require(found)
    #expect(difference.contains("a0") && difference.contains("b0"))
    #expect(night.trainings.count == 1)
    // One that was not finished takes no finished one's place, but leaves it to one.
    let unfinished = Self.training(seed: 2, error: 0.03, digest: "c0", isFinished: false)
    let finished = Self.training(seed: 2, error: 0.03, digest: "c0")
    for training in [unfinished, finished, unfinished] {
      let difference = night.add(training)
      #expect(difference == nil)
    }
    #expect(night.trainings.count == 2 && night.trainings[1] == finished)
  }
}
