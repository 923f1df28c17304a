import Exchange
import Files
import Networks
import PackedInference
import Tensors
import TestSupport
import Testing
import Training
import WeightDistributions

/// Their form; `GraphTests` evaluates them, and `ci/exchange` does so by ONNX's own programs.
@Suite("ONNX and QONNX files")
struct ONNXTests {
  @Test("messages are encoded as the documentation of Protocol Buffers shows")
  func encoding() {
    func bytes(_ fill: (inout ProtobufMessage) -> Void) -> [UInt8] { ProtobufMessage(fill).bytes }
    #expect(bytes { $0.add(1, 150) } == [0x08, 0x96, 0x01])
    #expect(bytes { $0.add(1, 127) } == [0x08, 0x7f] && bytes { $0.add(1, 128) } == [0x08, 0x80, 0x01])
    #expect(bytes { $0.add(2, "testing") } == [0x12, 0x07] + Array("testing".utf8))
    #expect(bytes { $0.add(3, ProtobufMessage { $0.add(1, 150) }) } == [0x1a, 0x03, 0x08, 0x96, 0x01])
    #expect(bytes { $0.add(1, -2) } == [0x08, 0xfe] + [UInt8](repeating: 0xff, count: 8) + [0x01])
    #expect(bytes { $0.add(20, 1) } == [0xa0, 0x01, 0x01])
    #expect(bytes { $0.add(2, Float(1)) } == [0x15, 0, 0, 0x80, 0x3f])
    #expect(bytes { $0.add(9, [UInt8](repeating: 7, count: 200)) }.prefix(3) == [0x4a, 0xc8, 0x01])
  }

