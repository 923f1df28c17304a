import Datasets
import Exchange
import Experiments
import Files
import Foundation
import Networks
import TestSupport
import Testing
import Training

@Suite("What a trained network says of images")
struct TrainedModelTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// The arrays of an NPZ file by name.
  private func arrays(_ bytes: [UInt8]) throws -> [NumberArray] {
    try NumberArray.archive(reading: try folder.write(bytes, to: "a.npz"))
  }

  @Test("a network that was trained elsewhere has its errors, no epochs, and none that is the best")
  func imported() throws {
    let reproduction = try SmallTraining.reproduction()
    var trainings = try reproduction.trainings(of: [.real])
    let trained = try SmallTraining.next(&trainings, of: reproduction)
    let saved = SavedNetwork(
      importing: trained.network, as: trained.experiment, on: reproduction.data, device: .single)
    let (result, own) = (saved.result, trained.result)
    #expect([result.epochs, result.bestEpoch] == [0, 0] && result.seconds == 0 && saved.seed == 0)
    #expect((result.validationError, result.testError) == (own.validationError, own.testError))
    #expect((result.parametersSHA256, result.weights, result.activation) == (own.parametersSHA256, "real", "tanh"))
  }

  @Test("an imported network is recorded without dropout, of whatever kind it is", arguments: NetworkKind.allCases)
  func importedDropout(kind: NetworkKind) {
    for experiment in Experiment.all {
      var own = experiment
      // The straight-through network's constants are its own.
      own.straightThroughConstants.dropout = experiment.discrete.dropout
      for experiment in [experiment, own] {
        let rates = experiment.ofImport.specification(of: kind, input: experiment.data.input).dropout
        #expect(rates == experiment.architecture.blocks.map { _ in 0 }, "\(experiment.name)")
      }
    }
  }

  @Test("an exported file says what network it has, how that was trained, and its test error")
  func facts() throws {
    let reproduction = try SmallTraining.reproduction { $0.real.dropout = [0, 0.25, 0.5] }
    var trainings = try reproduction.trainings(of: [.real])
    let trained = try SmallTraining.next(&trainings, of: reproduction)
    let result = NetworkResult(
      network: .real, weights: "real", activation: "tanh", epochs: 4, bestEpoch: 2, validationError: 0.25,
      testError: 0.125, seconds: 1, parametersSHA256: trained.result.parametersSHA256)
    let model = TrainedModel.saved(SavedNetwork(trained.network, of: reproduction.experiment, seed: 7, result: result))
    let facts = Dictionary(uniqueKeysWithValues: model.facts(nil).map { ($0.key, $0.value) })
    let expected = [
      "signet.network": "real", "signet.architecture": "12-8-10", "signet.image": "1,8,8",
      "signet.pixelMaximum": "16", "signet.experiment": "custom", "signet.weights": "real",
      "signet.activation": "tanh", "signet.seed": "7", "signet.dropout": "0.0,0.25,0.5", "signet.testError": "0.125",
      "signet.parametersSHA256": result.parametersSHA256,
    ]
    #expect(facts.filter { $0.key != "signet.version" } == expected && facts["signet.version"] != nil)
  }

  @Test("a packed file is said to be a part of its weights' bytes in float32, or that many times as large")
  func packedSize() throws {
    let reproduction = try SmallTraining.reproduction()
    var trainings = try reproduction.trainings(of: [.discreteSign])
    _ = try SmallTraining.next(&trainings, of: reproduction)
    let saved = try SmallTraining.next(&trainings, of: reproduction)
    let model = try PackedModel(packing: saved, version: "1", on: .single)
    // Of 64 pixels, hidden layers of 12 and 8 units, and 10 classes.
    let float32Bytes = 4 * (64 * 12 + 12 * 8 + 8 * 10)
    for (bytes, words) in [
      (float32Bytes / 16, "1/16.0 of"), (float32Bytes, "1/1.0 of"), (float32Bytes * 3 / 2, "1.5 times"),
      (float32Bytes * 40, "40.0 times"),
    ] {
      let line = PackReport(model, at: "f", bytes: bytes).table().split(separator: "\n").last
      #expect(line.map(String.init) == "f: discrete-sign, \(words) the weights' bytes in float32")
    }
    // Sampled weights are others than the most probable ones, even of one network.
    for (members, count) in [(1, "1 network"), (2, "2 networks")] {
      let words = "\(count) sampled from discrete-sign"
      let sampled = try PackedModel(packing: saved, ensemble: (members: members, seed: 1), version: "1", on: .single)
      #expect(PackReport(sampled, at: "f", bytes: 9).table().contains("\nf: \(words), "))
      let predictions = Predictions(
        of: .packed(sampled), on: reproduction.data.test, part: "test", isLabelled: true, asProbabilities: false,
        device: .single
      ) { _ in }
      #expect(predictions.confusion?.text.contains("\n\(words): ") == true)
    }
  }

  @Test("hidden signs are arrays of ±1 of each hidden layer, from which the next layer's signs and the classes follow")
  func hiddenSigns() throws {
    let reproduction = try SmallTraining.reproduction()
    var trainings = try reproduction.trainings(of: [.discreteSign])
    _ = try SmallTraining.next(&trainings, of: reproduction)
    let model = TrainedModel.saved(try SmallTraining.next(&trainings, of: reproduction))
    // A batch of 100 images, and the rest.
    let images = reproduction.data.test
    let signs = try arrays(model.hiddenSigns(of: images, on: .single).bytes())
    #expect(signs.map(\.name) == ["layer1.signs", "layer2.signs"])
    #expect(signs.map(\.shape) == [[120, 12], [120, 8]])
    for layer in signs { #expect(Set(layer.values) == [-1, 1], "\(layer.name)") }

    var file = NPZFile()
    for (name, tensor) in model.arrays(try model.packed(on: .single)[0], on: .single).arrays { file.add(name, tensor) }
    let numbers = Dictionary(uniqueKeysWithValues: try arrays(file.bytes()).map { ($0.name, $0.values) })
    func values(_ name: String) throws -> [Double] { try #require(numbers[name], "\(name)") }
    /// The sums of a layer of so many units for an image's inputs.
    func sums(_ weights: [Double], _ inputs: ArraySlice<Double>, units: Int) -> [Double] {
      (0..<units).map { unit in zip(weights[(unit * inputs.count)...], inputs).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    let (weights, thresholds, flips) = try (
      values("layer2.weight"), values("layer2.threshold"), values("layer2.flip")
    )
    let (last, factor, shift) = try (values("layer3.weight"), values("layer3.factor")[0], values("layer3.shift"))
    let predictions = Predictions(
      of: model, on: images, part: "test", isLabelled: true, asProbabilities: false, device: .single
    ) { _ in }
    for image in 0..<images.count {
      let second = sums(weights, signs[0].values[(image * 12)..<(image * 12 + 12)], units: 8).enumerated()
        .map { unit, sum in (sum < thresholds[unit]) != (flips[unit] == 1) ? -1.0 : 1 }
      #expect(second == Array(signs[1].values[(image * 8)..<(image * 8 + 8)]), "image \(image)")
      let scores = sums(last, second[...], units: 10).enumerated().map { $1 * factor + shift[$0] }
      for (label, score) in scores.enumerated() {
        #expect(abs(score - Double(predictions.scores[image, label])) < 1e-5, "image \(image), class \(label)")
      }
    }
  }
}
