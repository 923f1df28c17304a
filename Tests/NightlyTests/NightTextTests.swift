import Nightly
import Testing
import Training

@Suite("What a night prints")
struct NightTextTests {
  private func change(
    _ measure: Change.Measure, _ subject: String, _ verdict: ChangeVerdict, _ estimate: (Double, Double?, Double?)?,
    p: Double?
  ) -> Change {
    Change(
      measure: measure, subject: subject, against: "base a", before: measure == .time ? [2e6, 9e6, 4e6] : [0.5],
      after: measure == .time ? [6e6, 7e6, 30e6] : [0.25], p: p.map { $0 / 8 }, correctedP: p, estimate: estimate?.0,
      low: estimate?.1, high: estimate?.2, verdict: verdict, reason: "because")
  }

  private func night(_ number: Int, _ change: (inout Night) -> Void) -> Night {
    var night = Night(
      name: "night-\(number)", number: number,
      plan: [.init(.suite, "ops", group: "suites"), .init(.suite, "sign", group: "suites")],
      signet: "0", commit: "0123456789abcdef", isModified: false,
      host: .init(system: "Linux", processor: "any", cores: 2, kernels: "plain"), command: "ci/nightly")
    night.add(.init(suite: "ops", cases: 3, failures: [], seconds: 1))
    night.add(.init(suite: "sign", cases: 3, failures: [], seconds: 1))
    (night.isFinished, night.seconds) = (true, 150)
    change(&night)
    return night
  }

  @Test(
    "a summary has the headline, then failures and every verdict but the same, the worst first, then the headline again"
  )
  func summary() {
    let night = night(1) {
      $0.changes = [
        change(.time, "quick", .better, (0.5, 0.25, 0.75), p: 0.0012),
        change(.time, "even", .same, (1, 0.9, 1.1), p: 1),
        change(.testError, "digits", .worse, (0.035, 0.0125, 0.06), p: 0.03), change(.time, "lone", .new, nil, p: nil),
      ]
      $0.mark(.suite, "sign", .notRun, "why")
      $0.remarks = ["A remark."]
    }
    #expect(
      night.summary == """
        worse: 1 same, 1 worse, 1 better, 1 new, 1 not run, 0 failed
        not run: suite sign: why
        worse: test error of digits: 3.50 points, from 1.25 points to 6.00 points, p 0.03, against base a: because
        better: time of quick: × 0.500, from × 0.250 to × 0.750, p 0.0012, against base a: because
        new: time of lone: against base a: because
        A remark.
        worse: 1 same, 1 worse, 1 better, 1 new, 1 not run, 0 failed
        """)
    #expect(self.night(1) { _ in }.summary == "good: 0 same, 0 worse, 0 not run, 0 failed", "nothing to tell")
  }

  @Test("night list: number, name, commit, minutes, networks with a result, benchmarks, state with reason, in one line")
  func list() {
    // Of two trainings, the second was not finished.
    let trainings = [true, false].map { isFinished in
      TrainingRecord(
        experiment: "digits", architecture: "10", weights: "real", network: .real, seed: isFinished ? 1 : 2, epochs: 3,
        realEpochs: 3, command: "signet", curve: [],
        result: isFinished
          ? NetworkResult(
            network: .real, weights: "real", activation: "tanh", epochs: 3, bestEpoch: 1, validationError: 0.5,
            testError: 0.5, seconds: 1, parametersSHA256: "a") : nil, peakMemory: nil)
    }
    let nights = [
      night(1) {
        $0.trainings = trainings
        $0.benchmarks = [.init(name: "a", rounds: [1]), .init(name: "b", rounds: [2])]
      },
      night(2) {
        ($0.changes, $0.accepted, $0.seconds) = (
          [change(.time, "slow", .worse, (2, nil, nil), p: 0.001)], "so\nit is", 33
        )
      },
    ]
    #expect(
      NightHistory(nights).table == """
        number  night    commit        minutes  networks  benchmarks  state
             1  night-1  0123456789ab      2.5         1           2  good: 0 same, 0 worse, 0 not run, 0 failed
             2  night-2  0123456789ab      0.6         0           0  good: 0 same, 1 worse, 0 not run, 0 failed, accepted: so\\u{a}it is
        """)
  }

  @Test("a corrected p has two significant digits, or more where these would round it up to a level that it is below")
  func correctedP() {
    let written = [0.0012, 0.01, 0.00996, 0.0104, 0.04999, 2.8e-6, 9.96e-7, 1].map {
      change(.time, "it", .same, nil, p: $0).correctedPInWords
    }
    #expect(written == ["0.0012", "0.01", "0.00996", "0.01", "0.04999", "2.8e-06", "9.96e-07", "1"])
    #expect(change(.time, "it", .new, nil, p: nil).correctedPInWords == nil)
  }
}
