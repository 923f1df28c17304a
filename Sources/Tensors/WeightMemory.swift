package import Kernels

/// How trainable numbers determine the probabilities, as the kernels know it.
package typealias ParameterizationKernel = signet_parameterization

/// Distributions over `K` values for each of a layer's weights, in memory; the formulas are in `Kernels/Passes/WeightDistribution.inc`.
public struct WeightMemory<Scalar: TensorScalar> {
  let parameterization: ParameterizationKernel
  /// `d_1 < … < d_K`.
  let values: [Scalar]
  /// The planes of parameters, `stride` elements apart.
  let parameters: UnsafeMutablePointer<Scalar>
  let stride: Int
  let mean, variance: UnsafeMutablePointer<Scalar>
  /// `log π` of each value and `λ`; empty for none.
  let logPrior: [Scalar]
  let divergenceWeight: Scalar

  package init(
    parameterization: ParameterizationKernel, values: [Scalar], parameters: UnsafeMutablePointer<Scalar>, stride: Int,
    mean: UnsafeMutablePointer<Scalar>, variance: UnsafeMutablePointer<Scalar>, logPrior: [Scalar] = [],
    divergenceWeight: Scalar = 0
  ) {
    (self.parameterization, self.values, self.parameters, self.stride) = (parameterization, values, parameters, stride)
    (self.mean, self.variance, self.logPrior, self.divergenceWeight) = (mean, variance, logPrior, divergenceWeight)
  }
}
