import Files

extension NightHistory {
  /// A table with a row for each night.
  package var table: String {
    let rows = nights.map { night in
      [
        night.number.map(String.init) ?? "", night.name, night.commit.map { String($0.prefix(12)) } ?? "",
        fixed(night.seconds / 60, places: 1),
        "\(night.trainings.count { $0.result != nil })", "\(night.benchmarks.count)",
        night.headline + (night.accepted.map { ": \(oneLine($0))" } ?? ""),
      ]
    }
    return alignedTable(
      [["number", "night", "commit", "minutes", "networks", "benchmarks", "state"]] + rows,
      rightAligned: [0, 3, 4, 5])
  }
}
