import Files

/// A graph of ONNX's operators as it grows, node by node in the order of evaluation.
///
/// Source: `onnx.proto` of ONNX, whose field numbers stand here.
struct ONNXGraph {
  /// Types of numbers, by their numbers in `TensorProto.DataType`.
  enum ElementType: Int {
    case float = 1
    case uint8 = 2
    case int32 = 6
    case int64 = 7
    case boolean = 9
    case uint4 = 21
    case uint2 = 25

    /// Bits of a number in a tensor's bytes.
    var bits: Int {
      switch self {
      case .uint2: 2
      case .uint4: 4
      case .uint8, .boolean: 8
      case .float, .int32: 32
      case .int64: 64
      }
    }
  }

  /// The value of a node's attribute.
  enum Attribute {
    case float(Float)
    case integer(Int)
    case integers([Int])
    case text(String)
  }

  /// A version of a set of operators; ONNX's own has no name.
  struct OperatorSet {
    var domain = ""
    let version: Int
  }

  private var nodes: [ProtobufMessage] = []
  private var initializers: [ProtobufMessage] = []
  private var inputs: [ProtobufMessage] = []
  private var outputs: [ProtobufMessage] = []
  private var known: Set<String> = []

  /// Adds a constant, unless there is one of that name, and returns its name.
  ///
  /// - Parameter bytes: the numbers in row-major order, least significant byte first; numbers of less than a byte fill each byte from
  ///   its lowest bit on.
  @discardableResult
  mutating func constant(_ name: String, _ type: ElementType, _ shape: [Int], bytes: [UInt8]) -> String {
    let count = shape.reduce(1, *)
    precondition(bytes.count == (count * type.bits + 7) / 8, "ONNXGraph: \(bytes.count) bytes for \(count) of \(type)")
    guard known.insert(name).inserted else { return name }
    initializers.append(
      ProtobufMessage { tensor in
        for length in shape { tensor.add(1, length) }
        tensor.add(2, type.rawValue)
        tensor.add(8, name)
        tensor.add(9, bytes)
      })
    return name
  }

  mutating func constant(_ name: String, _ shape: [Int], _ numbers: [UInt8]) -> String {
    constant(name, .uint8, shape, bytes: numbers)
  }

  mutating func constant(_ name: String, _ shape: [Int], _ numbers: [Int32]) -> String {
    constant(name, .int32, shape, bytes: Self.bytes(numbers))
  }

  mutating func constant(_ name: String, _ shape: [Int], _ numbers: [Int64]) -> String {
    constant(name, .int64, shape, bytes: Self.bytes(numbers))
  }

  mutating func constant(_ name: String, _ shape: [Int], _ numbers: [Float]) -> String {
    constant(name, .float, shape, bytes: Self.bytes(numbers.map(\.bitPattern)))
  }

  private static func bytes(_ numbers: [some FixedWidthInteger]) -> [UInt8] {
    var bytes: [UInt8] = []
    for number in numbers { bytes.append(integer: number) }
    return bytes
  }

  /// Adds a node with one output, and returns the output's name.
  mutating func node(
    _ type: String, _ inputs: [String], to output: String, _ attributes: [(String, Attribute)] = [],
    domain: String = ""
  ) -> String {
    nodes.append(
      ProtobufMessage { node in
        for input in inputs { node.add(1, input) }
        node.add(2, output)
        // The node's name is that of its output.
        node.add(3, output)
        node.add(4, type)
        for (name, value) in attributes { node.add(5, Self.attribute(name, value)) }
        if !domain.isEmpty { node.add(7, domain) }
      })
    return output
  }

  private static func attribute(_ name: String, _ value: Attribute) -> ProtobufMessage {
    ProtobufMessage { attribute in
      attribute.add(1, name)
      switch value {
      case .float(let number):
        attribute.add(2, number)
        attribute.add(20, 1)
      case .integer(let number):
        attribute.add(3, number)
        attribute.add(20, 2)
      case .text(let text):
        attribute.add(4, text)
        attribute.add(20, 3)
      case .integers(let numbers):
        for number in numbers { attribute.add(8, number) }
        attribute.add(20, 7)
      }
    }
  }

  /// Adds an input of the graph.
  ///
  /// - Parameters:
  ///   - images: the number of images, the first axis; nil if it may be any.
  ///   - shape: the axes after it.
  mutating func input(_ name: String, _ type: ElementType, images: Int?, _ shape: [Int], about: String) {
    inputs.append(Self.value(name, type, images: images, shape, about: about))
  }

  /// Makes a value an output of the graph.
  mutating func output(_ name: String, _ type: ElementType, images: Int?, _ shape: [Int], about: String) {
    outputs.append(Self.value(name, type, images: images, shape, about: about))
  }

  private static func value(
    _ name: String, _ type: ElementType, images: Int?, _ shape: [Int], about: String
  ) -> ProtobufMessage {
    func axis(_ length: Int) -> ProtobufMessage { ProtobufMessage { $0.add(1, length) } }
    let tensor = ProtobufMessage { tensor in
      tensor.add(1, type.rawValue)
      tensor.add(
        2,
        ProtobufMessage { axes in
          axes.add(1, images.map(axis) ?? ProtobufMessage { $0.add(2, "N") })
          for length in shape { axes.add(1, axis(length)) }
        })
    }
    return ProtobufMessage { value in
      value.add(1, name)
      value.add(2, ProtobufMessage { $0.add(1, tensor) })
      value.add(3, about)
    }
  }

  /// The file of a model with this graph.
  ///
  /// - Parameters:
  ///   - name: the graph's name.
  ///   - format: the version of ONNX's file format that has the operators.
  ///   - facts: keys and texts for the file's metadata.
  /// - Throws: `ExportError.size` for more bytes than a message can have.
  func model(
    _ name: String, format: Int, _ operators: [OperatorSet], facts: [(key: String, value: String)]
  ) throws(ExportError) -> [UInt8] {
    let graph = ProtobufMessage { graph in
      for node in nodes { graph.add(1, node) }
      graph.add(2, name)
      for tensor in initializers { graph.add(5, tensor) }
      for input in inputs { graph.add(11, input) }
      for output in outputs { graph.add(12, output) }
    }
    let bytes = ProtobufMessage { model in
      model.add(1, format)
      model.add(2, "signet")
      model.add(7, graph)
      for set in operators {
        model.add(
          8,
          ProtobufMessage { message in
            message.add(1, set.domain)
            message.add(2, set.version)
          })
      }
      for fact in facts {
        model.add(
          14,
          ProtobufMessage { message in
            message.add(1, fact.key)
            message.add(2, fact.value)
          })
      }
    }.bytes
    guard bytes.count <= Int(Int32.max) else {
      throw .size(format: "ONNX", limit: Int(Int32.max), actual: bytes.count)
    }
    return bytes
  }
}
