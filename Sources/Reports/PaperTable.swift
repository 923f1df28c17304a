import Experiments
import Files
import Networks
import Training

/// The paper's table as far as records fill it: every network's errors over seeds, comparisons between methods, and what is missing.
///
/// Networks stand together only if their version, data and every constant agree: a short training is never mixed with a whole one.
package struct PaperTable: Encodable {
  /// The trials: experiments in the order of the catalogue, the paper's protocol first.
  package let trials: [Trial]
  /// Every network of the paper, trained or not.
  package let networks: [PaperNetwork]
  /// How many seeds each network of the paper is to have.
  package let seedsWanted: Int
  /// How many records there are, and how many were left out because they do not say what they depend on.
  package let recordCount, leftOut: Int

  /// - Parameters:
  ///   - records: each network once.
  ///   - leftOut: how many records do not say what they depend on; such records are not among `records`.
  ///   - seedsWanted: how many seeds each network of the paper is to have (**ours**).
  package init(_ records: [Sweep.Record], leftOut: Int = 0, seedsWanted: Int = Plan.seeds.count) throws {
    let known = records.compactMap(KnownRecord.init)
    trials = try Trial.all(of: known)
    networks = PaperNetwork.all(of: trials, known, seeds: seedsWanted)
    (self.seedsWanted, recordCount) = (seedsWanted, records.count)
    self.leftOut = leftOut + records.count - known.count
  }
}

/// A record that says what it depends on.
struct KnownRecord {
  let record: Sweep.Record
  let origin: Origin

  init?(_ record: Sweep.Record) {
    guard let origin = record.origin else { return nil }
    (self.record, self.origin) = (record, origin)
  }

  var network: NetworkKind { record.result.network }
  var configuration: Origin.Configuration { origin.configuration }

  /// The constants of a network that was trained on the way to this one, or of this one.
  func constants(_ isWanted: (NetworkKind) -> Bool) -> Experiment.Phase? {
    configuration.trainings.first { isWanted($0.network) }?.constants
  }

  /// How the training differs from that of the experiment of the same name; nil if there is no such experiment.
  ///
  /// A field is named by the network that it is of, `discrete` for all with weight distributions: `discrete.epochs`.
  func differences() throws -> [FieldDifference]? { try Experiment.named(record.experiment).map(differences) }

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
    return try FieldDifference.all(between: expected.configuration, and: configuration).map {
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
