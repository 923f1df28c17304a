import Kernels
import Testing
import Verification

@Suite("The kernels of packed inference are their definitions in plain integers")
struct BitProductTests {
  /// Which planes of bits the terms of a product have.
  struct Kind: CustomTestStringConvertible {
    let testDescription: String
    let terms: [(signs: Bool, mask: Bool)]

    static let all = [
      Kind(testDescription: "signs and mask", terms: [(true, true)]),
      Kind(testDescription: "signs", terms: [(true, false)]),
      Kind(testDescription: "mask", terms: [(false, true)]),
      Kind(testDescription: "four terms", terms: [(false, true), (true, true), (true, false), (true, true)]),
    ]
  }

  private static let rows = Array(1...13) + [31, 32, 33, 64, 100]

  // MARK: - Products

  @Test("Products of every small shape", arguments: Kind.all, [1, 5, 8])
  func product(kind: Kind, planes: Int) {
    var count = 0
    var faults: [String] = []
    for words in Array(1...5) + [40] {
      for rows in Self.rows {
        let outputs = 8 * (1 + (count + words) % 9)
        let product = BitProduct(
          rows: rows, planes: planes, outputs: outputs, words: words, terms: kind.terms, offset: count % 4,
          startRows: 1 + count % 3, startOf: count % 2 == 0, seed: UInt64(count))
        product.fault().map { faults.append($0) }
        count += 1
      }
    }
    #expect(faults == [])
    #expect(count == 108)
  }

  @Test("Products of every number of outputs", arguments: Kind.all)
  func outputs(kind: Kind) {
    for outputs in stride(from: 8, through: 136, by: 8) {
      for rows in [1, 3, 32, 37] {
        let product = BitProduct(rows: rows, outputs: outputs, words: 3, terms: kind.terms)
        #expect(product.fault() == nil)
      }
    }
  }

  @Test("Products of long rows, and of more rows than a kernel takes at a time")
  func long() {
    for words in [63, 64, 65, 131] {
      for rows in [47, 48, 100, 130] {
        let product = BitProduct(
          rows: rows, outputs: 16, words: words, terms: [(true, true), (true, false)], startRows: 2, startOf: true)
        #expect(product.fault() == nil)
      }
    }
    #expect(BitProduct(rows: 60, planes: 5, outputs: 24, words: 70, terms: [(true, true)]).fault() == nil)
  }

  @Test("A product reads nothing behind its rows", arguments: [1, 5, 31, 33, 47, 64])
  func end(rows: Int) throws {
    let product = BitProduct(rows: rows, outputs: 8, words: 3, terms: [(true, false)])
    let signs = try #require(product.terms[0].signs)
    try withNothingBehind(product.x) { x in
      try withNothingBehind(signs) { signs in
        var sums = [Int32](repeating: 0, count: rows * 8)
        let term = signet_bit_term(signs: signs, mask: nil, factor: product.terms[0].factor)
        signet_bit_product(rows, 1, 8, 3, x, [term], 1, product.starts, nil, &sums)
        #expect(sums == Array(product.definition().prefix(rows * 8)))
      }
    }
  }

  @Test("The largest and the smallest counts of long rows", arguments: Kind.all, [1, 33, 64])
  func extremes(kind: Kind, rows: Int) {
    for words in [1, 2, 3, 15, 16, 17, 31, 32, 33, 40, 300] {
      for different in [false, true] {
        var product = BitProduct(rows: rows, outputs: 40, words: words, terms: kind.terms)
        // Two kinds of rows and four of outputs: the counts are 0 or all, and next to each other.
        for i in product.x.indices { product.x[i] = (i / words) % 2 == 0 ? 0 : ~0 }
        for (index, term) in product.terms.enumerated() {
          product.terms[index].signs = term.signs.map { $0.indices.map { $0 % 2 == (different ? 1 : 0) ? 0 : ~0 } }
          product.terms[index].mask = term.mask.map { $0.indices.map { $0 % 4 < 3 ? ~0 : 0 } }
        }
        #expect(product.fault() == nil)
      }
    }
  }

  @Test("A product without rows or words is its starts")
  func empty() {
    #expect(BitProduct(rows: 0, outputs: 16, words: 3, terms: [(true, true)]).fault() == nil)
    #expect(BitProduct(rows: 40, outputs: 16, words: 0, terms: [(true, true)]).fault() == nil)
    #expect(BitProduct(rows: 40, outputs: 0, words: 3, terms: [(true, true)]).fault() == nil)
  }

  // MARK: - Signs

