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
    let expected = experiment.specification(of: .real, input: experiment.data.input).startInWords(as: .real)
    let found = saved.network.specification.startInWords(as: saved.result.network)
    guard expected == found else { throw RealNetworkError(path: path, expected: expected, found: found) }
  }

  package var description: String { oneLine("\(path): expected the network \(expected), found \(found)") }
}
