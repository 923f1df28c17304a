import Nightly

extension Report {
  /// The section on the peak memory of an experiment's trainings, night by night.
  var memory: Section {
    let measured = nights.filter { night in night.trainings.contains { $0.peakMemory != nil } }
    let experiments = inCatalogueOrder(
      measured.flatMap { night in
        night.trainings.filter { $0.peakMemory != nil }.map(\.experiment)
      })
    guard !experiments.isEmpty else {
      return Section(
        id: "memory", title: "Memory",
        blocks: [missing("No night has measured memory in training")])
    }
    let lines = experiments.enumerated().map { index, experiment in
      Chart.Line(name: experiment, style: SeriesStyle(index), points: peaks(of: experiment, measured))
    }
    var chart = Chart(
      title: "peak memory", description: "Peak memory by night, a line for each experiment.",
      x: .places("night", names: measured.map { Numbers.day(ofNight: $0.name) }),
      y: .linear("MiB", covering: lines.flatMap(\.points).map(\.y), fromZero: true), lines: lines,
      format: { "\(Numbers.significant($0)) MiB" })
    chart.labelsEnds = chart.hasRoomForLabels
    return Section(
      id: "memory", title: "Memory",
      blocks: [
        .figure(
          Figure(
            id: "memory-history", title: "Peak memory", panels: [chart],
            legend: chart.labelsEnds ? [] : lines.map { .init(swatch: .series($0.style), text: $0.name) },
            caption: """
              The highest peak memory of the processes that trained the experiment’s networks. Each training is a \
              process of its own, so no experiment shows the peak of another.
              """, reading: "", commands: [nightCommand]))
      ])
  }

  private func peaks(of experiment: String, _ nights: [Night]) -> [Chart.Point] {
    nights.enumerated().compactMap { index, night in
      night.trainings.filter { $0.experiment == experiment }.compactMap(\.peakMemory).max().map {
        .init(x: Double(index), y: Double($0) / Numbers.bytesInMebibyte, name: night.name)
      }
    }
  }
}
