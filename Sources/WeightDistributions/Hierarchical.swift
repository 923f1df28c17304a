import Tensors

/// Sigmoids that divide up the probability (Shayer et al. 2018, doi:10.48550/arXiv.1710.07739; `Method.md` §2).
///
/// Value 0 gets `s(a)`; of the rest, the positive values get `s(b)`. With five values, +1 gets `s(c)` of the positive part
/// and +½ the rest of it; −1 gets `s(d)` of the negative part and −½ the rest. The parameters are a, b or a, b, c, d.
enum Hierarchical {
  /// `a = log p_0 − log(P + N)`, `b = log P − log N`, `c = log p_{+1} − log p_{+½}`, `d = log p_{−1} − log p_{−½}`.
  @specialized(where Scalar == Float)
  static func parameters<Scalar: TensorScalar>(
    of probabilities: Tensor<Scalar>, logarithms: Tensor<Scalar>, on device: Device
  ) -> Tensor<Scalar> {
    let zero = probabilities.rows / 2
    func sum(_ values: Range<Int>, _ i: Int) -> Scalar { values.reduce(0) { $0 + probabilities[$1, i] } }
    func negative(_ i: Int) -> Scalar { sum(0..<zero, i) }
    func positive(_ i: Int) -> Scalar { sum(zero + 1..<probabilities.rows, i) }
    func logarithm(_ part: (Int) -> Scalar) -> Tensor<Scalar> {
      Tensor([1, probabilities.columns], on: device) { _, i in part(i) }.applying(.log, on: device.processor)
    }
    let (logNegative, logPositive) = (logarithm(negative), logarithm(positive))
    let logBoth = logarithm { negative($0) + positive($0) }
    return Tensor([probabilities.rows - 1] + probabilities.shape.dropFirst(), on: device) { parameter, i in
      switch parameter {
      case 0: logarithms[zero, i] - logBoth[0, i]
      case 1: logPositive[0, i] - logNegative[0, i]
      case 2: logarithms[4, i] - logarithms[3, i]
      default: logarithms[0, i] - logarithms[1, i]
      }
    }
  }
}
