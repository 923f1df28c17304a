import Tensors

/// A tensor of one of the types that a file can hold.
public enum StoredTensor: Sendable, Equatable {
  /// `F32`
  case float(Tensor<Float>)
  /// `F64`
  case double(Tensor<Double>)
  /// Any other type.
  case numbers(StoredNumbers)

  /// - Precondition: `Scalar` is `Float` or `Double`.
  public init<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) {
    if let tensor = tensor as? Tensor<Float> {
      self = .float(tensor)
    } else if let tensor = tensor as? Tensor<Double> {
      self = .double(tensor)
    } else {
      preconditionFailure("StoredTensor: there is no type for \(Scalar.self)")
    }
  }

  /// Integers of one of the types `Int8`, `UInt8`, `Int16`, `Int32` and `Int64`.
  package init<Number: FixedWidthInteger>(_ shape: Shape, _ numbers: [Number]) {
    let types: [(any FixedWidthInteger.Type, NumberType)] = [
      (Int8.self, .int8), (UInt8.self, .uint8), (Int16.self, .int16), (Int32.self, .int32), (Int64.self, .int64),
    ]
    guard let type = types.first(where: { $0.0 == Number.self })?.1, numbers.count == shape.reduce(1, *) else {
      preconditionFailure("StoredTensor: \(numbers.count) numbers \(Number.self) of shape \(shape)")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(numbers.count * type.width)
    for number in numbers { bytes.append(integer: number) }
    self = .numbers(StoredNumbers(type: type, shape: shape, bytes: bytes))
  }

  /// The tensor, if its numbers are of that type; else nil.
  public func tensor<Scalar: TensorScalar>(of type: Scalar.Type = Scalar.self) -> Tensor<Scalar>? {
    switch self {
    case .float(let tensor): tensor as? Tensor<Scalar>
    case .double(let tensor): tensor as? Tensor<Scalar>
    case .numbers: nil
    }
  }

  /// The lengths of the tensor's axes.
  public var shape: Shape {
    switch self {
    case .float(let tensor): tensor.shape
    case .double(let tensor): tensor.shape
    case .numbers(let numbers): numbers.shape
    }
  }

  /// The type of its numbers.
  public var type: NumberType {
    switch self {
    case .float: .float
    case .double: .double
    case .numbers(let numbers): numbers.type
    }
  }

  /// Calls `body` with the numbers' bytes, those of each number least significant first.
  package func withLittleEndianBytes<Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    switch self {
    case .float(let tensor): try tensor.withLittleEndianBytes(body)
    case .double(let tensor): try tensor.withLittleEndianBytes(body)
    case .numbers(let numbers):
      try numbers.bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in try body(UnsafeRawBufferPointer(bytes)) }
    }
  }

  /// The types of numbers in a file, by their names in safetensors files.
  public enum NumberType: String, Sendable, CaseIterable {
    case float = "F32"
    case double = "F64"
    case half = "F16"
    case brainFloat = "BF16"
    case boolean = "BOOL"
    case uint8 = "U8"
    case int8 = "I8"
    case uint16 = "U16"
    case int16 = "I16"
    case uint32 = "U32"
    case int32 = "I32"
    case uint64 = "U64"
    case int64 = "I64"

    /// The types of a network's numbers.
    package static let real: [NumberType] = [.float, .double]

    /// The type of a network's numbers.
    package static func of<Scalar: TensorScalar>(_ scalar: Scalar.Type) -> NumberType {
      Scalar.byteWidth == 4 ? .float : .double
    }

    /// The size of a number in bytes.
    public var width: Int {
      switch self {
      case .boolean, .uint8, .int8: 1
      case .half, .brainFloat, .uint16, .int16: 2
      case .float, .uint32, .int32: 4
      case .double, .uint64, .int64: 8
      }
    }

    /// NumPy's name for the type in the head of an NPY file; nil of the one that it does not have.
    package var numpyName: String? {
      switch self {
      case .brainFloat: nil
      case .boolean: "|b1"
      case .uint8: "|u1"
      case .int8: "|i1"
      case .half, .float, .double: "<f\(width)"
      case .uint16, .uint32, .uint64: "<u\(width)"
      case .int16, .int32, .int64: "<i\(width)"
      }
    }
  }
}

/// Numbers as a file has them.
public struct StoredNumbers: Sendable, Equatable {
  /// Their type; not `float` or `double`, which are tensors.
  public let type: StoredTensor.NumberType
  /// The lengths of the axes.
  public let shape: Shape
  /// The numbers in row-major order, each with its least significant byte first.
  public let bytes: [UInt8]

  package init(type: StoredTensor.NumberType, shape: Shape, bytes: [UInt8]) {
    (self.type, self.shape, self.bytes) = (type, shape, bytes)
  }
}
