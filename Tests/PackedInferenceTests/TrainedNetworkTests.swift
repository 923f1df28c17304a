import BuiltInDatasets
import Datasets
import Networks
import PackedInference
import Tensors
import TestSupport
import Testing
import Training
import Verification

@Suite("Packed networks that were trained: bits are those of the evaluation in Float on every built-in set")
struct TrainedNetworkTests {
  static let sets: [DataSource] = [.digits, .glyphs, .shapes, .shapes100, .numbers]

  @Test(
    "hidden signs and scores of dense and convolutional networks, at batches of 1, 7 and 100", arguments: sets,
    [NetworkKind.discreteSign, .straightThrough])
  func trained(_ source: DataSource, _ kind: NetworkKind) throws {
    let whole = try #require(try source.load(from: nil))
    let data = Dataset(
      name: whole.name, train: whole.train[0..<60], validation: whole.validation[0..<5], test: whole.test[0..<5],
      fileDigests: [])
    // Padded and unpadded convolutions, and every kind of pooling.
    for hidden in ["40-20", "6C3-P2-8C3V-A2-20", "5C5-S2-12"] {
      var experiment = Experiment.custom(try Architecture("\(hidden)-\(source.classes)"), on: source)
      (experiment.batch, experiment.discrete.epochs) = (20, 1)
      var run = TrainingRun<Float>(
        experiment, try experiment.untrained(kind, input: source.input, seed: 5, on: .single), data: data, seed: 5,
        device: .single)
      let network = try run.finish().network
      for batch in [1, 7, 100] {
        let images = whole.test[0..<Extent.of(batch + 5, debug: 6)]
        let difference = try NetworkToPack(network, images: images).difference(batch: batch)
        #expect(difference == nil, "\(hidden), batch \(batch): \(difference ?? "")")
      }
    }
  }
}
