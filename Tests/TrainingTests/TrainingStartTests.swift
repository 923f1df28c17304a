import BuiltInDatasets
import Datasets
import Networks
import PackedInference
import RandomStreams
import Tensors
import Testing
import Training

@Suite("What a network begins with, and the batches that its running averages are fitted to")
struct TrainingStartTests {
  @Test(
    "a result, and the network that starts from its network, are of the best epoch, however good the last epoch's network is"
  )
  func bestEpoch() throws {
    let digits = try Dataset.digits()
    let test = digits.test[0..<60]
    let experiment = Experiment.custom("12-10", on: .digits)
    func trainings(validationLabels: [UInt8]) throws -> Trainings {
      let validation = LabelledImages(
        pixels: digits.validation[0..<100].pixels, labels: validationLabels, channels: 1, height: 8, width: 8,
        classes: 10, pixelMaximum: 16)
      let data = Dataset(name: "part", train: digits.train[0..<400], validation: validation, test: test)
      return try Reproduction(experiment, data: data, realEpochs: 12, discreteEpochs: 1, seed: 1, device: .single)
        .trainings(of: [.discreteSign])
    }
    // The validation images' labels are what the real network says of them after its first epoch, which so has no error.
    var once = try trainings(validationLabels: [UInt8](repeating: 0, count: 100))
    guard var begun = try once.next() else {
      Issue.record("nothing to train")
      return
    }
    while try begun.step() != nil {}
    _ = begun.finishEpoch()
    let labels = digits.validation[0..<100].predictions(of: Predictor(begun.network, on: .single))
    var whole = try trainings(validationLabels: labels.map { UInt8($0) })
    guard var real = try whole.next() else {
      Issue.record("nothing to train")
      return
    }
    let best = try real.finish()
    let result = whole.finish(real)
    let errors = [best.network, real.network].map { test.error(of: Predictor($0, on: .single)) }
    #expect(result.bestEpoch == 1 && result.validationError == 0)
    #expect(best.network.digest == begun.network.digest && errors[0] > errors[1] && result.testError == errors[0])
    guard let next = try whole.next() else {
      Issue.record("no network after the real one")
      return
    }
    let specification = experiment.specification(of: .discreteSign, input: DataSource.digits.input)
    func start(_ network: Network<Float>) throws -> String {
      try Network(specification, startingFrom: network, on: .single).digest
    }
    let (found, last) = (next.network.digest, real.network)
    #expect(try found == start(best.network) && found != start(last))
  }

  /// A network to start from that does not fit, and what is found instead.
  struct Misfit: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let network: NetworkKind
    var key = NetworkKind.discreteTanh
    var input = DataSource.digits.input
    var change: @Sendable (inout Method) -> Void = { _ in }

