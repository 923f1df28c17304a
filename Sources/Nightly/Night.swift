import Benchmarking
import Networks
import Training

/// `night.json`: all that a night found, and what it compared it with.
package struct Night: Codable, Sendable, Equatable {
  /// The version of this file's form.
  package static let version = 1

  package var version = Night.version
  /// The name of the night's directory: when it began, in UTC, `2026-11-23T02-30-00Z`; the second of one second
  /// has `-2` after it.
  package let name: String
  /// The night's place in the history, from 1; nil in the record of an older version, which counted by the clock.
  package var number: Int?
  /// What the night is to do, and what became of it; nil in the record of an older version.
  package var plan: [Step]?
  /// How long all of it took.
  package var seconds: Double
  package let signet: String
  /// The commit of the checkout; nil if the program lies in none.
  package let commit: String?
  /// True if the checkout had changes that are not in the commit.
  package let isModified: Bool
  package let host: Host
  /// The command that repeats the night, for the report.
  package let command: String
  package var verification: [Suite]
  package var trainings: [TrainingRecord]
  /// Tonight's program.
  package var benchmarks: [BenchmarkSamples]
  /// Test errors and times beside those of others.
  package var changes: [Change]
  /// What could not be done, in words: a budget that ended, a base that does not build.
  package var remarks: [String]
  /// Why a night with alarms is a good one all the same, if somebody said so.
  package var accepted: String?
  /// False of a night that is not over, or was killed.
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
    host: Host, command: String
  ) {
    (self.name, self.signet, self.commit, self.isModified) = (name, signet, commit, isModified)
    (self.host, self.command, self.number, self.plan) = (host, command, number, plan)
    (seconds, verification, trainings, benchmarks, changes, remarks) = (0, [], [], [], [], [])
  }

  /// True if a suite ran, and none that ran failed or was empty: only then does a timing mean anything.
  package var isVerified: Bool {
    !verification.isEmpty && verification.allSatisfy { $0.failures.isEmpty && $0.cases > 0 }
  }

  /// The changes that stop a night from being good.
  package var alarms: [Change] { changes.filter { $0.verdict.isAlarm } }
}

/// One network's training, with its learning curve.
package struct TrainingRecord: Codable, Sendable, Equatable {
  package let experiment: String
  /// `1200-1200-10`.
  package let architecture: String
  /// The grids' names, or "real"; of the straight-through network "binary".
  package let weights: String
  package let network: NetworkKind
  package let seed: UInt64
  /// Epochs to train, and those of the real network that it started from, or that it is.
  package let epochs, realEpochs: Int
  /// What a person types to train it again.
  package let command: String
  package let curve: [EpochPoint]
  /// nil if the night's time ended before.
  package let result: NetworkResult?
  /// Test errors of ensembles of sampled networks; empty if none were evaluated.
  package var ensemble: [EnsemblePoint] = []
  /// The directory of the data, of an experiment that reads any.
  package var data: String?
  /// The most memory of the process so far, in bytes; nil where the system does not tell.
  package let peakMemory: Int?

  package init(
    experiment: String, architecture: String, weights: String, network: NetworkKind, seed: UInt64, epochs: Int,
    realEpochs: Int, command: String, curve: [EpochPoint], result: NetworkResult?, peakMemory: Int?
  ) {
    (self.experiment, self.architecture, self.weights, self.network) = (experiment, architecture, weights, network)
    (self.seed, self.epochs, self.realEpochs, self.command) = (seed, epochs, realEpochs, command)
    (self.curve, self.result, self.peakMemory) = (curve, result, peakMemory)
  }

  /// What it shares with the trainings of other seeds.
  package struct Series: Hashable, Codable, Sendable {
    package let experiment, weights: String
    package let network: NetworkKind
    package let epochs: Int
    /// Epochs of the real network that it started from or is; 0 for the straight-through one, which starts from none.
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
  /// A layer's each; nil of real weights.
  package let certainty: [LayerCertainty]?

  package init(
    epoch: Int, loss: Double, trainingError: Double, validationError: Double, learningRateScale: Double,
    certainty: [LayerCertainty]?
  ) {
    (self.epoch, self.loss, self.trainingError) = (epoch, loss, trainingError)
    (self.validationError, self.learningRateScale, self.certainty) = (validationError, learningRateScale, certainty)
  }

  // As nights have had them from the beginning.
  private enum CodingKeys: String, CodingKey {
    case epoch, loss, trainingError, validationError
    case learningRateScale = "stepScale"
    case certainty
  }
}

/// The test error of an ensemble of sampled networks.
package struct EnsemblePoint: Codable, Sendable, Equatable {
  package let members: Int
  /// A fraction.
  package let error: Double

  package init(members: Int, error: Double) { (self.members, self.error) = (members, error) }
}