  @Test("a network has standard operators only, of the set that it names; the same network gives the same bytes")
  func operators() throws {
    let network = try packed("3C3-P2-4C3-A2-6-10", [.ternary])
    let model = try Message(network.onnx(facts: [("key", "a text")]))
    let graph = try #require(try model.messages(7).first)
    let nodes = try graph.messages(1)
    #expect(
      nodes.map { $0.text(4) } == [
        "ConvInteger", "ConvInteger", "Add", "GreaterOrEqual", "Cast", "MaxPool", "Cast", "Where", "ConvInteger",
        "Slice", "Reshape", "ReduceSum", "GreaterOrEqual", "Where", "Flatten", "MatMulInteger", "GreaterOrEqual",
        "Where",
        "MatMulInteger", "Cast", "Mul", "Add",
      ])
    #expect(nodes.allSatisfy { $0.text(7) == "" })
    // A node's name is that of its only output.
    #expect(nodes.allSatisfy { $0.texts(2).count == 1 && $0.texts(3) == $0.texts(2) && !$0.text(3).isEmpty })
    #expect(try nodes[0].integerLists() == ["pads": [1, 1, 1, 1]])
    #expect(try nodes[5].integerLists() == ["kernel_shape": [2, 2], "strides": [2, 2]])
    #expect(model.integers(1) == [7] && model.text(2) == "signet")
    let operatorSets = try model.messages(8)
    #expect(operatorSets.map { $0.text(1) } == [""] && operatorSets.map { $0.integers(2) } == [[13]])
    #expect(try model.messages(14).map { [$0.text(1), $0.text(2)] } == [["key", "a text"]])
    #expect(try graph.messages(11).map { $0.text(1) } == ["pixels"])
    #expect(try graph.messages(12).map { $0.text(1) } == ["scores"])
    // The type is a tensor's, with its shape: any number of images, then channels and pixels.
    // Pixels are bytes (2), scores numbers of single precision (1).
    for (value, number, lengths) in [(11, 2, [2, 6, 7]), (12, 1, [10])] as [(Int, UInt64, [UInt64])] {
      let type = try #require(try graph.messages(value).first?.messages(2).first?.messages(1).first)
      #expect(type.integers(1) == [number])
      let axes = try #require(try type.messages(2).first).messages(1)
      #expect(axes.map { $0.integers(1) } == [[]] + lengths.map { [$0] } && axes[0].texts(2) == ["N"])
    }
    #expect(try network.onnx() == network.onnx())
    var form = ONNXForm()
    form.hasHiddenOutputs = true
    let outputs = try #require(try Message(network.onnx(form)).messages(7).first).messages(12)
    #expect(outputs.map { $0.text(1) } == ["layer1.signs", "layer2.signs", "layer3.signs", "scores"])
    let types = try outputs.map { try $0.messages(2).first?.messages(1).first?.integers(1) }
    #expect(types == [[2], [2], [2], [1]])
  }

  @Test(
    "each grid's weights are bytes with the grid's zero point, and 2 or 4 bits in a compact file if these suffice",
    arguments: [
      (WeightGrid.binary, [0, 2], 1, 25), (.ternary, [0, 1, 2], 1, 25), (.quaternarySymmetric, [0, 2, 4, 6], 3, 21),
      (.quaternaryMinus, [0, 1, 2, 3], 2, 25), (.quaternaryPlus, [0, 1, 2, 3], 1, 25),
      (.quinary, [0, 1, 2, 3, 4], 2, 21), ("1,2", [1, 2], 0, 25), ("1,2,4", [1, 2, 4], 0, 21),
      ("-1,0,14", [0, 1, 15], 1, 21), ("-1,0,15", [0, 1, 16], 1, 2),
    ] as [(WeightGrid, [UInt8], UInt8, Int)])
  func weights(grid: WeightGrid, values: [UInt8], zeroPoint: UInt8, compactType: Int) throws {
    let network = try packed("9-10", [grid])
    func constants(_ form: ONNXForm) throws -> [String: Message] {
      let graph = try #require(try Message(network.onnx(form)).messages(7).first)
      return Dictionary(uniqueKeysWithValues: try graph.messages(5).map { ($0.text(8), $0) })
    }
    let plain = try constants(ONNXForm())
    let weights = try #require(plain["layer2.weights"])
    #expect(weights.integers(1) == [9, 10] && weights.integers(2) == [2])
    let bytes = try #require(weights.bytes(9).first)
    #expect(bytes.count == 90 && Set(bytes).isSubset(of: values) && Set(bytes).count > 1)
    #expect(plain["zero-point-\(zeroPoint)"]?.bytes(9) == [[zeroPoint]])
    var form = ONNXForm()
    form.isCompact = true
    guard compactType != 2 else {
      #expect(throws: ExportError.weights(layer: 1, format: "compact ONNX", span: 15, least: -1, largest: 15)) {
        try network.onnx(form)
      }
      return
    }
    let compact = try constants(form)
    let packed = try #require(compact["layer2.packed"])
    let bits = compactType == 25 ? 2 : 4
    #expect(packed.integers(2) == [UInt64(compactType)])
    let mask = UInt8((1 << bits) - 1)
    let unpacked = try #require(packed.bytes(9).first).flatMap { (byte: UInt8) -> [UInt8] in
      stride(from: 0, to: 8, by: bits).map { byte >> UInt8($0) & mask }
    }
    #expect(unpacked.prefix(90).elementsEqual(bytes) && unpacked.dropFirst(90).allSatisfy { $0 == 0 })
  }

  @Test("a compact file has the weights that need more than 4 bits as bytes, beside those of another layer that do not")
  func partlyCompact() throws {
    var form = ONNXForm()
    form.isCompact = true
    let graph = try #require(try Message(packed("9-10", ["-1,1,20", .ternary]).onnx(form)).messages(7).first)
    let names = try graph.messages(5).map { $0.text(8) }.filter { $0.hasSuffix(".weights") || $0.hasSuffix(".packed") }
    #expect(names == ["layer1.weights", "layer2.packed"])
  }

  @Test("before windows are summed, an odd last row or column is cut off")
  func oddWindows() throws {
    // 6×7 pixels: three windows upwards and three across, of which the seventh column is none.
    let graph = try #require(try Message(packed("4C3-A2-10", [.ternary]).onnx()).messages(7).first)
    let constants = Dictionary(uniqueKeysWithValues: try graph.messages(5).map { ($0.text(8), $0) })
    func integers(_ name: String) -> [UInt8]? { constants[name]?.bytes(9).first }
    func longs(_ values: [UInt8]) -> [UInt8] { values.flatMap { [$0, 0, 0, 0, 0, 0, 0, 0] } }
    #expect(integers("zeros") == longs([0, 0]) && integers("layer1.even") == longs([6, 6]))
    #expect(integers("rows-and-columns") == longs([2, 3]))
    #expect(integers("layer1.windows") == longs([0, 4, 3, 2, 3, 2]) && integers("window-axes") == longs([3, 5]))
  }

  @Test("weights that are too far apart for a byte are refused")
  func tooFarApart() throws {
    #expect(throws: ExportError.weights(layer: 1, format: "ONNX", span: 255, least: -200, largest: 56)) {
      try packed("10", ["-200,0,56"]).onnx()
    }
    #expect(try !packed("10", ["-200,0,55"]).onnx().isEmpty)
    // The file's bytes count from 0, too, if no weight is 0.
    #expect(throws: ExportError.weights(layer: 1, format: "ONNX", span: 255, least: 0, largest: 300)) {
      try packed("10", ["100,300"]).onnx()
    }
    #expect(
      "\(ExportError.weights(layer: 1, format: "ONNX", span: 255, least: -200, largest: 56))"
        == "expected weights whose integers and 0 are at most 255 apart for ONNX, found -200 to 56 in layer 1")
    #expect(
      "\(ExportError.size(format: "NPZ", limit: 3, actual: 4))" == "expected at most 3 bytes, the limit of NPZ, found 4"
    )
  }

  @Test(
    "QONNX's operators are those of its own set, and weights say how many bits they need",
    arguments: [
      (WeightGrid.ternary, 2), (.quaternarySymmetric, 3), (.quaternaryMinus, 2), (.quinary, 3), ("-1,0,3", 3),
      ("-1,0,4", 4), ("0,1", 2), ("1,2", 3),
    ] as [(WeightGrid, Int)])
  func qonnx(grid: WeightGrid, bits: Int) throws {
    let model = try Message(packed("10", [grid]).qonnx())
    let nodes = try #require(try model.messages(7).first).messages(1)
    #expect(nodes.map { $0.text(4) } == ["Mul", "Sub", "Flatten", "IntQuant", "MatMul", "Mul", "Add"])
    #expect(nodes[3].texts(1).last == "bits-\(bits)" && nodes[3].text(7) == "qonnx.custom_op.general")
    #expect(try model.messages(8).map { $0.text(1) } == ["", "qonnx.custom_op.general"])
    let binary = try Message(packed("10", [.binary]).qonnx())
    #expect(try #require(try binary.messages(7).first).messages(1)[3].text(4) == "BipolarQuant")
  }

  /// A network whose first layer has a negative scale of every second channel: there a sign is +1 below a threshold.
  private func flipped(_ architecture: Architecture, _ grid: WeightGrid) throws -> PackedNetwork<Float> {
    var own = try network(architecture, .discreteSign, grids: [grid])
    own.blocks[0].setParameters(
      own.blocks[0].parameters.map { parameter in
        guard parameter.name == "normalization.scale" else { return parameter.tensor }
        return Tensor([parameter.tensor.count], (0..<parameter.tensor.count).map { $0 % 2 == 0 ? 1 : -1 })
      }, on: .single)
    return try PackedNetwork(own, on: .single)
  }

  @Test("QONNX: flipped channels have negated weights and thresholds, whose bits suffice for the negated ones, too")
  func qonnxFlips() throws {
    let network = try flipped("4-10", .quaternaryMinus)
    let layer = network.integerLayers[0]
    guard case .signs(let thresholds, let flips) = layer.rule else { preconditionFailure("a hidden layer has signs") }
    try #require(flips == [false, true, false, true] && !thresholds.contains(.min))
    let graph = try #require(try Message(network.qonnx()).messages(7).first)
    let constants = Dictionary(uniqueKeysWithValues: try graph.messages(5).map { ($0.text(8), $0) })
    let ours = layer.weights.integersByOutput
    try #require(ours.count == 4 * 84 && Set(ours) == [-2, -1, 0, 1])
    // The last weight of a flipped channel differs from its negative.
    try #require(ours[2 * 84 - 1] != 0 || ours[4 * 84 - 1] != 0)
    let expected = (0..<84).flatMap { i in (0..<4).map { o in Float(ours[o * 84 + i]) * (flips[o] ? -1 : 1) } }
    expectSame(try #require(constants["layer1.weights"]?.floats), expected)
    #expect(
      constants["layer1.thresholds"]?.floats == zip(thresholds, flips).map { Float($1 ? 1 - $0 : $0) })
    // −2 to 1 are all numbers of two bits; 2 needs a third, of whose numbers −4 is left out.
    let quantizers = try graph.messages(1).filter { $0.text(4) == "IntQuant" }
    #expect(quantizers.map { $0.texts(1)[3] } == ["bits-3", "bits-2"])
    #expect(constants["bits-3"]?.floats == [3] && constants["bits-2"]?.floats == [2])
    let narrow = try quantizers.map { try $0.messages(5).first { $0.text(1) == "narrow" }?.integers(3) }
    #expect(narrow == [[1], [0]])
  }

  @Test("QONNX: where the largest of a window counts, its sum is negated, and the weights are not")
  func qonnxFlipsOfMaxima() throws {
    let network = try flipped("4C3-P2-10", .ternary)
    let graph = try #require(try Message(network.qonnx()).messages(7).first)
    let constants = Dictionary(uniqueKeysWithValues: try graph.messages(5).map { ($0.text(8), $0) })
    let weights = try #require(constants["layer1.weights"])
    #expect(weights.integers(1) == [4, 2, 3, 3] && constants["layer1.directions"]?.integers(1) == [4, 1, 1])
    expectSame(weights.floats, network.integerLayers[0].weights.integersByOutput.map { Float($0) })
    #expect(constants["layer1.directions"]?.floats == [1, -1, 1, -1])
    let nodes = try graph.messages(1)
    #expect(
      nodes.map { $0.text(4) } == [
        "Mul", "Sub", "IntQuant", "Conv", "MaxPool", "Mul", "MultiThreshold", "Flatten", "IntQuant", "MatMul", "Mul",
        "Add",
      ])
    #expect(nodes[5].texts(1) == ["layer1.pooled", "layer1.directions"])
    #expect(try nodes[3].integerLists() == ["kernel_shape": [3, 3], "pads": [1, 1, 1, 1]])
    #expect(try nodes[4].integerLists() == ["kernel_shape": [2, 2], "strides": [2, 2]])
  }
}

