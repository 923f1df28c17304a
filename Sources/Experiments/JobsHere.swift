import BuildInformation
import Datasets
import Files
import Foundation
import Networks
import Tensors
import Training

/// Trains jobs on one data set in this process, each network once, and records the results.
package final class JobsHere: JobPlace {
  /// All known records: earlier ones, those in the file, and those of networks trained here.
  package private(set) var records: [Sweep.Record]
  /// The identities of the networks that have a record.
  private var known: Set<String>
  private let data: Dataset
  private let device: Device
  private let version: String
  private let file: ResultsFile?
  private let line: ProgressLine?
  /// The networks of the last seed that others start from, by their identities.
  private var trained: (seed: UInt64, networks: [String: Network<Float>]) = (0, [:])

  /// - Parameters:
  ///   - version: the program's version, which the records name.
  ///   - file: the file to add records to; other processes may add to it as well.
  ///   - line: where to show the progress of training.
  package init(
    on data: Dataset, device: Device, version: String = BuildInformation.version, records: [Sweep.Record] = [],
    file: ResultsFile? = nil, showing line: ProgressLine? = nil
  ) {
    (self.data, self.device, self.version, self.records) = (data, device, version, records)
    (self.file, self.line) = (file, line)
    known = records.identities
  }

  package func isFinished(_ job: TrainingJob) -> Bool { missing(job).isEmpty }

  package func begin(_ job: TrainingJob) throws -> JobState {
    if let file {
      records = try file.records(waiting: true)
      known = records.identities
    }
    let networks = missing(job)
    guard !networks.isEmpty else { return .ended(.finished) }
    if trained.seed != job.seed { trained = (job.seed, [:]) }
    let reproduction = job.reproduction(on: data, device: device)
    func origin(_ network: NetworkKind) -> Origin { reproduction.origin(of: network, signet: version) }
    var epochs: [EpochReport] = []
    let begun = Date.now.formatted(.iso8601)
    let starts = NetworkKind.allCases.compactMap { kind in trained.networks[origin(kind).identity].map { (kind, $0) } }
    _ = try reproduction.train(
      networks, startingWith: Dictionary(uniqueKeysWithValues: starts), showing: line, learned: { epochs.append($0) }
    ) { result, network in
      // Networks without discrete weights do not depend on the grid.
      if !result.network.isDiscrete { trained.networks[origin(result.network).identity] = network }
      guard networks.contains(result.network) else { return }
      let record = Sweep.Record(
        experiment: job.experiment.name, seed: job.seed, realEpochs: reproduction.epochs(of: .real), result: result,
        origin: origin(result.network),
        run: Sweep.Record.Run(
          programs: [ProgramIdentity.this.description], machine: .init(RunRecord.Host(device)), begun: begun,
          resumptions: nil, dataNote: job.experiment.data.note(on: data)),
        learningCurve: .init(epochs.filter { $0.network == result.network }))
      try file?.append(record)
      records.append(record)
      known.formUnion([record].identities)
    }
    return .ended(.finished)
  }

  /// The networks of a job that have no record.
  private func missing(_ job: TrainingJob) -> Set<NetworkKind> {
    let reproduction = job.reproduction(on: data, device: device)
    return Set(job.networks.filter { !known.contains(reproduction.origin(of: $0, signet: version).identity) })
  }
}

extension [Sweep.Record] {
  /// The identities of the records that say what they depend on.
  fileprivate var identities: Set<String> { Set(compactMap { $0.origin?.identity }) }
}
