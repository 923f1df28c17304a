import Experiments
import Files
import Foundation
import Networks
import Training
import WeightDistributions

extension PaperTable {
  /// The networks of an experiment that one version trained on the same data with the same constants, except for grids and seeds.
  package struct Trial: Encodable {
    package let experiment: String
    /// What names the experiment: for a custom architecture, its data set and its layers.
    package let subject: String
    /// The version that trained it.
    package let signet: String
    package let data: [DataFile]
    /// What must be said of results on these data, also if that is not known.
    package let dataNotes: [String]
    /// The epochs of the real network that the others start from, and those of a discrete network; nil for those not trained.
    package let realEpochs, discreteEpochs: Int?
    /// How the constants differ from those of the experiment of the same name; nil if there is no such experiment.
    package let differences: [String]?
    /// How the constants, except for the numbers of epochs, differ from those or, for a custom architecture, from those that
    /// `signet train` begins with.
    package let changes: [String]
    /// True if more than the numbers of epochs differs.
    package let hasOtherConstants: Bool
    /// The recipe whose constants these are, whatever the numbers of epochs; nil if they are the experiment's, or no recipe's.
    package let recipe: String?
    /// True if the experiment is one of the paper's.
    package let isOfPaper: Bool
    /// A row for each network and grid.
    package let rows: [Row]
    /// The comparisons between methods, by question.
    package let questions: [Question]

    /// True if the networks were trained with the experiment's constants, to its last epoch.
    package var isWhole: Bool { differences?.isEmpty ?? false }
  }

  /// The networks of one kind and grid that differ in their seeds only.
  package struct Row: Encodable {
    package let network: NetworkKind
    package let weights: String
    /// The epochs of the trainings that lead to the network, its own last; and those of the experiment of the same name.
    package let epochs: [Int]
    package let wholeEpochs: [Int]?
    /// True if it was trained as the experiment says, on all of the data.
    package let isWhole: Bool
    /// The results, by seed.
    package let results: [Result]
    /// Over the seeds, as fractions; the deviation has `n − 1` and is nil for a single seed.
    package let testMean: Double
    package let testDeviation: Double?
    package let validationMean: Double
    package let validationDeviation: Double?

    var testErrors: [Double] { results.map(\.testError) }
  }

  /// One trained network.
  package struct Result: Encodable {
    package let seed: UInt64
    package let testError, validationError: Double
    package let bestEpoch: Int
    package let hours: Double
    /// The machine; nil if the record does not say.
    package let machine: String?
    /// The program; nil if the record does not say.
    package let program: String?
    package let parametersSHA256: String
    /// The learning curve; nil if the record has none.
    package let learningCurve: Sweep.Record.LearningCurve?
  }
}

/// What the discrete networks of a trial share, and by what others find their trials.
private struct TrialKey: Hashable {
  /// Of every network: experiment, version, data, and the constants that do not depend on the network.
  let shared: [String]
  /// The constants of the real and of the discrete networks, and the method without its grids.
  let real, discrete, method: String?
  /// The constants of the straight-through network; of a discrete one, those that the straight-through network beside it has.
  let straightThrough: String?

  init(_ known: KnownRecord) throws {
    let configuration = known.configuration
    shared =
      [known.record.experiment, known.origin.signet] + known.origin.data.map(\.sha256) + [
        try encodeLine(configuration.dataset), try encodeLine(configuration.architecture), "\(configuration.batch)",
        try encodeLine(configuration.augmentation), try encodeLine(configuration.loss),
      ]
    real = try known.constants { $0 == .real }.map { try encodeLine($0) }
    let discreteConstants = known.constants(\.isDiscrete)
    discrete = try discreteConstants.map { try encodeLine($0) }
    straightThrough = try (discreteConstants?.ofStraightThrough ?? known.constants { $0 == .straightThrough })
      .map { try encodeLine($0) }
    method = try configuration.method.map {
      var method = $0
      method.grids = [.ternary]
      return try encodeLine(method)
    }
  }
}

extension PaperTable.Trial {
  /// The trials of all records. A real network stands in every trial whose networks may start from it, a straight-through one in
  /// every trial whose discrete networks' constants are its own, too.
  static func all(of records: [KnownRecord]) throws -> [PaperTable.Trial] { try grouped(records).map(\.trial) }

  /// The trials of all records, each with its own.
  static func grouped(_ records: [KnownRecord]) throws -> [(trial: PaperTable.Trial, records: [KnownRecord])] {
    let keyed = try records.map { (key: try TrialKey($0), known: $0) }
    let discrete = keyed.filter { $0.known.network.isDiscrete }
    var used: Set<String> = []
    var groups: [[KnownRecord]] = []
    for key in discrete.map(\.key).unique {
      let members = keyed.filter { other, known in
        switch known.network {
        case .real: other.shared == key.shared && other.real == key.real
        case .straightThrough: other.shared == key.shared && other.straightThrough == key.straightThrough
        case .discreteTanh, .discreteSign, .discreteSignFromTanh: other == key
        }
      }
      groups.append(members.map(\.known))
      used.formUnion(members.map(\.known.origin.identity))
    }
    // Networks that no discrete one stands beside.
    let others = keyed.filter { !used.contains($0.known.origin.identity) }
    for key in others.map(\.key).unique { groups.append(others.filter { $0.key == key }.map(\.known)) }
    let trials = try groups.map { (trial: try PaperTable.Trial($0), records: $0) }
    return inCatalogueOrder(trials.map(\.trial.experiment)).flatMap { name in
      trials.filter { $0.trial.experiment == name }.sorted { $0.trial.precedes($1.trial) }
    }
  }

