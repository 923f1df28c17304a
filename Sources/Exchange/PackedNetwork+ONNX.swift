import Layers
import PackedInference
import Tensors
import WeightDistributions

/// How a network is written as ONNX.
public struct ONNXForm: Sendable {
  /// Whether each hidden layer's signs are outputs, too.
  public var hasHiddenOutputs = false
  /// Whether weights are stored in 2 or 4 bits where these suffice, which takes the newer operator set 25.
  public var isCompact = false

  /// The scores alone as outputs, and weights of a byte each.
  public init() {}

  /// The version of ONNX's operators that the file needs.
  public var operatorSet: Int { isCompact ? 25 : 13 }
  /// The version of the file format that has them.
  var fileFormat: Int { isCompact ? 13 : 7 }
}

extension PackedNetwork<Float> {
  /// The network as a file of ONNX, of standard operators on integers (`Exchange.md`): every hidden sign, and every bit of the scores, are
  /// those of `outputs`.
  ///
  /// - Parameter facts: keys and texts for the file's metadata.
  /// - Throws: `ExportError` for weights whose integers and 0 are more than 255 apart, for a compact file in which no layer's weights
  ///   take less than a byte, or for more than 2 GB.
  public func onnx(
    _ form: ONNXForm = ONNXForm(), facts: [(key: String, value: String)] = []
  ) throws(ExportError) -> [UInt8] {
    let spans = integerLayers.map(\.span)
    // The newer operators would be for nothing.
    if form.isCompact && !spans.contains(where: IntegerLayer.isPackable) {
      throw .weights(
        layer: 1, format: "compact ONNX", span: 15, least: spans[0].lowerBound, largest: spans[0].upperBound)
    }
    var graph = ONNXGraph()
    let maximum = input.pixelMaximum
    graph.input(
      "pixels", .uint8, images: nil, input.image.shape, about: "Images, pixels from 0 to \(maximum).")
    try addLayers(to: &graph, reading: "pixels") { (layer, number, values, graph) throws(ExportError) in
      try layer.add(to: &graph, "layer\(number)", number: number, reading: values, form)
    }
    return try graph.model(
      "signet \(architecture)", format: form.fileFormat, [.init(version: form.operatorSet)], facts: facts)
  }
}

extension IntegerLayer {
  /// The integers of the weights' grid and 0, since a zero point is a byte, too.
  fileprivate var span: ClosedRange<Int> {
    let integers = weights.grid.integers
    return min(integers[0], 0)...max(integers[integers.count - 1], 0)
  }

  /// Whether 4 bits suffice for weights.
  fileprivate static func isPackable(_ span: ClosedRange<Int>) -> Bool { span.count <= 16 }

  /// Adds the layer's nodes, and returns the name of its output: signs as {0, 2} with the zero point 1, or the scores.
  fileprivate func add(
    to graph: inout ONNXGraph, _ name: String, number: Int, reading values: String, _ form: ONNXForm
  ) throws(ExportError) -> String {
    let weights = try addWeights(to: &graph, name, number: number, form)
    let sums = addSums(to: &graph, name, of: values, weights)
    switch rule {
    case .scores(let factor, let shift):
      let real = graph.node(
        "Cast", [sums], to: "\(name).real", [("to", .integer(ONNXGraph.ElementType.float.rawValue))])
      return addScores(to: &graph, name, of: real, factor, shift, images: nil)
    case .signs(let thresholds, let flips):
      let signs = addSigns(to: &graph, name, of: sums, thresholds, flips)
      if form.hasHiddenOutputs {
        graph.output(
          signs, .uint8, images: nil, map == .dense ? [output.channels] : output.shape,
          about: "The signs of layer \(number): 0 for -1 and 2 for +1.")
      }
      return signs
    }
  }

  /// Adds the weights, of type uint8 with a zero point, in the order of the operator that reads them.
  private func addWeights(
    to graph: inout ONNXGraph, _ name: String, number: Int, _ form: ONNXForm
  ) throws(ExportError) -> (weights: String, zeroPoint: String) {
    let (integers, span) = (self.weights.grid.integers, self.span)
    let (least, largest) = (span.lowerBound, span.upperBound)
    guard largest - least <= 255 else {
      throw .weights(layer: number, format: "ONNX", span: 255, least: least, largest: largest)
    }
    let bytes =
      map == .dense
      ? self.weights.indices.map { UInt8(integers[Int($0)] - least) }
      : self.weights.integersByOutput.map { UInt8(Int($0) - least) }
    let shape = map == .dense ? self.weights.shape : shapeByOutput
    let zeroPoint = graph.constant("zero-point-\(-least)", [], [UInt8(-least)])
    let type: ONNXGraph.ElementType = largest - least <= 3 ? .uint2 : .uint4
    guard form.isCompact && Self.isPackable(span) else {
      return (graph.constant("\(name).weights", shape, bytes), zeroPoint)
    }
    let packed = graph.constant("\(name).packed", type, shape, bytes: bytes.packed(bits: type.bits))
    let cast = graph.node(
      "Cast", [packed], to: "\(name).weights", [("to", .integer(ONNXGraph.ElementType.uint8.rawValue))])
    return (cast, zeroPoint)
  }

