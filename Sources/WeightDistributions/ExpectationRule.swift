import Tensors

/// The *expectation* rule: `p`, shape `(K, I, O)`, for weights on the grid's scale, shape `(I, O)`.
///
/// Ternary (Shayer et al. 2018; `Method.md` §2), with `clip` to `[p_min, p_max]`:
///
///     p_0 = clip(p_max − (p_max − p_min) |w|),   p_{+|≠0} = clip(½ (1 + w / (1 − p_0)))
///
/// so that the mean is `w` where nothing is clipped. Quinary, **ours**: `p_0` falls to `p_min` at |w| = ½, beyond which the
/// outer values take over, with the same share `q` on both sides; `M` is the mean magnitude of a non-zero value:
///
///     p_0 = clip(p_max − (p_max − p_min) min(2|w|, 1)),   q = clip(2|w| − 1),   M = (1 + q) / 2
///     p_{+|≠0} = clip(½ (1 + w / ((1 − p_0) M)))
///
/// - Precondition: the grid is ternary or quinary.
@specialized(where Scalar == Float)
func expectationRule<Scalar: TensorScalar>(
  of weights: Tensor<Scalar>, grid: WeightGrid, on device: Device
) -> Tensor<Scalar> {
  let quinary = grid == .quinary
  let (low, high) = (Scalar(initialProbabilityMinimum), Scalar(initialProbabilityMaximum))
  func clip(_ p: Scalar) -> Scalar { min(max(p, low), high) }
  let scalars = weights.scalars
  return Tensor([grid.count] + weights.shape, on: device) { k, i in
    let (w, size) = (scalars[i], abs(scalars[i]))
    let zero = clip(high - (high - low) * (quinary ? min(2 * size, 1) : size))
    // A ternary weight has no inner values.
    let outer = quinary ? clip(2 * size - 1) : 1
    let positive = clip((1 + w / ((1 - zero) * ((1 + outer) / 2))) / 2)
    guard k != grid.count / 2 else { return zero }
    let ofSign = (1 - zero) * (k > grid.count / 2 ? positive : 1 - positive)
    return ofSign * (k == 0 || k == grid.count - 1 ? outer : 1 - outer)
  }
}
