import BuildInformation
import Networks
import Training

extension Reproduction {
  /// Networks that this reproduction would train to the same bits, taken from other runs in order to start from them.
  ///
  /// - Parameters:
  ///   - networks: the networks to be trained.
  ///   - runs: the directories of the other runs.
  /// - Throws: `StartingNetworkError` for a run that has none of them; errors from reading the runs.
  package func startingNetworks(
    of networks: Set<NetworkKind>, in runs: [String], version: String = BuildInformation.version
  ) throws -> [SavedNetwork] {
    let order = NetworkKind.trainingOrder(of: networks, initialization: experiment.method.initialization)
    let wanted = order.filter { !networks.contains($0) }
    return try runs.flatMap { path in
      guard let record = try RunDirectory.record(in: path) else {
        throw RunDirectoryError.missing(path: path, wanted: "a run's directory")
      }
      let versions = try RunDirectory.versions(of: record, in: path)
      var difference = wanted.isEmpty ? "a run, and \(wordsOfNoneWanted(order))" : "no trained network"
      let found = try RunDirectory.networks(in: path, on: device).filter { saved in
        let kind = saved.result.network
        guard wanted.contains(kind) else { return false }
        let expected = origin(of: kind, signet: version)
        if record.realSHA256 != nil {
          difference = "networks that start from a real one that was read from a file"
          return false
        }
        guard saved.experiment == record.experiment, saved.seed == record.seed else {
          difference = "a file of \(kind.rawValue) that is not the run's"
          return false
        }
        if record.origin(of: kind).identity == expected.identity && versions == [version] { return true }
        let other = versions.first { $0 != version }
        let why =
          try other.map { Sweep.Difference.version($0) }
          ?? Sweep.Difference(of: record.origin(of: kind), from: expected)
        difference = "\(kind.rawValue) \(why.words(in: version))"
        return false
      }
      guard !found.isEmpty else {
        throw StartingNetworkError(path: path, wanted: wanted.map(\.rawValue), found: difference)
      }
      return found
    }
  }

  /// Why networks to be trained in this order need none of another run.
  private func wordsOfNoneWanted(_ order: [NetworkKind]) -> String {
    order.contains { $0.start(experiment.method.initialization) != nil }
      ? "every network that another one starts from is itself to be trained (leave it out of --networks)"
      : "no network to be trained starts from another"
  }
}

/// A run has no network that another one could start from.
package struct StartingNetworkError: Error, CustomStringConvertible {
  package let path: String
  /// The networks that were looked for.
  package let wanted: [String]
  package let found: String

  package var description: String {
    let networks = wanted.isEmpty ? "a network to start from" : "\(wanted.joined(separator: " or ")), trained as here"
    return "\(path): expected \(networks), found \(found)"
  }
}
