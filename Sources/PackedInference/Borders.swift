import Tensors
import WeightDistributions

/// The kinds of border that the pixels of a convolution's output may be near: which part of the kernel lies within the image.
struct Borders {
  /// The rows and columns of the kernel that lie within the image.
  struct Kind: Hashable {
    let rows, columns: Range<Int>

    /// The sums of the weights there, one for each output.
    func sums(of weights: DiscreteWeights, kernel: Int) -> [Int32] {
      let (channels, outputs) = (weights.shape[0] / (kernel * kernel), weights.shape[1])
      let integers = weights.grid.integers.map { Int32($0) }
      var sums = [Int32](repeating: 0, count: outputs)
      for c in 0..<channels {
        for y in rows {
          for x in columns {
            let row = ((c * kernel + y) * kernel + x) * outputs
            for o in 0..<outputs { sums[o] += integers[Int(weights.indices[row + o])] }
          }
        }
      }
      return sums
    }
  }

  let kinds: [Kind]
  /// The kind of each pixel of the output, row by row.
  let kindOf: [UInt32]

  init(_ convolution: Convolution, height: Int, width: Int) {
    let (k, p) = (convolution.kernel, convolution.padding)
    func within(_ length: Int) -> [Range<Int>] {
      (0..<length + 2 * p - k + 1).map { max(0, p - $0)..<min(k, length + p - $0) }
    }
    var numbers: [Kind: UInt32] = [:]
    var (kinds, kindOf): ([Kind], [UInt32]) = ([], [])
    for rows in within(height) {
      for columns in within(width) {
        let kind = Kind(rows: rows, columns: columns)
        if numbers[kind] == nil {
          numbers[kind] = UInt32(kinds.count)
          kinds.append(kind)
        }
        kindOf.append(numbers[kind] ?? 0)
      }
    }
    (self.kinds, self.kindOf) = (kinds, kindOf)
  }
}
