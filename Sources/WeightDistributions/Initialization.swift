import Tensors

// From real weights to distributions over a grid (`method.md` §2).

/// Maps real weights by their empirical CDF, apart for each sign, so that every grid value gets its share:
///
///     w ≤ 0 ↦ c F⁻(w) − c,    w > 0 ↦ c F⁺(w),
///
/// with `F⁻` the ECDF of the non-positive weights and `F⁺` that of the positive ones; ties share the upper value, so the
/// range is (0, 1]. `c` is the grid's `initializationWidth`.
///
/// - Precondition: the weights are finite.
@specialized(where Scalar == Float)
public func mapByEmpiricalDistribution<Scalar: Real>(
  _ weights: Tensor<Scalar>, grid: WeightGrid, on workers: Workers
) -> Tensor<Scalar> {
  precondition(weights.scalars.allSatisfy { $0.isFinite }, "mapByEmpiricalDistribution: a weight is not finite")
  let width = Scalar(grid.initializationWidth)
  let sorted = weights.scalars.sorted()
  let total = sorted.count
  let negatives = sorted.withUnsafeBufferPointer { upperBound(of: 0, in: $0) }
  return sorted.withUnsafeBufferPointer { sorted in
    weights.map(on: workers) { w in
      let upper = upperBound(of: w, in: sorted)
      return w > 0
        ? width * (Scalar(upper - negatives) / Scalar(total - negatives))
        : width * (Scalar(upper) / Scalar(negatives)) - width
    }
  }
}

/// How many of the ascending numbers are at most `value`.
@specialized(where Scalar == Float)
private func upperBound<Scalar: Real>(of value: Scalar, in sorted: UnsafeBufferPointer<Scalar>) -> Int {
  var (low, high) = (0, sorted.count)
  while low < high {
    let middle = (low + high) / 2
    if sorted[middle] <= value { low = middle + 1 } else { high = middle }
  }
  return low
}

/// Bounds of the probabilities that an initialization gives: 0.95 and 0.05.
public let initialProbabilityMaximum = 0.95
public let initialProbabilityMinimum = 0.05

extension WeightDistribution {
  /// The *probability* rule: at `w = d_k` value `k` has `p_max` and each other `p_min / (K − 1)`; between neighbours
  /// their two probabilities change linearly; beyond the ends they stay. `ρ = log p`.
  ///
  /// - Parameter weights: real weights on the grid's scale, shape `(I, O)`.
  public init(grid: WeightGrid, fromMapped weights: Tensor<Scalar>, on workers: Workers) {
    let probabilities = initialProbabilities(of: weights, grid: grid, on: workers)
    self.init(grid: grid, logits: probabilities.applying(.log, on: workers), on: workers)
  }

  /// From the weights of a trained real network: the mapping by the empirical CDF, then the probability rule.
  public init(grid: WeightGrid, fromReal weights: Tensor<Scalar>, on workers: Workers) {
    self.init(grid: grid, fromMapped: mapByEmpiricalDistribution(weights, grid: grid, on: workers), on: workers)
  }
}

/// The probability rule: `p`, shape `(K, I, O)`, of weights of shape `(I, O)`.
@specialized(where Scalar == Float)
func initialProbabilities<Scalar: Real>(
  of weights: Tensor<Scalar>, grid: WeightGrid, on workers: Workers
) -> Tensor<Scalar> {
  let values = grid.values.map { Scalar($0) }
  let high = Scalar(initialProbabilityMaximum)
  let low = Scalar(initialProbabilityMinimum) / Scalar(values.count - 1)
  let (count, last) = (weights.count, values.count - 1)
  let shape = [values.count] + weights.shape
  return weights.withUnsafePointer { weights in
    Tensor(shape) { p in
      workers.forEachRange(of: count) {
        for i in $0 {
          let w = weights[i]
          for k in 0...last { p[k * count + i] = low }
          let next = values.firstIndex { w < $0 } ?? last + 1
          guard next > 0 && next <= last else {
            p[max(0, next - 1) * count + i] = high
            continue
          }
          let share = (w - values[next - 1]) / (values[next] - values[next - 1])
          p[next * count + i] = low + (high - low) * share
          p[(next - 1) * count + i] = high - (high - low) * share
        }
      }
    }
  }
}
