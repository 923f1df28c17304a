import Networks
import PackedInference
import Tensors

/// The trainings of a reproduction, in the order in which the networks start from one another:
///
///     var trainings = try reproduction.trainings(of: [.discreteSign])
///     while var run = try trainings.next() {
///       _ = try run.finish()          // or step by step
///       let result = trainings.finish(run)
///     }
public struct Trainings {
  private let reproduction: Reproduction
  /// The networks that are not yet trained.
  private var waiting: ArraySlice<NetworkKind>
  private var checkpoint: Checkpoint?
  /// True from ``next()`` to ``finish(_:)``.
  private var isTraining = false
  /// The trained networks that others start from.
  private var trained: [NetworkKind: Network<Float>]

  init(
    _ reproduction: Reproduction, of networks: Set<NetworkKind>, startingWith known: [NetworkKind: Network<Float>],
    from checkpoint: Checkpoint?
  ) throws {
    self.reproduction = reproduction
    trained = known
    let initialization = reproduction.experiment.method.initialization
    let order = NetworkKind.trainingOrder(
      of: networks, startingWith: Set(known.keys), initialization: initialization)
    for kind in order {
      guard let start = kind.start(initialization), let from = known[start] else { continue }
      try reproduction.specification(of: kind).requireStart(from: from.specification)
    }
    let all = NetworkKind.trainingOrder(of: networks, initialization: initialization)
    let unneeded = Set(all).union(known.keys).subtracting(order)
    let used = checkpoint.flatMap { unneeded.contains($0.network.kind) ? nil : $0 }
    try used?.require(oneOf: order, of: reproduction)
    self.checkpoint = used
    waiting = order[...]
  }

  /// The training of the next network, at its beginning or at the checkpoint; nil if all are trained.
  ///
  /// - Precondition: the previous training has been passed to ``finish(_:)``.
  /// - Throws: what the construction of a network throws, which ``Reproduction/trainings(of:startingWith:from:)`` has checked.
  public mutating func next() throws -> TrainingRun<Float>? {
    guard let kind = waiting.popFirst() else { return nil }
    precondition(!isTraining, "Trainings.next: the training before \(kind.rawValue) was not passed to finish(_:)")
    isTraining = true
    let (data, device) = (reproduction.data, reproduction.device)
    if let checkpoint, checkpoint.network.kind == kind {
      self.checkpoint = nil
      return TrainingRun(resuming: checkpoint, data: data, device: device)
    }
    return TrainingRun(
      reproduction.experiment, try start(kind), data: data, epochs: reproduction.epochs(of: kind),
      seed: reproduction.seed, device: device)
  }

  /// The result of a training; its network is kept if another one starts from it.
  ///
  /// - Precondition: the training is finished.
  public mutating func finish(_ run: borrowing TrainingRun<Float>) -> NetworkResult {
    guard run.isFinished, let best = run.best else {
      preconditionFailure("Trainings.finish: after \(run.epochsDone) of \(run.phase.epochs) epochs")
    }
    isTraining = false
    let (experiment, kind) = (reproduction.experiment, best.network.kind)
    if waiting.contains(where: { $0.start(experiment.method.initialization) == kind }) { trained[kind] = best.network }
    return NetworkResult(
      network: kind, weights: experiment.weights(of: kind), activation: experiment.activation(of: kind),
      epochs: best.epochs,
      bestEpoch: best.epoch, validationError: best.validationError,
      testError: reproduction.data.test.error(
        of: Predictor(best.network, on: reproduction.device), batch: experiment.evaluationBatch),
      seconds: run.seconds, parametersSHA256: best.network.digest)
  }

  /// The network before its training, made from the one that it starts from or from random weights.
  private func start(_ kind: NetworkKind) throws -> Network<Float> {
    let (experiment, device) = (reproduction.experiment, reproduction.device)
    let specification = reproduction.specification(of: kind)
    if let from = kind.start(experiment.method.initialization).flatMap({ trained[$0] }) {
      return try Network(specification, startingFrom: from, on: device)
    }
    return try Network(specification, seed: reproduction.seed, on: device)
  }
}
