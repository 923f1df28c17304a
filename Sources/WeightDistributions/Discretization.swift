import RandomStreams
import Tensors

// From distributions to weights (`Method.md` §2).

extension WeightDistribution {
  /// The most probable weights (MAP): for each the value of the largest `p`, the one with the lowest index at a tie.
  ///
  /// With logits it is the value of the largest logit: logits may differ where their `p` round to the same number.
  @specialized(where Scalar == Float)
  public func mostProbable(on device: Device) -> DiscreteWeights {
    let scores = (parameterization == .logits ? logits : probabilities(on: device)).moved(to: .single)
    return discreteWeights(on: device) { i in
      var best = 0
      for k in 1..<grid.count where scores[k, i] > scores[best, i] { best = k }
      return best
    }
  }

  /// A sample of each weight from its distribution, drawn with one uniform number of the stream per weight.
  ///
  /// - Parameter stream: a stream of purpose `discretization`.
  public func sample(drawnFrom stream: RandomStream, on device: Device) -> DiscreteWeights {
    sample(at: stream.uniform(mean.shape, on: device), on: device)
  }

  /// The inverse CDF at `u`, shape `(I, O)`: the first value at which `p_1 + … + p_k`, summed in this order, exceeds `u`; the
  /// last value if rounding leaves none.
  @specialized(where Scalar == Float)
  package func sample(at uniforms: Tensor<Scalar>, on device: Device) -> DiscreteWeights {
    precondition(
      uniforms.shape == mean.shape, "WeightDistribution: \(uniforms.shape) uniform numbers for \(mean.shape) weights")
    let (p, u) = (probabilities(on: device).moved(to: .single), uniforms.scalars)
    return discreteWeights(on: device) { i in
      var (k, cumulative) = (0, p[0, i])
      while cumulative <= u[i] && k < grid.count - 1 {
        k += 1
        cumulative += p[k, i]
      }
      return k
    }
  }

  /// The weights whose indices are given by a rule.
  @inline(__always)
  private func discreteWeights(on device: Device, _ index: (Int) -> Int) -> DiscreteWeights {
    let indices = [UInt8](unsafeUninitializedCapacity: weightCount) { indices, count in
      nonisolated(unsafe) let indices = indices
      device.forEachRange(of: weightCount) { for i in $0 { indices[i] = UInt8(truncatingIfNeeded: index(i)) } }
      count = weightCount
    }
    return DiscreteWeights(grid: grid, shape: mean.shape, indices: indices)
  }
}
