import Tensors

extension WeightParameterization {
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
