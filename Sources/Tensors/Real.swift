/// A floating-point type that networks compute in: `Float` for training, `Double` for verification.
///
/// The requirements are the kernels whose bits Signet promises. Everything above is written once, generic over `Real`.
public protocol Real: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// `c = op(a) · op(b)`, row-major: `c` is `m × n` with rows `ldc` apart, the inner length is `k`.
  ///
  /// Every output is the chain `acc ← fma(a[i,p], b[p,j], acc)` over ascending `p`, from 0.
  /// - Returns: false if there was no memory for the packed panels.
  static func multiply(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Self>, _ lda: Int, _ b: UnsafePointer<Self>, _ ldb: Int,
    _ c: UnsafeMutablePointer<Self>, _ ldc: Int) -> Bool

  /// `y[i] = f(x[i])`; `y` may be `x`.
  static func apply(
    _ function: ElementaryFunction, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>, _ count: Int)

  /// The bits, least significant first, as runs write and digest them.
  var littleEndianBits: UInt64 { get }
  static var byteWidth: Int { get }
}

/// The elementary functions of `Kernels`. In `Float` each is correctly rounded, in `Double` within 1 ulp.
public enum ElementaryFunction: String, CaseIterable, Sendable {
  case exp, log, log1p, erf, erfc, tanh, sinpi, cospi
}
