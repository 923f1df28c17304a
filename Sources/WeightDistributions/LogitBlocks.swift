import Tensors

// The formulas of a distribution over a grid, on blocks of weights small enough to stay in the nearest cache. Planes of
// `K` values lie `stride` apart. A sweep over a layer is these functions, one after the other, block by block: the
// memory is read once and written once.

/// Weights in a block: with three values, logits and gradients fill about 12 KB.
let blockLength = 512

/// Calls `body` with blocks of at most `blockLength` weights that cover `range`.
@inline(__always)
func forEachBlock(of range: Range<Int>, _ body: (Range<Int>) -> Void) {
  var start = range.lowerBound
  while start < range.upperBound {
    let end = min(start + blockLength, range.upperBound)
    body(start..<end)
    start = end
  }
}

/// `p_k = exp(ρ_k − max_j ρ_j) / Σ_j exp(ρ_j − max ρ)`, summed in ascending `j`.
/// - Precondition: `count ≤ blockLength`.
@specialized(where Scalar == Float)
func softmax<Scalar: Real>(
  _ logits: UnsafePointer<Scalar>, stride: Int, _ p: UnsafeMutablePointer<Scalar>, stride pStride: Int, kinds: Int,
  count: Int
) {
  withUnsafeTemporaryAllocation(of: Scalar.self, capacity: blockLength) {
    guard let row = $0.baseAddress else { return }
    for i in 0..<count { row[i] = logits[i] }
    for k in 1..<kinds {
      let plane = logits + k * stride
      for i in 0..<count { row[i] = plane[i] > row[i] ? plane[i] : row[i] }
    }
    for k in 0..<kinds {
      let (plane, out) = (logits + k * stride, p + k * pStride)
      for i in 0..<count { out[i] = plane[i] - row[i] }
      Scalar.apply(.exp, out, out, count)
    }
    for i in 0..<count { row[i] = p[i] }
    for k in 1..<kinds {
      let plane = p + k * pStride
      for i in 0..<count { row[i] += plane[i] }
    }
    for i in 0..<count { row[i] = 1 / row[i] }
    for k in 0..<kinds {
      let plane = p + k * pStride
      for i in 0..<count { plane[i] *= row[i] }
    }
  }
}

/// `μ = Σ p_k d_k` and `σ² = Σ p_k (d_k − μ)²`, both in ascending `k`.
@specialized(where Scalar == Float)
func moments<Scalar: Real>(
  _ p: UnsafePointer<Scalar>, stride: Int, values: [Scalar], mean: UnsafeMutablePointer<Scalar>,
  variance: UnsafeMutablePointer<Scalar>, count: Int
) {
  for i in 0..<count { mean[i] = p[i] * values[0] }
  for k in 1..<values.count {
    let (plane, value) = (p + k * stride, values[k])
    for i in 0..<count { mean[i] += plane[i] * value }
  }
  for i in 0..<count { variance[i] = 0 }
  for k in 0..<values.count {
    let (plane, value) = (p + k * stride, values[k])
    for i in 0..<count { variance[i] += plane[i] * ((value - mean[i]) * (value - mean[i])) }
  }
}

/// `∂L/∂ρ_k = p_k (∂L/∂μ · (d_k − μ) + ∂L/∂σ² · ((d_k − μ)² − σ²))`, written over `p`.
@specialized(where Scalar == Float)
func softmaxGradient<Scalar: Real>(
  _ p: UnsafeMutablePointer<Scalar>, stride: Int, values: [Scalar], mean: UnsafePointer<Scalar>,
  variance: UnsafePointer<Scalar>, dMean: UnsafePointer<Scalar>, dVariance: UnsafePointer<Scalar>, count: Int
) {
  for k in 0..<values.count {
    let (plane, value) = (p + k * stride, values[k])
    for i in 0..<count {
      let deviation = value - mean[i]
      plane[i] *= dMean[i] * deviation + dVariance[i] * (deviation * deviation - variance[i])
    }
  }
}

/// `ρ ← min(max(ρ, −limit), limit)`.
@specialized(where Scalar == Float)
func clip<Scalar: Real>(_ logits: UnsafeMutablePointer<Scalar>, to limit: Scalar, count: Int) {
  for i in 0..<count {
    let low = logits[i] < -limit ? -limit : logits[i]
    logits[i] = low > limit ? limit : low
  }
}
