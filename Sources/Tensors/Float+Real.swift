import Kernels

extension Float: Real {
  public static func multiply(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int,
    _ c: UnsafeMutablePointer<Float>, _ ldc: Int
  ) -> Bool {
    signet_matmul_float(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc)
  }

  public static func apply(
    _ function: ElementaryFunction, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    switch function {
    case .exp: signet_exp_float(x, y, count)
    case .log: signet_log_float(x, y, count)
    case .log1p: signet_log1p_float(x, y, count)
    case .erf: signet_erf_float(x, y, count)
    case .erfc: signet_erfc_float(x, y, count)
    case .tanh: signet_tanh_float(x, y, count)
    case .sinpi: signet_sinpi_float(x, y, count)
    case .cospi: signet_cospi_float(x, y, count)
    }
  }

  public var littleEndianBits: UInt64 { UInt64(bitPattern) }
  public static var byteWidth: Int { 4 }
}
