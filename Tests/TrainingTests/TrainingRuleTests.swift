import BuiltInDatasets
import Datasets
import Layers
import Networks
import PackedInference
import RandomStreams
import Tensors
import TestSupport
import Testing
import Training
import WeightDistributions

/// Rules of training whose breach would otherwise only show as other bits, which an accepted golden hides.
@Suite("Rules of training, each for its own reason")
struct TrainingRuleTests {
  private static func images(_ images: LabelledImages, _ indices: [Int], labels: (Int) -> UInt8) -> LabelledImages {
    LabelledImages(
      pixels: indices.flatMap { images.withPixels(of: $0) { Array($0) } }, labels: indices.map(labels),
      channels: images.channels, height: images.height, width: images.width, classes: images.classes,
      pixelMaximum: images.pixelMaximum)
  }

  /// A network of one hidden layer, which learns a few images in a moment.
  private static func experiment(_ change: (inout Experiment) -> Void = { _ in }) -> Experiment {
    var experiment = Experiment.custom("12-10", on: .digits)
    change(&experiment)
    return experiment
  }

  @Test("images that are higher than wide are a network's input in their own shape, scaled to −1 to 1 or to integers")
  func inputs() {
    let images = LabelledImages(
      pixels: Array(0..<12), labels: [0, 1], channels: 1, height: 3, width: 2, classes: 2, pixelMaximum: 11)
    let shape = ImageShape(channels: 1, height: 3, width: 2)
    #expect(images.imageShape == shape && images.input == ImageInput(image: shape, pixelMaximum: 11))
    let integers: Tensor<Float> = images.inputs(0..<2, .integer)
    #expect(integers == Tensor([2, 1, 3, 2], (0..<12).map { Float(2 * $0 - 11) }))
    let second: Tensor<Double> = images.inputs(1..<2)
    #expect(second == Tensor([1, 1, 3, 2], (6..<12).map { Double($0) / 11 * 2 - 1 }))
  }

  @Test(
    "of epochs with equal validation errors the first is kept, and only a lower error is a new best one",
    arguments: 1...3)
  func firstOfEqual(seed: UInt64) throws {
    let digits = try Dataset.digits()
    // Of three images the error is one of four numbers, so that of many epochs several have the lowest.
    let data = Dataset(
      name: "few", train: digits.train[0..<200], validation: digits.validation[0..<3], test: digits.test[0..<3])
    let experiment = Self.experiment()
    var run = TrainingRun(
      experiment, try TrainingRunTests.fresh(.real, of: experiment), data: data, epochs: 10, seed: seed,
      device: .single)
    var (errors, digests, best) = ([Double](), [String](), [Bool]())
    while !run.isFinished {
      while try run.step() != nil {}
      let report = run.finishEpoch()
      errors.append(report.validationError)
      best.append(report.isBest)
      digests.append(run.network.digest)
    }
    let lowest = try #require(errors.min())
    try #require(errors.count { $0 == lowest } > 1, "there is a tie to decide: \(errors)")
    let first = try #require(errors.firstIndex(of: lowest))
    let kept = run.best
    #expect(kept?.epoch == first + 1 && kept?.network.digest == digests[first] && kept?.validationError == lowest)
    #expect(best == errors.indices.map { index in errors[..<index].allSatisfy { errors[index] < $0 } })
  }

  @Test(
    "a result's validation error is of the validation images, its test error of the test images, both of the best epoch"
  )
  func errors() throws {
    let digits = try Dataset.digits()
    // The test images' labels are those of the next class: who knows the digits is always wrong.
    let data = Dataset(
      name: "parts", train: digits.train[0..<400],
      validation: Self.images(digits.validation, Array(0..<50)) { digits.validation.labels[$0] },
      test: Self.images(digits.test, Array(0..<60)) { (digits.test.labels[$0] + 1) % 10 })
    var trainings = try Reproduction(Self.experiment(), data: data, realEpochs: 6, seed: 1, device: .single)
      .trainings(of: [.real])
    var results: [NetworkResult] = []
    var networks: [Network<Float>] = []
    while var run = try trainings.next() {
      networks.append(try run.finish().network)
      results.append(trainings.finish(run))
    }
    let predictor = Predictor(networks[0], on: .single)
    #expect(results[0].validationError == data.validation.error(of: predictor) && results[0].validationError < 0.6)
    #expect(results[0].testError == data.test.error(of: predictor) && results[0].testError > 0.9)
    #expect(data.train.error(of: predictor) != results[0].validationError)
  }

