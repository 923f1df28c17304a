import BuiltInDatasets
import Datasets
import Layers
import Networks
import PackedInference
import Tensors
import TestSupport
import Testing
import Training
import WeightDistributions

@Suite("Evaluation: most probable, sampled, ensembles")
struct EvaluationTests {
  static let experiment: Experiment = {
    var experiment = Experiment(
      name: "small", title: "", data: .digits, architecture: "4C3-P2-16-10", batch: 50, real: Experiment.digits.real,
      discrete: Experiment.digits.discrete)
    experiment.method.grids = [.quinary]
    return experiment
  }()

  /// A network after an epoch, and images.
  private func trained(_ kind: NetworkKind) throws -> Network<Float> {
    var run = TrainingRun(
      Self.experiment, try TrainingRunTests.fresh(kind, of: Self.experiment), data: try TrainingRunTests.data(),
      epochs: 1,
      seed: 1, device: .single)
    return try run.finish().network
  }

  @Test(
    "predictions, including sampled ones, are the same at batch size 1, 7, 100 and 1,000",
    arguments: [NetworkKind.real, .discreteTanh, .discreteSign, .straightThrough])
  func batches(_ kind: NetworkKind) throws {
    let (network, images) = (try trained(kind), try Dataset.digits().test)
    for sampling in [nil, (seed: UInt64(3), member: 2)] {
      let predictor = Predictor(network, sampling: sampling, on: .single)
      let outputs = [1, 7, 100, 1000].map { batch in
        stride(from: 0, to: images.count, by: batch).flatMap { start in
          predictor.outputs(images.inputs(start..<min(start + batch, images.count), predictor.pixelScale)).scalars
        }
      }
      for other in outputs.dropFirst() { #expect(other == outputs[0]) }
    }
    let errors = [1, 7, 100, 1000].map {
      Evaluation(of: network, on: images, batch: $0, device: .single).mostProbable()
    }
    #expect(Set(errors).count == 1)
    #expect(errors[0] == images.error(of: Predictor(network, on: .single)))
  }

  @Test(
    "the progress of outputs is the number of images that are done, after each batch",
    arguments: [NetworkKind.real, .discreteTanh, .discreteSign])
  func progress(_ kind: NetworkKind) throws {
    let network = try TrainingRunTests.fresh(kind, of: Self.experiment)
    let (predictor, images) = (Predictor(network, on: .single), try Dataset.digits().test)
    for (count, batch, expected) in [(25, 10, [10, 20, 25]), (30, 15, [15, 30]), (3, 100, [3])] {
      var told: [Int] = []
      let outputs = images[0..<count].outputs(of: predictor, batch: batch) { told.append($0) }
      #expect(told == expected && outputs.shape == [count, 10])
    }
  }

  @Test(
    "fewer images than asked for are evaluated at a time where a layer's input or output would have more than 2²⁶ numbers",
    arguments: [(256, 16), (512, 4), (1024, 1), (2048, 1)])
  func largeImages(size: Int, count: Int) throws {
    func predictor(_ kind: NetworkKind) throws -> Predictor<Float> {
      let specification = NetworkSpecification(
        input: ImageInput(image: ImageShape(channels: 1, height: size, width: size), pixelMaximum: 255),
        architecture: "64C1-P2-1C1-P2-1C1-P2-2", kind: kind, dropout: [0, 0, 0, 0])
      return Predictor(try Network(specification, seed: 1, on: .single), on: .single)
    }
    let inFloat = try predictor(.real)
    for limit in [1, 4, 100] { #expect(inFloat.imagesAtATime(atMost: limit) == min(limit, count)) }
    // In bits, there are no such inputs and outputs.
    guard size == 256 else { return }
    let inBits = try predictor(.discreteSign)
    #expect(inBits.imagesAtATime(atMost: 100) == 100)
    // Its hidden signs are numbers again, of the first layer 64 · 128 · 128 an image.
    let packed = try #require(inBits.packed)
    for limit in [1, 64, 100] { #expect(packed.hiddenSignsAtATime(atMost: limit) == min(limit, 64)) }
  }

  @Test("a training evaluates no more images at a time than it trains on", arguments: [(2, 2), (100, 100), (500, 100)])
  func evaluationBatch(batch: Int, evaluated: Int) {
    var experiment = Self.experiment
    experiment.batch = batch
    #expect(experiment.evaluationBatch == evaluated)
  }

  @Test("an ensemble's error is that of the summed softmax, reported after 1, 2, 4 … and all members")
  func ensemble() throws {
    let (network, images) = (try trained(.discreteSign), try Dataset.digits().test)
    var told: [(member: Int, error: Double, ensemble: Double)] = []
    let points = Evaluation(of: network, on: images, batch: 77, device: .single).ensemble(members: 5, seed: 9) {
      told.append(($0, $1, $2))
    }
    #expect(points.map(\.members) == [1, 2, 4, 5])
    #expect(told.map(\.member) == [1, 2, 3, 4, 5])
    #expect(points.map(\.error) == [0, 1, 3, 4].map { told[$0].ensemble })

    // The same by hand, in Double.
    var sums = Array(repeating: 0.0, count: images.count * 10)
    for member in 1...5 {
      let outputs = Predictor(network, sampling: (9, member), on: .single).outputs(
        images.inputs(0..<images.count, .integer))
      var errors = 0
      for i in 0..<images.count {
        let row = (0..<10).map { Double(outputs[i, $0]) }
        let largest = try #require(row.max())
        let exponentials = row.map { exponential($0 - largest) }
        for c in 0..<10 { sums[i * 10 + c] += exponentials[c] / exponentials.reduce(0, +) }
        if row.firstIndex(of: largest) != Int(images.labels[i]) { errors += 1 }
      }
      #expect(told[member - 1].error == Double(errors) / Double(images.count))
      let wrong = (0..<images.count).count { i in
        let row = sums[i * 10..<(i + 1) * 10]
        return (row.firstIndex(of: row.max() ?? 0) ?? 0) - i * 10 != Int(images.labels[i])
      }
      #expect(abs(told[member - 1].ensemble - Double(wrong) / Double(images.count)) <= 1 / Double(images.count))
    }
    #expect(Set(told.map(\.error)).count > 1, "members differ")
  }

  /// `e^x` by its power series, for `x ≤ 0`.
  private func exponential(_ x: Double) -> Double {
    let small = x / 1024
    let series = (1...12).reversed().reduce(1.0) { 1 + small / Double($1) * $0 }
    return (0..<10).reduce(series) { square, _ in square * square }
  }

  @Test("a network that is certain of its weights samples the most probable ones")
  func certain() throws {
    var network = try trained(.discreteSign)
    for index in network.blocks.indices {
      network.blocks[index].setParameters(
        network.blocks[index].parameters.map { parameter in
          parameter.kind == .logits ? parameter.tensor.map(on: .single) { $0 * 1e6 } : parameter.tensor
        }, on: .single)
    }
    let images = try Dataset.digits().test
    let evaluation = Evaluation(of: network, on: images, device: .single)
    let sampled = evaluation.ensemble(members: 1, seed: 4) { _, _, _ in }
    #expect(sampled[0].error == evaluation.mostProbable())
  }

  @Test("an ensemble's sums have the network's classes, even if the images have fewer; one without members is an error")
  func classes() async throws {
    let (network, digits) = (try trained(.discreteSign), try Dataset.digits().test)
    let chosen = digits.selecting(digits.labels.indices.filter { digits.labels[$0] < 3 })
    let few = LabelledImages(
      pixels: chosen.pixels, labels: chosen.labels, channels: 1, height: 8, width: 8, classes: 3, pixelMaximum: 16)
    func points(_ images: LabelledImages) -> [EnsemblePoint] {
      Evaluation(of: network, on: images, batch: 50, device: .single).ensemble(members: 2, seed: 9) { _, _, _ in }
    }
    #expect(points(few) == points(chosen))
    await #expect(processExitsWith: .failure) {
      let network = try TrainingRunTests.fresh(.discreteSign)
      _ = Evaluation(of: network, on: try Dataset.digits().test, device: .single)
        .ensemble(members: 0, seed: 9) { _, _, _ in }
    }
  }

  @Test("no images, of which no error is a fraction, are a programmer error")
  func noImages() async {
    await #expect(processExitsWith: .failure) {
      let network = try TrainingRunTests.fresh(.discreteSign)
      _ = try Dataset.digits().test[0..<0].error(of: Predictor(network, on: .single))
    }
    await #expect(processExitsWith: .failure) {
      let network = try TrainingRunTests.fresh(.discreteSign)
      _ = Evaluation(of: network, on: try Dataset.digits().test[0..<0], device: .single).mostProbable()
    }
  }

