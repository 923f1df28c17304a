import Tensors

// Reductions of windows. The four numbers are taken in the order top left, top right, bottom left, bottom right.

extension PoolingWindows {
  /// The pooled values, as in the deployed network.
  func pool<Scalar: TensorScalar>(_ x: Tensor<Scalar>, _ kind: PoolingKind, on workers: Workers) -> Tensor<Scalar> {
    switch kind {
    case .max: largest(x, on: workers)
    case .average: scaledSum(x, factor: 0.25, on: workers)
    case .sum: scaledSum(x, factor: 1, on: workers)
    }
  }

  /// The largest number of each window, the first one at a tie; NaN if the window has a NaN.
  @specialized(where Scalar == Float)
  func largest<Scalar: TensorScalar>(_ x: Tensor<Scalar>, on workers: Workers) -> Tensor<Scalar> {
    let width = width
    return reducing(x, on: workers) { y, top, bottom in
      for j in 0..<width {
        let upper = follows(top[2 * j + 1], top[2 * j]) ? top[2 * j + 1] : top[2 * j]
        let lower = follows(bottom[2 * j + 1], bottom[2 * j]) ? bottom[2 * j + 1] : bottom[2 * j]
        y[j] = follows(lower, upper) ? lower : upper
      }
    }
  }

  /// `g` at the pixel that `largest` took, 0 at the others.
  @specialized(where Scalar == Float)
  func largestGradient<Scalar: TensorScalar>(
    _ g: Tensor<Scalar>, _ x: Tensor<Scalar>, on workers: Workers
  ) -> Tensor<Scalar> {
    precondition(g.shape == outputShape, "Pooling: a gradient of shape \(g.shape) for \(outputShape)")
    return withUnsafePointers(g, x) { g, x in
      Tensor(shape) { y in
        forEachBatch(of: batchCapacity, memory: 4 * batchCapacity, on: workers) {
          (first: Int, count: Int, memory: UnsafeMutablePointer<Scalar>) in
          let pixels = WindowPixels(memory, capacity: batchCapacity)
          gather(first, count, x, into: pixels)
          giveToLargest(g + first, memory, count)
          scatter(first, count, pixels, into: y)
        }
      }
    }
  }

  /// `factor · Σ x`, summed as `(x₁ + x₂) + (x₃ + x₄)`.
  @specialized(where Scalar == Float)
  func scaledSum<Scalar: TensorScalar>(_ x: Tensor<Scalar>, factor: Scalar, on workers: Workers) -> Tensor<Scalar> {
    let width = width
    return reducing(x, on: workers) { y, top, bottom in
      for j in 0..<width {
        y[j] = ((top[2 * j] + top[2 * j + 1]) + (bottom[2 * j] + bottom[2 * j + 1])) * factor
      }
    }
  }

  /// `factor · g` at each pixel.
  @specialized(where Scalar == Float)
  func scaledSumGradient<Scalar: TensorScalar>(_ g: Tensor<Scalar>, factor: Scalar, on workers: Workers) -> Tensor<
    Scalar
  > {
    let width = width
    return spreading(g, on: workers) { dTop, dBottom, g, _ in
      for j in 0..<width {
        let value = g[j] * factor
        dTop[2 * j] = value
        dTop[2 * j + 1] = value
        dBottom[2 * j] = value
        dBottom[2 * j + 1] = value
      }
    }
  }

  /// The mean of the maximum of ±1 Bernoullis with means `m`; the maximum is −1 with probability `Π u_i`, `u_i = (1 − m_i)/2`.
  ///
  ///     m' = 1 − 2 (u₁u₂)(u₃u₄)
  @specialized(where Scalar == Float)
  func bernoulliMaximum<Scalar: TensorScalar>(_ m: Tensor<Scalar>, on workers: Workers) -> Tensor<Scalar> {
    let width = width
    return reducing(m, on: workers) { y, top, bottom in
      for j in 0..<width {
        let upper = minus(top[2 * j]) * minus(top[2 * j + 1])
        y[j] = 1 - 2 * (upper * (minus(bottom[2 * j]) * minus(bottom[2 * j + 1])))
      }
    }
  }

  /// `∂m'/∂m_i` is the product of the other three `u`.
  @specialized(where Scalar == Float)
  func bernoulliMaximumGradient<Scalar: TensorScalar>(
    _ g: Tensor<Scalar>, _ m: Tensor<Scalar>, on workers: Workers
  ) -> Tensor<Scalar> {
    let (width, rowLength) = (width, rowLength)
    return m.withUnsafePointer { m in
      spreading(g, on: workers) { dTop, dBottom, g, start in
        let (top, bottom) = (m + start, m + (start + rowLength))
        for j in 0..<width {
          let (u1, u2, u3, u4) = (
            minus(top[2 * j]), minus(top[2 * j + 1]), minus(bottom[2 * j]), minus(bottom[2 * j + 1])
          )
          let (ofTop, ofBottom) = (g[j] * (u3 * u4), g[j] * (u1 * u2))
          dTop[2 * j] = ofTop * u2
          dTop[2 * j + 1] = ofTop * u1
          dBottom[2 * j] = ofBottom * u4
          dBottom[2 * j + 1] = ofBottom * u3
        }
      }
    }
  }
}

/// Whether `x` replaces the previous `largest`: it is larger, or NaN.
@inline(__always)
private func follows<Scalar: TensorScalar>(_ x: Scalar, _ largest: Scalar) -> Bool { x > largest || x != x }

/// `x`, with NaN ranked among the largest.
@inline(__always)
private func rank<Scalar: TensorScalar>(_ x: Scalar) -> Scalar { x != x ? .infinity : x }

/// How many windows `largestGradient` processes at a time.
private let batchCapacity = 256

/// Replaces each window's pixels, laid out in `memory` as in `WindowPixels`, by their gradients: `g[i]` for the largest, 0 for
/// the others. A separate function of one pointer, so that the compiler sees that the parts do not overlap.
@inline(never)
@specialized(where Scalar == Float)
private func giveToLargest<Scalar: TensorScalar>(
  _ g: UnsafePointer<Scalar>, _ memory: UnsafeMutablePointer<Scalar>, _ count: Int
) {
  let pixels = WindowPixels(memory, capacity: batchCapacity)
  let zero: Scalar = 0
  for i in 0..<count {
    // All numbers are read before any is chosen, so that choices compile to selections rather than branches.
    let (x1, x2) = (rank(pixels.topLeft[i]), rank(pixels.topRight[i]))
    let (x3, x4) = (rank(pixels.bottomLeft[i]), rank(pixels.bottomRight[i]))
    let value = g[i]
    let top = x2 > x1 ? x2 : x1
    let bottom = x4 > x3 ? x4 : x3
    let ofTop = bottom > top ? zero : value
    let ofBottom = bottom > top ? value : zero
    pixels.topLeft[i] = x2 > x1 ? zero : ofTop
    pixels.topRight[i] = x2 > x1 ? ofTop : zero
    pixels.bottomLeft[i] = x4 > x3 ? zero : ofBottom
    pixels.bottomRight[i] = x4 > x3 ? ofBottom : zero
  }
}

/// The probability that a ±1 Bernoulli with mean `m` is −1.
@inline(__always)
private func minus<Scalar: TensorScalar>(_ m: Scalar) -> Scalar { (1 - m) * 0.5 }