  /// Adds the integer sums, of type int32; pixels `p` stand for `2p − M`.
  private func addSums(
    to graph: inout ONNXGraph, _ name: String, of values: String, _ weights: (weights: String, zeroPoint: String)
  ) -> String {
    func product(_ zero: Int, to output: String) -> String {
      let zero = graph.constant("zero-point-\(zero)", [], [UInt8(zero)])
      let inputs = [values, weights.weights, zero, weights.zeroPoint]
      guard case .convolution(let convolution) = map else { return graph.node("MatMulInteger", inputs, to: output) }
      // Zeros around the image are the zero point.
      return graph.node(
        "ConvInteger", inputs, to: output, [("pads", .integers(Array(repeating: convolution.padding, count: 4)))])
    }
    guard let maximum = pixelMaximum else { return product(1, to: "\(name).sums") }
    // 2p − M = (p − ⌊M/2⌋) + (p − ⌈M/2⌉)
    let first = product(maximum / 2, to: "\(name).half1")
    let second = maximum % 2 == 0 ? first : product(maximum / 2 + 1, to: "\(name).half2")
    return graph.node("Add", [first, second], to: "\(name).sums")
  }

  /// Adds pooling and the comparison with the thresholds.
  private func addSigns(
    to graph: inout ONNXGraph, _ name: String, of sums: String, _ thresholds: [Int32], _ flips: [Bool]
  ) -> String {
    typealias Element = ONNXGraph.ElementType
    let shape = map == .dense ? [thresholds.count] : [thresholds.count, 1, 1]
    let limits = graph.constant("\(name).thresholds", shape, thresholds)
    let (above, below) = (
      graph.constant("\(name).above", shape, flips.map { $0 ? 0 : 2 } as [UInt8]),
      graph.constant("\(name).below", shape, flips.map { $0 ? 2 : 0 } as [UInt8])
    )
    let pooled = pooling == .sum ? addWindowSums(to: &graph, name, of: sums) : sums
    var isAbove = graph.node("GreaterOrEqual", [pooled, limits], to: "\(name).reached")
    if pooling == .max {
      // The largest sum of a window reaches the threshold where one of them does.
      let bits = graph.node("Cast", [isAbove], to: "\(name).bits", [("to", .integer(Element.uint8.rawValue))])
      let pooled = graph.node(
        "MaxPool", [bits], to: "\(name).pooled",
        [("kernel_shape", .integers([2, 2])), ("strides", .integers([2, 2]))])
      isAbove = graph.node("Cast", [pooled], to: "\(name).any", [("to", .integer(Element.boolean.rawValue))])
    }
    return graph.node("Where", [isAbove, above, below], to: "\(name).signs")
  }

  /// Adds the sums of windows of 2×2 pixels; an odd last row or column is dropped.
  private func addWindowSums(to graph: inout ONNXGraph, _ name: String, of sums: String) -> String {
    let (c, h, w) = (output.channels, output.height, output.width)
    var even = sums
    if height % 2 == 1 || width % 2 == 1 {
      even = graph.node(
        "Slice",
        [
          sums, graph.constant("zeros", [2], [0, 0] as [Int64]),
          graph.constant("\(name).even", [2], [Int64(2 * h), Int64(2 * w)]),
          graph.constant("rows-and-columns", [2], [2, 3] as [Int64]),
        ], to: "\(name).sliced")
    }
    // 0 keeps the number of images.
    let shape = graph.constant("\(name).windows", [6], [0, Int64(c), Int64(h), 2, Int64(w), 2])
    let windows = graph.node("Reshape", [even, shape], to: "\(name).reshaped")
    let axes = graph.constant("window-axes", [2], [3, 5] as [Int64])
    return graph.node("ReduceSum", [windows, axes], to: "\(name).pooled", [("keepdims", .integer(0))])
  }
}

extension [UInt8] {
  /// Numbers below `2^bits`, each byte filled from its lowest bit on.
  fileprivate func packed(bits: Int) -> [UInt8] {
    let together = 8 / bits
    var bytes = [UInt8](repeating: 0, count: (count + together - 1) / together)
    for (at, number) in enumerated() { bytes[at / together] |= number << UInt8(at % together * bits) }
    return bytes
  }
}
