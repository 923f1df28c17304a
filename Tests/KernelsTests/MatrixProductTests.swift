import Kernels
import Testing
import Verification

@Suite("The matrix product is one ascending chain of fused multiply-adds per output")
struct MatrixProductTests {
  private static let sizes = [0, 1, 2, 3, 5, 7, 13, 15, 17, 31, 33, 100, 129]

  /// Every pair (m, n) of the sizes, with k going through them all on the way: products, and the faults among them.
  private func checkSmall<Scalar: MatrixProductScalar>(
    _: Scalar.Type, transposed: Int
  ) -> (count: Int, faults: [String]) {
    var count = 0
    var faults: [String] = []
    for (row, m) in Self.sizes.enumerated() {
      for (column, n) in Self.sizes.enumerated() {
        let k = Self.sizes[(row + 2 * column + 3 * transposed) % Self.sizes.count]
        let product = MatrixProduct<Scalar>(
          m, n, k, transposed: transposed, padding: (row + column) % 4, offset: count % 5, seed: UInt64(count))
        product.fault().map { faults.append($0) }
        count += 1
      }
    }
    return (count, faults)
  }

  @Test("Float products of odd shapes, strides and alignments have the chain's bits", arguments: 0..<4)
  func smallFloat(transposed: Int) {
    let (count, faults) = checkSmall(Float.self, transposed: transposed)
    #expect(faults == [])
    #expect(count == 169)
  }

  @Test("Double products of odd shapes, strides and alignments have the chain's bits", arguments: 0..<4)
  func smallDouble(transposed: Int) {
    let (count, faults) = checkSmall(Double.self, transposed: transposed)
    #expect(faults == [])
    #expect(count == 169)
  }

  /// Each exceeds a block of the kernel: of the sum, of rows, of columns, of rows and columns, of rows and the sum.
  @Test(
    "Products larger than one block have the chain's bits",
    arguments: [[3, 35, 1700], [301, 9, 6], [2, 3200, 5], [285, 3200, 1], [283, 33, 801]], 0..<4)
  func blocks(shape: [Int], transposed: Int) {
    // The costly shape takes one transposition a type, the others all.
    let costly = shape.reduce(1, *) > 5_000_000
    if !costly || transposed == 1 {
      #expect(MatrixProduct<Float>(shape[0], shape[1], shape[2], transposed: transposed, padding: 1).fault() == nil)
    }
    if !costly || transposed == 2 {
      #expect(MatrixProduct<Double>(shape[0], shape[1], shape[2], transposed: transposed, padding: 1).fault() == nil)
    }
  }

  private func checkSpecial<Scalar: MatrixProductScalar>(_: Scalar.Type) {
    let values: [Scalar] = [
      0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
      .leastNormalMagnitude, -.leastNormalMagnitude.nextDown, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
      .ulpOfOne, (1 as Scalar).nextUp, (0.5 as Scalar).nextDown,
    ]
    for transposed in 0..<4 {
      // k = 1 and 2 pair every value with every other; more terms then mostly end in infinity or NaN.
      for k in [1, 2, 3, 17] {
        var product = MatrixProduct<Scalar>(31, 37, k, transposed: transposed, padding: 1)
        var random = TestNumbers(seed: UInt64(k))
        for i in product.a.storage.indices where !product.a.storage[i].isNaN {
          product.a.storage[i] = values[Int(random.bits() % UInt64(values.count))]
        }
        for i in product.b.storage.indices where !product.b.storage[i].isNaN {
          product.b.storage[i] = values[Int(random.bits() % UInt64(values.count))]
        }
        #expect(product.fault() == nil)
      }
    }
  }

  private func checkEnds<Scalar: MatrixProductScalar & BitwiseCopyable>(_: Scalar.Type, transposed: Int) throws {
    for (m, n, k) in [(1, 1, 1), (3, 5, 2), (15, 33, 7), (31, 9, 17), (17, 40, 70)] {
      let product = MatrixProduct<Scalar>(m, n, k, transposed: transposed, padding: 1)
      func needed(_ x: GuardedMatrix<Scalar>) -> ArraySlice<Scalar> {
        x.storage.prefix((x.rows - 1) * x.stride + x.columns)
      }
      var output: [Scalar]?
      try withNothingBehind(needed(product.a)) { a in
        try withNothingBehind(needed(product.b)) { b in
          output = product.output { x, _, _, c in Scalar.kernel(x, a, b, c) }?.storage
        }
      }
      let expected = product.output()?.storage
      #expect(output != nil && output == expected, "\(Scalar.self) \(m)x\(n)x\(k)")
    }
  }

  @Test("No operand is read behind its last element", arguments: 0..<4)
  func ends(transposed: Int) throws {
    try checkEnds(Float.self, transposed: transposed)
    try checkEnds(Double.self, transposed: transposed)
  }

  @Test("Infinities, NaN, signed zeros, overflow and subnormals follow IEEE 754")
  func special() {
    checkSpecial(Float.self)
    checkSpecial(Double.self)
  }

  @Test("Subnormal products and sums keep their full precision")
  func subnormal() {
    var product = MatrixProduct<Float>(20, 40, 30)
    for i in product.a.storage.indices { product.a.storage[i] *= 0x1p-66 }
    for i in product.b.storage.indices { product.b.storage[i] *= 0x1p-66 }
    #expect(product.fault() == nil)
    let output = product.output()
    #expect(output?.storage.prefix(20 * 40).allSatisfy { $0.isSubnormal } == true)
  }

