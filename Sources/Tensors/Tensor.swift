/// The lengths of a tensor's axes, outermost first.
public typealias Shape = [Int]

/// A dense, non-empty array of numbers in row-major order.
///
/// A value type: copies share memory until one of them is changed. The numbers are in the processor's memory, or in that of the device
/// that computed them; whoever reads them need not know, since they are then fetched.
public struct Tensor<Scalar: TensorScalar>: Sendable {
  /// The lengths of the axes.
  public let shape: Shape
  /// The number of scalars.
  public let count: Int
  /// Scalars in each row: the product of the lengths of all axes but the first.
  public let columns: Int
  /// The numbers, if they are in the processor's memory.
  @usableFromInline var local: [Scalar]
  /// The numbers, if they are in another device's memory.
  @usableFromInline var remote: RemoteNumbers<Scalar>?

  /// - Precondition: every length is positive, and the number of scalars is their product.
  public init(_ shape: Shape, _ scalars: [Scalar]) {
    precondition(
      shape.allSatisfy { $0 > 0 } && scalars.count == shape.reduce(1, *),
      "Tensor: \(scalars.count) scalars for shape \(shape)")
    (self.shape, count, columns) = (shape, scalars.count, shape.dropFirst().reduce(1, *))
    local = scalars
  }

  /// A tensor of equal scalars.
  @specialized(where Scalar == Float)
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

  /// A tensor whose numbers are in a device's memory.
  init(_ shape: Shape, _ remote: RemoteNumbers<Scalar>) {
    (self.shape, count, columns) = (shape, shape.reduce(1, *), shape.dropFirst().reduce(1, *))
    (local, self.remote) = ([], remote)
  }

  /// The numbers in row-major order.
  public var scalars: [Scalar] { remote?.scalars ?? local }
  /// Rows of a matrix: the first axis's length.
  public var rows: Int { shape[0] }

  /// The scalar in row `i`, column `j`.
  @inlinable
  public subscript(i: Int, j: Int) -> Scalar {
    get { remote == nil ? local[i * columns + j] : scalars[i * columns + j] }
    set {
      fetch()
      local[i * columns + j] = newValue
    }
  }

  /// A tensor with these scalars and another shape that holds as many.
  public func reshaped(_ shape: Shape) -> Tensor {
    guard let remote else { return Tensor(shape, local) }
    precondition(shape.reduce(1, *) == count, "Tensor: \(count) scalars for shape \(shape)")
    return Tensor(shape, remote)
  }

  /// Calls `body` with the scalars' memory.
  @inlinable
  public func withUnsafePointer<Result>(_ body: (UnsafePointer<Scalar>) throws -> Result) rethrows -> Result {
    try (remote == nil ? local : scalars).withUnsafeBufferPointer {
      guard let base = $0.baseAddress else { preconditionFailure("Tensor: no memory") }
      return try body(base)
    }
  }

  /// Calls `body` with the scalars' memory, to change them in place.
  @inlinable
  public mutating func withUnsafeMutablePointer<Result>(
    _ body: (UnsafeMutablePointer<Scalar>) throws -> Result
  ) rethrows -> Result {
    fetch()
    return try local.withUnsafeMutableBufferPointer {
      guard let base = $0.baseAddress else { preconditionFailure("Tensor: no memory") }
      return try body(base)
    }
  }

  /// Moves the numbers to the processor's memory.
  @usableFromInline
  mutating func fetch() {
    guard let remote else { return }
    (local, self.remote) = (remote.scalars, nil)
  }

  /// These numbers in the memory of `device`, where operations on it read them without fetching them again and again.
  package func moved(to device: Device) -> Tensor {
    guard let accelerator = device.accelerator(for: Scalar.self) else {
      var here = self
      here.fetch()
      return here
    }
    let isThere = remote?.memory.accelerator === accelerator
    return isThere ? self : Tensor(shape, RemoteNumbers(accelerator.memory(of: self)))
  }
}

extension Tensor: Equatable {
  public static func == (a: Tensor, b: Tensor) -> Bool { a.shape == b.shape && a.scalars == b.scalars }
}
