import RandomStreams
import Tensors
import WeightDistributions

/// A layer that is linear in its input: a dense layer or a convolution, with real, binary or distributed weights.
public protocol LinearLayer<Scalar>: Layer {
  /// A matrix product or a convolution.
  var map: LinearMap { get }
  /// `b`, shape `(O)`.
  var bias: Tensor<Scalar>? { get }

  /// The weights of the deployed network if they are values of a grid; nil if they are real.
  ///
  /// - Parameter stream: the stream to sample the weights with; nil takes the most probable weights.
  func discreteWeights(sampledFrom stream: RandomStream?, on device: Device) -> DiscreteWeights?
}
