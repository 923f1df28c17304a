import Tensors

/// Weights in a block of a sweep, few enough to stay in the nearest cache: with three values, logits and gradients fill
/// about 12 KB.
private let blockLength = 512

/// A distribution over a grid for every weight of a layer, given by logits: `p = softmax(ρ)` over the grid's `K` values.
///
/// Each weight's moments, `μ_w = Σ p_k d_k` and `σ²_w = Σ p_k (d_k − μ_w)²`, are kept with the logits, as `mean` and
/// `variance`, and renewed whenever these change (Roth et al. 2019; `method.md` §2).
public struct WeightDistribution<Scalar: Real>: Sendable {
  /// The values that a weight may take.
  public let grid: WeightGrid
  /// `ρ`, shape `(K, I, O)`: one plane a grid value.
  public private(set) var logits: Tensor<Scalar>
  /// `μ_W`, shape `(I, O)`.
  public private(set) var mean: Tensor<Scalar>
  /// `σ²_W`, shape `(I, O)`.
  public private(set) var variance: Tensor<Scalar>

  /// Logits stay within ±5 after every update.
  public static var logitLimit: Scalar { 5 }

  /// - Precondition: `logits` has shape `(K, I, O)`.
  public init(grid: WeightGrid, logits: Tensor<Scalar>, on workers: Workers) {
    precondition(
      logits.shape.count == 3 && logits.shape[0] == grid.count,
      "WeightDistribution: logits of shape \(logits.shape) for the \(grid.count) values of \(grid.name)")
    self.grid = grid
    self.logits = logits
    let shape = Array(logits.shape.dropFirst())
    mean = Tensor(shape, repeating: 0)
    variance = Tensor(shape, repeating: 0)
    sweep(on: workers) { _, _ in }
  }

  /// Weights in the layer, `I · O`.
  public var weightCount: Int { mean.count }

  private var values: [Scalar] { grid.values.map { Scalar($0) } }

  /// `p`, shape `(K, I, O)`.
  public func probabilities(on workers: Workers) -> Tensor<Scalar> {
    let count = weightCount
    return logits.withUnsafePointer { logits in
      Tensor(self.logits.shape) { p in
        workers.forEachRange(of: count, grain: blockLength) {
          Scalar.softmax(
            logits + $0.lowerBound, stride: count, p + $0.lowerBound, stride: count, kinds: grid.count,
            count: $0.count)
        }
      }
    }
  }

  /// The most probable weights (MAP): each the value of the largest logit, the lowest index at a tie; shape `(I, O)`.
  @specialized(where Scalar == Float)
  public func mostProbable(on workers: Workers) -> Tensor<Scalar> {
    let (count, values) = (weightCount, values)
    return logits.withUnsafePointer { logits in
      Tensor(mean.shape) { w in
        workers.forEachRange(of: count) {
          for i in $0 {
            var best = 0
            for k in 1..<values.count where logits[k * count + i] > logits[best * count + i] { best = k }
            w[i] = values[best]
          }
        }
      }
    }
  }

  /// The gradient with respect to the logits, shape `(K, I, O)`, of a loss whose gradients with respect to `mean` and
  /// `variance` are given:
  ///
  ///     ∂L/∂ρ_k = p_k (∂L/∂μ · (d_k − μ) + ∂L/∂σ² · ((d_k − μ)² − σ²))
  public func logitGradient(
    mean meanGradient: Tensor<Scalar>, variance varianceGradient: Tensor<Scalar>, on workers: Workers
  ) -> Tensor<Scalar> {
    var gradient = Tensor<Scalar>(logits.shape, repeating: 0)
    gradient.withUnsafeMutablePointer { gradient in
      var copy = self
      copy.update(meanGradient: meanGradient, varianceGradient: varianceGradient, on: workers) { _, block, elements in
        for i in 0..<elements.count { gradient[elements.lowerBound + i] = block[i] }
      }
    }
    return gradient
  }

  /// Changes the logits by their gradients, clips them, and renews the moments, all in one sweep over the memory.
  ///
  /// - Parameters:
  ///   - meanGradient: `∂L/∂μ_W`, shape `(I, O)`.
  ///   - varianceGradient: `∂L/∂σ²_W`, shape `(I, O)`.
  ///   - update: changes a run of logits by their gradients, given in `logitGradient(mean:variance:on:)`'s formula.
  public mutating func update(
    meanGradient: Tensor<Scalar>, varianceGradient: Tensor<Scalar>, on workers: Workers,
    _ update: ParameterUpdate<Scalar>
  ) {
    precondition(
      meanGradient.shape == mean.shape && varianceGradient.shape == mean.shape,
      "WeightDistribution: gradients of shapes \(meanGradient.shape), \(varianceGradient.shape) for \(mean.shape)")
    withUnsafePointers(meanGradient, varianceGradient) { dMean, dVariance in
      sweep(on: workers) { memory, block in
        let (at, count) = (block.lowerBound, block.count)
        Scalar.softmax(
          memory.logits + at, stride: memory.stride, memory.block, stride: blockLength, kinds: memory.values.count,
          count: count)
        Scalar.softmaxGradient(
          memory.block, stride: blockLength, values: memory.values, mean: memory.mean + at,
          variance: memory.variance + at, dMean: dMean + at, dVariance: dVariance + at, count: count)
        for k in memory.values.indices {
          let plane = memory.logits + k * memory.stride + at
          let first = k * memory.stride + at
          update(plane, memory.block + k * blockLength, first..<first + count)
          Scalar.clip(plane, to: Self.logitLimit, count: count)
        }
      }
    }
  }

  /// What one thread of a sweep works on.
  private struct Memory {
    let values: [Scalar]
    /// Weights in a plane.
    let stride: Int
    let logits, mean, variance: UnsafeMutablePointer<Scalar>
    /// Room for one block of `K` planes, `blockLength` apart.
    let block: UnsafeMutablePointer<Scalar>
  }

  /// For each block of weights: `change` may change its logits; then its moments are renewed.
  private mutating func sweep(on workers: Workers, _ change: (Memory, Range<Int>) -> Void) {
    let (count, values) = (weightCount, values)
    withUnsafeMutablePointers(&logits, &mean, &variance) { logits, mean, variance in
      workers.forEachRange(of: count, grain: blockLength) { range in
        withUnsafeTemporaryAllocation(of: Scalar.self, capacity: blockLength * values.count) {
          guard let room = $0.baseAddress else { return }
          let memory = Memory(
            values: values, stride: count, logits: logits, mean: mean, variance: variance, block: room)
          for at in stride(from: range.lowerBound, to: range.upperBound, by: blockLength) {
            let block = at..<min(at + blockLength, range.upperBound)
            change(memory, block)
            Scalar.softmax(
              logits + at, stride: count, room, stride: blockLength, kinds: values.count, count: block.count)
            Scalar.moments(
              room, stride: blockLength, values: values, mean: mean + at, variance: variance + at,
              count: block.count)
          }
        }
      }
    }
  }
}
