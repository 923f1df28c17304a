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
  /// `Σ_i (Σ_terms factor · mask) − w` of each output: by how much the sum would be larger if no weight had a sign.
  let excess: [Int32]

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
    let grid = GridPlanes(of: weights.grid).terms
    terms = grid.map { term in
      let signs = term.signs.map { bits in
        let plane = known[bits] ?? plane(bits)
        known[bits] = plane
        return plane
      }
      return Term(factor: term.factor, signs: signs, mask: term.mask.map(plane))
    }
    let excesses = weights.grid.integers.enumerated().map { value, integer in
      Int32(grid.reduce(0) { $0 + ($1.mask?[value] ?? true ? $1.factor : 0) } - integer)
    }
    var excess = [Int32](repeating: 0, count: outputs)
    for i in 0..<inputs { for o in 0..<columns { excess[o] += excesses[Int(weights.indices[i * columns + o])] } }
    self.excess = excess
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
