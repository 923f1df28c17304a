import Datasets
import Files
import Foundation
import TestSupport
import Testing
import Training
import Verification

@Suite("Checkpoints: a training goes on to the same bits")
struct CheckpointTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let experiment = Extent.of(.digits, debug: smaller)
  private static var smaller: Experiment {
    var (real, discrete) = (Experiment.digits.real, Experiment.digits.discrete)
    (real.dropout, discrete.dropout) = ([0, 0.1], [0, 0.1])
    return Experiment(
      name: "smaller", title: "", data: .digits, architecture: "12-10", batch: Experiment.digits.batch, real: real,
      discrete: discrete)
  }

  private var path: String { folder.path + "/checkpoint.safetensors" }

  /// Epochs' reports and the digest at the end, with a checkpoint written, read and gone on from after so many steps.
  private func training(
    _ kind: NetworkKind, from checkpoint: Checkpoint? = nil, stopAfter steps: Int? = nil
  ) throws -> (reports: [EpochReport], digest: String?) {
    struct Stop: Error {}
    let reproduction = Reproduction(
      Self.experiment, data: try TrainerTests.data(), realEpochs: 3, discreteEpochs: 3, seed: 1, workers: .single)
    var (reports, digest, kept): ([EpochReport], String?, Int) = ([], nil, 0)
    do {
      try reproduction.run(
        [kind], from: checkpoint,
        keep: { _, checkpoint in
          guard checkpoint().facts.network == kind else { return }
          kept += 1
          if kept == steps {
            try checkpoint().write(to: path)
            throw Stop()
          }
        },
        report: { event in
          if case .epoch(let report) = event, report.network == kind { reports.append(report) }
        },
        finished: { result, _ in
          if result.network == kind { digest = result.parametersSHA256 }
        })
    } catch is Stop {}
    return (reports, digest)
  }

  /// 5 calls an epoch: 4 steps and its end.
  @Test(
    "written and read in any place, it ends as a training that was never stopped",
    arguments: [NetworkKind.real, .discreteSign, .straightThrough], [1, 5, 7, 10, 14])
  func resumed(_ kind: NetworkKind, calls: Int) throws {
    let whole = try training(kind)
    let before = try training(kind, stopAfter: calls)
    #expect(before.digest == nil && before.reports.count == calls / 5)
    let checkpoint = try Checkpoint(reading: path, on: .single)
    #expect(checkpoint.facts.epoch == calls / 5 && checkpoint.facts.step == calls % 5)
    #expect(
      checkpoint.facts.seed == 1 && checkpoint.facts.epochs == 3 && checkpoint.facts.experiment == Self.experiment)
    let after = try training(kind, from: checkpoint)
    #expect(after.digest != nil && after.digest == whole.digest)
    let told = (before.reports + after.reports).map { "\($0.epoch) \($0.loss) \($0.trainingError) \($0.lossBits)" }
    #expect(told == whole.reports.map { "\($0.epoch) \($0.loss) \($0.trainingError) \($0.lossBits)" })
    #expect((before.reports + after.reports).map(\.isBest) == whole.reports.map(\.isBest))
  }

  @Test("a file cut off, of another kind, or without one of its tensors is refused")
  func damaged() throws {
    _ = try training(.real, stopAfter: 6)
    let bytes = try Data(contentsOf: URL(filePath: path))
    try bytes.dropLast(1).write(to: URL(filePath: path))
    #expect(throws: SafetensorsError.self) { try Checkpoint(reading: path, on: .single) }
    try bytes.write(to: URL(filePath: path))
    var file = try SafetensorsFile(reading: path)
    let names = file.tensors.keys.sorted()
    for group in ["network.", "best.", "first.", "second."] {
      var damaged = file
      damaged.tensors[try #require(names.first { $0.hasPrefix(group) })] = nil
      try damaged.write(to: path)
      #expect(throws: NetworkFileError.self, "\(group)") { try Checkpoint(reading: path, on: .single) }
    }
    file.metadata = [:]
    try file.write(to: path)
    let error = #expect(throws: SavedNetworkError.self) { try Checkpoint(reading: path, on: .single) }
    #expect(error?.description.contains("signet.checkpoint") == true)
    #expect(throws: SafetensorsError.self) { try Checkpoint(reading: folder.path + "/none", on: .single) }
  }
}
