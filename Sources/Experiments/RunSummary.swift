import Foundation
import Networks
import Training

/// What a run's directory says about the run.
package struct RunSummary: Encodable {
  package let path: String
  package let run: RunRecord
  /// The programs that worked on the run, the one that began it first.
  package let programs: [ProgramIdentity]
  package let epochs: [LogLine.Epoch]
  package let results: [NetworkResult]
  /// How often the run was resumed.
  package let resumptions: Int

  private enum CodingKeys: CodingKey { case path, run, programs, epochs, results, resumptions }

  /// - Throws: `RunDirectoryError`, also if the directory holds no run.
  package init(_ path: String) throws {
    run = try RunDirectory.requiredRecord(in: path)
    try RunDirectory.requireLog(in: path)
    let log = try RunDirectory.log(in: path)
    self.path = path
    programs = [run.program] + log.laterPrograms
    epochs = log.compactMap { if case .epoch(let epoch) = $0 { epoch } else { nil } }
    results = log.results
    resumptions = log.count { if case .resumed = $0 { true } else { false } }
  }

  /// `begun`, `done`, or the network that was trained last with its epochs so far and in all.
  package var state: String {
    isDone ? "done" : epochs.last?.report.inWords ?? "begun"
  }

  /// The programs in words, such as `0.2.0, no commit; then 0.3.0, no commit`.
  package var programsInWords: String { programs.map(\.description).joined(separator: "; then ") }

  /// The results so far of the networks that were asked for, without those that are only a start for others.
  package var wantedResults: [NetworkResult] { run.networks.compactMap { result(of: $0) } }

  /// The networks that were asked for, and those that they start from once the training of these has begun, in the order of training.
  package var networks: [NetworkKind] {
    NetworkKind.allCases.filter { run.networks.contains($0) || result(of: $0) != nil || !epochs(of: $0).isEmpty }
  }

  /// Of these, the names of those that are not trained yet; behind that of one whose training has begun, its epochs so far and in all.
  package var untrained: [String] {
    networks.filter { result(of: $0) == nil }.map { epochs(of: $0).last?.report.inWords ?? $0.rawValue }
  }

  /// Whether every network of the run has been trained.
  package var isDone: Bool { wantedResults.count == run.networks.count }

  /// The `networks` that the run itself trains: all but a real one that was read from a file.
  package var ownNetworks: [NetworkKind] { networks.filter { $0 != .real || run.realSHA256 == nil } }

  /// Seconds of training, over all networks that the run itself trains, and all resumptions.
  package var seconds: Double {
    ownNetworks.reduce(0) { sum, network in
      sum + (result(of: network)?.seconds ?? epochs(of: network).last?.seconds ?? 0)
    }
  }

  /// The epochs of a network.
  package func epochs(of network: NetworkKind) -> [LogLine.Epoch] { epochs.filter { $0.report.network == network } }

  /// The first epoch of a network with its lowest validation error so far; nil before its first epoch is over.
  package func bestEpoch(of network: NetworkKind) -> LogLine.Epoch? {
    epochs(of: network).min { $0.report.validationError < $1.report.validationError }
  }

  /// The result of a network's training; nil until it is done.
  package func result(of network: NetworkKind) -> NetworkResult? { results.first { $0.network == network } }
}

extension EpochReport {
  /// The network with its epochs so far and in all, such as `real 3/30`.
  var inWords: String { "\(network.rawValue) \(epoch)/\(epochs)" }
}