/// A packed network of random weights on images of 2×6×7 pixels up to 255.
func packed(_ architecture: Architecture, _ grids: [WeightGrid]) throws -> PackedNetwork<Float> {
  try PackedNetwork(network(architecture, .discreteSign, grids: grids), on: .single)
}

/// A network of random weights.
func network(
  _ architecture: Architecture, _ kind: NetworkKind, grids: [WeightGrid] = [.ternary], pixelMaximum: Int = 255
) throws -> Network<Float> {
  var method = Method()
  method.grids = grids
  return try Network(
    NetworkSpecification(
      input: ImageInput(image: ImageShape(channels: 2, height: 6, width: 7), pixelMaximum: pixelMaximum),
      architecture: architecture, kind: kind, method: method,
      dropout: Array(repeating: 0, count: architecture.blocks.count)), seed: 3, on: .single)
}

/// The fields of a message of Protocol Buffers.
struct Message {
  private var fields: [(number: Int, integer: UInt64, bytes: [UInt8]?)] = []

  init(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    func varint() throws -> UInt64 {
      var (number, shift) = (UInt64(0), UInt64(0))
      while let byte = rest.popFirst() {
        number |= UInt64(byte & 127) << shift
        if byte < 128 { return number }
        shift += 7
      }
      throw Cut()
    }
    while !rest.isEmpty {
      let key = try varint()
      let field = Int(key >> 3)
      switch key & 7 {
      case 0: fields.append((field, try varint(), nil))
      case 2:
        let count = Int(try varint())
        guard rest.count >= count else { throw Cut() }
        fields.append((field, 0, Array(rest.prefix(count))))
        rest = rest.dropFirst(count)
      case 5:
        guard rest.count >= 4 else { throw Cut() }
        fields.append((field, rest.prefix(4).reversed().reduce(0) { $0 << 8 | UInt64($1) }, nil))
        rest = rest.dropFirst(4)
      default: throw Cut()
      }
    }
  }

