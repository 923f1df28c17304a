import Files
import Networks
import Training

/// A table of every constant of an experiment, with its unit and its source.
package struct RecipeTable {
  private let experiment: Experiment
  private let networks: [NetworkKind]

  /// - Parameters:
  ///   - experiment: an experiment of the catalogue or of a run, perhaps with changes.
  ///   - networks: the networks that are trained with it.
  package init(of experiment: Experiment, training networks: [NetworkKind]) {
    (self.experiment, self.networks) = (experiment, networks)
  }

  /// The table as text: the architecture and the data set, then a line per constant, whose value and source are dashes if it has no
  /// effect on the networks.
  package var text: String {
    let base = experiment.base
    var isAnyWithoutEffect = false
    let rows = RecipeKey.all.map { key in
      let hasEffect = key.withoutEffect(on: networks, of: experiment) == nil
      if !hasEffect { isAnyWithoutEffect = true }
      return [
        key.name, hasEffect ? key.value(in: experiment) : "–", key.unit,
        hasEffect ? key.source(in: experiment, from: base) : "–", key.meaning,
      ]
    }
    return "\(experiment.title): \(experiment.architecture) on \(experiment.data.title)\n\n"
      + alignedTable([["key", "value", "unit", "from", "meaning"]] + rows, rightAligned: [])
      + "\n\npaper: Roth et al. 2019, as in Documentation/Method.md §5; ours: this project's; set: changed"
      + (isAnyWithoutEffect ? "; –: without effect." : ".")
  }

  /// The values by key, as `--recipe` takes them.
  package func json() throws -> String { try encodeJSON(Recipe(of: experiment).values) }
}
