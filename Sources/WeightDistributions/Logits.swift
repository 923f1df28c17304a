import Tensors

/// `p = softmax(ρ)`.
enum Logits {
  static func probabilities<Scalar: TensorScalar>(
    _ parameters: ParameterPlanes<Scalar>, _ p: Planes<Scalar>, kinds: Int, count: Int
  ) {
    Scalar.softmax(parameters.first, stride: parameters.stride, p.first, stride: p.stride, kinds: kinds, count: count)
  }

  /// `∂L/∂ρ_k = p_k t_k`.
  @specialized(where Scalar == Float)
  static func gradient<Scalar: TensorScalar>(
    _ p: Planes<Scalar>, _ t: Planes<Scalar>, _ gradient: Planes<Scalar>, kinds: Int, count: Int
  ) {
    for k in 0..<kinds {
      let (g, p, t) = (gradient[k], p[k], t[k])
      for i in 0..<count { g[i] = p[i] * t[i] }
    }
  }
}
