import Layers
import Tensors

/// A signal's tensors with their names.
func named<Scalar: Real>(_ signal: Signal<Scalar>) -> [(name: String, tensor: Tensor<Scalar>)] {
  switch signal {
  case .value(let x): [("value", x)]
  case .gaussian(let mean, let variance): [("mean", mean), ("variance", variance)]
  case .bernoulli(let mean): [("mean", mean)]
  }
}

extension Signal {
  /// A signal of the same kind, of other tensors.
  func replacing(_ tensor: (String, Tensor<Scalar>) throws -> Tensor<Scalar>) rethrows -> Signal {
    switch self {
    case .value(let x): .value(try tensor("value", x))
    case .gaussian(let mean, let variance):
      .gaussian(mean: try tensor("mean", mean), variance: try tensor("variance", variance))
    case .bernoulli(let mean): .bernoulli(mean: try tensor("mean", mean))
    }
  }

  /// A signal of the same kind, of tensors in the order of `named(_:)`.
  func replacing(_ tensors: [Tensor<Scalar>]) -> Signal {
    var rest = tensors[...]
    return replacing { _, _ in rest.removeFirst() }
  }
}
