/// How parameters are changed by their gradients.
public struct ParameterUpdate<Scalar: TensorScalar> {
  /// Changes a run of parameters, given their memory, their gradients' memory, and the range of elements of the whole parameter that
  /// they are. Called from several threads at once, on runs that do not overlap.
  public typealias Change = (
    _ parameters: UnsafeMutablePointer<Scalar>, _ gradients: UnsafePointer<Scalar>, _ elements: Range<Int>
  ) -> Void

  enum Rule {
    case any(Change)
    case adam(AdamUpdate<Scalar>)
  }

  let rule: Rule
  /// Parameters are then clipped to ± this.
  private(set) var limit: Scalar?

  /// Any rule. The processor computes it.
  public init(_ change: @escaping Change) { rule = .any(change) }

  /// A step of Adam.
  package init(_ adam: AdamUpdate<Scalar>) { rule = .adam(adam) }

  /// The step, if it is one of Adam, which passes over weight distributions do themselves.
  package var adam: AdamUpdate<Scalar>? { if case .adam(let adam) = rule { adam } else { nil } }

  /// This update, followed by `θ ← max(min(θ, limit), −limit)`.
  package func clipped(to limit: Scalar) -> ParameterUpdate {
    var clipped = self
    clipped.limit = limit
    return clipped
  }
}

/// The moments `m` and `v` of Adam for one parameter.
///
/// A class, since an update changes them where they are. `Optimizer` copies it before an update if a checkpoint refers to it, too.
package final class AdamMoments<Scalar: TensorScalar> {
  package var first, second: Tensor<Scalar>

  package init(first: Tensor<Scalar>, second: Tensor<Scalar>) { (self.first, self.second) = (first, second) }

  package convenience init(count: Int) {
    let zeros = Tensor<Scalar>([count], repeating: 0)
    self.init(first: zeros, second: zeros)
  }

  package var count: Int { first.count }

  /// Calls `body` with the memory of both.
  func withUnsafeMutablePointers(_ body: (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void) {
    first.withUnsafeMutablePointer { first in second.withUnsafeMutablePointer { second in body(first, second) } }
  }
}

/// A step of Adam of a whole parameter.
package struct AdamUpdate<Scalar: TensorScalar> {
  package let step: AdamStep<Scalar>
  package let moments: AdamMoments<Scalar>

  package init(step: AdamStep<Scalar>, moments: AdamMoments<Scalar>) { (self.step, self.moments) = (step, moments) }
}

extension Tensor {
  /// Has `update` change every element by its gradient.
  public mutating func update(gradient: Tensor, on device: Device, _ update: ParameterUpdate<Scalar>) {
    precondition(gradient.shape == shape, "update: a gradient of shape \(gradient.shape) for \(shape)")
    switch update.rule {
    case .any(let change):
      self.update(gradient, on: device, limit: update.limit, change)
    case .adam(let adam):
      if let accelerator = device.accelerator(for: Scalar.self) {
        return accelerator.update(&self, gradient, adam, limit: update.limit)
      }
      adam.moments.withUnsafeMutablePointers { first, second in
        self.update(gradient, on: device, limit: update.limit) {
          Scalar.adam(
            $0, $1, first + $2.lowerBound, second + $2.lowerBound, count: $2.count, step: adam.step)
        }
      }
    }
  }

  private mutating func update(
    _ gradient: Tensor, on device: Device, limit: Scalar?, _ change: ParameterUpdate<Scalar>.Change
  ) {
    let count = count
    withUnsafeMutablePointer { parameters in
      gradient.withUnsafePointer { gradients in
        device.forEachRange(of: count) {
          change(parameters + $0.lowerBound, gradients + $0.lowerBound, $0)
          if let limit { Scalar.clip(parameters + $0.lowerBound, to: limit, count: $0.count) }
        }
      }
    }
  }
}
