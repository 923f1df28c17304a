import Datasets
import Files
import Foundation
import Layers
import Networks
import Tensors

/// The state of a training, from which it can be resumed: `TrainingRun.checkpoint()` takes it, and `TrainingRun(resuming:)`
/// continues to the same bits as if the training had never stopped. Nothing that the training does later changes it.
///
/// It is saved as a safetensors file, whose metadata say what it belongs to. The tensors are `network.P`, `first.P` and
/// `second.P` (Adam's moments of trained parameters) and `best.P`, for the parameter named `P`.
public struct Checkpoint {
  /// The contents of the metadata.
  package struct Facts: Codable, Equatable {
    package let version: Int
    package let experiment: Experiment
    package let seed: UInt64
    package let network: NetworkKind
    /// The SHA-256 of the data's files, in their order.
    package let data: [String]
    /// The total number of epochs, the number of completed epochs, and the number of completed steps of the next one.
    package let epochs, epoch, step: Int
    /// Seconds of training so far.
    package let seconds: Double
    let time: Int
    let schedule: PlateauSchedule
    let sums: EpochSums
    let bestEpoch: Int?
    let bestValidationError: Double?
  }

  package let facts: Facts
  let state: TrainingState<Float>

  /// The experiment whose constants are used.
  public var experiment: Experiment { facts.experiment }
  /// The network with the parameters of the last step.
  public var network: Network<Float> { state.network }
  /// The random seed.
  public var seed: UInt64 { facts.seed }
  /// The number of completed epochs.
  public var epoch: Int { facts.epoch }
  public var epochs: Int { facts.epochs }
  /// The number of completed steps of the next epoch.
  public var step: Int { facts.step }
  /// The seconds that the training has taken so far.
  public var seconds: Double { facts.seconds }

  private static let key = "signet.checkpoint"
  private static let version = 1

  fileprivate init(_ run: borrowing TrainingRun<Float>) {
    state = run.state
    facts = Facts(
      version: Self.version, experiment: run.experiment, seed: run.seed, network: state.network.kind,
      data: run.data.fileDigests.map(\.sha256), epochs: run.phase.epochs, epoch: state.epoch, step: state.step,
      seconds: run.seconds, time: state.optimizer.time, schedule: state.schedule, sums: state.sums,
      bestEpoch: state.best?.epoch, bestValidationError: state.best?.validationError)
  }

  /// Writes the file, which appears whole or not at all; a previous file remains until then.
  ///
  /// - Throws: `FileWriteError`
  public func write(to path: String) throws {
    var tensors: [String: StoredTensor] = [:]
    func add(_ group: String, _ network: Network<Float>) {
      for (name, tensor) in network.tensors { tensors["\(group).\(name)"] = tensor }
    }
    add("network", state.network)
    if let best = state.best { add("best", best.network) }
    for (name, moments) in state.moments {
      tensors["first.\(name)"] = StoredTensor(moments.first)
      tensors["second.\(name)"] = StoredTensor(moments.second)
    }
    try SafetensorsFile(metadata: [Self.key: try encodeLine(facts)], tensors: tensors).write(to: path)
  }

  /// Reads the file.
  ///
  /// - Throws: `SafetensorsError`, `NetworkFileError`, or `SavedNetworkError` if it is a safetensors file of another kind.
  public init(reading path: String, on device: Device) throws {
    let file = try SafetensorsFile(reading: path)
    let text = file.metadata[Self.key]
    guard
      let facts = text.flatMap({ try? JSONDecoder().decode(Facts.self, from: Data($0.utf8)) }),
      facts.version == Self.version, (try? facts.experiment.validateForItsData()) != nil
    else {
      throw SavedNetworkError(path: path, key: Self.key, found: "\(text?.prefix(60) ?? "nothing")")
    }
    self.facts = facts
    let specification = facts.experiment.specification(of: facts.network, input: facts.experiment.data.input)
    let groups = Dictionary(grouping: file.tensors) { $0.key.prefix { $0 != "." } }.mapValues { members in
      Dictionary(uniqueKeysWithValues: members.map { (String($0.key.drop { $0 != "." }.dropFirst()), $0.value) })
    }
    func network(_ group: String) throws -> Network<Float> {
      try Network(specification, tensors: groups[Substring(group)] ?? [:], from: path, on: device)
    }
    var state = TrainingState(try network("network"), facts.experiment, facts.phase)
    if let epoch = facts.bestEpoch, let error = facts.bestValidationError {
      state.best = TrainedNetwork(network: try network("best"), epoch: epoch, epochs: facts.epochs, error)
    }
    for (name, moments) in state.moments {
      func tensor(_ group: String) throws -> Tensor<Float> {
        let name = "\(group).\(name)"
        guard let tensor: Tensor<Float> = file.tensors[name]?.tensor() else {
          throw NetworkFileError.missing(path: path, tensor: name)
        }
        guard tensor.count == moments.count else {
          throw NetworkFileError.wrongShape(path: path, tensor: name, expected: [moments.count], actual: tensor.shape)
        }
        return tensor
      }
      (moments.first, moments.second) = (try tensor("first"), try tensor("second"))
    }
    state.optimizer.time = facts.time
    state.schedule = facts.schedule
    (state.epoch, state.step) = (facts.epoch, facts.step)
    state.sums = facts.sums
    self.state = state
  }
}

extension TrainingRun<Float> {
  /// The current state of the training.
  public func checkpoint() -> Checkpoint { Checkpoint(self) }

  /// Resumes a training, which ends in the same bits as if it had never stopped.
  ///
  /// - Parameter data: the data set on which the training was begun.
  public init(resuming checkpoint: Checkpoint, data: Dataset, device: Device) {
    self.init(
      checkpoint.state, checkpoint.experiment, checkpoint.facts.phase, data: data, seed: checkpoint.seed,
      seconds: checkpoint.seconds, device: device)
  }
}

extension Checkpoint.Facts {
  /// The constants of the network's training.
  fileprivate var phase: Experiment.Phase {
    var phase = experiment.phase(of: network)
    phase.epochs = epochs
    return phase
  }
}

extension TrainingState {
  /// Adam's moments of every trained parameter, by their names in `Network.tensors`.
  fileprivate var moments: [(name: String, moments: AdamMoments<Scalar>)] {
    zip(network.parameters.filter(\.kind.isTrained), optimizer.moments.joined()).map { ($0.name, $1) }
  }
}

extension Experiment {
  /// Checks that the experiment fits the images of its own data set.
  ///
  /// - Throws: `ArchitectureError` or `MethodError`.
  func validateForItsData() throws { try validate(for: data.input, classes: data.classes) }
}
