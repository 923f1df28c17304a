import Tensors

/// Two tensors that should agree, with all their numbers.
package struct Evidence: Sendable, CustomStringConvertible {
  private struct Side: Sendable {
    let shape: Shape
    /// The numbers' own descriptions, which distinguish all bit patterns except those of NaNs.
    let scalars: [String]

    init<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) {
      shape = tensor.shape
      scalars = tensor.scalars.map { "\($0)" }
    }
  }

  private let expected, actual: Side

  init<Scalar: TensorScalar>(expected: Tensor<Double>, actual: Tensor<Scalar>) {
    (self.expected, self.actual) = (Side(expected), Side(actual))
  }

  /// Both shapes, then a line for each index: expected, actual.
  package var description: String {
    let count = max(expected.scalars.count, actual.scalars.count)
    let lines = (0..<count).map { i in
      let pair = [expected.scalars, actual.scalars].map { i < $0.count ? $0[i] : "none" }
      return "[\(i)]\t\(pair[0])\t\(pair[1])\n"
    }
    return "index\texpected \(expected.shape)\tactual \(actual.shape)\n" + lines.joined()
  }
}
