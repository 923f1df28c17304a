import Datasets
import Files
import Foundation
import Layers
import Networks
import Tensors

/// The state of a training, from which it can be resumed: `TrainingRun.checkpoint()` takes it, and `TrainingRun(resuming:)`
/// continues to the same bits as if the training had never stopped. Nothing that the training does later changes it.
///
/// It is saved as a safetensors file, whose metadata say what it belongs to, with a digest of all of it. The tensors are `network.P`,
/// `first.P` and `second.P` (Adam's moments of trained parameters) and `best.P`, for the parameter named `P`, and `losses`, one of each
/// step of the unfinished epoch.
public struct Checkpoint {
  package let facts: Facts
  let state: TrainingState<Float>
  /// The file that it was read from; nil if it was taken from a training.
  let path: String?
  /// Where its digest is computed.
  private let device: Device

  /// The experiment whose constants are used.
  public var experiment: Experiment { facts.experiment }
  /// The network with the parameters of the last step.
  public var network: Network<Float> { state.network }
  /// The random seed.
  public var seed: UInt64 { facts.seed }
  /// The number of completed epochs.
  public var epoch: Int { facts.epoch }
  /// The number of epochs to train.
  public var epochs: Int { facts.epochs }
  /// The number of completed steps of the next epoch.
  public var step: Int { facts.step }
  /// The seconds that the training has taken so far.
  public var seconds: Double { facts.seconds }

  static let key = "signet.checkpoint"
  /// The versions of the form that are read; the last is written. The first had the losses in the metadata.
  private static let versions = 1...2
  private static let lossesName = "losses"

  fileprivate init(_ run: borrowing TrainingRun<Float>) {
    (state, path, device) = (run.state, nil, run.device)
    facts = Facts(
      version: Self.versions.upperBound, experiment: run.experiment, seed: run.seed, network: state.network.kind,
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
    let losses = state.sums.losses
    if !losses.isEmpty { tensors[Self.lossesName] = StoredTensor(Tensor([losses.count], losses)) }
    let text = try encodeLine(facts)
    var file = SafetensorsFile(metadata: [Self.key: text], tensors: tensors)
    file.metadata[SafetensorsFile.checkpointDigestKey] = file.checkpointDigest(text, on: device)
    try file.write(to: path)
  }

  /// Reads the file.
  ///
  /// - Throws: `SafetensorsError`; `NetworkFileError`; `SavedNetworkError` if it is a safetensors file of another kind or no training can
  ///   be in its state; `CheckpointError` if it is not as it was written.
  public init(reading path: String, on device: Device) throws {
    let file = try SafetensorsFile(reading: path)
    let (facts, firstLosses) = try Self.facts(in: file, from: path, on: device)
    (self.facts, self.path, self.device) = (facts, path, device)
    var unknown = Set(file.tensors.keys)
    let specification = facts.experiment.specification(of: facts.network, input: facts.experiment.data.input)
    func network(_ group: String) throws -> Network<Float> {
      let prefix = "\(group)."
      let members = file.tensors.filter { $0.key.hasPrefix(prefix) }
      unknown.subtract(members.keys)
      return try Network(
        specification,
        tensors: Dictionary(uniqueKeysWithValues: members.map { (String($0.key.dropFirst(prefix.count)), $0.value) }),
        from: path, on: device)
    }
    var state = TrainingState(try network("network"), facts.experiment, facts.phase)
    if let epoch = facts.bestEpoch, let error = facts.bestValidationError {
      state.best = TrainedNetwork(network: try network("best"), epoch: epoch, epochs: facts.epochs, error)
    }
    func vector(_ name: String, count: Int) throws -> Tensor<Float> {
      unknown.remove(name)
      guard let tensor: Tensor<Float> = file.tensors[name]?.tensor() else {
        throw NetworkFileError.missing(path: path, tensor: name)
      }
      guard tensor.count == count else {
        throw NetworkFileError.wrongShape(path: path, tensor: name, expected: [count], actual: tensor.shape)
      }
      return tensor
    }
    for (name, moments) in state.moments {
      moments.first = try vector("first.\(name)", count: moments.count)
      moments.second = try vector("second.\(name)", count: moments.count)
    }
    state.optimizer.time = facts.time
    state.schedule = facts.schedule
    (state.epoch, state.step) = (facts.epoch, facts.step)
    state.sums = facts.sums
    if facts.step > 0 {
      state.sums.losses = try firstLosses ?? vector(Self.lossesName, count: facts.step).scalars
    }
    if let error = NetworkFileError(unknown: unknown, in: path) { throw error }
    self.state = state
  }

  /// The metadata of a file that is as it was written, and the losses in them if they have the first form.
  private static func facts(
    in file: SafetensorsFile, from path: String, on device: Device
  ) throws -> (Facts, losses: [Float]?) {
    func refused(_ found: String) -> SavedNetworkError { SavedNetworkError(path: path, key: key, found: found) }
    func decoded<Value: Decodable>(_ text: String) -> Value? {
      try? JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }
    guard let text = file.metadata[key] else { throw refused("nothing") }
    guard let form: Form = decoded(text) else { throw refused("\(text.prefix(60))") }
    guard versions.contains(form.version) else { throw refused("version \(form.version)") }
    guard let facts: Facts = decoded(text) else { throw refused("\(text.prefix(60))") }
    if let fault = facts.fault { throw refused("an impossible \(fault)") }
    do { try facts.experiment.validateForItsData(facts.network) } catch { throw refused("\(error)") }
    try file.requireWhole(text, of: facts.network, from: path, on: device)
    guard form.version == 1 else { return (facts, nil) }
    let losses = form.sums?.losses ?? []
    guard losses.count == facts.step else { throw refused("\(losses.count) losses of \(facts.step) steps") }
    return (facts, losses)
  }

  /// What metadata of every version have, and the losses of the first: 8 hexadecimal digits each.
  private struct Form: Decodable {
    let version: Int
    let sums: Sums?

    struct Sums: Decodable {
      private let lossBits: String?

      var losses: [Float] {
        let digits = Array((lossBits ?? "").utf8)
        return stride(from: 0, to: digits.count, by: 8).compactMap { start in
          let end = min(start + 8, digits.count)
          return UInt32(String(decoding: digits[start..<end], as: UTF8.self), radix: 16).map(Float.init(bitPattern:))
        }
      }
    }
  }
}

extension TrainingRun<Float> {
  /// The current state of the training.
  public func checkpoint() -> Checkpoint { Checkpoint(self) }

  /// Resumes a training, which ends in the same bits as if it had never stopped.
  ///
  /// - Parameter data: the data set on which the training was begun.
  /// - Precondition: an epoch on the data has the checkpoint's step.
  public init(resuming checkpoint: Checkpoint, data: Dataset, device: Device) {
    self.init(
      checkpoint.state, checkpoint.experiment, checkpoint.facts.phase, data: data, seed: checkpoint.seed,
      seconds: checkpoint.seconds, device: device)
  }
}

extension TrainingState {
  /// Adam's moments of every trained parameter, by their names in `Network.tensors`.
  fileprivate var moments: [(name: String, moments: AdamMoments<Scalar>)] {
    zip(network.parameters.filter(\.kind.isTrained), optimizer.moments.joined()).map { ($0.name, $1) }
  }
}

extension Experiment {
  /// Checks that the experiment fits the images of its own data set, and that this network of it can be built and trained.
  ///
  /// - Throws: `ArchitectureError`, `MethodError` or `RecipeError`.
  func validateForItsData(_ network: NetworkKind) throws {
    try validate(for: data.input, classes: data.classes, networks: [network])
  }
}
