import Layers
import Tensors
import Verification

/// A named tensor that Signet computes for a golden case.
package typealias ComputedField<Scalar: TensorScalar> = (name: String, tensor: Tensor<Scalar>)

extension GoldenCase {
  /// The pass whose random streams give the noise of the oracle's cases.
  package static let pass = LayerPass(seed: 7, epoch: 3, step: 11, block: 2, device: .single)

  /// The tensors that Signet computes for the case, under the oracle's names; names of gradients begin with ∂.
  ///
  /// - Throws: `GoldenError` if the case lacks an input, or its operation is not known here.
  package func computed<Scalar: TensorScalar>(as _: Scalar.Type) throws -> [(name: String, tensor: Tensor<Scalar>)] {
    if let layer: any Layer<Scalar> = try layer() { return try fields(of: layer) }
    return try weightFields() ?? lossFields() ?? trainingFields() ?? unknown()
  }

  private func unknown<Scalar: TensorScalar>() throws -> [ComputedField<Scalar>] {
    throw GoldenError(what("operation"), "an operation that Signet has", operation)
  }
}
