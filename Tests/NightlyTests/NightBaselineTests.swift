import Networks
import Nightly
import Testing
import Training

@Suite("Which night is good enough to compare with")
struct NightBaselineTests {
  /// A finished and verified night.
  private func night(
    _ number: Int, commit: String? = "c", isModified: Bool = false, _ change: (inout Night) -> Void = { _ in }
  ) -> Night {
    var night = Night(
      name: "night-\(number)", number: number, plan: [.init(.suite, "ops", group: "suites")], signet: "0",
      commit: commit, isModified: isModified,
      host: .init(system: "Linux", processor: "any", cores: 2, kernels: "plain"), command: "ci/nightly")
    night.add(.init(suite: "ops", cases: 1, failures: [], seconds: 1))
    night.isFinished = true
    change(&night)
    return night
  }

  private func training(_ network: NetworkKind = .discreteSign, seed: UInt64 = 1, error: Double, digest: String = "a")
    -> TrainingRecord
  {
    let weights = network == .real ? "real" : "ternary"
    return TrainingRecord(
      experiment: "digits", architecture: "256-256-10", weights: weights, network: network, seed: seed, epochs: 3,
      realEpochs: 3, command: "signet", curve: [],
      result: NetworkResult(
        network: network, weights: weights, activation: "sign", epochs: 3, bestEpoch: 1, validationError: 0.5,
        testError: error, seconds: 1, parametersSHA256: digest), peakMemory: nil)
  }

  @Test(
    "a program that cannot be built again, of no commit or of uncommitted changes, is no base for times",
    arguments: [("c", false, 2), (nil, false, 1), ("c", true, 1)] as [(String?, Bool, Int)])
  func timed(commit: String?, isModified: Bool, last: Int) {
    let nights = [
      night(1) { $0.benchmarks = [.init(name: "it", rounds: [1, 2])] },
      night(2, commit: commit, isModified: isModified) { $0.benchmarks = [.init(name: "it", rounds: [3, 4])] },
    ]
    #expect(NightHistory(nights).lastTimed?.number == last)
  }

  @Test("benchmarks that are not run name the night that ran them last, whatever nights came after it")
  func untimed() throws {
    let timed = night(1) { $0.benchmarks = [.init(name: "it", rounds: [1, 2])] }
    let changes = Judgement().untimed(NightHistory([timed, night(2), night(3)]), tonight: night(4))
    #expect(changes.map(\.subject) == ["it"] && changes.map(\.before) == [[1, 2]])
    #expect(changes.map(\.against) == ["night night-1"] && changes.map(\.verdict) == [.notRun])
  }

  private func worse(_ measure: Change.Measure, _ subject: String) -> Change {
    Change(
      measure: measure, subject: subject, against: "night night-1", before: [0.01], after: [0.02], p: nil,
      correctedP: nil, estimate: nil, low: nil, high: nil, verdict: .worse, reason: "why")
  }

  @Test(
    "an alarm among the times makes them no good ones, one among the test errors says nothing of them",
    arguments: [(.time, 1), (.testError, 2)] as [(Change.Measure, Int)])
  func alarm(of measure: Change.Measure, last: Int) {
    let nights = (1...2).map { number in
      night(number) {
        $0.benchmarks = [.init(name: "it", rounds: [1, 2])]
        $0.changes = number == 2 ? [worse(measure, "it")] : []
      }
    }
    #expect(NightHistory(nights).lastTimed?.number == last)
  }

  @Test("what only nights that are unfinished or not verified measured is not known, and cannot vanish")
  func known() {
    let (sign, real) = (training(error: 0.02), training(.real, error: 0.01))
    for spoil in [{ $0.isFinished = false }, { $0.verification = [] }] as [(inout Night) -> Void] {
      let spoilt = night(2) {
        $0.trainings = [sign, real]
        spoil(&$0)
      }
      let history = NightHistory([night(1) { $0.trainings = [sign] }, spoilt])
      #expect(history.series == [sign.series])
      let changes = Judgement().errorChanges(history, tonight: night(3) { $0.trainings = [sign] })
      #expect(changes.map(\.subject) == [sign.series.subject] && changes.map(\.verdict) == [.same])
    }
  }

  @Test("an alarm of a series keeps the night from being that series' baseline, and is none of the other series'")
  func series() {
    let (sign, real) = (training(error: 0.02), training(.real, error: 0.01))
    let first = night(1) { $0.trainings = [sign, real] }
    let second = night(2) {
      $0.trainings = [sign, real]
      $0.changes = [worse(.testError, sign.series.subject)]
    }
    let history = NightHistory([first, second])
    #expect(history.baseline(of: sign.series, seeds: [1], data: nil)?.number == 1)
    #expect(history.baseline(of: real.series, seeds: [1], data: nil)?.number == 2)
    let tonight = night(3) { $0.trainings = [sign, real] }
    #expect(
      Judgement().errorChanges(history, tonight: tonight).map { "\($0.subject): \($0.against)" } == [
        "digits, discrete-sign, ternary, 3 + 3 epochs: night night-1", "digits, real, real, 3 epochs: night night-2",
      ])
  }

  @Test("what is missing tonight has vanished also if no earlier night was good enough to compare it with")
  func vanished() {
    let sign = training(error: 0.02)
    let only = night(1) {
      $0.trainings = [sign]
      $0.changes = [worse(.testError, sign.series.subject)]
    }
    let changes = Judgement().errorChanges(NightHistory([only]), tonight: night(2))
    #expect(changes.map(\.subject) == [sign.series.subject] && changes.map(\.verdict) == [.vanished])
    #expect(changes.map(\.reason) == ["it was measured before, but no longer is"])
  }

  @Test("only if every seed that both nights have gave the same bits is there no test", arguments: [1, 9, 10])
  func sameBits(count: Int) throws {
    /// Ten seeds, of which those behind the first few have other bits and a larger error in the second night.
    func trained(_ number: Int) -> Night {
      night(number) { night in
        night.trainings = (1...10).map { seed in
          let isOther = number == 2 && seed > count
          return training(
            seed: UInt64(seed), error: 0.02 + 0.001 * Double(seed) + (isOther ? 0.05 : 0),
            digest: isOther ? "b\(seed)" : "a\(seed)")
        }
      }
    }
    let change = try #require(Judgement().errorChanges(NightHistory([trained(1)]), tonight: trained(2)).first)
    #expect((change.p == nil) == (count == 10))
    #expect((change.reason == "the same bits from 10 seeds") == (count == 10), "\(change.reason)")
    #expect(change.verdict == (count == 1 ? .worse : .same), "\(change)")
  }
}
