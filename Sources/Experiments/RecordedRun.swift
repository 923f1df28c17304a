import Files
import Foundation
import Tensors
import Training

extension Sweep.Record {
  /// What is known of a training besides what determines its bits: the program, the machine, and when.
  package struct Run: Sendable, Codable, Equatable {
    /// The programs that worked on it, the one that began it first, as `0.2.0, commit 1234567890ab`.
    package let programs: [String]
    /// Where it began.
    package let machine: Machine
    /// When it was begun, in ISO 8601; nil if that was not recorded.
    package let begun: String?
    /// How often it was resumed; nil if it cannot have been.
    package let resumptions: Int?
    /// What must be said of results on its data; nil if there is nothing.
    package let dataNote: String?

    package init(programs: [String], machine: Machine, begun: String?, resumptions: Int?, dataNote: String?) {
      (self.programs, self.machine, self.begun) = (programs, machine, begun)
      (self.resumptions, self.dataNote) = (resumptions, dataNote)
    }
  }

  /// What a training's time depends on, and its bits do not.
  package struct Machine: Sendable, Codable, Hashable, CustomStringConvertible {
    /// What computes: `cpu`, or the name of another device.
    package let device: String
    /// The processor's name.
    package let processor: String
    /// The processor's cores, and the threads of the training.
    package let cores, threads: Int
    /// The variant of the arithmetic kernels.
    package let kernels: String
    /// The operating system.
    package let system: String

    package init(device: String, processor: String, cores: Int, threads: Int, kernels: String, system: String) {
      (self.device, self.processor, self.cores) = (device, processor, cores)
      (self.threads, self.kernels, self.system) = (threads, kernels, system)
    }

    /// - Parameter host: where a run was begun; it names a device only if that is not the processor.
    package init(_ host: RunRecord.Host) {
      self.init(
        device: host.device ?? Device.processorName, processor: host.processor, cores: host.cores,
        threads: host.threads,
        kernels: host.kernels, system: host.system)
    }

    /// `cpu, AMD EPYC, 1 of 2 cores`: what two times must share to be compared.
    package var description: String {
      let part = threads == cores ? counted(cores, "core", "cores") : "\(threads) of \(cores) cores"
      return "\(device), \(processor), \(part)"
    }
  }

  /// A training's learning curve, with a number for each epoch: six significant digits are kept.
  package struct LearningCurve: Sendable, Codable, Equatable {
    /// The mean training loss of the sampled network.
    package let loss: [Double]
    /// The running training error, a fraction.
    package let trainingError: [Double]
    /// The validation error of the deployed network, a fraction.
    package let validationError: [Double]

    /// - Parameter epochs: every epoch of the training, in order.
    package init(_ epochs: [EpochReport]) {
      self.init(
        loss: epochs.map(\.loss), trainingError: epochs.map(\.trainingError),
        validationError: epochs.map(\.validationError))
    }

    package init(loss: [Double], trainingError: [Double], validationError: [Double]) {
      self.loss = loss.map(Self.rounded)
      self.trainingError = trainingError.map(Self.rounded)
      self.validationError = validationError.map(Self.rounded)
    }

    /// True if the curve has a number of each kind for each of the epochs, and the result's validation error at its best epoch.
    func fits(_ result: NetworkResult) -> Bool {
      [loss, trainingError, validationError].allSatisfy { $0.count == result.epochs }
        && validationError.indices.contains(result.bestEpoch - 1)
        && validationError[result.bestEpoch - 1] == Self.rounded(result.validationError)
    }

    /// Six significant digits.
    static func rounded(_ value: Double) -> Double { Double(String(format: "%.6g", value)) ?? value }
  }
}
