import Tensors

/// Adam (Kingma & Ba 2015, doi:10.48550/arXiv.1412.6980, algorithm 1), bias-corrected, with `λ θ²` added to the loss:
///
///     g ← g + 2λθ,  m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²
///     θ ← θ − α/(1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
///
/// The constants are literals or computed in Double, and rounded once to the precision of the parameters (**ours**; `Method.md` §4).
public struct Adam: Sendable {
  /// Decay of the first moment.
  public static let beta1 = 0.9
  /// `1 − β₁`, a literal: in binary, `1 − 0.9` is not the number nearest to 0.1.
  public static let complement1 = 0.1
  /// Decay of the second moment.
  public static let beta2 = 0.999
  /// `1 − β₂`, a literal: in binary, `1 − 0.999` is not the number nearest to 0.001.
  public static let complement2 = 0.001
  /// The constant that is added to the root of the second moment.
  public static let epsilon = 1e-8
}

extension AdamMoments {
  /// The update at time `t ≥ 1`.
  ///
  /// - Parameters:
  ///   - step: `α`.
  ///   - regularization: `λ`.
  package func update(step: Double, regularization: Double, time: Int) -> ParameterUpdate<Scalar> {
    let step = AdamStep<Scalar>(
      rate: Scalar(step / (1 - power(Adam.beta1, time))),
      correction: Scalar(1 / (1 - power(Adam.beta2, time)).squareRoot()), decay: Scalar(2 * regularization),
      beta1: Scalar(Adam.beta1), complement1: Scalar(Adam.complement1), beta2: Scalar(Adam.beta2),
      complement2: Scalar(Adam.complement2), epsilon: Scalar(Adam.epsilon))
    return ParameterUpdate(AdamUpdate(step: step, moments: self))
  }
}

/// `base` to a positive power by repeated squaring, which multiplies in an order that depends on the exponent alone.
func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, square, rest) = (1.0, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}
