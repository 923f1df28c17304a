import Kernels
import Verification

/// The operands of one bit product. Each array starts `offset` elements late, so that no alignment is taken for granted.
struct BitProduct {
  struct Term {
    var signs, mask: [UInt64]?
    var factor: Int32
  }

  static let lanes = Int(SIGNET_BIT_LANES)

  let rows, planes, outputs, words, offset: Int
  var x: [UInt64]
  var terms: [Term]
  var starts: [Int32]
  var startOf: [UInt32]?

  /// Random bits; `terms` says of each term whether it has signs and whether it has a mask.
  init(
    rows: Int, planes: Int = 1, outputs: Int, words: Int, terms: [(signs: Bool, mask: Bool)], offset: Int = 0,
    startRows: Int = 1, startOf: Bool = false, seed: UInt64 = 1
  ) {
    (self.rows, self.planes, self.outputs, self.words, self.offset) = (rows, planes, outputs, words, offset)
    var random = TestNumbers(seed: seed)
    func bits(_ count: Int) -> [UInt64] { (0..<offset + count).map { _ in random.bits() } }
    x = bits(rows * planes * words)
    self.terms = terms.enumerated().map { index, term in
      Term(
        signs: term.signs ? bits(outputs * words) : nil, mask: term.mask ? bits(outputs * words) : nil,
        factor: [-2, 3, 1, -6][index % 4])
    }
    starts = (0..<offset + startRows * outputs).map { _ in Int32(truncatingIfNeeded: random.bits()) >> 10 }
    if startOf { self.startOf = (0..<rows).map { _ in UInt32(random.bits() % UInt64(startRows)) } }
  }

  /// The sums by the kernel, between guards.
  func sums() -> [Int32] {
    var sums = [Int32](repeating: 12345, count: offset + rows * outputs + 40)
    func multiply(_ terms: [signet_bit_term]) {
      x.withUnsafeBufferPointer { x in
        starts.withUnsafeBufferPointer { starts in
          (startOf ?? []).withUnsafeBufferPointer { startOf in
            sums.withUnsafeMutableBufferPointer { sums in
              signet_bit_product(
                rows, planes, outputs, words, x.baseAddress! + offset, terms, terms.count,
                starts.baseAddress! + offset, self.startOf == nil ? nil : startOf.baseAddress,
                sums.baseAddress! + offset)
            }
          }
        }
      }
    }
    func add(_ index: Int, _ given: [signet_bit_term]) {
      guard index < terms.count else { return multiply(given) }
      let term = terms[index]
      (term.signs ?? []).withUnsafeBufferPointer { signs in
        (term.mask ?? []).withUnsafeBufferPointer { mask in
          let next = signet_bit_term(
            signs: term.signs == nil ? nil : signs.baseAddress! + offset,
            mask: term.mask == nil ? nil : mask.baseAddress! + offset, factor: term.factor)
          add(index + 1, given + [next])
        }
      }
    }
    add(0, [])
    return sums
  }

  /// The sums as BitProduct.h defines them.
  func definition() -> [Int32] {
    var sums = [Int32](repeating: 12345, count: offset + rows * outputs + 40)
    for r in 0..<rows {
      for o in 0..<outputs {
        var sum = starts[offset + Int(startOf?[r] ?? 0) * outputs + o]
        for term in terms {
          for plane in 0..<planes { sum += term.factor << Int32(plane) * count(term, r * planes + plane, o) }
        }
        sums[offset + r * outputs + o] = sum
      }
    }
    return sums
  }

  private func count(_ term: Term, _ row: Int, _ o: Int) -> Int32 {
    var count = 0
    for i in 0..<words {
      let at = offset + ((o / Self.lanes) * words + i) * Self.lanes + o % Self.lanes
      count += ((term.mask?[at] ?? ~0) & (x[offset + row * words + i] ^ (term.signs?[at] ?? 0))).nonzeroBitCount
    }
    return Int32(count)
  }

  /// What is wrong with the kernel's sums, or nil.
  func fault() -> String? {
    let (expected, actual) = (definition(), sums())
    guard let at = expected.indices.first(where: { expected[$0] != actual[$0] }) else { return nil }
    let (row, output) = (at - offset).quotientAndRemainder(dividingBy: outputs)
    return "\(rows) rows, \(planes) planes, \(outputs) outputs, \(words) words, \(terms.count) terms: "
      + "sums[\(row)][\(output)]: expected \(expected[at]), got \(actual[at])"
  }
}

/// Bit `i` of an array of words.
func bit(_ words: [UInt64], _ i: Int) -> Bool { words[i / 64] >> UInt64(i % 64) & 1 != 0 }
