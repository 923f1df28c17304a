import RandomStreams
import Tensors
import WeightDistributions

/// A dense layer or a convolution with binary weights, trained with the straight-through estimator (Hubara et al. 2016,
/// arXiv:1602.02830): it computes with `sign W` (+1 at 0) of real latent weights `W`, which get the gradient of `sign W`.
/// After every update `W` is clipped to [−1, 1], so that it stays within the estimator's window.
public struct BinaryLinear<Scalar: TensorScalar>: LinearLayer {
  /// The layer with the latent weights `W`.
  public private(set) var latent: Linear<Scalar>

  /// A layer with these latent weights.
  public init(latent: Linear<Scalar>) { self.latent = latent }

  /// The layer with weights `sign W`, which does the computation.
  private func binary(on device: Device) -> Linear<Scalar> {
    Linear(
      latent.map, weights: elementwise(.hardSign, latent.weights, on: device), bias: latent.bias,
      divisor: latent.divisor)
  }

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    binary(on: pass.device).forward(input, pass)
  }

  public func prediction(on device: Device) -> PredictionStep<Scalar>? {
    binary(on: device).prediction(on: device)
  }

  public var map: LinearMap { latent.map }
  public var bias: Tensor<Scalar>? { latent.bias }

  /// `sign W` on the binary grid.
  public func discreteWeights(sampledFrom stream: RandomStream?, on device: Device) -> DiscreteWeights? {
    DiscreteWeights(
      grid: .binary, shape: latent.weights.shape, indices: latent.weights.scalars.map { $0 >= 0 ? 1 : 0 })
  }

  public var parameters: [Parameter<Scalar>] { latent.parameters }

  public mutating func update(
    _ gradients: [Tensor<Scalar>], on device: Device, _ rule: (Int) -> ParameterUpdate<Scalar>
  ) {
    latent.update(gradients, on: device) { parameter in
      parameter == 0 ? rule(0).clipped(to: 1) : rule(parameter)
    }
  }

  public mutating func setParameters(_ tensors: [Tensor<Scalar>], on device: Device) {
    latent.setParameters(tensors, on: device)
  }
}
