import Files
import Networks
import Nightly
import Training

/// A line of a figure of learning curves: one training, or the median of several that differ in their seeds.
struct LearningCurve {
  let name: String
  let style: SeriesStyle
  let records: [TrainingRecord]
  /// Of how many epochs one is drawn; the last one and the best one are drawn in any case.
  var spacing = 1

  /// The trainings that the median is of: those that have every epoch that one of them has. An unfinished one would change it from
  /// its end on.
  var whole: [TrainingRecord] {
    let longest = records.map(\.curve.count).max() ?? 0
    return records.filter { $0.curve.count == longest }
  }

  /// The quantity drawn for each epoch.
  enum Measure: String, CaseIterable {
    case validationError = "validation error, %"
    case loss = "training loss"
    case trainingError = "training error, %"
    case learningRate = "factor of the learning rates"

    fileprivate func value(_ point: EpochPoint) -> Double {
      switch self {
      case .validationError: point.validationError * 100
      case .trainingError: point.trainingError * 100
      case .loss: point.loss
      case .learningRate: point.learningRateScale
      }
    }

    fileprivate func format(_ value: Double) -> String {
      switch self {
      case .validationError, .trainingError: Numbers.fixed(value, places: 2)
      case .loss, .learningRate: Numbers.significant(value)
      }
    }
  }

  /// A drawing of one measure with a line for each curve, on which the epoch with the lowest validation error is marked.
  static func panel(_ measure: Measure, _ curves: [LearningCurve]) -> Chart {
    let lines = curves.flatMap { $0.lines(measure) }
    let epochs = lines.flatMap(\.points).map(\.x)
    var chart = Chart(
      title: measure.rawValue,
      description: "\(measure.rawValue), by epoch, of \(counted(curves.count, "network", "networks")).",
      x: .linear("epoch", covering: epochs, fromZero: true, wholeNumbers: true),
      y: .tail("", of: lines.map { $0.points.map(\.y) }), lines: lines, format: measure.format)
    chart.labelsEnds = chart.hasRoomForLabels
    return chart
  }

  private func lines(_ measure: Measure) -> [Chart.Line] {
    let bestEpoch = bestEpoch
    func drawn(_ points: [Chart.Point]) -> [Chart.Point] {
      points.filter { point in
        let epoch = Int(point.x)
        return (epoch - 1) % spacing == 0 || epoch == bestEpoch || point.x == points.last?.x
      }
    }
    let thin =
      records.count < 2
      ? []
      : records.map { record in
        Chart.Line(
          name: "\(name), seed \(record.seed)", style: style,
          points: drawn(record.curve.map { .init(x: Double($0.epoch), y: measure.value($0)) }), isThin: true)
      }
    let main = drawn(points(measure))
    let best = bestEpoch.flatMap { epoch in main.first { $0.x == Double(epoch) } }
    return thin + [Chart.Line(name: name, style: style, points: main, best: measure == .learningRate ? nil : best)]
  }

  /// The median over the trainings that are whole, epoch by epoch.
  private func points(_ measure: Measure) -> [Chart.Point] {
    let values = Dictionary(grouping: whole.flatMap(\.curve), by: \.epoch)
    return values.keys.sorted().compactMap { epoch in
      Spread((values[epoch] ?? []).map(measure.value)).map { Chart.Point(x: Double(epoch), y: $0.median) }
    }
  }

  /// For one training, the epoch whose network was kept; for several, the epoch where their median is lowest.
  private var bestEpoch: Int? {
    let whole = whole
    if whole.count == 1, let result = whole[0].result { return result.bestEpoch }
    return points(.validationError).min { $0.y < $1.y }.map { Int($0.x) }
  }

  /// A figure of curves; a legend only if the names have no room beside them.
  static func figure(
    id: String, title: String, _ measures: [Measure], _ curves: [LearningCurve], caption: String, commands: [String]
  ) -> Figure {
    let panels = measures.map { panel($0, curves) }
    let hasSeveral = curves.contains { $0.records.count > 1 }
    let hasUnfinished = curves.contains { $0.whole.count < $0.records.count }
    let isLabelled = panels.allSatisfy(\.labelsEnds)
    return Figure(
      id: id, title: title, panels: panels,
      legend: isLabelled ? [] : curves.map { .init(swatch: .series($0.style), text: $0.name) }, caption: caption,
      reading: "A dot marks the epoch with the lowest validation error"
        + (isLabelled ? "; its value and the epoch are under the line’s name." : ".")
        + (hasSeveral ? " Thin lines are single seeds." : "")
        + (hasUnfinished ? " Those that end before the others of their network are not part of its median." : ""),
      commands: commands)
  }
}
