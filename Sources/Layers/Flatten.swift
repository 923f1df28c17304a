import Tensors

/// A row for each sample, of any signal: `(N, …)` becomes `(N, I)`, `I` the product of the other lengths; no number changes.
public struct Flatten<Scalar: Real>: Layer {
  /// There are no parameters.
  public init() {}

  public func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let shape = input.shape
    return Forward(input.mapTensors(flattened)) { gradient in
      Backward(input: pass.needsInputGradient ? gradient.mapTensors { $0.reshaped(shape) } : nil)
    }
  }

  public func prediction(on workers: Workers) -> PredictionStep<Scalar>? { .flatten }
}

/// `x` under the shape `(N, I)`.
func flattened<Scalar: Real>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.reshaped([x.rows, x.columns]) }

extension Signal {
  /// The shape of its tensors.
  fileprivate var shape: Shape {
    switch self {
    case .value(let x): x.shape
    case .gaussian(let mean, _), .bernoulli(let mean): mean.shape
    }
  }

  fileprivate func mapTensors(_ transform: (Tensor<Scalar>) -> Tensor<Scalar>) -> Signal {
    switch self {
    case .value(let x): .value(transform(x))
    case .gaussian(let mean, let variance): .gaussian(mean: transform(mean), variance: transform(variance))
    case .bernoulli(let mean): .bernoulli(mean: transform(mean))
    }
  }
}