  @Test("Signs of sums, with thresholds and flips")
  func signs() {
    let special: [Int32] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]
    for outputs in stride(from: 8, through: 200, by: 8) {
      for rows in [1, 2, 5] {
        var random = TestNumbers(seed: UInt64(outputs))
        func number() -> Int32 {
          let bits = random.bits()
          return bits % 3 == 0 ? special[Int(bits >> 8) % 7] : Int32(bits >> 8 & 15) - 8
        }
        let words = (outputs + 63) / 64
        let sums = (0..<rows * outputs).map { _ in number() }, thresholds = (0..<outputs).map { _ in number() }
        var flips = [UInt64](repeating: 0, count: words)
        for o in 0..<outputs where random.bits() % 2 == 0 { flips[o / 64] |= 1 << (o % 64) }
        var bits = [UInt64](repeating: 12345, count: rows * words + 1)
        signet_bit_signs(rows, outputs, sums, thresholds, flips, &bits)

        var expected = [UInt64](repeating: 0, count: rows * words) + [12345]
        for r in 0..<rows {
          for o in 0..<outputs where (sums[r * outputs + o] < thresholds[o]) != bit(flips, o) {
            expected[r * words + o / 64] |= 1 << (o % 64)
          }
        }
        #expect(bits.elementsEqual(expected))
      }
    }
  }

  // MARK: - Planes of bytes

  @Test("Planes of 1 to 200 bytes, of which none behind the last is read", arguments: [1, 5, 8])
  func planes(planes: Int) throws {
    var random = TestNumbers(seed: 3)
    let bytes = (0..<200).map { _ in UInt8(truncatingIfNeeded: random.bits()) }
    for count in 1...200 {
      let words = (count + 63) / 64 + count % 2
      var bits = [UInt64](repeating: 12345, count: planes * words + 1)
      try withNothingBehind(bytes.prefix(count)) { signet_bit_planes($0, count, planes, words, &bits) }

      var expected = [UInt64](repeating: 0, count: planes * words) + [12345]
      for b in 0..<planes {
        for i in 0..<count where bytes[i] >> UInt8(b) & 1 == 0 { expected[b * words + i / 64] |= 1 << (i % 64) }
      }
      #expect(bits.elementsEqual(expected))
    }
  }

  // MARK: - Moving bits

  @Test("Patches of random geometry")
  func patches() {
    var random = TestNumbers(seed: 4)
    func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(random.bits() % UInt64(range.count)) }
    for _ in 0..<500 {
      let (rows, first, step) = (number(1...9), number(0...130), number(0...200))
      let (runs, runBits, runStride) = (number(1...7), number(1...200), number(0...300))
      let words = (runs * runBits + 63) / 64 + number(0...1), stride = words + number(0...2)
      let mapBits = first + (rows - 1) * step + (runs - 1) * runStride + runBits
      let map = (0..<(mapBits + 63) / 64).map { _ in random.bits() }
      var patches = [UInt64](repeating: 12345, count: rows * stride)
      signet_bit_patches(rows, map, first, step, runs, runBits, runStride, words, &patches, stride)

      var expected = [UInt64](repeating: 12345, count: rows * stride)
      for r in 0..<rows {
        for w in 0..<words { expected[r * stride + w] = 0 }
        for i in 0..<runs * runBits where bit(map, first + r * step + i / runBits * runStride + i % runBits) {
          expected[r * stride + i / 64] |= 1 << (i % 64)
        }
      }
      #expect(patches.elementsEqual(expected))
    }
  }

  @Test("Rows put into a map at random places")
  func places() {
    var random = TestNumbers(seed: 5)
    func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(random.bits() % UInt64(range.count)) }
    for _ in 0..<500 {
      let (rows, count, first) = (number(1...9), number(1...200), number(0...130))
      let words = (count + 63) / 64
      var bits = (0..<rows * words).map { _ in random.bits() }
      if count % 64 != 0 { for r in 1...rows { bits[r * words - 1] &= 1 << (count % 64) - 1 } }
      let end = first + rows * count
      // What surrounds the place is kept.
      let before = (0..<(end + 63) / 64 + 1).map { _ in random.bits() }
      var map = before
      for i in first..<end { map[i / 64] &= ~(1 << (i % 64)) }
      signet_bit_places(rows, count, bits, &map, first)

      for i in 0..<map.count * 64 {
        let (r, place) = i < first ? (0, 0) : (i - first).quotientAndRemainder(dividingBy: count)
        let expected = i < first || i >= end ? bit(before, i) : bit(bits, r * words * 64 + place)
        if bit(map, i) != expected {
          Issue.record("\(rows) rows of \(count) bits from \(first): bit \(i): expected \(expected)")
          return
        }
      }
    }
  }
}
