import Tensors

extension WeightParameterization {
  /// The parameters that give these probabilities, shape `(K, I, O)`, which may have a common factor.
  func parameters<Scalar: TensorScalar>(of probabilities: Tensor<Scalar>, on device: Device) -> Tensor<Scalar> {
    let logarithms = probabilities.applying(.log, on: device.processor)
    return switch self {
    case .logits: logarithms
    case .hierarchical: Hierarchical.parameters(of: probabilities, logarithms: logarithms, on: device)
    case .zeroAnchored: ZeroAnchored.parameters(ofLogarithms: logarithms, on: device)
    }
  }
}
