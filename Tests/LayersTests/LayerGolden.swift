import Layers
import Tensors
import Verification
import VerificationSuites

extension GoldenCase {
  /// Throws unless everything that the oracle has of `layer` is the case's.
  func check<Scalar: TensorScalar>(_ layer: any Layer<Scalar>) throws {
    for field in try OperationSuite.check(self, fields(of: layer)) {
      if case .outside(let deviation) = field.verdict { throw deviation }
    }
  }
}
