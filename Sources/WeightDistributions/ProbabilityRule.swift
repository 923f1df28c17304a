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
  let (count, last) = (weights.count, values.count - 1)
  let shape = [values.count] + weights.shape
  return weights.withUnsafePointer { weights in
    Tensor(shape) { p in
      device.forEachRange(of: count) {
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
