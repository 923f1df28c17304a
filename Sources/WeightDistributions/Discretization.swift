import RandomStreams
import Tensors

// From distributions to weights (`Method.md` §2).

extension WeightDistribution {
  /// The most probable weights (MAP): each the value of the largest `p`, the lowest index at a tie; shape `(I, O)`.
  ///
  /// Of logits, the largest logit's value, which tells apart what rounding of `p` does not.
  @specialized(where Scalar == Float)
  public func mostProbable(on workers: Workers) -> Tensor<Scalar> {
    let (count, values) = (weightCount, values)
    let scores = parameterization == .logits ? logits : probabilities(on: workers)
    return scores.withUnsafePointer { scores in
      Tensor(mean.shape) { w in
        workers.forEachRange(of: count) {
          for i in $0 {
            var best = 0
            for k in 1..<values.count where scores[k * count + i] > scores[best * count + i] { best = k }
            w[i] = values[best]
          }
        }
      }
    }
  }

  /// A sample of each weight from its distribution, by one uniform number of the stream a weight; shape `(I, O)`.
  ///
  /// - Parameter stream: of purpose `discretization`.
  public func sample(drawnFrom stream: RandomStream, on workers: Workers) -> Tensor<Scalar> {
    sample(at: stream.uniform(mean.shape, on: workers), on: workers)
  }

  /// The inverse CDF at `u`, shape `(I, O)`: the first value at which `p_1 + … + p_k`, a chain of sums, exceeds `u`; if
  /// rounding leaves none, the last.
  @specialized(where Scalar == Float)
  package func sample(at uniforms: Tensor<Scalar>, on workers: Workers) -> Tensor<Scalar> {
    precondition(
      uniforms.shape == mean.shape, "WeightDistribution: \(uniforms.shape) uniform numbers for \(mean.shape) weights")
    let (count, values) = (weightCount, values)
    return withUnsafePointers(probabilities(on: workers), uniforms) { p, uniforms in
      Tensor(mean.shape) { w in
        workers.forEachRange(of: count) {
          for i in $0 {
            var (k, cumulative) = (0, p[i])
            while cumulative <= uniforms[i] && k < values.count - 1 {
              k += 1
              cumulative += p[k * count + i]
            }
            w[i] = values[k]
          }
        }
      }
    }
  }
}
