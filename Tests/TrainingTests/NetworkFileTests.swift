import Files
import Layers
import Networks
import PackedInference
import Tensors
import TestSupport
import Testing
import Training
import Verification

@Suite("Network files: a network comes back as it was saved")
struct NetworkFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A network none of whose parameters and statistics is as it was made.
  private func network<Scalar: TensorScalar>(_ kind: NetworkKind, of type: Scalar.Type) throws -> Network<Scalar> {
    var network: Network<Scalar> = try SmallNetworks.network(kind)
    var numbers = TestNumbers(seed: 12)
    for index in network.blocks.indices {
      let tensors = network.blocks[index].parameters.map {
        (numbers.tensor($0.tensor.count, in: 0.1...2) as Tensor<Scalar>).reshaped($0.tensor.shape)
      }
      network.blocks[index].setParameters(tensors, on: .single)
    }
    return network
  }

  private func roundTrip<Scalar: TensorScalar>(_ kind: NetworkKind, of type: Scalar.Type) throws {
    let saved = try network(kind, of: type)
    let path = folder.file("network")
    try saved.save(to: path, metadata: ["kind": kind.rawValue])
    let file = try SafetensorsFile(reading: path)
    #expect(file.metadata == ["kind": kind.rawValue])

    let loaded = try Network<Scalar>(
      saved.specification, tensors: file.tensors, from: path, on: Device.processor(threads: 2))
    #expect(loaded.digest == saved.digest)

    // The digest knows nothing of what is derived from parameters, such as moments; these do.
    let x: Tensor<Scalar> = SmallNetworks.inputs(6)
    let outputs = [saved, loaded].map {
      $0.trainingOutput(x, labels: [0, 2, 1, 1, 0, 2], seed: 9, epoch: 2, step: 1, on: .single)
    }
    #expect(outputs[0].loss == outputs[1].loss)
    #expect(outputs[0].gradients == outputs[1].gradients)
    let pixels: Tensor<Scalar> = SmallNetworks.pixels(6, saved.pixelScale)
    #expect(Predictor(saved, on: .single).outputs(pixels) == Predictor(loaded, on: .single).outputs(pixels))
  }

  @Test("the same digest, training and deployed outputs after saving and loading", arguments: NetworkKind.allCases)
  func roundTrip(_ kind: NetworkKind) throws {
    try roundTrip(kind, of: Float.self)
    try roundTrip(kind, of: Double.self)
  }

  @Test("the names are those of blocks, stages and parameters", arguments: NetworkKind.allCases)
  func names(_ kind: NetworkKind) throws {
    let weights = kind.isDiscrete ? "logits" : "weights"
    let normalization = ["scale", "shift", "runningMean", "runningInverseDeviation"].map { "normalization.\($0)" }
    let expected =
      ["block1", "block2"].flatMap { block in (["linear.\(weights)"] + normalization).map { "\(block).\($0)" } }
      + ["block3.linear.\(weights)", "block3.linear.bias"]
    let network = try network(kind, of: Float.self)
    #expect(network.parameters.map(\.name) == expected)
    #expect(network.tensors.keys.sorted() == expected.sorted())
  }

  @Test("the digest reveals two exchanged parameters")
  func exchanged() throws {
    let saved = try network(.real, of: Float.self)
    var tensors = saved.tensors
    let (scale, shift) = ("block1.normalization.scale", "block1.normalization.shift")
    (tensors[scale], tensors[shift]) = (tensors[shift], tensors[scale])
    let exchanged = try Network<Float>(saved.specification, tensors: tensors, from: "", on: .single)
    #expect(exchanged.digest != saved.digest)
  }

  @Test("a tensor that is missing, unknown, or of another shape or type is an error that names it")
  func errors() throws {
    let saved = try network(.discreteSign, of: Float.self)
    let whole = saved.tensors
    func check(
      _ tensors: [String: StoredTensor], _ expected: NetworkFileError, _ text: String,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      #expect(throws: expected, sourceLocation: sourceLocation) {
        _ = try Network<Float>(saved.specification, tensors: tensors, from: "f", on: .single)
      }
      #expect(expected.description == text, sourceLocation: sourceLocation)
    }
    for name in whole.keys {
      check(
        whole.filter { $0.key != name }, .missing(path: "f", tensor: name),
        "f: tensor '\(name)': expected a tensor with this name, found none")
    }
    let number = StoredTensor.float(Tensor([1], [0]))
    check(
      whole.merging(["0.weights": number, "optimizer\n": number]) { $1 }, .unknown(path: "f", tensor: "0.weights"),
      "f: tensor '0.weights': expected no tensor with this name, found one")
    check(
      whole.merging(["block1.linear.logits": .float(Tensor([3, 5, 3], repeating: 0))]) { $1 },
      .wrongShape(path: "f", tensor: "block1.linear.logits", expected: [3, 3, 5], actual: [3, 5, 3]),
      "f: tensor 'block1.linear.logits': expected shape [3, 3, 5], found [3, 5, 3]")
    check(
      try network(.discreteSign, of: Double.self).tensors,
      .wrongType(path: "f", tensor: "block1.linear.logits", expected: .float, actual: .double),
      "f: tensor 'block1.linear.logits': expected type F32, found F64")
  }
}
