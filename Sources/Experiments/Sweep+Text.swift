import Files
import Networks
import Training

extension Sweep {
  /// One line that says which records look like the sweep's but are not used, and why; nil if there are none.
  ///
  /// - Parameter path: the records' file.
  package func unusedInWords(of records: [Record], in path: String) throws -> String? {
    let differences = try unused(of: records)
    guard !differences.isEmpty else { return nil }
    let counts = Dictionary(grouping: differences.map { $0.words(in: version) }, by: \.self).mapValues(\.count)
    let parts = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($1) \($0)" }
    return "\(path): expected results of this sweep, found \(parts.joined(separator: ", ")); they are not used"
  }

  /// The experiment and its changed constants.
  package var title: String {
    let changes = experiment.changes(training: networks).map { "\($0.key) \($0.value)" }
    let epochs = [(realEpochs, "real"), (discreteEpochs, "discrete")].compactMap { count, which in
      count.map { counted($0, "\(which) epoch", "\(which) epochs") }
    }
    return ([experiment.name] + epochs + changes).joined(separator: ", ")
  }

  /// A Markdown table with a row for each kind of weights and a column for each network, trained or not, followed by the note on
  /// the data set.
  package func table(of cells: [Cell]) -> String {
    func text(_ weights: String, _ network: NetworkKind) -> String {
      guard let cell = cells.first(where: { $0.weights == weights && $0.network == network }) else {
        let isWanted = wanted.contains { $0.weights == weights && $0.origin.configuration.network == network }
        return isWanted ? "– (0 of \(seeds.count))" : ""
      }
      let deviation = cell.testDeviation.map { " ± \(fixed($0 * 100, places: 2))" } ?? ""
      let isWhole = cell.runs == seeds.count
      return "\(fixed(cell.testMean * 100, places: 2))\(deviation) %"
        + (isWhole ? "" : " (\(cell.runs) of \(seeds.count))")
    }
    let lines = wanted.map(\.weights).unique.map { row in [row] + networks.map { text(row, $0) } }
    return withNote(markdownTable([["weights"] + networks.map(\.rawValue)] + lines), note)
  }
}

extension Sweep.Difference {
  /// What distinguishes a record, worded to follow a count.
  func words(in version: String) -> String {
    switch self {
    case .withoutOrigin: "that do not say what data and constants they depend on"
    case .version(let recorded): "of signet \(recorded) and not \(version)"
    case .data(let difference): "of other data (\(difference))"
    case .configuration(let field, let recorded, let expected): "with \(field) \(recorded) and not \(expected)"
    }
  }
}
