import Benchmarking
import Experiments
import Networks
import Training

/// `night.json`: everything that a night found, and what it was compared with.
package struct Night: Codable, Sendable, Equatable {
  /// The version of this file's format.
  package static let version = 1

  package var version = Night.version
  /// The name of the night's directory: the time it began, in UTC, such as `2026-11-23T02-30-00Z`; a second night that
  /// began in the same second has `-2` appended.
  package let name: String
  /// The night's place in the history, from 1; nil in records of older versions, which ordered nights by the clock.
  package var number: Int?
  /// What the night is to do, and the outcome of each step; nil in records of older versions.
  package var plan: [Step]?
  /// The duration of the whole night.
  package var seconds: Double
  package let signet: String
  /// The commit of the checkout, as `--commit` gave it; nil if nothing did.
  package let commit: String?
  /// True if the checkout had uncommitted changes.
  package let isModified: Bool
  /// The program that ran the night; nil in records of older versions.
  package let program: ProgramIdentity?
  package let host: Host
  /// The command that repeats the night, for the report.
  package let command: String
  package var verification: [Suite]
  package var trainings: [TrainingRecord]
  /// The times of tonight's program.
  package var benchmarks: [BenchmarkSamples]
  /// Comparisons of test errors and times with earlier ones.
  package var changes: [Change]
  /// What could not be done, in words, such as a base that does not build.
  package var remarks: [String]
  /// The reason for accepting a night with alarms, if someone accepted it.
  package var accepted: String?
  /// False for a night that is still running or was killed.
  package var isFinished = false

  package struct Host: Codable, Sendable, Equatable {
    package let system, processor: String
    package let cores: Int
    /// The variant of the arithmetic kernels.
    package let kernels: String

    package init(system: String, processor: String, cores: Int, kernels: String) {
      (self.system, self.processor, self.cores, self.kernels) = (system, processor, cores, kernels)
    }
  }

  /// A suite of `signet verify`.
  package struct Suite: Codable, Sendable, Equatable {
    package let suite: String
    package let cases: Int
    package let failures: [String]
    package let seconds: Double

    package init(suite: String, cases: Int, failures: [String], seconds: Double) {
      (self.suite, self.cases, self.failures, self.seconds) = (suite, cases, failures, seconds)
    }
  }

  package init(
    name: String, number: Int? = nil, plan: [Step]? = nil, signet: String, commit: String?, isModified: Bool,
    program: ProgramIdentity? = nil, host: Host, command: String
  ) {
    (self.name, self.signet, self.commit, self.isModified) = (name, signet, commit, isModified)
    (self.host, self.command, self.number, self.plan, self.program) = (host, command, number, plan, program)
    (seconds, verification, trainings, benchmarks, changes, remarks) = (0, [], [], [], [], [])
  }

  /// True if at least one suite ran, and none that ran failed or was empty. Timings count only then.
  package var isVerified: Bool {
    !verification.isEmpty && verification.allSatisfy { $0.failures.isEmpty && $0.cases > 0 }
  }

  /// The changes that keep a night from being good.
  package var alarms: [Change] { changes.filter { $0.verdict.isAlarm } }
}

/// One network's training, with its learning curve.
package struct TrainingRecord: Codable, Sendable, Equatable {
  package let experiment: String
  /// The architecture, such as `1200-1200-10`.
  package let architecture: String
  /// The grids' names, or "real"; "binary" for the straight-through network.
  package let weights: String
  package let network: NetworkKind
  package let seed: UInt64
  /// The epochs to train, and those of the real network: this network itself, or the one that it started from.
  package let epochs, realEpochs: Int
  /// The command that trains the network again.
  package let command: String
  package let curve: [EpochPoint]
  /// The result; nil if the night's time was up before the training finished.
  package let result: NetworkResult?
  /// Test errors of ensembles of sampled networks; empty if none were evaluated.
  package var ensemble: [EnsemblePoint] = []
  /// The directory of the data, for an experiment that reads files.
  package var data: String?
  /// The data's files; nil in records of older versions.
  package var dataFiles: [DataFile]?
  /// The peak memory of the process so far, in bytes; nil if the system does not report it.
  package let peakMemory: Int?

  package init(
    experiment: String, architecture: String, weights: String, network: NetworkKind, seed: UInt64, epochs: Int,
    realEpochs: Int, command: String, curve: [EpochPoint], result: NetworkResult?, peakMemory: Int?
  ) {
    (self.experiment, self.architecture, self.weights, self.network) = (experiment, architecture, weights, network)
    (self.seed, self.epochs, self.realEpochs, self.command) = (seed, epochs, realEpochs, command)
    (self.curve, self.result, self.peakMemory) = (curve, result, peakMemory)
  }

  /// What a training shares with those of other seeds.
  package struct Series: Hashable, Codable, Sendable {
    package let experiment, weights: String
    package let network: NetworkKind
    package let epochs: Int
    /// The epochs of the real network: this network itself, or the one that it started from; 0 for the straight-through
    /// network, which starts from none.
    package let realEpochs: Int

    package init(experiment: String, weights: String, network: NetworkKind, epochs: Int, realEpochs: Int) {
      (self.experiment, self.weights, self.network, self.epochs) = (experiment, weights, network, epochs)
      self.realEpochs = network == .straightThrough ? 0 : network == .real ? epochs : realEpochs
    }
  }

  package var series: Series {
    Series(experiment: experiment, weights: weights, network: network, epochs: epochs, realEpochs: realEpochs)
  }
}

/// An epoch of a learning curve. Errors are fractions.
package struct EpochPoint: Codable, Sendable, Equatable {
  package let epoch: Int
  /// The mean training loss of the sampled network, and its running error.
  package let loss, trainingError: Double
  /// The validation error of the deployed network.
  package let validationError: Double
  /// The schedule's factor of the learning rates.
  package let learningRateScale: Double
  /// The certainty of each layer; nil for real weights.
  package let certainty: [LayerCertainty]?

  package init(
    epoch: Int, loss: Double, trainingError: Double, validationError: Double, learningRateScale: Double,
    certainty: [LayerCertainty]?
  ) {
    (self.epoch, self.loss, self.trainingError) = (epoch, loss, trainingError)
    (self.validationError, self.learningRateScale, self.certainty) = (validationError, learningRateScale, certainty)
  }

  // These keys have been the same in nights from the beginning.
  private enum CodingKeys: String, CodingKey {
    case epoch, loss, trainingError, validationError
    case learningRateScale = "stepScale"
    case certainty
  }
}
