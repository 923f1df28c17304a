import Files
import Foundation
import Networks
import Training

extension Sweep {
  /// True if a record is of one of the sweep's networks, and not only of one that they start from.
  package func wants(_ record: Record) -> Bool {
    record.origin.map { identities.contains($0.identity) } ?? false
  }

  /// A job for each network of the sweep that has no record, and for each network that these start from; every job follows those it
  /// starts from.
  package func jobs(without records: [Record]) -> [TrainingJob] {
    let known = Set(records.compactMap { $0.origin?.identity })
    var (jobs, found): ([TrainingJob], [String: TrainingJob]) = ([], [:])
    func job(_ kind: NetworkKind, _ identity: String, _ whole: TrainingJob, _ reproduction: Reproduction) -> TrainingJob
    {
      if let known = found[identity] { return known }
      let start = kind.start(experiment.method.initialization).map {
        job($0, self.identity(of: $0, reproduction), whole, reproduction)
      }
      let one = TrainingJob(
        whole.experiment, networks: [kind], seed: whole.seed, realEpochs: whole.realEpochs,
        discreteEpochs: whole.discreteEpochs, data: directory, startingFrom: start.map { [$0] } ?? [],
        label: String(hexadecimal(sha256: identity.utf8).prefix(8)))
      found[identity] = one
      jobs.append(one)
      return one
    }
    for whole in self.jobs {
      let reproduction = whole.reproduction(on: data, device: .single)
      for kind in whole.networks {
        let identity = identity(of: kind, reproduction)
        if !known.contains(identity) { _ = job(kind, identity, whole, reproduction) }
      }
    }
    return jobs
  }

  private func identity(of kind: NetworkKind, _ reproduction: Reproduction) -> String {
    reproduction.origin(of: kind, signet: version).identity
  }
}

extension RunFolder {
  /// The record of a job's network.
  ///
  /// - Throws: `RunDirectoryError` if the run directory is not that of a finished job; `CollectionError`.
  package func record(of job: TrainingJob) throws -> Sweep.Record {
    let path = path(job)
    let run = try RunDirectory.report(in: path).map { _ in try RunSummary(path) }
    guard let run, let result = job.networks.first.flatMap({ run.result(of: $0) }) else {
      throw RunDirectoryError.missing(path: path, wanted: "the result of \(job.name)")
    }
    return try run.record(of: result)
  }
}

/// Some jobs of a sweep failed.
package struct SweepError: Error, CustomStringConvertible {
  /// The jobs' names, and the last lines of their processes.
  package let failed: [(job: String, reason: String)]

  package init(failed: [(job: String, reason: String)]) { self.failed = failed }

  package var description: String {
    "expected all networks to be trained, found "
      + failed.map { "\($0.job) failed (\($0.reason))" }.joined(separator: "; ")
  }
}
