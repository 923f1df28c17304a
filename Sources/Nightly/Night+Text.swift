extension Night {
  /// A night's summary for a terminal: the headline, what failed or did not run, all verdicts except *same*, and the
  /// headline again, since the end of a long summary is what the reader sees.
  package var summary: String {
    let changes = ChangeVerdict.told.flatMap { verdict in
      self.changes.filter { $0.verdict == verdict }.map { "\(verdict.rawValue): \($0.text)" }
    }
    let lines = shortfalls.map(\.text) + changes + remarks
    return ([headline] + lines + (lines.isEmpty ? [] : [headline])).joined(separator: "\n")
  }
}
