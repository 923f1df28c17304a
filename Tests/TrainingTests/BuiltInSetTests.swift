import BuiltInDatasets
import Datasets
import Networks
import RandomStreams
import Tensors
import Testing
import Training
import Verification

/// Each drawn data set, from its publisher's format through batches and augmentation into a network with convolutions.
@Suite("Built-in sets: every reader, end to end")
struct BuiltInSetTests {
  struct Case: CustomStringConvertible, Sendable {
    let source: DataSource
    let load: @Sendable () throws -> Dataset
    /// Images in each part.
    let counts: [Int]
    /// Training images that are enough to learn something.
    let few: Int
    var description: String { source.name }
  }

  static let cases = [
    Case(source: .glyphs, load: { try .glyphs() }, counts: [1000, 200, 300], few: 100),
    Case(source: .shapes, load: { try .shapes() }, counts: [900, 100, 200], few: 800),
    Case(source: .shapes100, load: { try .shapes100() }, counts: [900, 100, 200], few: 200),
    Case(source: .numbers, load: { try .numbers() }, counts: [720, 180, 200], few: 300),
  ]

  @Test("sizes, shapes and classes are the manifest's, and every class occurs", arguments: cases)
  func parts(_ set: Case) throws {
    let data = try set.load()
    #expect(data.name == set.source.name && set.source.isBuiltIn)
    #expect([data.train, data.validation, data.test].map(\.count) == set.counts)
    for part in [data.train, data.validation, data.test] {
      #expect(part.imageShape == set.source.image && part.classes == set.source.classes)
      #expect(Set(part.labels).count == set.source.classes)
    }
  }

  @Test("random images have the form of the data set's, which need not be square")
  func random() throws {
    let oblong = LabelledImages(
      pixels: [UInt8](repeating: 1, count: 2 * 3 * 4), labels: [0, 1], channels: 1, height: 3, width: 4, classes: 2,
      pixelMaximum: 16)
    let source = DataSource(
      of: Dataset(name: "oblong", train: oblong, validation: oblong, test: oblong, fileDigests: []))
    let images = Dataset.random(like: source, images: 5, seed: 1).train
    #expect(images.input == source.input && images.count == 5 && images.classes == 2)
    // The whole parts of uniform numbers times the largest pixel.
    let uniform: Tensor<Float> = RandomStream(seed: 1, purpose: .initialization).uniform([5, 1, 3, 4], on: .single)
    #expect(images.pixels == uniform.scalars.map { UInt8(($0 * 16).rounded(.down)) } && Set(images.pixels).count > 8)
    #expect(images.labels == [0, 1, 0, 1, 0])
    func pixels(_ seed: UInt64) -> [UInt8] { Dataset.random(like: source, images: 5, seed: seed).train.pixels }
    #expect(pixels(1) == images.pixels && pixels(2) != images.pixels, "the seed determines them")
  }

  @Test("networks learn from augmented images: their training error is well below chance", arguments: cases)
  func learns(_ set: Case) throws {
    let whole = try set.load()
    let data = Dataset(
      name: whole.name, train: whole.train[0..<Extent.of(whole.train.count, debug: set.few)],
      validation: whole.validation, test: whole.test, fileDigests: [])
    var experiment = Experiment(
      name: "small", title: "", data: set.source,
      architecture: try Architecture("\(Extent.of("8C3-P2-16C3", debug: "3C3-A2-8C3"))-P2-\(set.source.classes)"),
      batch: Extent.of(50, debug: 20), augmentation: set.source == .shapes ? Augmentation(shift: 4, flips: true) : nil,
      real: Experiment.digits.real, discrete: Experiment.digits.discrete)
    experiment.real.dropout = [0, 0, 0]
    experiment.discrete.dropout = [0, 0, 0]
    var errors: [Double] = []
    let trained = try Reproduction(
      experiment, data: data, realEpochs: 4, discreteEpochs: 4, seed: 1, device: Device.processor(threads: 2)
    ).errors(of: .discreteSign, into: &errors)
    #expect(errors.count == 8)
    let chance = 1 - 1 / Double(set.source.classes)
    #expect(errors[3] < 0.95 * chance, "real: \(errors)")
    #expect(errors[7] < 0.97 * chance, "discrete-sign: \(errors)")
    #expect((0...1).contains(trained.testError))
  }
}

extension Reproduction {
  /// Trains a network and what it starts from: its result, and every epoch's training error.
  fileprivate func errors(of network: NetworkKind, into errors: inout [Double]) throws -> NetworkResult {
    var last: NetworkResult?
    var trainings = try trainings(of: [network])
    while var run = try trainings.next() {
      while !run.isFinished {
        while try run.step() != nil {}
        errors.append(run.finishEpoch().trainingError)
      }
      last = trainings.finish(run)
    }
    return try #require(last)
  }
}
