extension Night {
  /// What a night came to, for a terminal: the headline, what failed or did not run, the verdicts but *same*, and the headline
  /// again at the end, where a long summary leaves the eye.
  package var summary: String {
    let changes = ChangeVerdict.told.flatMap { verdict in
      self.changes.filter { $0.verdict == verdict }.map { "\(verdict.rawValue): \($0.text)" }
    }
    let lines = shortfalls.map(\.text) + changes + remarks
    return ([headline] + lines + (lines.isEmpty ? [] : [headline])).joined(separator: "\n")
  }
}
