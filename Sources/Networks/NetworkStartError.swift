import WeightDistributions

/// A trained network is not one that another network starts from.
public struct NetworkStartError: Error, Equatable, CustomStringConvertible {
  /// The network that was to start from the trained one.
  public let network: NetworkKind
  /// What a network must be to start from, and what the trained one is.
  public let expected, found: String

  public var description: String {
    "\(network.rawValue): expected a start from \(expected), found \(found)"
  }
}

extension NetworkSpecification {
  /// Refuses a trained network that a network of this specification does not start from: one of another kind, architecture or
  /// input, or a discrete one with other grids or another parameterization.
  ///
  /// - Throws: `NetworkStartError`
  package func requireStart(from trained: NetworkSpecification) throws(NetworkStartError) {
    let expected = kind.start(method.initialization).map { startInWords(as: $0) } ?? "no network"
    let found = trained.startInWords(as: trained.kind)
    guard expected == found else { throw NetworkStartError(network: kind, expected: expected, found: found) }
  }

  /// What a network of this specification, but of that kind, has in common with those that start from it.
  package func startInWords(as kind: NetworkKind) -> String {
    let sides = input.image.shape.map(String.init).joined(separator: "×")
    let images = "\(kind.rawValue) \(architecture) for images \(sides) of pixels up to \(input.pixelMaximum)"
    guard kind.isDiscrete else { return images }
    let grids = Set(method.grids).count == 1 ? [method.grids[0]] : method.grids
    return "\(images) with \(WeightGrid.text(of: grids)) weights by \(method.parameterization.rawValue)"
  }
}
