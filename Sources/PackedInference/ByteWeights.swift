internal import Kernels
import WeightDistributions

/// The discrete weights of a layer that reads pixels, a byte each, with the outputs side by side (`signet_byte_product`).
struct ByteWeights: Sendable {
  /// Bytes of a row of inputs: `I`, and as many more as fill words of 64 bits.
  let depth: Int
  /// The largest size of a weight.
  let largest: Int
  let weights: [Int8]
  /// What the sums begin with, for each kind of border and output: of `Σ w (2p − M) = −M Σ w + 2 Σ w p` the first part. What lies
  /// outside the image has no part in either.
  let starts: [Int32]

  /// - Parameter sums: of the weights that lie within the image, for each kind of border and output.
  /// - Returns: nil if a weight is too large for the product.
  init?(_ discrete: DiscreteWeights, pixelMaximum: Int, sums: [[Int32]]) {
    let integers = discrete.grid.integers
    let largest = integers.map(abs).max() ?? 0
    guard largest <= Int(SIGNET_BYTE_LARGEST) else { return nil }
    let (inputs, outputs) = (discrete.shape[0], discrete.shape[1])
    let (lanes, quad) = (Int(SIGNET_BYTE_LANES), Int(SIGNET_BYTE_DEPTH))
    let depth = (inputs + 7) / 8 * 8
    var weights = [Int8](repeating: 0, count: (outputs + lanes - 1) / lanes * lanes * depth)
    let values = integers.map { Int8($0) }
    weights.withUnsafeMutableBufferPointer { weights in
      discrete.indices.withUnsafeBufferPointer { indices in
        for i in 0..<inputs {
          for o in 0..<outputs {
            let at = ((o / lanes * depth / quad + i / quad) * lanes + o % lanes) * quad + i % quad
            weights[at] = values[Int(indices[i * outputs + o])]
          }
        }
      }
    }
    (self.depth, self.largest, self.weights) = (depth, largest, weights)
    // The kernels of bits and of bytes take outputs in blocks of one size.
    let padding = [Int32](repeating: 0, count: (outputs + 7) / 8 * 8 - outputs)
    starts = sums.flatMap { $0.map { -Int32(pixelMaximum) * $0 } + padding }
  }
}
