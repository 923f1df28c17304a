// Access to the memory of several tensors at once, for loops over many operands.

/// Calls `body` with pointers to the elements of two tensors, which hold only during the call.
@inlinable
public func withUnsafePointers<S: TensorScalar, Result>(
  _ a: Tensor<S>, _ b: Tensor<S>, _ body: (UnsafePointer<S>, UnsafePointer<S>) throws -> Result
) rethrows -> Result {
  try a.withUnsafePointer { a in try b.withUnsafePointer { b in try body(a, b) } }
}

/// Calls `body` with pointers to the elements of three tensors, which hold only during the call.
@inlinable
public func withUnsafePointers<S: TensorScalar, Result>(
  _ a: Tensor<S>, _ b: Tensor<S>, _ c: Tensor<S>,
  _ body: (UnsafePointer<S>, UnsafePointer<S>, UnsafePointer<S>) throws -> Result
) rethrows -> Result {
  try withUnsafePointers(a, b) { a, b in try c.withUnsafePointer { c in try body(a, b, c) } }
}

/// Calls `body` with pointers through which it may change the elements of three tensors, and which hold only during the call.
@inlinable
public func withUnsafeMutablePointers<S: TensorScalar, Result>(
  _ a: inout Tensor<S>, _ b: inout Tensor<S>, _ c: inout Tensor<S>,
  _ body: (UnsafeMutablePointer<S>, UnsafeMutablePointer<S>, UnsafeMutablePointer<S>) throws -> Result
) rethrows -> Result {
  try a.withUnsafeMutablePointer { a in
    try b.withUnsafeMutablePointer { b in try c.withUnsafeMutablePointer { c in try body(a, b, c) } }
  }
}

/// The memory of several tensors.
func withPointers<Scalar: TensorScalar, Result>(
  _ tensors: ArraySlice<Tensor<Scalar>>, _ pointers: [UnsafePointer<Scalar>?],
  _ body: ([UnsafePointer<Scalar>?]) -> Result
) -> Result {
  guard let first = tensors.first else { return body(pointers) }
  return first.withUnsafePointer { withPointers(tensors.dropFirst(), pointers + [$0], body) }
}

/// Tensors of one shape, which `initialize` writes.
func tensors<Scalar: TensorScalar>(
  _ count: Int, _ shape: Shape, after pointers: [UnsafeMutablePointer<Scalar>?] = [],
  initializingWith initialize: ([UnsafeMutablePointer<Scalar>?]) -> Void
) -> [Tensor<Scalar>] {
  guard count > 0 else {
    initialize(pointers)
    return []
  }
  var rest: [Tensor<Scalar>] = []
  let first = Tensor<Scalar>(shape) {
    rest = tensors(count - 1, shape, after: pointers + [$0], initializingWith: initialize)
  }
  return [first] + rest
}
