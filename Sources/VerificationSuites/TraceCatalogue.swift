import BuiltInDatasets
import Datasets
import Networks
import Tensors
import Training
import WeightDistributions

/// A short training of a small network on a built-in data set.
package struct TraceExperiment: Sendable {
  /// The golden's name.
  package let name: String
  /// The experiment, with the small architecture and few epochs.
  let experiment: Experiment
  let networks: [NetworkKind]
  /// The number of training images.
  let images: Int

  /// - Parameters:
  ///   - base: the experiment that provides dropout, steps, regularization, augmentation and batch normalization.
  ///   - batch: the batch size.
  init(
    _ name: String, like base: Experiment, on data: DataSource, _ architecture: Architecture,
    networks: [NetworkKind] = NetworkKind.paper, images: Int = 40, batch: Int = 20, epochs: Int = 1,
    method: (inout Method) -> Void = { _ in }
  ) {
    self.name = name
    self.networks = networks
    self.images = images
    func phase(_ phase: Experiment.Phase) -> Experiment.Phase {
      var phase = phase
      phase.epochs = epochs
      // This makes the schedule halve the learning rates within a trace of three epochs.
      (phase.cooldown, phase.patience) = (1, 1)
      phase.dropout = Array(phase.dropout.prefix(architecture.blocks.count))
      return phase
    }
    var experiment = Experiment(
      name: name, title: base.title, data: data, architecture: architecture, batch: batch,
      augmentation: base.augmentation, real: phase(base.real), discrete: phase(base.discrete))
    method(&experiment.method)
    self.experiment = experiment
  }

  /// The training in words.
  package var what: String {
    "\(experiment.architecture) on \(images) images of \(experiment.data.name), batches of \(experiment.batch), "
      + "\(experiment.real.epochs) epochs, \(experiment.method.weights)"
  }

  /// Traces of every experiment's network at fixture size, of every grid, and of each choice of the method.
  package static let all: [TraceExperiment] = experiments + grids + choices

  private static let experiments = [
    TraceExperiment(
      "digits", like: .digits, on: .digits, "24-16-10", networks: NetworkKind.allCases, images: 80, batch: 40,
      epochs: 2),
    TraceExperiment("mnist-pi", like: .mnistPI, on: .glyphs, "20-12-10"),
    TraceExperiment("mnist", like: .mnist, on: .glyphs, "4C5-P2-6C5-P2-16-10", networks: NetworkKind.allCases),
    TraceExperiment("cifar-10", like: .cifar10, on: .shapes, "4C3-4C3-P2-6C3-6C3-P2-8C3-8C3-P2-16-10"),
    TraceExperiment(
      "cifar-100", like: .cifar100, on: .shapes100, "4C3-4C3-P2-6C3-6C3-P2-8C3-8C3-P2-16-100",
      networks: [.discreteSign]),
    TraceExperiment(
      "svhn", like: .svhn, on: .numbers, "4C3-4C3-P2-6C3-6C3-P2-8C3-8C3-P2-16-10", networks: [.discreteSign]),
  ]

  private static let grids = WeightGrid.all.map { grid in
    TraceExperiment(
      "grid-\(grid.name)", like: .digits, on: .digits, "12-10", networks: [.discreteSignFromTanh], epochs: 3
    ) { $0.grids = [grid] }
  }

  private static let choices = [
    choice("hierarchical-expectation-kl") {
      ($0.parameterization, $0.initialization) = (.hierarchical, .expectation)
      $0.regularizer = .divergence(prior: nil)
    },
    choice("zero-anchored-random-output") {
      ($0.parameterization, $0.initialization, $0.sampling) = (.zeroAnchored, .random, .output)
    },
    choice("straight-through-samples") { ($0.estimator, $0.temperature) = (.straightThrough, 0.5) },
    choice("second-order") { $0.sampling = .nowhere },
    choice("squared-hinge") { $0.loss = .squaredHinge },
    TraceExperiment(
      "pooling", like: .mnist, on: .glyphs, "3C3V-A2-4C3-S2-12-10", networks: [.discreteTanh, .discreteSign]
    ) { $0.grids = [.ternary, .quinary, .quaternarySymmetric, .ternary] },
  ]

  private static func choice(_ name: String, _ method: (inout Method) -> Void) -> TraceExperiment {
    TraceExperiment(name, like: .digits, on: .digits, "12-10", networks: [.discreteSign], epochs: 2, method: method)
  }

  /// Trains the networks and records the trace.
  ///
  /// - Throws: `DataError`, `TrainingError`
  package func record(seed: UInt64 = 1, on device: Device) throws -> Trace {
    let reproduction = Reproduction(experiment, data: try data(), seed: seed, device: device)
    var trace = Trace(what: what, networks: [])
    var trainings = try reproduction.trainings(of: Set(networks))
    while var run = try trainings.next() {
      var (steps, errors): ([StepTrace], [Double]) = ([], [])
      while !run.isFinished {
        while let step = try run.step() { steps.append(StepTrace(step, run.network)) }
        errors.append(run.finishEpoch().validationError)
      }
      let result = trainings.finish(run)
      trace.networks.append(
        NetworkTrace(
          network: result.network, steps: steps, validationErrors: errors, parametersSHA256: result.parametersSHA256))
    }
    return trace
  }

  /// The first images of each part.
  private func data() throws -> Dataset {
    guard let all = try experiment.data.load(from: nil) else {
      preconditionFailure("TraceExperiment: \(experiment.data.name) is not built in")
    }
    return Dataset(
      name: all.name, train: all.train[0..<images], validation: all.validation[0..<20], test: all.test[0..<10],
      fileDigests: all.fileDigests)
  }
}