  /// Whole trials first, then the newer version, then more epochs, then by data, then by constants.
  private func precedes(_ other: PaperTable.Trial) -> Bool {
    guard isWhole == other.isWhole else { return isWhole }
    return switch signet.compare(other.signet, options: .numeric) {
    case .orderedDescending: true
    case .orderedAscending: false
    case .orderedSame: rank < other.rank
    }
  }

  private var rank: (Int, Int, String, String) {
    (
      -(realEpochs ?? 0), -(discreteEpochs ?? 0), data.map(\.sha256).joined(separator: " "),
      changes.joined(separator: " ")
    )
  }

  private init(_ records: [KnownRecord]) throws {
    let first = records[0]
    (experiment, subject) = (first.record.experiment, first.subject)
    (signet, data) = (first.origin.signet, first.origin.data)
    let (source, runs) = (first.configuration.dataset, records.compactMap(\.record.run))
    // The note is a function of the data's files, so one record can say it for all.
    let known = (runs.compactMap(\.dataNote) + [source.note].compactMap(\.self)).unique
    let isUnknown = known.isEmpty && runs.isEmpty && !source.isBuiltIn
    dataNotes = isUnknown ? ["the records do not say whether the data are whole"] : known
    realEpochs = records.lazy.compactMap { $0.constants { $0 == .real }?.epochs }.first
    discreteEpochs = records.lazy.compactMap { $0.constants { $0 != .real }?.epochs }.first
    let found = try records.flatMap { try $0.changes() }
    func words(_ differences: [FieldDifference]) -> [String] {
      differences.map { "\($0.field) \($0.second) instead of \($0.first)" }.unique.sorted()
    }
    changes = words(found.filter { !$0.isOfEpochs })
    hasOtherConstants = !changes.isEmpty
    recipe =
      changes.isEmpty
      ? nil : try Recipe.names.first { name in try records.allSatisfy { try $0.follows(recipe: name) } }
    differences = Experiment.named(experiment) == nil ? nil : words(found)
    isOfPaper = Experiment.paper.contains { [experiment] in $0.name == experiment }
    rows = try PaperTable.Row.all(of: records, onWholeData: dataNotes.isEmpty)
    questions = Question.all(of: rows)
  }
}

extension PaperTable.Row {
  fileprivate static func all(of records: [KnownRecord], onWholeData isWhole: Bool) throws -> [PaperTable.Row] {
    func rank(_ record: KnownRecord) -> (Int, Int, String, UInt64) {
      let result = record.record.result
      return (
        NetworkKind.allCases.firstIndex(of: result.network) ?? 0,
        WeightGrid.all.firstIndex { $0.name == result.weights } ?? WeightGrid.all.count, result.weights,
        record.record.seed
      )
    }
    let sorted = records.sorted { rank($0) < rank($1) }
    struct Name: Hashable { let network: NetworkKind, weights: String }
    let named = sorted.map { (name: Name(network: $0.network, weights: $0.record.result.weights), record: $0) }
    return try named.map(\.name).unique.map { name in
      try Self(named.filter { $0.name == name }.map(\.record), onWholeData: isWhole)
    }
  }

  private init(_ records: [KnownRecord], onWholeData isOnWholeData: Bool) throws {
    let first = records[0]
    (network, weights) = (first.network, first.record.result.weights)
    epochs = first.configuration.trainings.map(\.constants.epochs)
    let catalogued = Experiment.named(first.record.experiment)
    wholeEpochs = catalogued.map { experiment in
      first.configuration.trainings.map { experiment.phase(of: $0.network).epochs }
    }
    isWhole = try isOnWholeData && records.allSatisfy { try $0.differences()?.isEmpty ?? false }
    results = records.map { known in
      let result = known.record.result
      return PaperTable.Result(
        seed: known.record.seed, testError: result.testError, validationError: result.validationError,
        bestEpoch: result.bestEpoch, hours: result.seconds / 3600, machine: known.record.run?.machine.description,
        program: known.record.run?.programs.joined(separator: "; then "), parametersSHA256: result.parametersSHA256,
        learningCurve: known.record.learningCurve)
    }
    let (test, validation) = (Spread(results.map(\.testError)), Spread(results.map(\.validationError)))
    (testMean, testDeviation) = (test?.mean ?? .nan, test?.deviation)
    (validationMean, validationDeviation) = (validation?.mean ?? .nan, validation?.deviation)
  }
}
