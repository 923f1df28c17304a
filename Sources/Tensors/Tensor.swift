/// The lengths of a tensor's axes, outermost first.
public typealias Shape = [Int]

/// A dense, non-empty array of numbers in row-major order.
///
/// A value type: copies share memory until one of them is changed.
public struct Tensor<Scalar: TensorScalar>: Sendable, Equatable {
  /// The lengths of the axes.
  public let shape: Shape
  /// The numbers in row-major order.
  public private(set) var scalars: [Scalar]

  /// - Precondition: every length is positive, and the number of scalars is their product.
  public init(_ shape: Shape, _ scalars: [Scalar]) {
    precondition(
      shape.allSatisfy { $0 > 0 } && scalars.count == shape.reduce(1, *),
      "Tensor: \(scalars.count) scalars for shape \(shape)")
    self.shape = shape
    self.scalars = scalars
  }

  /// A tensor of equal scalars.
  public init(_ shape: Shape, repeating value: Scalar) {
    self.init(shape, Array(repeating: value, count: shape.reduce(1, *)))
  }

  /// A tensor whose every scalar is written by `initialize`.
  @inlinable
  public init(_ shape: Shape, initializingWith initialize: (UnsafeMutablePointer<Scalar>) -> Void) {
    let count = shape.reduce(1, *)
    let scalars = [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let base = buffer.baseAddress { initialize(base) }
      initialized = count
    }
    self.init(shape, scalars)
  }

  /// The number of scalars.
  public var count: Int { scalars.count }
  /// Rows of a matrix: the first axis's length.
  public var rows: Int { shape[0] }
  /// Scalars in each row: the product of the other axes' lengths.
  public var columns: Int { count / shape[0] }

  /// The scalar at row `i`, column `j` of a matrix.
  public subscript(i: Int, j: Int) -> Scalar {
    get { scalars[i * columns + j] }
    set { scalars[i * columns + j] = newValue }
  }

  /// A tensor with these scalars and another shape that holds as many.
  public func reshaped(_ shape: Shape) -> Tensor { Tensor(shape, scalars) }

  /// Calls `body` with the scalars' memory.
  @inlinable
  public func withUnsafePointer<Result>(_ body: (UnsafePointer<Scalar>) throws -> Result) rethrows -> Result {
    try scalars.withUnsafeBufferPointer {
      guard let base = $0.baseAddress else { preconditionFailure("Tensor: no memory") }
      return try body(base)
    }
  }

  /// Calls `body` with the scalars' memory, to change them in place.
  @inlinable
  public mutating func withUnsafeMutablePointer<Result>(
    _ body: (UnsafeMutablePointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    try withUnsafeMutableScalars {
      guard let base = $0.baseAddress else { preconditionFailure("Tensor: no memory") }
      return try body(base)
    }
  }

  @usableFromInline
  mutating func withUnsafeMutableScalars<Result>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    try scalars.withUnsafeMutableBufferPointer { try body($0) }
  }
}
