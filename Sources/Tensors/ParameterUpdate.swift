/// Updates a run of parameters, given their memory, their gradients' memory, and the range of elements of the whole parameter
/// that they are. Called from several threads at once, on runs that do not overlap.
public typealias ParameterUpdate<Scalar> = (
  _ parameters: UnsafeMutablePointer<Scalar>, _ gradients: UnsafePointer<Scalar>, _ elements: Range<Int>
) -> Void

extension Tensor {
  /// Has `update` change every element by its gradient.
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
