import Tensors

/// The maximum of two independent Gaussians, for many pairs at once (Clark 1961, doi:10.1287/opre.9.2.145; `Method.md` §3).
///
/// With `a² = v₁ + v₂ + ε`, `ε = 1e-8`, `α = (m₁ − m₂)/a`, and `Φ, φ` the normal CDF and density at `α`, the paper has
///
///     m = m₁Φ + m₂(1 − Φ) + aφ,    v = (v₁ + m₁²)Φ + (v₂ + m₂²)(1 − Φ) + (m₁ + m₂)aφ − m² + ε
///
/// where `− m²` causes cancellation, so that rounding may leave a negative variance. **Ours** is equal but has no `m²`. Let
/// `t(α) = αΦ(α) + φ(α)`, so that `t(α) − t(−α) = α` and `m = m₂ + a t(α)`. Since `v` does not change when both means are
/// shifted alike, take `m₂ = 0`: then `m₁²Φ + m₁aφ − m² = a²(α t(α) − t(α)²) = −a² P` with `P = t(α) t(−α)`. With `s = |α|`,
/// `c = Φ(−s)`, `τ = t(−s) = φ − s c`, `P = τ (s + τ)`, and `Φ₁, Φ₂` the probabilities that the first and the second are the
/// greater, which are `1 − c` and `c` or `c` and `1 − c`:
///
///     m = max(m₁, m₂) + aτ,    v = v₁(Φ₁ − P) + v₂(Φ₂ − P) + ε(1 − P)
///
/// No term is negative: `c − P` is the variance of the greater of a constant and a Gaussian (take 0 and 1 for the variances), and
/// `1 − c ≥ c`. For this to hold after rounding, too, `τ` is kept at or above 0 and `P` at or below `c`; these limits take effect
/// only where `φ` is lost to rounding. `P` decreases with `s` from `1/2π`, so `v ≥ 0.84 ε`. From `s = 40` on, `c` and `φ` are 0
/// even in `Double`; limiting `α` to ±40 thus changes no result, and infinity is never multiplied by 0.
///
/// Gradients, with `g, h` those of `m, v`; `P' = dP/dα = ±(τ(1 − 2c) − s c)` with the sign of `α`, and `q = ∂v/∂α` at fixed `a`:
///
///     q = (v₁ − v₂)φ − a²P',            r = h q / a,      k = (gφ − r α) / 2a
///     ∂L/∂m₁ = gΦ₁ + r,                 ∂L/∂m₂ = gΦ₂ − r
///     ∂L/∂v₁ = k + h(Φ₁ − P),           ∂L/∂v₂ = k + h(Φ₂ − P)
///
/// NaN in gives NaN out.
struct GaussianPairs<Scalar: TensorScalar> {
  /// How many pairs are computed at a time, so that their numbers stay in the cache.
  static var capacity: Int { 128 }
  /// How many numbers of memory the pairs need.
  static var memory: Int { 8 * capacity }

  /// The constant that is added to variances.
  private static var epsilon: Scalar { 1e-8 }

  /// A single piece of memory, so that the compiler sees that its parts do not overlap.
  private let memory: UnsafeMutablePointer<Scalar>

  /// - Parameter memory: room for `GaussianPairs.memory` numbers.
  init(_ memory: UnsafeMutablePointer<Scalar>) { self.memory = memory }

  /// The pairs' means and variances, for the caller to fill; `gradient` replaces them by their gradients.
  var m1: UnsafeMutablePointer<Scalar> { memory }
  var v1: UnsafeMutablePointer<Scalar> { memory + Self.capacity }
  var m2: UnsafeMutablePointer<Scalar> { memory + 2 * Self.capacity }
  var v2: UnsafeMutablePointer<Scalar> { memory + 3 * Self.capacity }
  /// `a`, `α`, `2c` and `√2π φ`.
  private var root: UnsafeMutablePointer<Scalar> { memory + 4 * Self.capacity }
  private var alpha: UnsafeMutablePointer<Scalar> { memory + 5 * Self.capacity }
  private var tail: UnsafeMutablePointer<Scalar> { memory + 6 * Self.capacity }
  private var density: UnsafeMutablePointer<Scalar> { memory + 7 * Self.capacity }

  /// Computes `a`, `α`, `c` and `φ` of the first `count` pairs; `maximum` does so itself.
  @inline(__always)
  func prepare(_ count: Int) {
    for i in 0..<count { root[i] = v1[i] + v2[i] + Self.epsilon }
    Scalar.apply(.squareRoot, root, root, count)
    for i in 0..<count {
      let quotient = (m1[i] - m2[i]) / root[i]
      let below = quotient > 40 ? 40 : quotient
      let within = below < -40 ? -40 : below
      alpha[i] = within
      tail[i] = within.magnitude * Scalar(0.70710678118654752440)
      density[i] = within * within * -0.5
    }
    Scalar.apply(.erfc, tail, tail, count)
    Scalar.apply(.exp, density, density, count)
  }

  /// Writes `m` and `v` of the first `count` pairs.
  @inline(__always)
  func maximum(_ count: Int, mean: UnsafeMutablePointer<Scalar>, variance: UnsafeMutablePointer<Scalar>) {
    prepare(count)
    for i in 0..<count {
      let at = Terms(alpha: alpha[i], twiceTail: tail[i], scaledDensity: density[i])
      let (first, second) = (m1[i], m2[i])
      mean[i] = (at.alpha >= 0 ? first : second) + root[i] * at.tau
      variance[i] =
        v1[i] * (at.first - at.product) + v2[i] * (at.second - at.product) + Self.epsilon * (1 - at.product)
    }
  }

  /// Replaces the first `count` pairs' means and variances by their gradients, given those of `m` and `v`.
  /// Call `prepare` first.
  @inline(__always)
  func gradient(_ count: Int, mean: UnsafePointer<Scalar>, variance: UnsafePointer<Scalar>) {
    for i in 0..<count {
      let at = Terms(alpha: alpha[i], twiceTail: tail[i], scaledDensity: density[i])
      let (g, h, a) = (mean[i], variance[i], root[i])
      let slope = at.tau * (1 - 2 * at.c) - at.distance * at.c
      let signedSlope = at.alpha >= 0 ? slope : -slope
      let inverse = 1 / a
      let r = h * ((v1[i] - v2[i]) * at.density - a * a * signedSlope) * inverse
      let k = (g * at.density - r * at.alpha) * (inverse * 0.5)
      m1[i] = g * at.first + r
      m2[i] = g * at.second - r
      v1[i] = k + h * (at.first - at.product)
      v2[i] = k + h * (at.second - at.product)
    }
  }
}

/// The common terms of one pair's formulas.
private struct Terms<Scalar: TensorScalar> {
  let alpha, distance, c, density, tau, product: Scalar
  /// `Φ₁` and `Φ₂`.
  let first, second: Scalar

  @inline(__always)
  init(alpha: Scalar, twiceTail: Scalar, scaledDensity: Scalar) {
    self.alpha = alpha
    distance = alpha.magnitude
    c = twiceTail * 0.5
    density = scaledDensity * Scalar(0.39894228040143267794)
    let difference = density - distance * c
    tau = difference < 0 ? 0 : difference
    let product = tau * (distance + tau)
    self.product = product > c ? c : product
    let rest = 1 - c
    first = alpha >= 0 ? rest : c
    second = alpha >= 0 ? c : rest
  }
}
