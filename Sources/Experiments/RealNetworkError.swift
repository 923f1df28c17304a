import Files
import Networks
import Training

/// The network in a file is not one that an experiment's discrete networks can start from.
package struct RealNetworkError: Error, Equatable, CustomStringConvertible {
  package let path: String
  package let expected, found: String

  /// Checks kind, architecture and images.
  package static func check(
    _ saved: SavedNetwork, at path: String, for experiment: Experiment
  ) throws(RealNetworkError) {
    func words(_ kind: NetworkKind, _ architecture: Architecture, _ input: ImageInput) -> String {
      let sides = input.image.shape.map(String.init).joined(separator: "×")
      return "\(kind.rawValue) \(architecture) for images \(sides) of pixels up to \(input.pixelMaximum)"
    }
    let specification = saved.network.specification
    let expected = words(.real, experiment.architecture, experiment.data.input)
    let found = words(saved.result.network, specification.architecture, specification.input)
    guard expected == found else { throw RealNetworkError(path: path, expected: expected, found: found) }
  }

  package var description: String { oneLine("\(path): expected the network \(expected), found \(found)") }
}
