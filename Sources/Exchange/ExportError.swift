/// Why a network cannot be written in a format.
public enum ExportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The integers of a layer's weights and 0, `least` to `largest`, are further apart than the format's numbers.
  case weights(layer: Int, format: String, span: Int, least: Int, largest: Int)
  /// A file would have more bytes than the format allows.
  case size(format: String, limit: Int, actual: Int)

  public var description: String {
    switch self {
    case .weights(let layer, let format, let span, let least, let largest):
      "expected weights whose integers and 0 are at most \(span) apart for \(format), found \(least) to \(largest) in layer \(layer)"
    case .size(let format, let limit, let actual):
      "expected at most \(limit) bytes, the limit of \(format), found \(actual)"
    }
  }
}
