import Tensors

/// Sigmoids that divide up the probability (Shayer et al. 2018, doi:10.48550/arXiv.1710.07739; `Method.md` §2).
///
/// Value 0 gets `s(a)`; of the rest, the positive values get `s(b)`. With five values, +1 gets `s(c)` of the positive part
/// and +½ the rest of it; −1 gets `s(d)` of the negative part and −½ the rest. The parameters are a, b or a, b, c, d.
enum Hierarchical {
  @specialized(where Scalar == Float)
  static func probabilities<Scalar: TensorScalar>(
    _ parameters: ParameterPlanes<Scalar>, _ p: Planes<Scalar>, kinds: Int, count: Int, scratch: Planes<Scalar>
  ) {
    let zero = kinds / 2
    func scale(_ kinds: Range<Int>, by factor: UnsafeMutablePointer<Scalar>) {
      for k in kinds {
        let plane = p[k]
        for i in 0..<count { plane[i] *= factor[i] }
      }
    }
    let a = sigmoid(parameters[0], count: count, scratch: scratch)
    for k in 0..<kinds { p[k].update(from: k == zero ? a.sigmoid : a.complement, count: count) }
    let b = sigmoid(parameters[1], count: count, scratch: scratch)
    scale(zero + 1..<kinds, by: b.sigmoid)
    scale(0..<zero, by: b.complement)
    guard kinds == 5 else { return }
    let c = sigmoid(parameters[2], count: count, scratch: scratch)
    scale(4..<5, by: c.sigmoid)
    scale(3..<4, by: c.complement)
    let d = sigmoid(parameters[3], count: count, scratch: scratch)
    scale(0..<1, by: d.sigmoid)
    scale(1..<2, by: d.complement)
  }

  /// `s(x)` and `1 − s(x)`, both to full precision: the softmax of `(x, 0)`.
  private static func sigmoid<Scalar: TensorScalar>(
    _ x: UnsafePointer<Scalar>, count: Int, scratch: Planes<Scalar>
  ) -> (sigmoid: UnsafeMutablePointer<Scalar>, complement: UnsafeMutablePointer<Scalar>) {
    scratch[0].update(from: x, count: count)
    scratch[1].update(repeating: 0, count: count)
    Scalar.softmax(scratch[0], stride: scratch.stride, scratch[2], stride: scratch.stride, kinds: 2, count: count)
    return (scratch[2], scratch[3])
  }

  /// With `P`, `N` the total probabilities of the positive and of the negative values, and `Σ p_k t_k = 0`, which makes
  /// `∂L/∂a = s(a)(1 − s(a)) (t_0 − s(b) T₊ − (1 − s(b)) T₋)` the same as for logits:
  ///
  ///     ∂L/∂a = p_0 t_0
  ///     ∂L/∂b = N/(P + N) Σ_{k>0} p_k t_k − P/(P + N) Σ_{k<0} p_k t_k
  ///     ∂L/∂c = p_{+1} (p_{+½} / P) (t_{+1} − t_{+½}),   ∂L/∂d = p_{−1} (p_{−½} / N) (t_{−1} − t_{−½})
  @specialized(where Scalar == Float)
  static func gradient<Scalar: TensorScalar>(
    _ p: Planes<Scalar>, _ t: Planes<Scalar>, _ gradient: Planes<Scalar>, kinds: Int, count: Int
  ) {
    let zero = kinds / 2
    let (da, db, p0, t0) = (gradient[0], gradient[1], p[zero], t[zero])
    for i in 0..<count { da[i] = p0[i] * t0[i] }
    let (lowest, lowestT, highest, highestT) = (p[0], t[0], p[kinds - 1], t[kinds - 1])
    guard kinds == 5 else {
      for i in 0..<count {
        db[i] = highest[i] * part(lowest[i], of: lowest[i] + highest[i]) * (highestT[i] - lowestT[i])
      }
      return
    }
    let (dc, dd, low, lowT, high, highT) = (gradient[2], gradient[3], p[1], t[1], p[3], t[3])
    for i in 0..<count {
      let (negative, positive) = (lowest[i] + low[i], high[i] + highest[i])
      let below = lowest[i] * lowestT[i] + low[i] * lowT[i]
      let above = high[i] * highT[i] + highest[i] * highestT[i]
      let all = negative + positive
      db[i] = part(negative, of: all) * above - part(positive, of: all) * below
      dc[i] = highest[i] * part(high[i], of: positive) * (highestT[i] - highT[i])
      dd[i] = lowest[i] * part(low[i], of: negative) * (lowestT[i] - lowT[i])
    }
  }

  /// `x / total`; 0 where both have underflown.
  @inline(__always)
  private static func part<Scalar: TensorScalar>(_ x: Scalar, of total: Scalar) -> Scalar { total > 0 ? x / total : 0 }

  /// `a = log p_0 − log(P + N)`, `b = log P − log N`, `c = log p_{+1} − log p_{+½}`, `d = log p_{−1} − log p_{−½}`.
  @specialized(where Scalar == Float)
  static func parameters<Scalar: TensorScalar>(
    of probabilities: Tensor<Scalar>, logarithms: Tensor<Scalar>, on workers: Workers
  ) -> Tensor<Scalar> {
    let (kinds, count, zero) = (probabilities.rows, probabilities.columns, probabilities.rows / 2)
    // log N, log P, log(P + N)
    let parts = probabilities.withUnsafePointer { p in
      Tensor<Scalar>([3, count]) { parts in
        workers.forEachRange(of: count) {
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
    }.applying(.log, on: workers)
    let shape = [kinds - 1] + probabilities.shape.dropFirst()
    return withUnsafePointers(logarithms, parts) { p, parts in
      Tensor(shape) { parameters in
        workers.forEachRange(of: count) {
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
