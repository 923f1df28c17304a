import Tensors

/// `p = softmax(ρ)` with the logit of value 0 fixed at 0: the parameters are the other values' logits, in ascending order.
///
/// Value 0 is the middle one of the supported grids.
enum ZeroAnchored {
  /// `ρ_k = log p_k − log p_0`.
  @specialized(where Scalar == Float)
  static func parameters<Scalar: TensorScalar>(
    ofLogarithms logarithms: Tensor<Scalar>, on device: Device
  ) -> Tensor<Scalar> {
    let zero = logarithms.rows / 2
    return Tensor([logarithms.rows - 1] + logarithms.shape.dropFirst(), on: device) { k, i in
      logarithms[k < zero ? k : k + 1, i] - logarithms[zero, i]
    }
  }
}
