internal import Kernels
import WeightDistributions

/// A layer's discrete weights as planes of bits, with the outputs side by side (`signet_bit_product`).
struct PackedWeights: Sendable {
  /// A term of the grid's decomposition, with a bit for each weight.
  struct Term: Sendable {
    let factor: Int
    let signs: [UInt64]?
    let mask: [UInt64]?
  }

  /// `I`, the terms of one output.
  let inputs: Int
  /// `O`, and as many more as fill a block.
  let outputs: Int
  /// Words of one row of inputs.
  let words: Int
  let terms: [Term]
  /// `Σ_terms factor · popcount(mask)` of each output: the sum if every weight's sign met its own.
  let largest: [Int32]

  /// - Parameter row: which row of the weights belongs to each bit of the inputs.
  init(_ weights: DiscreteWeights, row: (Int) -> Int) {
    let (inputs, columns) = (weights.shape[0], weights.shape[1])
    let lanes = Int(SIGNET_BIT_LANES)
    let (outputs, words) = ((columns + lanes - 1) / lanes * lanes, (inputs + 63) / 64)
    (self.inputs, self.outputs, self.words) = (inputs, outputs, words)
    let rows = (0..<inputs).map { UInt32(row($0)) }
    func plane(_ bits: [Bool]) -> [UInt64] {
      [UInt64](unsafeUninitializedCapacity: outputs * words) { plane, count in
        signet_bit_pack(
          weights.indices, columns, rows, inputs, bits.map { $0 ? 1 : 0 }, plane.baseAddress)
        count = outputs * words
      }
    }
    var known: [[Bool]: [UInt64]] = [:]
    terms = GridPlanes(of: weights.grid).terms.map { term in
      let signs = term.signs.map { bits in
        let plane = known[bits] ?? plane(bits)
        known[bits] = plane
        return plane
      }
      return Term(factor: term.factor, signs: signs, mask: term.mask.map(plane))
    }
    let size = weights.grid.integers.indices.map { value in
      Int32(GridPlanes(of: weights.grid).terms.reduce(0) { $0 + ($1.mask?[value] ?? true ? $1.factor : 0) })
    }
    var largest = [Int32](repeating: 0, count: outputs)
    for i in 0..<inputs { for o in 0..<columns { largest[o] += size[Int(weights.indices[i * columns + o])] } }
    self.largest = largest
  }

  /// Where word `word` of output `output` lies in a plane.
  func at(_ output: Int, _ word: Int) -> Int {
    let lanes = Int(SIGNET_BIT_LANES)
    return (output / lanes * words + word) * lanes + output % lanes
  }

  /// Calls `body` with the terms as the kernel takes them.
  func withTerms<Result>(_ body: (UnsafeBufferPointer<signet_bit_term>) -> Result) -> Result {
    func add(_ index: Int, _ given: [signet_bit_term]) -> Result {
      guard index < terms.count else { return given.withUnsafeBufferPointer(body) }
      let term = terms[index]
      return (term.signs ?? []).withUnsafeBufferPointer { signs in
        (term.mask ?? []).withUnsafeBufferPointer { mask in
          // The kernel's counts are of what is −1: Σ w x = Σ factor · (popcount(mask) − 2 count).
          let next = signet_bit_term(
            signs: term.signs == nil ? nil : signs.baseAddress, mask: term.mask == nil ? nil : mask.baseAddress,
            factor: Int32(-2 * term.factor))
          return add(index + 1, given + [next])
        }
      }
    }
    return add(0, [])
  }
}
