import Tensors

/// What passes from layer to layer in training: a value, or the distribution of one.
///
/// Gradients pass back in the same form: the gradient of `.gaussian` holds those of the mean and of the variance.
public enum Signal<Scalar: Real>: Sendable {
  case value(Tensor<Scalar>)
  /// Independent Gaussians.
  case gaussian(mean: Tensor<Scalar>, variance: Tensor<Scalar>)
  /// Independent variables that are ±1, given by their means.
  case bernoulli(mean: Tensor<Scalar>)

  var kind: String {
    switch self {
    case .value: "a value"
    case .gaussian: "a Gaussian"
    case .bernoulli: "a ±1 Bernoulli"
    }
  }

  /// The value that the layer named `layer` expects. Anything else is a programmer's error and traps.
  public func value(for layer: String) -> Tensor<Scalar> {
    guard case .value(let x) = self else { preconditionFailure("\(layer): expected a value, found \(kind)") }
    return x
  }

  /// The Gaussian that the layer named `layer` expects. Anything else is a programmer's error and traps.
  public func gaussian(for layer: String) -> (mean: Tensor<Scalar>, variance: Tensor<Scalar>) {
    guard case .gaussian(let mean, let variance) = self else {
      preconditionFailure("\(layer): expected a Gaussian, found \(kind)")
    }
    return (mean, variance)
  }

  /// The mean of the ±1 Bernoulli that the layer named `layer` expects. Anything else is a programmer's error and traps.
  public func bernoulliMean(for layer: String) -> Tensor<Scalar> {
    guard case .bernoulli(let mean) = self else {
      preconditionFailure("\(layer): expected a ±1 Bernoulli, found \(kind)")
    }
    return mean
  }
}
