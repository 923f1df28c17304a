import Kernels
import Testing
import Verification

/// The operands of one byte product, at a start that no alignment is taken for granted of.
private struct ByteProduct {
  static let (lanes, quad) = (Int(SIGNET_BYTE_LANES), Int(SIGNET_BYTE_DEPTH))

  let rows, outputs, depth, largest, offset: Int
  var x: [UInt8]
  var weights: [Int8]
  var starts: [Int32]
  var startOf: [UInt32]?

  /// Random numbers; `zeros` of 8 runs of inputs are 0 in all rows, so many of the others by chance.
  init(rows: Int, outputs: Int, depth: Int, largest: Int, zeros: Int = 0, offset: Int = 0, startOf: Bool = false) {
    (self.rows, self.outputs, self.depth, self.largest, self.offset) = (rows, outputs, depth, largest, offset)
    var random = TestNumbers(seed: UInt64(rows + outputs + depth + largest))
    let black = (0..<depth / 4 + 1).map { _ in Int(random.bits() >> 8 % 8) < zeros }
    x = (0..<offset + rows * depth).map { at in
      let bits = random.bits()
      if at >= offset, black[(at - offset) % depth / 4] || Int(bits >> 8 % 16) < zeros { return 0 }
      return bits % 4 == 0 ? 255 : UInt8(truncatingIfNeeded: bits >> 20)
    }
    let size = (outputs + Self.lanes - 1) / Self.lanes * Self.lanes * depth
    weights = (0..<offset + size).map { _ in
      let bits = random.bits()
      return Int8(bits % 4 == 0 ? largest : bits % 4 == 1 ? -largest : Int(bits >> 8) % (2 * largest + 1) - largest)
    }
    starts = (0..<offset + 3 * outputs).map { _ in Int32(truncatingIfNeeded: random.bits()) >> 8 }
    if startOf { self.startOf = (0..<rows).map { _ in UInt32(random.bits() % 3) } }
  }

  /// The sums by the kernel, between guards.
  func sums() -> [Int32] {
    var sums = [Int32](repeating: 12345, count: offset + rows * outputs + 40)
    x.withUnsafeBufferPointer { x in
      weights.withUnsafeBufferPointer { weights in
        starts.withUnsafeBufferPointer { starts in
          (startOf ?? []).withUnsafeBufferPointer { startOf in
            sums.withUnsafeMutableBufferPointer { sums in
              signet_byte_product(
                rows, outputs, depth, x.baseAddress! + offset, weights.baseAddress! + offset, Int32(largest),
                starts.baseAddress! + offset, self.startOf == nil ? nil : startOf.baseAddress,
                sums.baseAddress! + offset)
            }
          }
        }
      }
    }
    return sums
  }

  /// The sums as ByteProduct.h defines them.
  func definition() -> [Int32] {
    var sums = [Int32](repeating: 12345, count: offset + rows * outputs + 40)
    for r in 0..<rows {
      for o in 0..<outputs {
        var sum = 0
        for i in 0..<depth {
          let block = (o / Self.lanes * depth / Self.quad + i / Self.quad) * Self.lanes
          sum +=
            Int(x[offset + r * depth + i]) * Int(weights[offset + (block + o % Self.lanes) * Self.quad + i % Self.quad])
        }
        sums[offset + r * outputs + o] = starts[offset + Int(startOf?[r] ?? 0) * outputs + o] + Int32(2 * sum)
      }
    }
    return sums
  }
}

@Suite("The byte product is its definition in plain integers")
struct ByteProductTests {
  @Test("Products of every number of rows up to two tiles, and of outputs", arguments: [0, 3, 8])
  func shapes(zeros: Int) {
    for rows in 0...17 {
      for outputs in stride(from: 8, through: 72, by: 8) {
        let product = ByteProduct(
          rows: rows, outputs: outputs, depth: 8 * (1 + (rows + outputs) % 40), largest: 1 + (rows * 7 + outputs) % 64,
          zeros: zeros, offset: rows % 4, startOf: outputs % 16 == 0)
        #expect(product.sums() == product.definition())
      }
    }
  }

  @Test("Weights of every size do not overflow a partial sum", arguments: [1, 2, 3, 21, 63, 64])
  func sizes(largest: Int) {
    var product = ByteProduct(rows: 13, outputs: 40, depth: 1024, largest: largest)
    product.x = product.x.map { _ in 255 }
    // Neighboring outputs have the largest sums of both signs.
    product.weights = product.weights.indices.map { Int8($0 / 4 % 2 == 0 ? largest : -largest) }
    #expect(product.sums() == product.definition())
  }

  @Test("More rows, and longer ones, than a kernel takes at a time")
  func long() {
    for (rows, depth) in [(128, 8), (129, 16), (300, 72), (9, 16_384), (3, 16_392), (2, 40_000)] {
      let product = ByteProduct(rows: rows, outputs: 24, depth: depth, largest: 3, zeros: 2, startOf: true)
      #expect(product.sums() == product.definition())
    }
  }

  @Test("A single input that is not 0 is found wherever it lies")
  func single() {
    for at in stride(from: 0, to: 520, by: 7) {
      var product = ByteProduct(rows: 8, outputs: 16, depth: 520, largest: 5)
      product.x = product.x.map { _ in 0 }
      product.x[at % 8 * 520 + at] = 1
      #expect(product.sums() == product.definition())
    }
  }

  @Test("Patches are the bytes under the kernel")
  func patches() {
    var random = TestNumbers(seed: 9)
    for (rows, channels, kernel) in [(1, 1, 1), (5, 3, 3), (9, 2, 5), (4, 4, 2)] {
      let (width, height) = (rows + kernel + 2, kernel + 1)
      let (area, depth) = (width * height, (channels * kernel * kernel + 7) / 8 * 8)
      let image = (0..<channels * area).map { _ in UInt8(truncatingIfNeeded: random.bits()) }
      var patches = [UInt8](repeating: 77, count: rows * depth + 3)
      signet_byte_patches(rows, image, channels, area, width, kernel, depth, &patches)

      var expected = [UInt8](repeating: 0, count: rows * depth) + [77, 77, 77]
      for r in 0..<rows {
        for c in 0..<channels {
          for y in 0..<kernel {
            for x in 0..<kernel {
              expected[r * depth + (c * kernel + y) * kernel + x] = image[c * area + y * width + r + x]
            }
          }
        }
      }
      #expect(patches.elementsEqual(expected))
    }
  }
}
