/// How a run of parameters is changed by its gradients. Called from several threads at once, on runs that do not overlap.
public struct ParameterUpdate<Scalar: TensorScalar> {
  /// Changes parameters, given their memory, their gradients' memory, and the range of elements of the whole parameter that they are.
  public typealias Change = (
    _ parameters: UnsafeMutablePointer<Scalar>, _ gradients: UnsafePointer<Scalar>, _ elements: Range<Int>
  ) -> Void

  private let change: Change
  /// The step, if it is one of Adam, which passes over weight distributions do themselves.
  package let adam: AdamUpdate<Scalar>?

  /// Any rule.
  public init(_ change: @escaping Change) { (self.change, adam) = (change, nil) }

  /// A step of Adam.
  package init(_ adam: AdamUpdate<Scalar>) {
    self.adam = adam
    change = { parameters, gradients, elements in
      Scalar.adam(
        parameters, gradients, adam.first + elements.lowerBound, adam.second + elements.lowerBound,
        count: elements.count, step: adam.step)
    }
  }

  /// Changes a run of parameters.
  public func callAsFunction(
    _ parameters: UnsafeMutablePointer<Scalar>, _ gradients: UnsafePointer<Scalar>, _ elements: Range<Int>
  ) {
    change(parameters, gradients, elements)
  }
}

/// A step of Adam of a whole parameter, with the memory of its moments.
package struct AdamUpdate<Scalar: TensorScalar> {
  package let step: AdamStep<Scalar>
  package let first, second: UnsafeMutablePointer<Scalar>

  package init(step: AdamStep<Scalar>, first: UnsafeMutablePointer<Scalar>, second: UnsafeMutablePointer<Scalar>) {
    (self.step, self.first, self.second) = (step, first, second)
  }
}

extension Tensor {
  /// Has `update` change every element by its gradient.
  public mutating func update(gradient: Tensor, on device: Device, _ update: ParameterUpdate<Scalar>) {
    precondition(gradient.shape == shape, "update: a gradient of shape \(gradient.shape) for \(shape)")
    let count = count
    withUnsafeMutablePointer { parameters in
      gradient.withUnsafePointer { gradients in
        device.forEachRange(of: count) { update(parameters + $0.lowerBound, gradients + $0.lowerBound, $0) }
      }
    }
  }
}
