/// Changes a run of parameters by their gradients: the parameters' memory, the gradients' memory, and which elements of
/// the whole parameter these are. Called from several threads at once, on runs that do not overlap.
public typealias ParameterUpdate<Scalar> = (
  _ parameters: UnsafeMutablePointer<Scalar>, _ gradients: UnsafePointer<Scalar>, _ elements: Range<Int>
) -> Void

extension Tensor {
  /// Lets `update` change every element by its gradient.
  public mutating func update(gradient: Tensor, on workers: Workers, _ update: ParameterUpdate<Scalar>) {
    precondition(gradient.shape == shape, "update: a gradient of shape \(gradient.shape) for \(shape)")
    let count = count
    withUnsafeMutablePointer { parameters in
      gradient.withUnsafePointer { gradients in
        workers.forEachRange(of: count) { update(parameters + $0.lowerBound, gradients + $0.lowerBound, $0) }
      }
    }
  }
}