  @Test(
    "a packed network reads images of its own shape and range of pixels, and not of another one with as many pixels")
  func shapes() async throws {
    #expect(try Self.outputs(height: 8, width: 8).shape == [1, 10])
    await #expect(processExitsWith: .failure) { _ = try EvaluationTests.outputs(height: 4, width: 16) }
    await #expect(processExitsWith: .failure) { _ = try EvaluationTests.outputs(height: 8, width: 8, maximum: 255) }
  }

  /// The outputs of a packed convolution for an image of 64 pixels.
  private static func outputs(height: Int, width: Int, maximum: Int = 16) throws -> Tensor<Float> {
    let network = try TrainingRunTests.fresh(.discreteSign, of: experiment)
    let image = LabelledImages(
      pixels: [UInt8](repeating: 3, count: 64), labels: [0], channels: 1, height: height, width: width, classes: 10,
      pixelMaximum: maximum)
    return try PackedNetwork(network, on: .single).outputs(image, on: .single)
  }

  /// What a network's file contains, said to be of this kind and to have these parameters at the end of its training.
  private func saved(
    _ network: Network<Float>, of experiment: Experiment = .digits, as kind: NetworkKind = .real,
    weights: String? = nil, activation: String? = nil, digest: String? = nil
  ) -> SavedNetwork {
    SavedNetwork(
      network, of: experiment, seed: 1,
      result: NetworkResult(
        network: kind, weights: weights ?? experiment.weights(of: kind),
        activation: activation ?? experiment.activation(of: kind), epochs: 1, bestEpoch: 1, validationError: 0,
        testError: 0, seconds: 0, parametersSHA256: digest ?? network.digest))
  }

