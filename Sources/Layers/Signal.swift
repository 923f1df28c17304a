import Tensors

/// What passes from layer to layer in training: a value, or the distribution of one.
///
/// Gradients pass back in the same form: the gradient of `.gaussian` holds those of the mean and of the variance.
public enum Signal<Scalar: TensorScalar>: Sendable {
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

  /// The value that the layer named `layer` expects. Anything else is a programming error and traps.
  public func value(for layer: String) -> Tensor<Scalar> {
    guard case .value(let x) = self else { preconditionFailure("\(layer): expected a value, found \(kind)") }
    return x
  }

  /// The Gaussian that the layer named `layer` expects. Anything else is a programming error and traps.
  public func gaussian(for layer: String) -> (mean: Tensor<Scalar>, variance: Tensor<Scalar>) {
    guard case .gaussian(let mean, let variance) = self else {
      preconditionFailure("\(layer): expected a Gaussian, found \(kind)")
    }
    return (mean, variance)
  }

  /// The mean of the ±1 Bernoulli that the layer named `layer` expects. Anything else is a programming error and traps.
  public func bernoulliMean(for layer: String) -> Tensor<Scalar> {
    guard case .bernoulli(let mean) = self else {
      preconditionFailure("\(layer): expected a ±1 Bernoulli, found \(kind)")
    }
    return mean
  }

  /// The value itself, or the mean of the distribution.
  public var center: Tensor<Scalar> {
    switch self {
    case .value(let x): x
    case .gaussian(let mean, _), .bernoulli(let mean): mean
    }
  }

  /// The tensors that the signal consists of.
  public var tensors: [Tensor<Scalar>] {
    switch self {
    case .value(let x): [x]
    case .gaussian(let mean, let variance): [mean, variance]
    case .bernoulli(let mean): [mean]
    }
  }

  /// Mean and variance of the distribution that the layer named `layer` expects: a Gaussian's own, or those of a ±1 Bernoulli,
  /// whose variance is `1 − m² + 1e-6`. A value is a programming error and traps.
  public func moments(
    for layer: String, on device: Device
  ) -> (mean: Tensor<Scalar>, variance: Tensor<Scalar>) {
    switch self {
    case .value: preconditionFailure("\(layer): expected a distribution, found a value")
    case .gaussian(let mean, let variance): (mean, variance)
    case .bernoulli(let mean): (mean, elementwise(.bernoulliVariance, mean, on: device))
    }
  }

  /// The gradient in this signal's form, given those with respect to `moments(for:on:)`: a ±1 Bernoulli's variance depends on
  /// its mean, `∂v/∂m = −2m`.
  package func gradient(mean: Tensor<Scalar>, variance: Tensor<Scalar>, on device: Device) -> Signal {
    switch self {
    case .value, .gaussian: .gaussian(mean: mean, variance: variance)
    case .bernoulli(let m): .bernoulli(mean: elementwise(.bernoulliGradient, m, mean, variance, on: device))
    }
  }
}
