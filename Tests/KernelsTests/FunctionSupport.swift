import Foundation
import Kernels
import Testing

/// One elementary function with its entry points into the module.
struct ElementaryFunction: Sendable, CustomTestStringConvertible {
  typealias OfArray<Scalar> = @Sendable (UnsafePointer<Scalar>?, UnsafeMutablePointer<Scalar>?, Int) -> Void

  let name: String
  let float: OfArray<Float>
  let accurate: OfArray<Float>
  let double: OfArray<Double>

  var testDescription: String { name }

  static let all = [
    ElementaryFunction("exp", signet_exp_float, signet_exp_float_accurate, signet_exp_double),
    ElementaryFunction("log", signet_log_float, signet_log_float_accurate, signet_log_double),
    ElementaryFunction("log1p", signet_log1p_float, signet_log1p_float_accurate, signet_log1p_double),
    ElementaryFunction("erf", signet_erf_float, signet_erf_float_accurate, signet_erf_double),
    ElementaryFunction("erfc", signet_erfc_float, signet_erfc_float_accurate, signet_erfc_double),
    ElementaryFunction("tanh", signet_tanh_float, signet_tanh_float_accurate, signet_tanh_double),
    ElementaryFunction("sinpi", signet_sinpi_float, signet_sinpi_float_accurate, signet_sinpi_double),
    ElementaryFunction("cospi", signet_cospi_float, signet_cospi_float_accurate, signet_cospi_double),
  ]

  init(
    _ name: String, _ float: @escaping OfArray<Float>, _ accurate: @escaping OfArray<Float>,
    _ double: @escaping OfArray<Double>
  ) {
    (self.name, self.float, self.accurate, self.double) = (name, float, accurate, double)
  }

  func callAsFunction(_ x: [Float]) -> [Float] { Self.apply(float, to: x) }
  func callAsFunction(_ x: [Double]) -> [Double] { Self.apply(double, to: x) }
  func accurately(_ x: [Float]) -> [Float] { Self.apply(accurate, to: x) }

  private static func apply<Scalar>(_ function: OfArray<Scalar>, to x: [Scalar]) -> [Scalar] {
    [Scalar](unsafeUninitializedCapacity: x.count) { y, count in
      function(x, y.baseAddress, x.count)
      count = x.count
    }
  }
}

/// A floating-point type by its bit patterns.
protocol BitPatterned: BinaryFloatingPoint {
  associatedtype Pattern: FixedWidthInteger & UnsignedInteger
  var bitPattern: Pattern { get }
  init(bitPattern: Pattern)
}
extension Float: BitPatterned {}
extension Double: BitPatterned {}

/// The first place where two arrays differ in a single bit, in words; nil if there is none.
func firstMismatch<Scalar: BitPatterned>(_ what: String, at x: [Scalar], expected: [Scalar], got: [Scalar]) -> String? {
  guard expected.count == got.count, x.count == got.count else {
    return "\(what): \(x.count) arguments, \(expected.count) expected, \(got.count) got"
  }
  let same = expected.withUnsafeBytes { a in
    got.withUnsafeBytes { b in
      guard let a = a.baseAddress, let b = b.baseAddress else { return true }
      return memcmp(a, b, expected.count * MemoryLayout<Scalar>.size) == 0
    }
  }
  if same { return nil }
  for i in x.indices where expected[i].bitPattern != got[i].bitPattern {
    return "\(what)[\(i)] at \(x[i]) (\(hexadecimal(x[i]))): expected \(expected[i]) (\(hexadecimal(expected[i]))), "
      + "got \(got[i]) (\(hexadecimal(got[i])))"
  }
  return nil
}

func hexadecimal<Scalar: BitPatterned>(_ x: Scalar) -> String {
  let digits = String(x.bitPattern, radix: 16)
  return "0x" + String(repeating: "0", count: Scalar.Pattern.bitWidth / 4 - digits.count) + digits
}
