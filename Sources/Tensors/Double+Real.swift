import Kernels

extension Double: Real {
  public static func multiply(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Double>, _ lda: Int, _ b: UnsafePointer<Double>, _ ldb: Int,
    _ c: UnsafeMutablePointer<Double>, _ ldc: Int
  ) -> Bool {
    signet_matmul_double(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc)
  }

  public static func apply(
    _ function: ElementaryFunction, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    switch function {
    case .exp: signet_exp_double(x, y, count)
    case .log: signet_log_double(x, y, count)
    case .log1p: signet_log1p_double(x, y, count)
    case .erf: signet_erf_double(x, y, count)
    case .erfc: signet_erfc_double(x, y, count)
    case .tanh: signet_tanh_double(x, y, count)
    case .sinpi: signet_sinpi_double(x, y, count)
    case .cospi: signet_cospi_double(x, y, count)
    }
  }

  public var littleEndianBits: UInt64 { bitPattern }
  public static var byteWidth: Int { 8 }
}
