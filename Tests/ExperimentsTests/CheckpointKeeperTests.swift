import Experiments
import Networks
import TestSupport
import Testing
import Training

@Suite("What is kept of a training after each epoch")
struct CheckpointKeeperTests {
  @Test("an epoch's line has the digest and the certainty of the network after that epoch, be it the best or not")
  func certainty() throws {
    let folder = try TemporaryFolder()
    // From random weights, so that no other network comes before.
    let reproduction = try SmallTraining.reproduction(epochs: 12) { $0.method.initialization = .random }
    let record = RunRecord(reproduction, networks: [.discreteSign])
    let keeper = CheckpointKeeper(try RunDirectory(folder.path, record, resume: false, on: .single), on: .single)
    var trainings = try reproduction.trainings(of: [.discreteSign])
    var (digests, certainties): ([String], [[LayerCertainty]]) = ([], [])
    if var run = try trainings.next() {
      while !run.isFinished {
        while try run.step() != nil {}
        let epoch = run.finishEpoch()
        digests.append(run.network.digest)
        certainties.append(run.network.certainty(on: .single))
        try keeper.keep(run, after: epoch)
      }
    }
    let epochs = try RunSummary(folder.path).epochs
    try #require(epochs.count == 12 && epochs.contains { !$0.report.isBest })
    #expect(epochs.map(\.parametersSHA256) == digests)
    #expect(epochs.map(\.certainty) == certainties && Set(certainties.map { "\($0)" }).count == 12)
    #expect(certainties.allSatisfy { $0.count == 3 }, "layers")
  }
}
