import Nightly

extension Report {
  /// The section that compares tonight's measurements with earlier ones.
  var changes: Section {
    let all = tonight?.changes ?? []
    var blocks: [Block] = []
    if all.isEmpty {
      blocks = [
        .commands("Tonight was not compared with anything. To compare a night with earlier good ones:", [nightCommand])
      ]
    }
    for group in all.map({ Group(measure: $0.measure, against: $0.against) }).unique {
      let changes = all.filter { $0.measure == group.measure && $0.against == group.against }
      blocks += [.heading("\(group.measure.title) against \(Self.words(group.against))")] + tables(changes)
    }
    return Section(id: "changes", title: "Changes", blocks: blocks)
  }

  /// Describes what was compared with, showing a night's name as its date and time.
  private static func words(_ against: String) -> String {
    against.split(separator: " ").map { Numbers.moment(ofNight: String($0)) }.joined(separator: " ")
  }

  private struct Group: Hashable {
    let measure: Change.Measure
    let against: String
  }

  /// The tables of changes, alarms first; what stayed the same is folded.
  private func tables(_ changes: [Change]) -> [Block] {
    let told = ChangeVerdict.told.flatMap { verdict in changes.filter { $0.verdict == verdict } }
    let same = changes.filter { $0.verdict == .same }
    var blocks: [Block] = told.isEmpty ? [] : [.table(Table(columns: Self.columns, rows: told.map(\.cells)))]
    if !same.isEmpty {
      blocks.append(.folded("\(same.count) unchanged", [.table(Table(columns: Self.columns, rows: same.map(\.cells)))]))
    }
    return blocks
  }

  private static let columns: [Table.Column] = [
    .init(title: "subject"), .init(title: "verdict"), .init(title: "before → after", isNumeric: true),
    .init(title: "change (95 % interval)", isNumeric: true), .init(title: "corrected p", isNumeric: true),
    .init(title: "reason"),
  ]
}

extension Change.Measure {
  var title: String {
    switch self {
    case .time: "Time"
    case .testError: "Test error"
    }
  }
}

extension ChangeVerdict {
  var tone: Tone {
    switch self {
    case .worse, .vanished: .bad
    case .better: .good
    case .tooFewData, .notRun: .unsure
    case .same, .new: .quiet
    }
  }

  var symbol: String {
    switch self {
    case .worse: "▲"
    case .vanished: "✗"
    case .better: "▼"
    case .same: "="
    case .tooFewData: "?"
    case .notRun: "–"
    case .new: "+"
    }
  }
}

extension Change {
  fileprivate var cells: [Table.Cell] {
    [
      .init(subject), .init("\(verdict.symbol) \(verdict.rawValue)", verdict.tone),
      .init("\(middle(before)) → \(middle(after))"), .init(estimateInWords), .init(Numbers.probability(correctedP)),
      .init(reason),
    ]
  }

  private func middle(_ samples: [Double]) -> String {
    guard let median = Spread(samples)?.median else { return Numbers.none }
    return measure == .time ? Numbers.time(median) : Numbers.percent(median)
  }

  /// The size of a change: for times in percent of the time before, for errors in percentage points.
  private var estimateInWords: String {
    guard let estimate else { return Numbers.none }
    func text(_ value: Double) -> String {
      switch measure {
      case .time: Numbers.signed((value - 1) * 100, places: 1)
      case .testError: Numbers.signed(value * 100, places: 2)
      }
    }
    let interval = low.flatMap { low in high.map { " (\(text(low)) … \(text($0)))" } } ?? ""
    return text(estimate) + (measure == .time ? " %" : " points") + interval
  }
}
