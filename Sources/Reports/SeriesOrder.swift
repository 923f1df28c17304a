import Networks
import Nightly
import Training
import WeightDistributions

/// The experiments in the order of the catalogue, then others by name.
func inCatalogueOrder(_ experiments: [String]) -> [String] {
  let catalogue = Experiment.all.map(\.name)
  return catalogue.filter(experiments.contains) + Set(experiments).subtracting(catalogue).sorted()
}

/// The series without repetitions, ordered by network, then grid, then epochs.
func inOrder(_ series: [TrainingRecord.Series]) -> [TrainingRecord.Series] {
  func rank(_ series: TrainingRecord.Series) -> (Int, Int, String, Int, Int) {
    (
      NetworkKind.allCases.firstIndex(of: series.network) ?? 0,
      WeightGrid.all.firstIndex { $0.name == series.weights } ?? WeightGrid.all.count, series.weights,
      series.realEpochs, series.epochs
    )
  }
  return series.unique.sorted { rank($0) < rank($1) }
}

extension TrainingRecord.Series {
  /// The network's name, with what distinguishes it from `others`.
  func label(among others: [TrainingRecord.Series]) -> String {
    let alike = others.filter { $0.network == network && $0 != self }
    var parts = [network.rawValue]
    if alike.contains(where: { $0.weights != weights }) { parts.append(weights) }
    if alike.contains(where: { $0.weights == weights }) { parts.append(epochsInWords) }
    return parts.joined(separator: ", ")
  }
}