  @Test(
    "a saved network with a parameter that is not finite is refused, and the parameter named",
    arguments: [
      Float.nan, .infinity, -.infinity,
    ])
  func notFinite(value: Float) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/real.safetensors"
    var network = try TrainingRunTests.fresh(.real)
    try saved(network).write(to: path)
    _ = try SavedNetwork(reading: path, on: .single)
    var tensors = network.blocks[0].parameters.map(\.tensor)
    var scalars = tensors[0].scalars
    scalars[7] = value
    tensors[0] = Tensor(tensors[0].shape, scalars)
    network.blocks[0].setParameters(tensors, on: .single)
    try saved(network).write(to: path)
    let error = #expect(throws: NetworkFileError.self) { try SavedNetwork(reading: path, on: .single) }
    #expect(
      error?.description
        == "\(path): tensor 'block1.linear.weights': expected finite numbers, found \(value) at index 7")
  }

  @Test("a saved network with other parameters than its result names is refused with both digests")
  func otherParameters() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/real.safetensors"
    let network = try TrainingRunTests.fresh(.real)
    try saved(network, digest: "0a").write(to: path)
    let error = #expect(throws: NetworkFileError.self) { try SavedNetwork(reading: path, on: .single) }
    #expect(error?.description == "\(path): expected parameters with the digest 0a, found \(network.digest)")
    // One bit of a file, the sign of its last number.
    try saved(network).write(to: path)
    _ = try SavedNetwork(reading: path, on: .single)
    var bytes = try folder.bytes(of: "real.safetensors")
    bytes[bytes.count - 1] ^= 0x80
    try folder.write(bytes, to: "real.safetensors")
    #expect(throws: NetworkFileError.self) { try SavedNetwork(reading: path, on: .single) }
  }

  @Test("a saved network whose experiment contradicts itself is refused for that, whatever its parameters are")
  func unfit() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/real.safetensors"
    var experiment = Experiment.digits
    experiment.real.dropout.removeLast()
    try saved(TrainingRunTests.fresh(.real), of: experiment).write(to: path)
    let error = #expect(throws: SavedNetworkError.self) { try SavedNetwork(reading: path, on: .single) }
    #expect(
      error?.key == "signet.experiment" && error?.found.contains("dropout rates") == true,
      "\(String(describing: error))")
  }

  @Test("a saved network whose result has other words than its experiment for its weights and activation is refused")
  func otherWords() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("network.safetensors")
    var experiment = Experiment.digits
    experiment.method.grids = ["-1,0,1000"]
    let network = try TrainingRunTests.fresh(.discreteTanh, of: experiment)
    func found(weights: String? = nil, activation: String? = nil) throws -> String? {
      try saved(network, of: experiment, as: .discreteTanh, weights: weights, activation: activation).write(to: path)
      let error = #expect(throws: SavedNetworkError.self) { try SavedNetwork(reading: path, on: .single) }
      #expect(error?.key == "signet.result")
      return error?.found
    }
    #expect(try found(weights: "ternary") == "'ternary' in the place of -1,0,1000")
    #expect(try found(activation: "relu") == "'relu' in the place of tanh")
    try saved(network, of: experiment, as: .discreteTanh).write(to: path)
    #expect(try SavedNetwork(reading: path, on: .single).network.digest == network.digest)
  }

  @Test(
    "a saved network is read if it can be built itself, whatever other networks of its experiment cannot",
    arguments: [NetworkKind.real, .discreteTanh])
  func otherKinds(kind: NetworkKind) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("network.safetensors")
    let experiment = SmallNetworks.withLargeSums()
    let network = try TrainingRunTests.fresh(kind, of: experiment)
    try saved(network, of: experiment, as: kind).write(to: path)
    #expect(try SavedNetwork(reading: path, on: .single).network.digest == network.digest)
    try saved(network, of: experiment, as: .discreteSign).write(to: path)
    let error = #expect(throws: SavedNetworkError.self) { try SavedNetwork(reading: path, on: .single) }
    #expect(
      error?.key == "signet.experiment" && error?.found.contains("less than 2^24") == true,
      "\(String(describing: error))")
  }
}
