import Kernels
import Verification

/// An element type of the matrix product, with its kernel.
protocol MatrixProductScalar: BinaryFloatingPoint, Sendable {
  static func random(_ bits: UInt64) -> Self
  static func kernel(
    _ x: MatrixProduct<Self>, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>,
    _ c: UnsafeMutablePointer<Self>
  ) -> Bool
}

extension Float: MatrixProductScalar {
  static func random(_ bits: UInt64) -> Float { Float(Int32(truncatingIfNeeded: bits)) * 0x1p-31 }

  static func kernel(
    _ x: MatrixProduct<Float>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) -> Bool {
    signet_matmul_float(
      x.transposeA, x.transposeB, x.m, x.n, x.k, a, x.a.stride, b, x.b.stride, c, x.outputStride)
  }
}

extension Double: MatrixProductScalar {
  static func random(_ bits: UInt64) -> Double { Double(Int64(bitPattern: bits)) * 0x1p-63 }

  static func kernel(
    _ x: MatrixProduct<Double>, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    _ c: UnsafeMutablePointer<Double>
  ) -> Bool {
    signet_matmul_double(
      x.transposeA, x.transposeB, x.m, x.n, x.k, a, x.a.stride, b, x.b.stride, c, x.outputStride)
  }
}

/// A row-major matrix inside a larger array, whose other elements hold a guard value.
struct GuardedMatrix<Scalar: MatrixProductScalar> {
  var storage: [Scalar]
  let rows, columns, stride, offset: Int

  init(rows: Int, columns: Int, padding: Int, offset: Int, guardValue: Scalar, fill: () -> Scalar) {
    self.rows = rows
    self.columns = columns
    self.stride = columns + padding
    self.offset = offset
    storage = Array(repeating: guardValue, count: offset + rows * stride + 40)
    for i in 0..<rows {
      for j in 0..<columns { storage[offset + i * stride + j] = fill() }
    }
  }
}

/// The operands of one product. What surrounds them in memory is NaN, so that using it would show.
struct MatrixProduct<Scalar: MatrixProductScalar> {
  /// Fills C, with rows `outputStride` apart, from A and B; false if it could not.
  typealias Multiply = (
    _ product: MatrixProduct, _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, _ c: UnsafeMutablePointer<Scalar>
  ) -> Bool

  let transposeA, transposeB: Bool
  let m, n, k: Int
  var a, b: GuardedMatrix<Scalar>
  let outputPadding, outputOffset: Int

  var outputStride: Int { n + outputPadding }

  /// Random operands; `padding` elements or more separate the rows, and each array starts `offset` elements late.
  init(_ m: Int, _ n: Int, _ k: Int, transposed: Int = 0, padding: Int = 0, offset: Int = 0, seed: UInt64 = 1) {
    self.m = m
    self.n = n
    self.k = k
    transposeA = transposed & 1 != 0
    transposeB = transposed & 2 != 0
    outputPadding = padding
    outputOffset = offset
    var random = TestNumbers(seed: seed)
    a = GuardedMatrix(
      rows: transposeA ? k : m, columns: transposeA ? m : k, padding: padding * 2, offset: offset, guardValue: .nan
    ) { .random(random.bits()) }
    b = GuardedMatrix(
      rows: transposeB ? n : k, columns: transposeB ? k : n, padding: padding * 3, offset: offset * 2, guardValue: .nan
    ) { .random(random.bits()) }
  }

  /// The output array, with its guards, after `multiply`; nil if that said false.
  func output(_ multiply: Multiply = Scalar.kernel) -> GuardedMatrix<Scalar>? {
    var c = GuardedMatrix<Scalar>(
      rows: m, columns: n, padding: outputPadding, offset: outputOffset, guardValue: 12345
    ) { -54321 }
    let done = a.storage.withUnsafeBufferPointer { a in
      b.storage.withUnsafeBufferPointer { b in
        c.storage.withUnsafeMutableBufferPointer { c in
          multiply(
            self, a.baseAddress! + self.a.offset, b.baseAddress! + self.b.offset, c.baseAddress! + outputOffset)
        }
      }
    }
    return done ? c : nil
  }

  /// The chain that defines output (i, j).
  func chain(_ i: Int, _ j: Int, _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>) -> Scalar {
    var sum: Scalar = 0
    var left = a + (transposeA ? i : i * self.a.stride), right = b + (transposeB ? j * self.b.stride : j)
    let leftStep = transposeA ? self.a.stride : 1, rightStep = transposeB ? 1 : self.b.stride
    var p = 0
    while p < k {
      sum.addProduct(left.pointee, right.pointee)
      left += leftStep
      right += rightStep
      p += 1
    }
    return sum
  }

  /// What is wrong with `multiply`, or nil: every output must have the chain's bits (any NaN where that is NaN), and
  /// every guard must be as it was.
  func fault(_ multiply: Multiply = Scalar.kernel) -> String? {
    let name = "\(Scalar.self) \(m)x\(n)x\(k), transpose A \(transposeA), transpose B \(transposeB)"
    guard let actual = output(multiply) else { return "\(name): no workspace" }
    let expected = output { _, a, b, c in
      for i in 0..<m {
        for j in 0..<n { c[i * outputStride + j] = chain(i, j, a, b) }
      }
      return true
    }!
    var index = 0
    while index < expected.storage.count {
      let expected = expected.storage[index], actual = actual.storage[index]
      if expected.isNaN ? !actual.isNaN : actual != expected || actual.sign != expected.sign {
        let (i, j) = (index - outputOffset).quotientAndRemainder(dividingBy: max(outputStride, 1))
        return "\(name): C[\(i)][\(j)]: expected \(expected), got \(actual)"
      }
      index += 1
    }
    return nil
  }
}
