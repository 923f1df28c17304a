import Tensors

/// The *probability* rule: `p`, shape `(K, I, O)`, for weights on the grid's scale, shape `(I, O)`.
///
/// At `w = d_k` value `k` has `p_max` and each other value `p_min / (K − 1)`; between two neighbouring values their
/// probabilities change linearly; beyond the outer values all probabilities are constant.
@specialized(where Scalar == Float)
func probabilityRule<Scalar: TensorScalar>(
  of weights: Tensor<Scalar>, grid: WeightGrid, on device: Device
) -> Tensor<Scalar> {
  let values = grid.values.map { Scalar($0) }
  let high = Scalar(initialProbabilityMaximum)
  let low = Scalar(initialProbabilityMinimum) / Scalar(values.count - 1)
  let scalars = weights.scalars
  return Tensor([values.count] + weights.shape, on: device) { k, i in
    let w = scalars[i]
    let next = values.firstIndex { w < $0 } ?? values.count
    guard next > 0 && next < values.count else { return k == max(0, next - 1) ? high : low }
    let share = (w - values[next - 1]) / (values[next] - values[next - 1])
    if k == next { return low + (high - low) * share }
    return k == next - 1 ? high - (high - low) * share : low
  }
}
