import Files
import Networks
import Training

/// A table of every constant of an experiment, with its unit and its source.
package struct RecipeTable {
  private let experiment: Experiment

  /// - Parameter experiment: an experiment of the catalogue or of a run, perhaps with changes.
  package init(of experiment: Experiment) { self.experiment = experiment }

  /// The table as text: the architecture and the data set, then a line per constant.
  package var text: String {
    let base = experiment.base
    let rows = RecipeKey.all.map {
      [$0.name, $0.value(in: experiment), $0.unit, $0.source(in: experiment, from: base), $0.meaning]
    }
    return "\(experiment.title): \(experiment.architecture) on \(experiment.data.title)\n\n"
      + alignedTable([["key", "value", "unit", "from", "meaning"]] + rows, rightAligned: [])
      + "\n\npaper: Roth et al. 2019, as in Documentation/Method.md §5; ours: this project's; set: changed."
  }

  /// The values by key, as `--recipe` takes them.
  package func json() throws -> String { try encodeJSON(Recipe(of: experiment).values) }
}
