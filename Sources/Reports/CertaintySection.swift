import Networks
import Nightly
import Training

extension Report {
  /// The section on how the weights' distributions become certain, layer by layer.
  var certainty: Section {
    let drawn = inCatalogueOrder(trainings.map(\.experiment)).compactMap { experiment in
      charts.certainTraining(of: experiment).flatMap { charts.certainty(of: $0, id: experiment, title: experiment) }
    }
    let blocks: [Block] =
      drawn.isEmpty
      ? [missing("Tonight trained no network of discrete weights, so there are no distributions")]
      : [TrainingCharts.certaintyInWords] + drawn.map { .figure($0) }
    return Section(id: "certainty", title: "How certain the weights become", blocks: blocks)
  }
}

extension TrainingCharts {
  static var certaintyInWords: Block {
    .paragraph([
      """
      After each epoch, the layer’s weights by the largest probability of their distribution, in \
      \(LayerCertainty.bins) bins: weights at 1 have decided on a value, those at the dotted line are undecided.
      """
    ])
  }

  private static let preferred: [NetworkKind] = [.discreteSign, .discreteSignFromTanh, .discreteTanh]

  /// The training of an experiment whose certainty represents that of the others; nil if none recorded it.
  func certainTraining(of experiment: String) -> TrainingRecord? {
    let main = mainWeights(of: experiment)
    let candidates = records.filter { training in
      training.experiment == experiment && training.weights == main
        && training.curve.contains { !($0.certainty ?? []).isEmpty }
    }.sorted { $0.seed < $1.seed }
    return Self.preferred.lazy.compactMap { network in candidates.first { $0.network == network } }.first
  }

  /// The figure of one training; nil if its weights' certainty was not recorded.
  ///
  /// - Parameter repeats: whether the figure names the command that trains the network again.
  func certainty(of training: TrainingRecord, id: String, title: String, repeats: Bool = true) -> Figure? {
    guard let layers = training.curve.compactMap({ $0.certainty?.count }).max(), layers > 0 else { return nil }
    let columns = (0..<layers).map { self.columns(of: training, layer: $0) }
    let darkest = columns.joined().flatMap(\.shares).max() ?? 1
    return Figure(
      id: figureID("certainty", id), title: title,
      panels: columns.enumerated().map { layer, columns in
        heatmap(of: training, columns, layer: layer, of: layers, darkest: darkest)
      },
      legend: [.init(swatch: .shades, text: "up to \(Numbers.percent(darkest, places: 0)) of the layer’s weights")],
      caption: "Layers of \(training.network.rawValue), \(training.weights), seed \(training.seed).",
      reading: """
        The shade is the square root of a bin’s share of the weights; the number beside the title is the share in \
        the highest bin after the last epoch.
        """, commands: repeats ? [training.command] : [])
  }

  private func columns(of training: TrainingRecord, layer: Int) -> [Heatmap.Column] {
    training.curve.compactMap { point -> Heatmap.Column? in
      guard let certainty = point.certainty, certainty.indices.contains(layer) else { return nil }
      let counts = certainty[layer].counts
      let total = Double(counts.reduce(0, +))
      return total > 0 ? Heatmap.Column(epoch: point.epoch, shares: counts.map { Double($0) / total }) : nil
    }
  }

  private func heatmap(
    of training: TrainingRecord, _ columns: [Heatmap.Column], layer: Int, of layers: Int, darkest: Double
  ) -> Heatmap {
    let values = training.curve.lazy.compactMap(\.certainty).compactMap { certainty in
      certainty.indices.contains(layer) ? certainty[layer].values.count : nil
    }.first
    let certain = columns.last?.shares.last
    return Heatmap(
      title: "layer \(layer + 1) of \(layers)", note: certain.map { Numbers.percent($0, places: 0) } ?? "",
      description: "Share of the weights of layer \(layer + 1) by their largest probability and epoch.",
      columns: columns, values: values ?? 0, darkest: darkest, size: PanelSize(of: layers))
  }
}
