import Layers
import PackedInference
import Tensors
import WeightDistributions

extension PackedNetwork<Float> {
  /// The network as a file of QONNX for one image at a time: real numbers that hold the integers, weights through `IntQuant` or
  /// `BipolarQuant`, signs by `MultiThreshold` (`Exchange.md`).
  ///
  /// Every hidden sign and every bit of the scores are those of `outputs`.
  ///
  /// Source: Pappalardo et al., *QONNX: Representing Arbitrary-Precision Quantized Neural Networks*, 2022, and the package `qonnx`.
  ///
  /// - Parameters:
  ///   - hasHiddenOutputs: whether each hidden layer's signs are outputs, too.
  ///   - facts: keys and texts for the file's metadata.
  /// - Throws: `ExportError` for more than 2 GB.
  public func qonnx(
    hasHiddenOutputs: Bool = false, facts: [(key: String, value: String)] = []
  ) throws(ExportError) -> [UInt8] {
    var graph = ONNXGraph()
    let maximum = input.pixelMaximum
    graph.input(
      "pixels", .float, images: 1, input.image.shape, about: "An image, whole numbers from 0 to \(maximum).")
    let twice = graph.node("Mul", ["pixels", graph.constant("two", [], [2] as [Float])], to: "pixels.twice")
    let centred = graph.constant("largest-pixel", [], [Float(maximum)])
    let integers = graph.node("Sub", [twice, centred], to: "pixels.integers")
    addLayers(to: &graph, reading: integers) { layer, number, values, graph in
      layer.addQuantized(to: &graph, "layer\(number)", reading: values, hasHiddenOutputs)
    }
    return try graph.model(
      "signet \(architecture)", format: 7, [.init(version: 13), .init(domain: quantizers, version: 1)], facts: facts)
  }
}

/// The set of QONNX's operators.
private let quantizers = "qonnx.custom_op.general"

extension IntegerLayer {
  /// Adds the layer's nodes, and returns the name of its output: signs ±1, or the scores.
  fileprivate func addQuantized(
    to graph: inout ONNXGraph, _ name: String, reading values: String, _ hasHiddenOutputs: Bool
  ) -> String {
    switch rule {
    case .scores(let factor, let shift):
      let sums = addProduct(to: &graph, name, of: values, negated: [])
      return addScores(to: &graph, name, of: sums, factor, shift, images: 1)
    case .signs(let thresholds, let flips):
      let areFlipped = flips.contains(true)
      // A channel with a flip is +1 where its negated sum reaches the negated threshold. The maximum is that of the sum itself.
      let isMaximum = pooling == .max
      var sums = addProduct(to: &graph, name, of: values, negated: areFlipped && !isMaximum ? flips : [])
      sums = addPooling(to: &graph, name, of: sums)
      if areFlipped && isMaximum {
        let signs = graph.constant("\(name).directions", [flips.count, 1, 1], flips.map { $0 ? -1 : 1 } as [Float])
        sums = graph.node("Mul", [sums, signs], to: "\(name).directed")
      }
      let limits = zip(thresholds, flips).map { threshold, flip -> Float in
        guard threshold != .min else { return flip ? Float(largestSum + 1) : Float(-largestSum) }
        return flip ? Float(1 - threshold) : Float(threshold)
      }
      let signs = graph.node(
        "MultiThreshold", [sums, graph.constant("\(name).thresholds", [limits.count, 1], limits)],
        to: "\(name).signs",
        [
          ("out_dtype", .text("BIPOLAR")), ("out_scale", .float(2)), ("out_bias", .float(-1)),
          ("data_layout", .text(map == .dense ? "NC" : "NCHW")),
        ], domain: quantizers)
      if hasHiddenOutputs {
        graph.output(
          signs, .float, images: 1, map == .dense ? [output.channels] : output.shape, about: "Signs, -1 and +1.")
      }
      return signs
    }
  }

  /// Adds the quantized weights and the product with them, with some outputs' weights negated.
  private func addProduct(
    to graph: inout ONNXGraph, _ name: String, of values: String, negated: [Bool]
  ) -> String {
    let (inputs, outputs) = (weights.shape[0], weights.shape[1])
    var integers = weights.integersByOutput.map { Int($0) }
    for o in negated.indices where negated[o] {
      for at in o * inputs..<(o + 1) * inputs { integers[at].negate() }
    }
    if map == .dense { integers = integers.byOutput(inputs: outputs, outputs: inputs) }
    let real = graph.constant(
      "\(name).weights", map == .dense ? weights.shape : shapeByOutput, integers.map { Float($0) })
    let quantized = addQuantizer(to: &graph, name, of: real, isNegated: negated.contains(true))
    guard case .convolution(let convolution) = map else {
      return graph.node("MatMul", [values, quantized], to: "\(name).sums")
    }
    return graph.node(
      "Conv", [values, quantized], to: "\(name).sums",
      [
        ("kernel_shape", .integers([convolution.kernel, convolution.kernel])),
        ("pads", .integers(Array(repeating: convolution.padding, count: 4))),
      ])
  }

  /// Adds the node that says which integers the weights can be.
  private func addQuantizer(
    to graph: inout ONNXGraph, _ name: String, of real: String, isNegated: Bool
  ) -> String {
    let values = weights.grid.integers
    let one = graph.constant("one", [], [1] as [Float])
    if values == [-1, 1] {
      return graph.node("BipolarQuant", [real, one], to: "\(name).quantized", domain: quantizers)
    }
    let (low, high) = (values[0], values[values.count - 1])
    let least = isNegated ? min(low, -high) : low
    let largest = isNegated ? max(high, -low) : high
    var bits = 2
    while least < -(1 << (bits - 1)) || largest >= 1 << (bits - 1) { bits += 1 }
    return graph.node(
      "IntQuant",
      [
        real, one, graph.constant("zero", [], [0] as [Float]),
        graph.constant("bits-\(bits)", [], [Float(bits)]),
      ], to: "\(name).quantized",
      [
        ("signed", .integer(1)), ("narrow", .integer(least > -(1 << (bits - 1)) ? 1 : 0)),
        ("rounding_mode", .text("ROUND")),
      ], domain: quantizers)
  }

  private func addPooling(to graph: inout ONNXGraph, _ name: String, of sums: String) -> String {
    guard let pooling else { return sums }
    let window: [(String, ONNXGraph.Attribute)] = [
      ("kernel_shape", .integers([2, 2])), ("strides", .integers([2, 2])),
    ]
    if pooling == .max { return graph.node("MaxPool", [sums], to: "\(name).pooled", window) }
    // A quarter of an integer below 2^24 is exact.
    let means = graph.node("AveragePool", [sums], to: "\(name).means", window)
    return graph.node("Mul", [means, graph.constant("four", [], [4] as [Float])], to: "\(name).pooled")
  }
}