  @Test("An empty sum is positive zero, and an empty C is left alone")
  func empty() {
    #expect(MatrixProduct<Float>(3, 5, 0, padding: 2).output()?.storage.filter { $0.bitPattern == 0 }.count == 15)
    #expect(MatrixProduct<Double>(0, 5, 4).fault() == nil)
    #expect(MatrixProduct<Double>(5, 0, 4, padding: 1).fault() == nil)
  }

  @Test("Blocks of C computed at the same time by different threads have the whole product's bits")
  func concurrent() async {
    let product = MatrixProduct<Float>(60, 90, 50)
    let whole = product.output()
    let parts = await withTaskGroup(of: (Int, [Float]).self) { group in
      for start in stride(from: 0, to: 60, by: 7) {
        group.addTask {
          let rows = min(7, 60 - start)
          var c = [Float](repeating: 0, count: rows * 90)
          let a = Array(product.a.storage[(start * 50)...])
          _ = signet_matmul_float(false, false, rows, 90, 50, a, 50, product.b.storage, 90, &c, 90)
          return (start, c)
        }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    let joined = parts.sorted { $0.key < $1.key }.flatMap(\.value)
    #expect(joined.map(\.bitPattern) == whole?.storage.prefix(60 * 90).map(\.bitPattern))
  }

  /// FNV-1a, 64 bits, over the outputs' bit patterns, low byte first.
  private func hash<Scalar: MatrixProductScalar>(
    _ product: MatrixProduct<Scalar>, _ bits: (Scalar) -> UInt64
  ) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for value in product.output()?.storage.prefix(product.m * product.n) ?? [] {
      for byte in 0..<MemoryLayout<Scalar>.size {
        hash = (hash ^ (bits(value) >> (8 * UInt64(byte)) & 0xff)) &* 0x100_0000_01b3
      }
    }
    return hash
  }

  // The expected hashes come from three plain loops in C around the C library's fmaf and fma, on the same operands.
  @Test("A larger product has the same bits in every variant, on every machine")
  func golden() {
    let variant = String(cString: signet_kernels_variant())
    #expect(hash(MatrixProduct<Float>(211, 307, 1000)) { UInt64($0.bitPattern) } == 0xc0f9_c198_3aa8_8553, "\(variant)")
    #expect(hash(MatrixProduct<Double>(211, 107, 500)) { $0.bitPattern } == 0x3f50_9592_ad2b_b700, "\(variant)")
  }
}

@Suite("The checker of matrix products rejects everything but the chain")
struct MatrixProductCheckerTests {
  private typealias Term = (_ sum: Float, _ a: Float, _ b: Float) -> Float

  /// Three plain loops, over the terms in `order`.
  private func multiply(order: @escaping (Int) -> [Int], _ term: @escaping Term) -> MatrixProduct<Float>.Multiply {
    { x, a, b, c in
      for i in 0..<x.m {
        for j in 0..<x.n {
          c[i * x.outputStride + j] = order(x.k).reduce(0) { sum, p in
            term(
              sum, x.transposeA ? a[p * x.a.stride + i] : a[i * x.a.stride + p],
              x.transposeB ? b[j * x.b.stride + p] : b[p * x.b.stride + j])
          }
        }
      }
      return true
    }
  }

  private let fused: Term = { $0.addingProduct($1, $2) }

  @Test("The chain itself is accepted in all four transpositions", arguments: 0..<4)
  func accepted(transposed: Int) {
    let product = MatrixProduct<Float>(9, 11, 13, transposed: transposed, padding: 1)
    #expect(product.fault(multiply(order: { Array(0..<$0) }, fused)) == nil)
  }

  @Test("Another order, unfused arithmetic, a missing term, a wrong stride, a stray write and a NaN are each rejected")
  func rejected() {
    let product = MatrixProduct<Float>(9, 11, 13, padding: 1)
    let ascending: (Int) -> [Int] = { Array(0..<$0) }
    #expect(product.fault(multiply(order: { (0..<$0).reversed() }, fused)) != nil)
    let evenThenOdd: (Int) -> [Int] = { Array(stride(from: 0, to: $0, by: 2)) + Array(stride(from: 1, to: $0, by: 2)) }
    #expect(product.fault(multiply(order: evenThenOdd, fused)) != nil)
    #expect(product.fault(multiply(order: ascending) { $0 + $1 * $2 }) != nil)
    #expect(product.fault(multiply(order: { Array(0..<($0 - 1)) }, fused)) != nil)
    #expect(product.fault(multiply(order: ascending) { -($0.addingProduct($1, $2)) }) != nil)
    #expect(product.fault { _, _, _, _ in false } != nil)
    #expect(product.fault { x, a, b, c in Float.kernel(x, a + 1, b, c) } != nil)
    #expect(
      product.fault { x, a, b, c in
        Float.kernel(x, a, b, c)
          && {
            c[x.n] = 0; return true
          }()
      } != nil)
    #expect(
      product.fault { x, a, b, c in
        Float.kernel(x, a, b, c)
          && {
            c[x.n - 1] = .nan; return true
          }()
      } != nil)
  }

  @Test("A negative zero where the chain gives a positive one is rejected")
  func signOfZero() {
    let product = MatrixProduct<Float>(2, 2, 0)
    #expect(product.fault() == nil)
    #expect(
      product.fault { x, a, b, c in
        Float.kernel(x, a, b, c)
          && {
            c[3] = -0.0; return true
          }()
      } != nil)
  }
}