    static let all = [
      Misfit(testDescription: "real 6-10 for images 1×8×8 of pixels up to 16", network: .real),
      Misfit(
        testDescription: "discrete-tanh 6-10 for images 1×8×8 of pixels up to 255 with ternary weights by logits",
        network: .discreteTanh, input: ImageInput(image: DataSource.digits.image, pixelMaximum: 255)),
      Misfit(
        testDescription: "discrete-tanh 6-10 for images 1×8×8 of pixels up to 16 with quinary weights by logits",
        network: .discreteTanh, change: { $0.grids = [.quinary] }),
      Misfit(
        testDescription: "discrete-tanh 6-10 for images 1×8×8 of pixels up to 16 with ternary weights by hierarchical",
        network: .discreteTanh, change: { $0.parameterization = .hierarchical }),
    ]
  }

  @Test(
    "a known network of another kind, image, grid or parameterization than the one to start from is refused at once",
    arguments: Misfit.all)
  func misfits(_ misfit: Misfit) throws {
    let experiment = Experiment.custom("6-10", on: .digits)
    let reproduction = Reproduction(experiment, data: try TrainingRunTests.data(), seed: 1, device: .single)
    var other = experiment
    misfit.change(&other.method)
    let network: Network<Float> = try other.untrained(misfit.network, input: misfit.input, seed: 1, on: .single)
    let error = #expect(throws: NetworkStartError.self) {
      _ = try reproduction.trainings(of: [.discreteSignFromTanh], startingWith: [misfit.key: network])
    }
    #expect(
      error?.description == "discrete-sign-from-tanh: expected a start from discrete-tanh 6-10 for images 1×8×8 of "
        + "pixels up to 16 with ternary weights by logits, found \(misfit.testDescription)")
    let specification = experiment.specification(of: .discreteSignFromTanh, input: DataSource.digits.input)
    #expect(throws: NetworkStartError.self) {
      _ = try Network(specification, startingFrom: network, on: .single)
    }
  }

  @Test("a known network that fits is started from, and not trained")
  func known() throws {
    let experiment = Experiment.custom("6-10", on: .digits)
    let reproduction = Reproduction(experiment, data: try TrainingRunTests.data(), seed: 1, device: .single)
    let real = try TrainingRunTests.fresh(.real, of: experiment)
    var trainings = try reproduction.trainings(of: [.discreteSign], startingWith: [.real: real])
    guard let run = try trainings.next() else {
      Issue.record("nothing to train")
      return
    }
    let (kind, digest) = (run.network.kind, run.network.digest)
    #expect(try kind == .discreteSign && digest == TrainingRunTests.fresh(.discreteSign, of: experiment).digest)
  }

  @Test("a network that starts from no other begins with the weights of the seed", arguments: [1, 2, 77] as [UInt64])
  func seeds(seed: UInt64) throws {
    var experiment = Experiment.custom("6-10", on: .digits)
    experiment.method.initialization = .random
    let kinds: Set<NetworkKind> = [.real, .discreteSign, .straightThrough]
    var trainings = try Reproduction(
      experiment, data: try TrainingRunTests.data(), realEpochs: 1, discreteEpochs: 1, seed: seed, device: .single
    ).trainings(of: kinds)
    var begun: Set<NetworkKind> = []
    while var run = try trainings.next() {
      let (kind, digest) = (run.network.kind, run.network.digest)
      let specification = experiment.specification(of: kind, input: DataSource.digits.input)
      #expect(try Network<Float>(specification, seed: seed, on: .single).digest == digest, "\(kind)")
      begun.insert(kind)
      _ = try run.finish()
      _ = trainings.finish(run)
    }
    #expect(begun == kinds)
  }

  @Test(
    "real weights are uniform within ±√(6 / I) of He's initialization, of I inputs, each layer's from a stream of its own",
    arguments: [NetworkKind.real, .straightThrough])
  func realWeights(kind: NetworkKind) throws {
    let experiment = Experiment.custom("4C3-P2-20-10", on: .digits)
    let network: Network<Float> = try Network(
      experiment.specification(of: kind, input: DataSource.digits.input), seed: 5, on: .single)
    // Under a kernel lie 3 · 3 pixels; of 8×8 pixels in 4 channels 4×4 are left.
    for (index, (inputs, outputs)) in [(9, 4), (64, 20), (20, 10)].enumerated() {
      let weights = try #require(network.blocks[index].parameters.first { $0.kind == .weights }).tensor
      #expect(weights.shape == [inputs, outputs])
      let uniforms: Tensor<Double> = Tensor(
        [inputs, outputs],
        (RandomStream(seed: 5, purpose: .initialization, layer: index + 1).uniform([inputs, outputs], on: .single)
          as Tensor<Float>).scalars.map { Double($0) })
      let limit = (6 / Double(inputs)).squareRoot()
      for (weight, uniform) in zip(weights.scalars, uniforms.scalars) {
        #expect(abs(Double(weight) - (2 * uniform - 1) * limit) < 1e-6)
      }
    }
    let biases = try #require(network.blocks[2].parameters.first { $0.kind == .bias }).tensor
    #expect(biases.scalars.allSatisfy { $0 == 0 })
  }

  @Test("a network that is not trained does not keep others from it, whatever is wrong with its constants")
  func othersConstants() throws {
    var experiment = Experiment.custom("6-10", on: .digits)
    experiment.discrete.dropout = [0]
    let reproduction = Reproduction(experiment, data: try TrainingRunTests.data(), seed: 1, device: .single)
    var trainings = try reproduction.trainings(of: [.real])
    if let run = try trainings.next() {
      let kind = run.network.kind
      #expect(kind == .real)
    } else {
      Issue.record("nothing to train")
    }
    for networks in [[NetworkKind.discreteSign], [.real, .straightThrough]] {
      #expect(throws: ArchitectureError.dropout("6-10", expected: 2, actual: 1)) {
        _ = try reproduction.trainings(of: Set(networks))
      }
    }
  }

  @Test(
    "after each epoch, the running averages are fitted to that epoch's own batches, augmented as they were trained on",
    arguments: [NetworkKind.discreteTanh, .discreteSign, .straightThrough])
  func statistics(kind: NetworkKind) throws {
    var experiment = Experiment.custom("3C3-P2-10", on: .digits)
    experiment.augmentation = Augmentation(shift: 2, flips: true)
    let data = try TrainingRunTests.data()
    var run = TrainingRun(
      experiment, try TrainingRunTests.fresh(kind, of: experiment), data: data, epochs: 2, seed: 9, device: .single)
    for epoch in 1...2 {
      while try run.step() != nil {}
      var expected = run.network
      let batches = Batches(samples: data.train.count, batch: experiment.batch, seed: 9, epoch: epoch)
      let scale = expected.pixelScale
      let inputs = (0..<batches.count).map { step -> Tensor<Float> in
        let batch: (inputs: Tensor<Float>, labels: [Int]) = data.train.batch(
          batches[step], experiment.augmentation, scale, seed: 9, epoch: epoch, step: step)
        return batch.inputs
      }
      expected.fitRunningAverages(to: inputs, on: .single)
      _ = run.finishEpoch()
      let found = run.network.digest
      #expect(found == expected.digest, "epoch \(epoch)")
    }
  }
}
