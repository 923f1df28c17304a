import Experiments
import Networks
import Nightly
import Statistics
import Testing
import Training

@Suite("What a night trains")
struct TrainingPlanTests {
  private let mnist = TrainingPlan.mnist(in: "DIR", realEpochs: 3, discreteEpochs: 4)

  @Test("every job has a name of its own")
  func names() {
    let names = (TrainingPlan.fixtures + mnist).map(\.name)
    #expect(Set(names).count == names.count)
    #expect(
      names.contains("digits_ternary_real_discrete-tanh_discrete-sign_discrete-sign-from-tanh_straight-through_seed-1"))
  }

  @Test("there are enough seeds to find a worse error of the default networks among all series")
  func seeds() {
    let series = Set(
      TrainingPlan.fixtures.flatMap { job in
        job.networks.map { "\(job.subject) \(job.experiment.method.weights) \($0)" }
      })
    let seeds = TrainingPlan.fixtures.count { $0.networks == NetworkKind.allCases }
    #expect(seeds == 10)
    #expect(RankSum.smallestP(seeds, seeds) * Double(series.count) < 0.01)
  }

  @Test("a series is of so many epochs of the real network, but for the straight-through one, which starts from none")
  func series() {
    func series(_ network: NetworkKind, realEpochs: Int) -> [TrainingRecord.Series] {
      TrainingJob(.digits, networks: [network], seed: 1, realEpochs: realEpochs, discreteEpochs: 4).series
    }
    for network in NetworkKind.allCases {
      let areSame = series(network, realEpochs: 2) == series(network, realEpochs: 3)
      #expect(areSame == (network == .straightThrough), "\(network)")
    }
  }

  @Test("a job's arguments name everything that determines its result")
  func arguments() {
    #expect(
      mnist[0].arguments == [
        "reproduce", "mnist-pi", "--data", "DIR", "--weights", "ternary", "--networks", "real,discrete-sign",
        "--real-epochs", "3", "--discrete-epochs", "4", "--seed", "1",
      ])
    // An option that has no effect would be refused.
    #expect(
      mnist[1].arguments == [
        "reproduce", "mnist-pi", "--data", "DIR", "--networks", "straight-through", "--discrete-epochs", "4", "--seed",
        "1",
      ])
    let glyphs = TrainingPlan.fixtures.filter { $0.experiment.data == .glyphs }
    #expect(glyphs.map(\.seed) == Array(1...8))
    #expect(
      glyphs[7].arguments == [
        "train", "--architecture", "6C5-P2-32-10", "--dataset", "glyphs", "--weights", "ternary", "--networks",
        "real,discrete-sign,straight-through", "--real-epochs", "5", "--discrete-epochs", "8", "--seed", "8",
      ])
    #expect(Set(mnist.prefix(3).flatMap(\.networks)) == Set(NetworkKind.allCases))
    #expect(mnist.prefix(3).allSatisfy { $0.seed == 1 })
  }
}
