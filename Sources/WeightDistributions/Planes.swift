import Tensors

// The parameterizations compute on blocks of weights that are so small that all planes stay in the first-level cache.

/// The number of weights in a block: with three values, logits and gradients fill about 12 KB.
let blockLength = 512

/// A block's numbers in memory, `stride` apart: element `i` of plane `k` belongs to value (or parameter) `k` of weight `i`.
struct Planes<Scalar: TensorScalar> {
  let first: UnsafeMutablePointer<Scalar>
  let stride: Int

  subscript(k: Int) -> UnsafeMutablePointer<Scalar> { first + k * stride }
}

/// The parameters of a block, to be read.
struct ParameterPlanes<Scalar: TensorScalar> {
  let first: UnsafePointer<Scalar>
  let stride: Int

  subscript(k: Int) -> UnsafePointer<Scalar> { first + k * stride }
}

/// Calls `body` with room for `count` planes of a block.
func withPlanes<Scalar: TensorScalar>(_ count: Int, _ body: (Planes<Scalar>) -> Void) {
  withUnsafeTemporaryAllocation(of: Scalar.self, capacity: count * blockLength) {
    guard let first = $0.baseAddress else { return }
    body(Planes(first: first, stride: blockLength))
  }
}

/// Calls `body` with the blocks of a range.
func forEachBlock(of range: Range<Int>, _ body: (Range<Int>) -> Void) {
  for at in stride(from: range.lowerBound, to: range.upperBound, by: blockLength) {
    body(at..<min(at + blockLength, range.upperBound))
  }
}

extension WeightParameterization {
  /// `p` of a block of `count` weights over `kinds` values; `scratch` has room for `kinds + 1` planes.
  func probabilities<Scalar: TensorScalar>(
    _ parameters: ParameterPlanes<Scalar>, _ p: Planes<Scalar>, kinds: Int, count: Int, scratch: Planes<Scalar>
  ) {
    switch self {
    case .logits: Logits.probabilities(parameters, p, kinds: kinds, count: count)
    case .hierarchical: Hierarchical.probabilities(parameters, p, kinds: kinds, count: count, scratch: scratch)
    case .zeroAnchored: ZeroAnchored.probabilities(parameters, p, kinds: kinds, count: count, scratch: scratch)
    }
  }

  /// The loss's gradient with respect to the parameters, from `p` and the centred `t_k = ∂L/∂p_k − Σ_j p_j ∂L/∂p_j`.
  func gradient<Scalar: TensorScalar>(
    _ p: Planes<Scalar>, _ t: Planes<Scalar>, _ gradient: Planes<Scalar>, kinds: Int, count: Int
  ) {
    switch self {
    case .logits: Logits.gradient(p, t, gradient, kinds: kinds, count: count)
    case .hierarchical: Hierarchical.gradient(p, t, gradient, kinds: kinds, count: count)
    case .zeroAnchored: ZeroAnchored.gradient(p, t, gradient, kinds: kinds, count: count)
    }
  }

  /// The parameters that give these probabilities, shape `(K, I, O)`, which may have a common factor.
  func parameters<Scalar: TensorScalar>(of probabilities: Tensor<Scalar>, on workers: Workers) -> Tensor<Scalar> {
    let logarithms = probabilities.applying(.log, on: workers)
    return switch self {
    case .logits: logarithms
    case .hierarchical: Hierarchical.parameters(of: probabilities, logarithms: logarithms, on: workers)
    case .zeroAnchored: ZeroAnchored.parameters(ofLogarithms: logarithms, on: workers)
    }
  }
}