  @Test("a result names the epoch that its network is of, the first with the lowest validation error")
  func bestEpoch() throws {
    // Steps too small to change a weight: all epochs have the error of the first.
    var experiment = Experiment.custom("10", on: .digits)
    (experiment.real.learningRate, experiment.real.biasLearningRate) = (1e-30, 1e-30)
    var trainings = try Reproduction(
      experiment, data: TrainingRunTests.data(), realEpochs: 4, seed: 1, device: .single
    ).trainings(of: [.real])
    var results: [NetworkResult] = []
    while var run = try trainings.next() {
      _ = try run.finish()
      results.append(trainings.finish(run))
    }
    #expect(results.map(\.bestEpoch) == [1] && results.map(\.epochs) == [4])
  }

  @Test("a single image to train on, of which batch normalization cannot take a deviation, is refused in words")
  func oneImage() throws {
    func trainings(_ count: Int) throws {
      let digits = try Dataset.digits()
      let data = Dataset(
        name: "few", train: digits.train[0..<count], validation: digits.validation[0..<5], test: digits.test[0..<5],
        fileDigests: [("few.npy", "00")])
      var trainings = try Reproduction(Self.experiment(), data: data, realEpochs: 1, seed: 1, device: .single)
        .trainings(of: [.straightThrough])
      while var run = try trainings.next() {
        _ = try run.finish()
        _ = trainings.finish(run)
      }
    }
    let error = #expect(throws: DataError.self) { try trainings(1) }
    #expect(
      error?.description
        == "few.npy: expected at least 2 training images, for batch normalization, found 1 beside those for validation")
    try trainings(2)
  }

  @Test("each step's loss is told by the eight digits of its bits, also a loss of 0")
  func lossDigits() throws {
    let digits = try Dataset.digits()
    // The network is certain of the one class that there is: the cross-entropy is log 1.
    let data = Dataset(
      name: "zeros", train: Self.images(digits.train, Array(0..<200)) { _ in 0 }, validation: digits.validation[0..<5],
      test: digits.test[0..<5])
    let experiment = Self.experiment()
    var network = try TrainingRunTests.fresh(.real, of: experiment)
    network.blocks[1].setParameters(
      network.blocks[1].parameters.map {
        $0.kind == .bias ? Tensor([10], [1000] + Array(repeating: -1000, count: 9)) : $0.tensor
      }, on: .single)
    var run = TrainingRun(experiment, network, data: data, epochs: 1, seed: 1, device: .single)
    while try run.step() != nil {}
    let report = run.finishEpoch()
    // Four batches of 50 images.
    #expect(report.loss == 0 && report.lossBits == String(repeating: "00000000", count: 4))
  }

  @Test(
    "each parameter is changed by the learning rate of its kind: in Adam's first step, by that rate",
    arguments: [NetworkKind.real, .discreteTanh, .discreteSign, .straightThrough])
  func learningRates(kind: NetworkKind) throws {
    let (own, other) = (0.015625, 0.0625)
    let experiment = Self.experiment {
      for phase in [\Experiment.real, \.discrete, \.straightThroughConstants] {
        $0[keyPath: phase].learningRate = own
        $0[keyPath: phase].biasLearningRate = other
        $0[keyPath: phase].dropout = [0, 0]
      }
    }
    let digits = try Dataset.digits()
    let network = try TrainingRunTests.fresh(kind, of: experiment)
    var run = TrainingRun(experiment, network, data: digits, seed: 1, device: .single)
    _ = try run.step()
    var kinds: Set<String> = []
    for (before, after) in zip(network.parameters, run.network.parameters) where before.kind != .statistic {
      let largest = zip(before.tensor.scalars, after.tensor.scalars).map { abs($1 - $0) }.max() ?? 0
      let rate: Double =
        switch before.kind {
        case .weights, .logits: own
        case .bias, .batchNormScale, .batchNormShift: other
        case .statistic: .nan
        }
      // What scales mean and deviation before a sign alike has next to no gradient.
      let isMoot = before.kind == .batchNormScale && kind == .discreteSign
      #expect(Double(largest) / rate < 1.01, "\(before.name): \(largest), not \(rate)")
      #expect(Double(largest) / rate > (isMoot ? 0 : 0.99), "\(before.name): \(largest), not \(rate)")
      kinds.insert("\(before.kind)")
    }
    #expect(kinds == [kind.isDiscrete ? "logits" : "weights", "bias", "batchNormScale", "batchNormShift"])
  }

  @Test(
    "a shuffle draws each bounded number without bias: a word in the last, incomplete part of its range is rejected")
  func rejection() {
    let stream = RandomStream(seed: 5, purpose: .shuffle, epoch: 2)
    let count = 150_000
    var (order, plain) = (Array(0..<count), Array(0..<count))
    var (index, rejected) = (0, 0)
    for last in (1..<count).reversed() {
      let bound = UInt64(last + 1)
      // Of 2³² words, the products' low halves below 2³² mod bound would be drawn once too often.
      while UInt64(stream.word(index)) * bound % (1 << 32) < (1 << 32) % bound {
        index += 1
        rejected += 1
      }
      order.swapAt(last, Int((UInt64(stream.word(index)) * bound) >> 32))
      index += 1
      plain.swapAt(last, Int((UInt64(stream.word(count - 1 - last)) * bound) >> 32))
    }
    #expect(rejected > 0, "the case occurs")
    let found = stream.permutation(count)
    expectSame(found, order, "by the definition")
    #expect(firstDifference(found, plain) != nil, "without rejection it is another one")
  }

  @Test(
    "member i of an ensemble samples block b from the stream of (seed, discretization, i, b), and no other",
    arguments: [1, 2, 5])
  func members(member: Int) throws {
    let experiment = Self.experiment()
    let network = try TrainingRunTests.fresh(.discreteSign, of: experiment)
    // The same network, certain of the weights that are sampled.
    var certain = network
    for index in certain.blocks.indices {
      let weights = try #require(certain.blocks[index].distribution).weights
      let sampled = weights.sample(
        drawnFrom: RandomStream(seed: 77, purpose: .discretization, epoch: member, layer: index + 1), on: .single)
      let count = weights.weightCount
      certain.blocks[index].setParameters(
        certain.blocks[index].parameters.map { parameter in
          guard parameter.kind == .logits else { return parameter.tensor }
          return Tensor(
            parameter.tensor.shape,
            (0..<parameter.tensor.count).map { Int(sampled.indices[$0 % count]) == $0 / count ? 5 : -5 })
        }, on: .single)
    }
    let images = try Dataset.digits().test
    let x: Tensor<Float> = images.inputs(0..<20, .integer)
    let expected = Predictor(certain, on: .single).outputs(x).scalars
    expectSame(Predictor(network, sampling: (77, member), on: .single).outputs(x).scalars, expected)
    for other in [member + 1, member + 2] {
      #expect(Predictor(network, sampling: (77, other), on: .single).outputs(x).scalars != expected)
    }
    // The ensemble of one member with each number is that member.
    var told: [Double] = []
    _ = Evaluation(of: network, on: images[0..<40], device: .single).ensemble(members: member, seed: 77) {
      _, error, _ in
      told.append(error)
    }
    #expect(told.last == images[0..<40].error(of: Predictor(certain, on: .single)))
  }

  @Test("a weight is counted in the bin that its largest probability is in, and under its most probable value")
  func certainty() throws {
    let experiment = Self.experiment()
    var network = try TrainingRunTests.fresh(.discreteSign, of: experiment)
    let weights = try #require(network.blocks[0].distribution).weights
    let count = weights.weightCount
    // Probabilities 0.34 and 0.48, 0.52 and 1: in twentieths 6.8, 9.6, 10.4 and 20, which the last bin holds, too. Logits are their logarithms.
    let probabilities: [[Float]] = [[0.33, 0.33, 0.34], [0.48, 0.26, 0.26], [0.24, 0.52, 0.24]]
    let logarithms = Tensor<Float>([9], probabilities.flatMap { $0 }).applying(.log, on: .single).scalars
    let all = (0..<3 * count).map { place -> Float in
      let (value, weight) = (place / count, place % count)
      return weight % 4 == 3 ? (value == 0 ? 60 : -60) : logarithms[weight % 4 * 3 + value]
    }
    network.blocks[0].setParameters(
      network.blocks[0].parameters.map { $0.kind == .logits ? Tensor($0.tensor.shape, all) : $0.tensor }, on: .single)
    let found = network.certainty(on: .single)[0]
    var (bins, values) = ([Int](repeating: 0, count: 20), [0, 0, 0])
    for weight in 0..<count {
      bins[[6, 9, 10, 19][weight % 4]] += 1
      values[[2, 0, 1, 0][weight % 4]] += 1
    }
    #expect(found.counts == bins && found.values == values)
  }

  @Test("where probabilities are equal, a weight is counted under the value of its largest logit, as it is deployed")
  func roundedProbabilities() throws {
    var network = try TrainingRunTests.fresh(.discreteSign, of: Self.experiment())
    let count = try #require(network.blocks[0].distribution).weights.weightCount
    let values: [Float] = [0.1, Float(0.1).nextUp, -5]
    let logits = values.flatMap { [Float](repeating: $0, count: count) }
    let parameters = network.blocks[0].parameters
    network.blocks[0].setParameters(
      parameters.map { $0.kind == .logits ? Tensor($0.tensor.shape, logits) : $0.tensor }, on: .single)
    let weights = try #require(network.blocks[0].distribution).weights
    let p = weights.probabilities(on: .single).scalars
    #expect(p[0] == p[count])
    #expect(weights.mostProbable(on: .single).indices == Array(repeating: 1, count: count))
    #expect(network.certainty(on: .single)[0].values == [0, count, 0])
  }
}
