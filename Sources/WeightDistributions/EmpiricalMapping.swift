import Tensors

/// Maps real weights by their empirical CDF, separately for each sign, so that every grid value gets its share:
///
///     w ≤ 0 ↦ c⁻ F⁻(w) − c⁻,    w > 0 ↦ c⁺ F⁺(w),
///
/// with `F⁻` the ECDF of the non-positive weights and `F⁺` that of the positive ones; ties share the upper value, so the
/// range is (0, 1]. `c⁻` and `c⁺` are the grid's `negativeWidth` and `positiveWidth`; in the paper's grids they are equal.
///
/// - Precondition: the weights are finite.
@specialized(where Scalar == Float)
package func mapByEmpiricalDistribution<Scalar: TensorScalar>(
  _ weights: Tensor<Scalar>, grid: WeightGrid, on device: Device
) -> Tensor<Scalar> {
  precondition(weights.isFinite, "mapByEmpiricalDistribution: a weight is not finite")
  let (negativeWidth, positiveWidth) = (Scalar(grid.negativeWidth), Scalar(grid.positiveWidth))
  let sorted = weights.scalars.sorted()
  let total = sorted.count
  let negatives = upperBound(of: 0, in: sorted)
  return weights.map(on: device) { w in
    let upper = upperBound(of: w, in: sorted)
    return w > 0
      ? positiveWidth * (Scalar(upper - negatives) / Scalar(total - negatives))
      : negativeWidth * (Scalar(upper) / Scalar(negatives)) - negativeWidth
  }
}

/// How many of the numbers, which are in ascending order, are at most `value`.
@specialized(where Scalar == Float)
private func upperBound<Scalar: TensorScalar>(of value: Scalar, in sorted: [Scalar]) -> Int {
  var (low, high) = (0, sorted.count)
  while low < high {
    let middle = (low + high) / 2
    if sorted[middle] <= value { low = middle + 1 } else { high = middle }
  }
  return low
}
