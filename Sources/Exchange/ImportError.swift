import Files

/// Why another library's arrays are not a network of an architecture.
package enum ImportError: Error, Equatable, Sendable {
  /// No array has this name, which the file of names gives.
  case noArray(path: String, array: String)
  /// No array has this role.
  case missing(path: String, layer: Int, what: String)
  /// More arrays than one fit; only a file of names can choose.
  case ambiguous(path: String, layer: Int, what: String, candidates: [String])
  case wrongShape(path: String, array: String, expected: [Int], actual: [Int])
  /// An array that no layer reads.
  case unused(path: String, array: String)
  /// A number that is not finite, or a variance that is negative.
  case notFinite(path: String, array: String, index: Int, value: Double)
  /// A weight that is not one of the grid's values times the layer's scale.
  case notOnGrid(path: String, array: String, index: Int, value: Double, grid: String, scale: Double)
  /// Batch normalization in the last layer, which has none here.
  case lastNormalization(path: String, array: String)
  /// The file of names is not as described.
  case names(path: String, expected: String, found: String)
  /// An output that is not the other library's.
  case output(path: String, image: Int, class: Int, expected: Double, actual: Double, allowed: Double)
  /// An output of the other library that is not finite.
  case outputNotFinite(path: String, image: Int, class: Int, value: Double)
  /// The outputs to compare with do not fit.
  case outputShape(path: String, expected: [Int], actual: [Int])
}

extension ImportError: CustomStringConvertible {
  /// One line: `PATH: …: expected X, found Y`.
  package var description: String {
    switch self {
    case .noArray(let path, let array):
      oneLine("\(path): array \(quoted(array)): expected an array with this name, found none")
    case .missing(let path, let layer, let what): oneLine("\(path): layer \(layer): expected \(what), found none")
    case .ambiguous(let path, let layer, let what, let candidates):
      oneLine(
        "\(path): layer \(layer): expected one \(what), found \(candidates.sorted().map(quoted).joined(separator: ", ")) "
          + "(--names chooses)")
    case .wrongShape(let path, let array, let expected, let actual):
      oneLine("\(path): array \(quoted(array)): expected shape \(expected), found \(actual)")
    case .unused(let path, let array):
      oneLine("\(path): array \(quoted(array)): expected a layer that reads it, found none")
    case .notFinite(let path, let array, let index, let value):
      oneLine(
        "\(path): array \(quoted(array)): expected finite numbers and no negative variance, found \(value) at index \(index)"
      )
    case .notOnGrid(let path, let array, let index, let value, let grid, let scale):
      oneLine(
        "\(path): array \(quoted(array)): expected values of the grid \(grid) times \(scale), found \(value) at index \(index)"
      )
    case .lastNormalization(let path, let array):
      oneLine(
        "\(path): array \(quoted(array)): expected no batch normalization in the last layer, whose outputs are the scores, found one"
      )
    case .names(let path, let expected, let found): oneLine("\(path): expected \(expected), found \(found)")
    case .output(let path, let image, let index, let expected, let actual, let allowed):
      oneLine("\(path): image \(image), class \(index): expected \(expected) to within \(allowed), found \(actual)")
    case .outputNotFinite(let path, let image, let index, let value):
      oneLine("\(path): image \(image), class \(index): expected a finite output, found \(value)")
    case .outputShape(let path, let expected, let actual):
      oneLine("\(path): expected outputs of shape \(expected), found \(actual)")
    }
  }
}
