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
    let (kinds, count) = (logarithms.rows, logarithms.columns)
    let zero = kinds / 2
    let shape = [kinds - 1] + logarithms.shape.dropFirst()
    return logarithms.withUnsafePointer { logarithms in
      Tensor(shape) { parameters in
        device.forEachRange(of: count) {
          for k in 0..<kinds where k != zero {
            let plane = parameters + (k < zero ? k : k - 1) * count
            for i in $0 { plane[i] = logarithms[k * count + i] - logarithms[zero * count + i] }
          }
        }
      }
    }
  }
}
