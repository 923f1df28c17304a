import Testing

/// What the nodes of an ONNX or QONNX graph give for one image, by the operators' documentation, in plain loops.
///
/// Weights are taken for what their quantizers make of them.
struct GraphEvaluation {
  /// Numbers of any type: all of them are integers below 2^24, or of single precision.
  struct Value {
    var shape: [Int]
    var numbers: [Double]
  }

  /// All values of the graph, by their names.
  private(set) var values: [String: Value] = [:]

  init(_ graph: Message, pixels: [UInt8], shape: [Int]) throws {
    for tensor in try graph.messages(5) {
      values[tensor.text(8)] = Value(shape: tensor.integers(1).map { Int($0) }, numbers: try Self.numbers(of: tensor))
    }
    values["pixels"] = Value(shape: [1] + shape, numbers: pixels.map { Double($0) })
    for node in try graph.messages(1) {
      let inputs = try node.texts(1).map { try #require(values[$0]) }
      values[node.text(2)] = try Self.output(of: node, inputs)
    }
  }

  private static func numbers(of tensor: Message) throws -> [Double] {
    let bytes = tensor.bytes(9).first ?? []
    func integers<Integer: FixedWidthInteger>(_: Integer.Type) -> [Double] {
      let width = Integer.bitWidth / 8
      return stride(from: 0, to: bytes.count, by: width).map { at in
        Double(bytes[at..<at + width].reversed().reduce(Integer(0)) { $0 << 8 | Integer(truncatingIfNeeded: $1) })
      }
    }
    switch tensor.integers(2) {
    case [1]: return tensor.floats.map { Double($0) }
    case [2]: return bytes.map { Double($0) }
    case [6]: return integers(Int32.self)
    case [7]: return integers(Int64.self)
    default: throw Unknown(what: "a tensor of type \(tensor.integers(2))")
    }
  }

  struct Unknown: Error { let what: String }

  private static func output(of node: Message, _ inputs: [Value]) throws -> Value {
    let x = inputs[0]
    switch node.text(4) {
    case "Cast": return x
    case "BipolarQuant": return Value(shape: x.shape, numbers: x.numbers.map { $0 >= 0 ? 1 : -1 })
    case "IntQuant": return try quantized(inputs, by: node)
    case "Mul": return each(inputs) { Double(Float($0[0] * $0[1])) }
    case "Add": return each(inputs) { Double(Float($0[0] + $0[1])) }
    case "Sub": return each(inputs) { Double(Float($0[0] - $0[1])) }
    case "GreaterOrEqual": return each(inputs) { $0[0] >= $0[1] ? 1 : 0 }
    case "Where": return each(inputs) { $0[0] == 1 ? $0[1] : $0[2] }
    case "MultiThreshold":
      let layout = try attribute("data_layout", of: node)?.text(4) ?? "NCHW"
      guard layout.count == x.shape.count else { throw Unknown(what: "the layout \(layout) of \(x.shape.count) axes") }
      let limits = Value(
        shape: [inputs[1].shape[0]] + x.shape.dropFirst(2).map { _ in 1 }, numbers: inputs[1].numbers)
      let (scale, bias) = try (real("out_scale", of: node, missing: 1), real("out_bias", of: node, missing: 0))
      return each([x, limits]) { ($0[0] >= $0[1] ? scale : 0) + bias }
    case "MatMul", "MatMulInteger":
      let (a, b) = centred(inputs)
      let (inputs, outputs) = (b.shape[0], b.shape[1])
      return Value(
        shape: [1, outputs],
        numbers: (0..<outputs).map { o in
          (0..<inputs).reduce(0) { $0 + a.numbers[$1] * b.numbers[$1 * outputs + o] }
        })
    case "Conv", "ConvInteger":
      let (a, b) = centred(inputs)
      let kernel = try node.integerLists()["kernel_shape"]?.map { Int($0) } ?? Array(b.shape.suffix(2))
      guard kernel == Array(b.shape.suffix(2)) else { throw Unknown(what: "a kernel of \(kernel) for \(b.shape)") }
      return convolution(a, b, padding: Int(try #require(try node.integerLists()["pads"]?.first)))
    case "MaxPool": return windows(x) { $0.max() ?? 0 }
    case "AveragePool": return windows(x) { $0.reduce(0, +) / 4 }
    case "Flatten": return Value(shape: [1, x.numbers.count], numbers: x.numbers)
    case "Slice":
      let ends = inputs[2].numbers.map { Int($0) }
      return picture([x.shape[1]] + ends) { x.numbers[($0 * x.shape[2] + $1) * x.shape[3] + $2] }
    case "Reshape":
      let shape = inputs[1].numbers.enumerated().map { $1 == 0 ? x.shape[$0] : Int($1) }
      return Value(shape: shape, numbers: x.numbers)
    case "ReduceSum":
      // Axes 3 and 5 of images, channels, rows, 2, columns, 2, which stay with a length of 1 unless keepdims is 0.
      let s = x.shape
      var sums = windows(Value(shape: [1, s[1], 2 * s[2], 2 * s[4]], numbers: x.numbers)) { $0.reduce(0, +) }
      if try attribute("keepdims", of: node)?.integers(3) != [0] { sums.shape = [1, s[1], s[2], 1, s[4], 1] }
      return sums
    default: throw Unknown(what: node.text(4))
    }
  }

  private static func attribute(_ name: String, of node: Message) throws -> Message? {
    try node.messages(5).first { $0.text(1) == name }
  }

  /// A number of an attribute; another one if the node does not have it.
  private static func real(_ name: String, of node: Message, missing: Double) throws -> Double {
    try attribute(name, of: node)?.reals(2).first.map { Double($0) } ?? missing
  }

  /// Numbers as integers of so many bits, of which a narrow range leaves out one. The scale is 1, the zero point 0.
  private static func quantized(_ inputs: [Value], by node: Message) throws -> Value {
    func isSet(_ name: String) throws -> Bool { try attribute(name, of: node)?.integers(3) == [1] }
    guard inputs[1].numbers == [1], inputs[2].numbers == [0] else { throw Unknown(what: "another scale or zero point") }
    let (all, narrow) = (Double(1 << Int(inputs[3].numbers[0])), try isSet("narrow") ? 1.0 : 0)
    let range = try isSet("signed") ? (-all / 2 + narrow)...(all / 2 - 1) : 0...(all - 1 - narrow)
    return Value(
      shape: inputs[0].shape,
      numbers: inputs[0].numbers.map { min(max($0.rounded(.toNearestOrEven), range.lowerBound), range.upperBound) })
  }

  /// An operation on numbers that belong together, where shorter shapes are repeated along their missing axes and those of length 1.
  private static func each(_ inputs: [Value], _ operation: ([Double]) -> Double) -> Value {
    let shape = inputs.map(\.shape).reduce([]) { $1.count > $0.count ? $1 : $0 }
    let numbers = (0..<shape.reduce(1, *)).map { index in
      operation(
        inputs.map { input in
          var (rest, at, stride) = (index, 0, 1)
          for (axis, length) in shape.enumerated().reversed() {
            let own = axis - shape.count + input.shape.count
            if own >= 0, input.shape[own] > 1 {
              at += rest % length * stride
              stride *= length
            }
            rest /= length
          }
          return input.numbers[at]
        })
    }
    return Value(shape: shape, numbers: numbers)
  }

  /// Both factors less their zero points, which the operators of integers have.
  private static func centred(_ inputs: [Value]) -> (Value, Value) {
    func less(_ value: Value, _ zero: Int) -> Value {
      guard zero < inputs.count else { return value }
      return Value(shape: value.shape, numbers: value.numbers.map { $0 - inputs[zero].numbers[0] })
    }
    return (less(inputs[0], 2), less(inputs[1], 3))
  }

  /// An image of channels, rows and columns.
  private static func picture(_ shape: [Int], _ pixel: (Int, Int, Int) -> Double) -> Value {
    let numbers = (0..<shape[0]).flatMap { c in
      (0..<shape[1]).flatMap { y in (0..<shape[2]).map { x in pixel(c, y, x) } }
    }
    return Value(shape: [1] + shape, numbers: numbers)
  }

  private static func convolution(_ x: Value, _ weights: Value, padding: Int) -> Value {
    let (height, width, kernel) = (x.shape[2], x.shape[3], weights.shape[2])
    let grown = 2 * padding - kernel + 1
    return picture([weights.shape[0], height + grown, width + grown]) { o, y, column in
      var sum = 0.0
      for c in 0..<x.shape[1] {
        for i in 0..<kernel {
          for j in 0..<kernel {
            let (row, column) = (y + i - padding, column + j - padding)
            guard (0..<height).contains(row), (0..<width).contains(column) else { continue }
            sum +=
              x.numbers[(c * height + row) * width + column]
              * weights.numbers[((o * x.shape[1] + c) * kernel + i) * kernel + j]
          }
        }
      }
      return sum
    }
  }

  /// One number for each window of 2×2 pixels.
  private static func windows(_ x: Value, _ pool: ([Double]) -> Double) -> Value {
    let (height, width) = (x.shape[2], x.shape[3])
    return picture([x.shape[1], height / 2, width / 2]) { c, y, column in
      pool(
        [(0, 0), (0, 1), (1, 0), (1, 1)].map { x.numbers[(c * height + 2 * y + $0) * width + 2 * column + $1] })
    }
  }
}
