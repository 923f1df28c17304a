import Datasets
import Tensors

/// How far an imported network's outputs are from those that the other library computed for the same images.
package struct OutputComparison: Sendable, Equatable {
  package let images: Int
  /// The largest difference of an output, and what is allowed.
  package let largest, allowed: Double
  /// Images whose class, that of the largest output, is the same.
  package let sameClasses: Int

  /// Compares outputs of shape `(N, C)`.
  ///
  /// - Parameters:
  ///   - outputs: ours.
  ///   - scale: what our outputs are multiplied by before they are compared.
  ///   - foreign: the other library's, of the same shape, from the file at `path`.
  ///   - tolerance: the difference that is allowed, as a share of the largest foreign output.
  /// - Throws: `ImportError.outputShape`; `.outputNotFinite` for the first foreign output that is not finite; `.output` for the first
  ///   output that differs by more.
  package init(
    _ outputs: Tensor<Float>, scale: Double, with foreign: NumberArray, from path: String, tolerance: Double
  ) throws(ImportError) {
    guard foreign.shape == outputs.shape else {
      throw .outputShape(path: path, expected: outputs.shape, actual: foreign.shape)
    }
    let classes = outputs.shape[1]
    // With an infinite one, every difference would be allowed.
    if let at = foreign.values.firstIndex(where: { !$0.isFinite }) {
      throw .outputNotFinite(path: path, image: at / classes, class: at % classes, value: foreign.values[at])
    }
    let allowed = tolerance * foreign.values.reduce(0) { max($0, abs($1)) }
    var largest = 0.0
    for (at, (ours, theirs)) in zip(outputs.scalars, foreign.values).enumerated() {
      let difference = abs(Double(ours) * scale - theirs)
      guard difference <= allowed else {
        throw .output(
          path: path, image: at / classes, class: at % classes, expected: theirs, actual: Double(ours) * scale,
          allowed: allowed)
      }
      largest = max(largest, difference)
    }
    (images, self.largest, self.allowed) = (outputs.shape[0], largest, allowed)
    let theirs = Tensor(foreign.shape, foreign.values)
    sameClasses = zip(outputs.rowArgmax, theirs.rowArgmax).count { $0 == $1 }
  }
}