  struct Cut: Error {}

  func integers(_ field: Int) -> [UInt64] { fields.filter { $0.number == field && $0.bytes == nil }.map(\.integer) }
  /// Numbers of single precision that are fields of their own.
  func reals(_ field: Int) -> [Float] { integers(field).map { Float(bitPattern: UInt32($0)) } }
  func bytes(_ field: Int) -> [[UInt8]] { fields.filter { $0.number == field }.compactMap(\.bytes) }
  func texts(_ field: Int) -> [String] { bytes(field).map { String(decoding: $0, as: UTF8.self) } }
  func text(_ field: Int) -> String { texts(field).first ?? "" }
  /// The single-precision numbers of a tensor's bytes.
  var floats: [Float] {
    let bytes = bytes(9).first ?? []
    return stride(from: 0, to: bytes.count, by: 4).map { at in
      Float(bitPattern: bytes[at..<at + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }
  }
  func messages(_ field: Int) throws -> [Message] { try bytes(field).map { try Message($0) } }
  /// The lists of integers (type 7) among a node's attributes, by their names.
  func integerLists() throws -> [String: [UInt64]] {
    let lists = try messages(5).filter { $0.integers(20) == [7] }
    return Dictionary(uniqueKeysWithValues: lists.map { ($0.text(1), $0.integers(8)) })
  }
}
