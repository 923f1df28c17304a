import Nightly
import Training

extension TableReport {
  /// The section on what is missing of the paper's table, and what it would cost.
  var missing: Section {
    let missing = table.networks.filter { $0.missing > 0 }
    guard !missing.isEmpty else {
      return Section(id: "missing", title: "What is missing", blocks: [.paragraph(["Nothing of the paper’s table."])])
    }
    return Section(
      id: "missing", title: "What is missing",
      blocks: [
        .paragraph([
          """
          Of each network of the paper’s table, \(table.seedsWanted) seeds (ours) at full length. Hours are the seconds per epoch of the \
          records, times the epochs; they are wall-clock times, whatever else the machine did. Where a machine trained a network with other \
          weights only, those are named. Real networks are counted once for all grids.
          """
        ]),
        .table(Table(columns: Self.totalColumns, rows: totals(of: missing))),
        .table(Table(columns: Self.missingColumns, rows: groups.flatMap(cells))),
      ])
  }

  private static let totalColumns: [Table.Column] = [
    .init(title: "machine"), .init(title: "networks with a measured time", isNumeric: true),
    .init(title: "of those missing", isNumeric: true), .init(title: "hours for them", isNumeric: true),
  ]

  /// A row for each machine that was measured, or one that says that none was.
  private func totals(of missing: [PaperNetwork]) -> [[Table.Cell]] {
    let all = missing.reduce(0) { $0 + $1.missing }
    let machines = missing.flatMap { $0.costs.map(\.machine) }.unique.sorted()
    if machines.isEmpty { return [[.init("not measured", .unsure), "0", .init("\(all)"), .init(Numbers.none)]] }
    return machines.map { machine in
      let known = missing.compactMap { network in
        network.costs.first { $0.machine == machine }.map { (count: network.missing, hours: $0.hours) }
      }
      return [
        .init(machine), .init("\(known.reduce(0) { $0 + $1.count })"), .init("\(all)"),
        .init(Numbers.hours(known.reduce(0) { $0 + $1.hours })),
      ]
    }
  }

  private static let missingColumns: [Table.Column] = [
    .init(title: "experiment"), .init(title: "network"), .init(title: "weights"),
    .init(title: "epochs", isNumeric: true), .init(title: "seeds of each", isNumeric: true),
    .init(title: "missing", isNumeric: true), .init(title: "seconds per epoch", isNumeric: true),
    .init(title: "hours", isNumeric: true), .init(title: "machine"),
  ]

  /// The networks of the paper's table; those that differ in their weights only stand together.
  private var groups: [[PaperNetwork]] {
    var groups: [[PaperNetwork]] = []
    for network in table.networks {
      if let first = groups.last?.first,
        cells([first]).map({ cells in cells.map(\.text) }) == cells([network], as: first)
      {
        groups[groups.count - 1].append(network)
      } else {
        groups.append([network])
      }
    }
    return groups
  }

  /// The texts of a network's row as they would be with the weights of another.
  private func cells(_ networks: [PaperNetwork], as other: PaperNetwork) -> [[String]] {
    cells(networks).map { row in row.enumerated().map { $0 == 2 ? other.weights : $1.text } }
  }

  /// A row for each machine; one row if the time was not measured, or if nothing is missing.
  private func cells(_ networks: [PaperNetwork]) -> [[Table.Cell]] {
    let (network, count) = (networks[0], networks.count)
    let facts: [Table.Cell] = [
      .init(network.experiment), .init(network.network.rawValue),
      .init(networks.map(\.weights).joined(separator: ", ")),
      .init("\(network.epochs)"), .init("\(network.seeds.count) of \(table.seedsWanted)"),
      .init("\(count * network.missing)"),
    ]
    if network.missing == 0 { return [facts + [.init(Numbers.none), "0", .init(Numbers.none)]] }
    if network.costs.isEmpty {
      return [facts + [.init("not measured", .unsure), .init(Numbers.none), .init(Numbers.none)]]
    }
    return network.costs.map { cost in
      let others = cost.measuredWith == [network.weights] ? "" : " (with \(cost.measuredWith.joined(separator: ", ")))"
      return facts + [
        .init(Numbers.significant(cost.secondsPerEpoch)), .init(Numbers.hours(Double(count) * cost.hours)),
        .init(cost.machine + others),
      ]
    }
  }
}
