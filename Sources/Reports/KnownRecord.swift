import Experiments
import Files
import Networks
import Nightly
import Training
import WeightDistributions

/// A trained network and what it depends on.
struct KnownRecord {
  let record: Sweep.Record
  let origin: Origin
  /// The command that trains it again; nil if that is not known.
  let command: String?

  init?(_ record: Sweep.Record, command: String? = nil) {
    guard let origin = record.origin else { return nil }
    (self.record, self.origin, self.command) = (record, origin, command)
  }

  var network: NetworkKind { record.result.network }
  var configuration: Origin.Configuration { origin.configuration }

  /// What names the experiment: for a custom architecture, its data set and its layers.
  var subject: String {
    record.experiment == Experiment.customName
      ? "\(configuration.dataset.title) \(configuration.architecture)" : record.experiment
  }

  /// The name of the file that a real network was read from, among the files of `origin.data`.
  static let realNetworkFile = "real network"

  /// Without repetitions: training is reproducible, so a repetition would count the same number twice.
  static func unrepeated(_ records: [KnownRecord]) -> [KnownRecord] {
    var seen: Set<String> = []
    return records.filter { $0.record.result.testError.isFinite && seen.insert($0.origin.identity).inserted }
  }
}

// Nights and runs.
extension KnownRecord {
  /// The networks of a night's trainings and of sweeps; those of sweeps that do not say what they depend on are left out.
  ///
  /// - Parameter signet: the version that trained in the night.
  static func all(of trainings: [TrainingRecord], by signet: String, and sweeps: [Sweep.Record]) -> [KnownRecord] {
    let swept = sweeps.compactMap { KnownRecord($0) }
    // For nights of older versions, which did not record their data: the built-in sets that the same version has in sweeps.
    let builtIn = Dictionary(
      swept.filter { $0.origin.signet == signet && $0.configuration.dataset.isBuiltIn }
        .map { ($0.configuration.dataset.name, $0.origin.data) },
      uniquingKeysWith: { $0 == $1 ? $0 : [] })
    let tonight = trainings.compactMap { KnownRecord($0, by: signet, builtIn: builtIn) }
    return unrepeated(tonight + swept)
  }

  /// A network of a night; nil if its training did not end, or if the experiment or the grid has no name.
  private init?(_ training: TrainingRecord, by signet: String, builtIn: [String: [DataFile]]) {
    guard let result = training.result, var experiment = training.plannedExperiment else { return nil }
    if training.network.isDiscrete {
      guard let grid = WeightGrid.named(training.weights) else { return nil }
      experiment.method.grids = [grid]
    }
    let origin = Origin(
      of: training.network, in: experiment, epochs: { $0 == .real ? training.realEpochs : training.epochs },
      seed: training.seed, data: training.dataFiles ?? builtIn[experiment.data.name] ?? [], signet: signet)
    self.init(
      Sweep.Record(
        experiment: experiment.name, seed: training.seed, realEpochs: training.realEpochs, result: result,
        origin: origin),
      command: training.command)
  }

  /// The trained networks of a run. Where the real network was read from a file, that is one of the files of the data.
  static func all(of run: RunSummary, command: String?) -> [KnownRecord] {
    let (record, experiment) = (run.run, run.run.effectiveExperiment)
    return run.results.compactMap { result in
      let order = NetworkKind.trainingOrder(of: [result.network], initialization: experiment.method.initialization)
      let real = (order.contains(.real) ? record.realSHA256 : nil).map {
        DataFile(file: realNetworkFile, sha256: $0)
      }
      let origin = Origin(
        of: result.network, in: experiment, epochs: { experiment.phase(of: $0).epochs }, seed: record.seed,
        data: record.data + [real].compactMap(\.self),
        signet: run.programs.map(\.signet).unique.joined(separator: ", "))
      return KnownRecord(
        Sweep.Record(
          experiment: experiment.name, seed: record.seed, realEpochs: experiment.real.epochs, result: result,
          origin: origin),
        command: command)
    }
  }
}

extension TrainingRecord {
  /// The experiment of a night's training: nights train with the constants of the catalogue, and custom architectures with those
  /// that `signet train` begins with. Nil if there is no such experiment.
  fileprivate var plannedExperiment: Experiment? {
    if let named = Experiment.named(experiment), "\(named.architecture)" == architecture { return named }
    guard let data = DataSource.named(experiment), let layers = try? Architecture(architecture) else { return nil }
    return .custom(layers, on: data)
  }
}

// How the constants differ from those of an experiment.
extension KnownRecord {
  /// The constants of a network that was trained on the way to this one, or of this one.
  func constants(_ isWanted: (NetworkKind) -> Bool) -> Experiment.Phase? {
    configuration.trainings.first { isWanted($0.network) }?.constants
  }

  /// How the training differs from that of the experiment of the same name; nil if there is no such experiment.
  ///
  /// A field is named by the network that it is of, `discrete` for all with weight distributions: `discrete.epochs`.
  func differences() throws -> [FieldDifference]? { try Experiment.named(record.experiment).map(differences) }

  /// The same, or how the training differs from that which `signet train` begins with.
  func changes() throws -> [FieldDifference] {
    try differences() ?? differences(from: .custom(configuration.architecture, on: configuration.dataset))
  }

  /// Whether all but the numbers of epochs are as a recipe says.
  func follows(recipe name: String) throws -> Bool {
    guard let experiment = Experiment.named(record.experiment), let recipe = try? Recipe.named(name, for: experiment)
    else { return false }
    return try differences(from: recipe.apply(to: experiment)).allSatisfy(\.isOfEpochs)
  }

  private func differences(from experiment: Experiment) throws -> [FieldDifference] {
    var experiment = experiment
    if let grids = configuration.method?.grids { experiment.method.grids = grids }
    let expected = Origin(
      of: network, in: experiment, epochs: { experiment.phase(of: $0).epochs }, seed: configuration.seed,
      data: origin.data, signet: origin.signet)
    return try FieldDifference.ofConstants(between: expected.configuration, and: configuration).map {
      FieldDifference(field: fieldName($0.field), first: $0.first, second: $0.second)
    }
  }

  /// `trainings.1.constants.epochs` as `discrete.epochs`; other names stay.
  private func fieldName(_ field: String) -> String {
    let parts = field.split(separator: ".").map(String.init)
    guard parts.count > 2, parts[0] == "trainings", let index = Int(parts[1]),
      configuration.trainings.indices.contains(index)
    else { return field }
    let network = configuration.trainings[index].network
    let name = network.isDiscrete ? "discrete" : network.rawValue
    return ([name] + parts.dropFirst(parts[2] == "constants" ? 3 : 2)).joined(separator: ".")
  }
}

extension FieldDifference {
  /// Whether it is one of how long a network is trained.
  var isOfEpochs: Bool { field.hasSuffix(".epochs") }
}
