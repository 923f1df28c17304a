import Benchmarking
import Files
import Nightly
import Statistics

extension Report {
  /// The section on the times of the micro-benchmarks, night by night.
  var speed: Section {
    let drawn = timedNights
    let names = (drawn.last?.benchmarks.map(\.name) ?? []) + drawn.reversed().flatMap { $0.benchmarks.map(\.name) }
    var blocks: [Block] = []
    let unverified = nights.filter { !$0.benchmarks.isEmpty && !$0.isVerified }.count
    let elsewhere = nights.filter { !$0.benchmarks.isEmpty && $0.isVerified && !isOnTonightsMachine($0) }.count
    if unverified + elsewhere > 0 {
      blocks.append(
        .paragraph([
          """
          Left out: \(counted(unverified, "night", "nights")) that failed verification, and \
          \(counted(elsewhere, "night", "nights")) of another machine or other kernels.
          """
        ]))
    }
    let panels = names.unique.map { panel($0, drawn, PanelSize(of: names.unique.count)) }
    if panels.isEmpty {
      blocks.append(missing("No night has timings from this machine"))
    } else {
      blocks.append(
        .figure(
          Figure(
            id: "speed-history", title: "Time per iteration", panels: panels,
            caption: "The median over a night’s rounds.",
            reading: """
              Whiskers go from the fastest round to the slowest. The value beside the title is from the last \
              night that has one. A dashed line marks a new level, with the change of the level’s median. The time axes need \
              not begin at 0.
              """, commands: [nightCommand])))
    }
    return Section(id: "speed", title: "Speed", blocks: blocks)
  }

  /// The nights whose timings are comparable with tonight's.
  private var timedNights: [Night] {
    nights.filter { !$0.benchmarks.isEmpty && $0.isVerified && isOnTonightsMachine($0) }
  }

  private func isOnTonightsMachine(_ night: Night) -> Bool {
    guard let host = tonight?.host else { return false }
    return (night.host.processor, night.host.cores, night.host.kernels) == (host.processor, host.cores, host.kernels)
  }

  private func panel(_ name: String, _ nights: [Night], _ size: PanelSize) -> Chart {
    let times = nights.map { night in night.benchmarks.first { $0.name == name }.flatMap { Spread($0.rounds) } }
    let measured = times.indices.filter { times[$0] != nil }
    let spreads = times.compactMap(\.self)
    let unit = Numbers.TimeUnit(for: spreads.last?.median ?? 0)
    func scaled(_ nanoseconds: Double) -> Double { nanoseconds / unit.nanoseconds }
    let points = zip(measured, spreads).map { night, spread in
      Chart.Point(
        x: Double(night), y: scaled(spread.median), low: scaled(spread.low), high: scaled(spread.high),
        name: nights[night].name)
    }
    return Chart(
      title: name, note: spreads.last.map { Numbers.time($0.median) } ?? Numbers.none,
      description: "Median time of \(name) in \(counted(points.count, "night", "nights")), in \(unit.rawValue).",
      x: .places("night", names: nights.map { Numbers.day(ofNight: $0.name) }),
      y: .linear(
        unit.rawValue, covering: room(around: points.flatMap { [$0.low ?? $0.y, $0.high ?? $0.y] }), ticks: 3),
      lines: [.init(name: "median", style: SeriesStyle(1), points: points)],
      marks: marks(spreads.map(\.median), at: measured), size: size,
      format: { "\(Numbers.significant($0)) \(unit.rawValue)" })
  }

  /// Values for the axis to cover, so that noise of a few percent does not fill a chart.
  private func room(around values: [Double]) -> [Double] {
    guard let spread = Spread(values) else { return values }
    return [min(spread.low, spread.median * 0.9), max(spread.high, spread.median * 1.1)]
  }

  /// Marks where a new level begins, with the change of the level's median.
  private func marks(_ medians: [Double], at places: [Int]) -> [Chart.Mark] {
    let begins = ChangePoints.find(in: medians).filter { $0 > 0 && $0 < medians.count }
    let edges = [0] + begins + [medians.count]
    return begins.indices.compactMap { index in
      let (begin, middle, end) = (edges[index], edges[index + 1], edges[index + 2])
      guard let before = Spread(Array(medians[begin..<middle])), let after = Spread(Array(medians[middle..<end])),
        before.median > 0
      else { return nil }
      let change = after.median / before.median - 1
      return .init(
        label: "\(change > 0 ? "▲" : "▼") \(Numbers.signed(change * 100, places: 0)) %",
        tone: change > 0 ? .bad : .good, x: Double(places[middle]) - 0.5)
    }
  }
}
