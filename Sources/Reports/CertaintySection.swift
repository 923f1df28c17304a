import Networks
import Nightly
import Training

extension Report {
  /// How the weights' distributions become certain, layer by layer.
  var certainty: Section {
    let drawn = inCatalogueOrder(trainings.map(\.experiment)).compactMap(certaintyFigure)
    let blocks: [Block] =
      drawn.isEmpty
      ? [
        missing("Tonight trained no network of discrete weights, so there are no distributions:")
      ]
      : [
        .paragraph([
          """
          After each epoch, the layer’s weights by the largest probability of their distribution, in \
          \(LayerCertainty.bins) bins: those at 1 have decided on a value.
          """
        ])
      ] + drawn.map { .figure($0) }
    return Section(id: "certainty", title: "How certain the weights become", blocks: blocks)
  }

  private static let preferred: [NetworkKind] = [.discreteSign, .discreteSignFromTanh, .discreteTanh]

  /// The figure of one training of the experiment; nil if none tells its weights' certainty.
  private func certaintyFigure(_ experiment: String) -> Figure? {
    let main = mainWeights(of: experiment)
    let candidates = trainings.filter { training in
      training.experiment == experiment && training.weights == main
        && training.curve.contains { !($0.certainty ?? []).isEmpty }
    }.sorted { $0.seed < $1.seed }
    let training = Self.preferred.lazy.compactMap { network in candidates.first { $0.network == network } }.first
    guard let training, let layers = training.curve.compactMap({ $0.certainty?.count }).max() else { return nil }
    let panels = (0..<layers).map { heatmap(of: training, layer: $0, of: layers) }
    return Figure(
      id: figureID("certainty", experiment),
      title: experiment,
      panels: panels, legend: [.init(swatch: .shades, text: "0 to 100 % of the weights, √ scale")],
      caption: "Layers of \(training.network.rawValue), \(training.weights), seed \(training.seed).",
      reading: """
        The shade is the square root of a bin’s share of the weights; beside the title stands the share in the \
        highest bin after the last epoch.
        """, commands: [training.command])
  }

  private func heatmap(of training: TrainingRecord, layer: Int, of layers: Int) -> Heatmap {
    var values = 0
    let columns = training.curve.compactMap { point -> Heatmap.Column? in
      guard let certainty = point.certainty, certainty.indices.contains(layer) else { return nil }
      let counts = certainty[layer].counts
      let total = Double(counts.reduce(0, +))
      guard total > 0 else { return nil }
      values = certainty[layer].values.count
      return Heatmap.Column(epoch: point.epoch, shares: counts.map { Double($0) / total })
    }
    let certain = columns.last?.shares.last
    return Heatmap(
      title: "layer \(layer + 1) of \(layers)", note: certain.map { Numbers.percent($0, places: 0) } ?? "",
      description: "Share of the weights of layer \(layer + 1) by their largest probability and epoch.",
      columns: columns, values: values)
  }
}
