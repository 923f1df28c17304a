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
    let (kinds, count, zero) = (probabilities.rows, probabilities.columns, probabilities.rows / 2)
    // log N, log P, log(P + N)
    let parts = probabilities.withUnsafePointer { p in
      Tensor<Scalar>([3, count]) { parts in
        device.forEachRange(of: count) {
          for i in $0 {
            var (negative, positive) = (p[i], p[(zero + 1) * count + i])
            for k in 1..<zero {
              negative += p[k * count + i]
              positive += p[(zero + 1 + k) * count + i]
            }
            parts[i] = negative
            parts[count + i] = positive
            parts[2 * count + i] = negative + positive
          }
        }
      }
    }.applying(.log, on: device)
    let shape = [kinds - 1] + probabilities.shape.dropFirst()
    return withUnsafePointers(logarithms, parts) { p, parts in
      Tensor(shape) { parameters in
        device.forEachRange(of: count) {
          for i in $0 {
            parameters[i] = p[zero * count + i] - parts[2 * count + i]
            parameters[count + i] = parts[count + i] - parts[i]
            guard kinds == 5 else { continue }
            parameters[2 * count + i] = p[4 * count + i] - p[3 * count + i]
            parameters[3 * count + i] = p[i] - p[count + i]
          }
        }
      }
    }
  }
}
