/// A floating-point type that networks compute in: `Float` for training, `Double` for verification.
///
/// The requirements are the kernels whose bits Signet guarantees. All code above them is generic over `TensorScalar`.
public protocol TensorScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// `c = op(a) · op(b)`, row-major: `c` is `m × n` with rows `ldc` apart, and the inner length is `k`.
  ///
  /// Every output is the chain `acc ← fma(a[i,p], b[p,j], acc)` over ascending `p`, from 0.
  /// - Returns: false if there was no memory for the packed panels.
  static func multiply(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Self>, _ lda: Int, _ b: UnsafePointer<Self>, _ ldb: Int,
    _ c: UnsafeMutablePointer<Self>, _ ldc: Int
  ) -> Bool

  /// `y[n,o,i,j] = Σ_{c,ky,kx} weights[(c,ky,kx),o] · x[n,c,i+ky−p,j+kx−p]`: see `Convolution`.
  /// - Returns: false if there was no memory for the padded images or the packed panels.
  static func convolve(
    _ shape: ConvolutionShape, _ x: UnsafePointer<Self>, _ weights: UnsafePointer<Self>,
    _ y: UnsafeMutablePointer<Self>
  ) -> Bool

  /// The rows `(c,ky,kx)` of `dWeights`, `dWeights[(c,ky,kx),o] = Σ_{n,i,j} x[n,c,i+ky−p,j+kx−p] · dy[n,o,i,j]`.
  /// - Returns: false if there was no memory for the padded images or the packed panels.
  static func convolveForWeights(
    _ shape: ConvolutionShape, rows: Range<Int>, _ x: UnsafePointer<Self>, _ dy: UnsafePointer<Self>,
    _ dWeights: UnsafeMutablePointer<Self>
  ) -> Bool

  /// `y[i] = f(x[i])`; `y` may be `x`.
  static func apply(
    _ function: ElementaryFunction, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>, _ count: Int)

  /// `count` numbers drawn from the words of Philox4x32-10 with this key, starting at the block at `counter`.
  static func draw(
    _ deviate: Deviate, key: SIMD2<UInt32>, from counter: SIMD4<UInt32>, _ y: UnsafeMutablePointer<Self>, _ count: Int)

  /// Writes elements of the outputs of a pass.
  static func run(_ pass: PassOperands<Self>, into outputs: [UnsafeMutablePointer<Self>?], elements: Range<Int>)

  /// Writes the sums over `rows` rows of each output of a pass, for some of the columns, in the fixed order.
  static func sum(
    _ pass: PassOperands<Self>, rows: Int, columns: Int, into sums: [UnsafeMutablePointer<Self>?], range: Range<Int>)

  /// Computes some windows of a window pass.
  static func run(_ pass: WindowOperands<Self>, windows: Range<Int>)

  /// `p` of some weights, in planes as far apart as those of their parameters.
  static func probabilities(of weights: WeightMemory<Self>, _ p: UnsafeMutablePointer<Self>, _ range: Range<Int>)

  /// Computes `μ = Σ p_k d_k` and `σ² = Σ p_k (d_k − μ)²` of some weights.
  static func renewMoments(of weights: WeightMemory<Self>, _ range: Range<Int>)

  /// `KL(p ‖ π)` of some weights.
  static func divergence(of weights: WeightMemory<Self>, _ divergence: UnsafeMutablePointer<Self>, _ range: Range<Int>)

  /// The gradient with respect to the parameters of some weights, given those with respect to their moments.
  static func gradient(
    of weights: WeightMemory<Self>, mean: UnsafePointer<Self>, variance: UnsafePointer<Self>,
    _ gradient: UnsafeMutablePointer<Self>, _ range: Range<Int>)

  /// A step of Adam with that gradient, the parameters' clipping to ± `limit`, and their new moments, in one pass.
  static func step(
    of weights: WeightMemory<Self>, mean: UnsafePointer<Self>, variance: UnsafePointer<Self>,
    _ step: AdamStep<Self>, _ first: UnsafeMutablePointer<Self>, _ second: UnsafeMutablePointer<Self>, limit: Self,
    _ range: Range<Int>)

  /// `θ ← max(min(θ, limit), −limit)`.
  static func clip(_ parameters: UnsafeMutablePointer<Self>, to limit: Self, count: Int)

  /// A step of Adam; see `AdamStep`.
  static func adam(
    _ parameters: UnsafeMutablePointer<Self>, _ gradients: UnsafePointer<Self>, _ first: UnsafeMutablePointer<Self>,
    _ second: UnsafeMutablePointer<Self>, count: Int, step: AdamStep<Self>)

  /// The number's bit pattern.
  var bits: UInt64 { get }
  /// The size of a number in bytes: 4 or 8.
  static var byteWidth: Int { get }
}

/// The elementary functions of `Kernels`. In `Float` each is correctly rounded, in `Double` within 1 ulp. (`squareRoot` is
/// the IEEE 754 function; it is here because Swift's own does not vectorise.)
public enum ElementaryFunction: String, CaseIterable, Sendable {
  case exp, log, log1p, erf, erfc, tanh, sinpi, cospi, squareRoot
}

/// What numbers are made of a stream's words. An element of `Float` takes one word, one of `Double` two.
public enum Deviate: Sendable {
  /// Uniform in (0, 1), symmetric about ½: `(2k + 1) / 2ᵖ`, with `p` the bits of the significand (24 or 53) and `k` the upper `p − 1`
  /// bits of the words. Each number `u` is exact, and so is `1 − u`.
  case uniform
  /// Standard logistic, `log(u / (1 − u))` of those uniform numbers.
  case logistic
  /// Standard normal by the Box–Muller transform: elements `2i` and `2i + 1` are `√(−2 log u) cos 2πw` and `√(−2 log u) sin 2πw` of
  /// uniform numbers `2i` and `2i + 1`, `u` and `w`.
  case normal
}

/// The constants of one step of Adam, each rounded once to `Scalar`; `complement1` is `1 − β₁` and `complement2` is `1 − β₂`:
///
///     g ← g + decay θ,  m ← β₁ m + complement1 g,  v ← β₂ v + complement2 g²
///     θ ← θ − rate · m / (√v · correction + ε)
///
/// The complements are separate constants, since in Float `1 − Float(0.999)` is less than 0.001, by a relative 1.3e-5.
public struct AdamStep<Scalar>: Sendable where Scalar: Sendable {
  /// The constants of the formula.
  public let rate, correction, decay, beta1, complement1, beta2, complement2, epsilon: Scalar

  /// A step with these constants.
  public init(
    rate: Scalar, correction: Scalar, decay: Scalar, beta1: Scalar, complement1: Scalar, beta2: Scalar,
    complement2: Scalar, epsilon: Scalar
  ) {
    self.rate = rate
    self.correction = correction
    self.decay = decay
    self.beta1 = beta1
    self.complement1 = complement1
    self.beta2 = beta2
    self.complement2 = complement2
    self.epsilon = epsilon
  }
}
