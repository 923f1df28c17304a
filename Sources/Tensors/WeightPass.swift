package import Kernels

/// How trainable numbers determine the probabilities, as the kernels know it.
package typealias ParameterizationKernel = signet_parameterization

/// The passes over a layer's weight distributions over `K` values; the formulas are in `Kernels/Passes/WeightDistribution.inc`.
///
/// Parameters have shape `(P, I, O)`, moments and their gradients `(I, O)`.
package struct WeightPass<Scalar: TensorScalar>: Sendable {
  let parameterization: ParameterizationKernel
  /// `d_1 < … < d_K`.
  let values: [Scalar]
  /// `log π` of each value and `λ` of the regularizer `λ KL(p ‖ π)`; empty for none.
  let logPrior: [Scalar]
  let divergenceWeight: Scalar

  package init(
    parameterization: ParameterizationKernel, values: [Scalar], logPrior: [Scalar] = [], divergenceWeight: Scalar = 0
  ) {
    (self.parameterization, self.values) = (parameterization, values)
    (self.logPrior, self.divergenceWeight) = (logPrior, divergenceWeight)
  }

  /// `p`, shape `(K, I, O)`.
  package func probabilities(of parameters: Tensor<Scalar>, on device: Device) -> Tensor<Scalar> {
    if let accelerator = device.accelerator(for: Scalar.self) { return accelerator.probabilities(self, parameters) }
    return reading(parameters) { memory in
      Tensor([values.count] + parameters.shape.dropFirst()) { p in
        device.forEachRange(of: parameters.columns, grain: 512) { Scalar.probabilities(of: memory, p, $0) }
      }
    }
  }

  /// `μ = Σ p_k d_k` and `σ² = Σ p_k (d_k − μ)²`.
  package func moments(
    of parameters: Tensor<Scalar>, on device: Device
  ) -> (mean: Tensor<Scalar>, variance: Tensor<Scalar>) {
    if let accelerator = device.accelerator(for: Scalar.self) { return accelerator.moments(self, parameters) }
    let moments = reading(parameters) { memory in
      tensors(2, Array(parameters.shape.dropFirst())) { moments in
        var memory = memory
        (memory.mean, memory.variance) = (moments[0], moments[1])
        device.forEachRange(of: parameters.columns, grain: 512) { Scalar.renewMoments(of: memory, $0) }
      }
    }
    return (moments[0], moments[1])
  }

  /// `KL(p ‖ π)` of each weight.
  package func divergence(of parameters: Tensor<Scalar>, on device: Device) -> Tensor<Scalar> {
    if let accelerator = device.accelerator(for: Scalar.self) { return accelerator.divergence(self, parameters) }
    return reading(parameters) { memory in
      Tensor(Array(parameters.shape.dropFirst())) { divergence in
        device.forEachRange(of: parameters.columns, grain: 512) { Scalar.divergence(of: memory, divergence, $0) }
      }
    }
  }

  /// The gradient with respect to the parameters, given the moments and the gradients with respect to them.
  package func gradient(
    of parameters: Tensor<Scalar>, mean: Tensor<Scalar>, variance: Tensor<Scalar>, dMean: Tensor<Scalar>,
    dVariance: Tensor<Scalar>, on device: Device
  ) -> Tensor<Scalar> {
    if let accelerator = device.accelerator(for: Scalar.self) {
      return accelerator.gradient(self, parameters, [mean, variance, dMean, dVariance])
    }
    return reading(parameters, mean, variance) { memory in
      withUnsafePointers(dMean, dVariance) { dMean, dVariance in
        Tensor(parameters.shape) { gradient in
          device.forEachRange(of: parameters.columns, grain: 512) {
            Scalar.gradient(of: memory, mean: dMean, variance: dVariance, gradient, $0)
          }
        }
      }
    }
  }

  /// A step of Adam with that gradient, the parameters' clipping to ± `limit`, and their new moments, in one pass over the memory.
  package func step(
    _ parameters: inout Tensor<Scalar>, mean: inout Tensor<Scalar>, variance: inout Tensor<Scalar>,
    dMean: Tensor<Scalar>, dVariance: Tensor<Scalar>, _ adam: AdamUpdate<Scalar>, limit: Scalar, on device: Device
  ) {
    if let accelerator = device.accelerator(for: Scalar.self) {
      return accelerator.step(self, &parameters, &mean, &variance, dMean, dVariance, adam, limit: limit)
    }
    let count = mean.count
    withUnsafeMutablePointers(&parameters, &mean, &variance) { parameters, mean, variance in
      let memory = WeightMemory(self, parameters, stride: count, mean: mean, variance: variance)
      withUnsafePointers(dMean, dVariance) { dMean, dVariance in
        adam.moments.withUnsafeMutablePointers { first, second in
          device.forEachRange(of: count, grain: 512) {
            Scalar.step(of: memory, mean: dMean, variance: dVariance, adam.step, first, second, limit: limit, $0)
          }
        }
      }
    }
  }

  /// Calls `read`, which must not change anything, with the weights in memory.
  private func reading<Result>(
    _ parameters: Tensor<Scalar>, _ mean: Tensor<Scalar>? = nil, _ variance: Tensor<Scalar>? = nil,
    _ read: (WeightMemory<Scalar>) -> Result
  ) -> Result {
    withPointers([parameters, mean, variance].compactMap { $0 }[...], []) { pointers in
      let moments = pointers.dropFirst().map { UnsafeMutablePointer(mutating: $0) }
      guard let base = pointers[0] else { preconditionFailure("WeightPass: no memory") }
      return read(
        WeightMemory(
          self, UnsafeMutablePointer(mutating: base), stride: parameters.columns, mean: moments.first ?? nil,
          variance: moments.last ?? nil))
    }
  }
}

/// A layer's weight distributions in memory.
public struct WeightMemory<Scalar: TensorScalar> {
  let pass: WeightPass<Scalar>
  /// The planes of parameters, `stride` elements apart.
  let parameters: UnsafeMutablePointer<Scalar>
  let stride: Int
  /// The moments; nil for passes that need none.
  var mean, variance: UnsafeMutablePointer<Scalar>?

  init(
    _ pass: WeightPass<Scalar>, _ parameters: UnsafeMutablePointer<Scalar>, stride: Int,
    mean: UnsafeMutablePointer<Scalar>?, variance: UnsafeMutablePointer<Scalar>?
  ) {
    (self.pass, self.parameters, self.stride) = (pass, parameters, stride)
    (self.mean, self.variance) = (mean, variance)
  }
}
