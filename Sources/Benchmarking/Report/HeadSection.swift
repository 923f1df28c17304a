extension Report {
  /// Tonight's verdict, and its facts.
  var head: Section {
    guard let tonight else {
      return Section(
        id: "night", title: title,
        blocks: [.notice(.unsure, [.strong("No night yet."), " ", .code("ci/nightly"), " makes the first."])])
    }
    var blocks: [Block] = [verdict(of: tonight), .facts(facts(of: tonight))]
    if !tonight.remarks.isEmpty { blocks += [.heading("Remarks"), .list(tonight.remarks.map { [.plain($0)] })] }
    blocks += [.heading("Verification")] + verification(of: tonight)
    return Section(id: "night", title: title, blocks: blocks)
  }

  private func verdict(of night: Night) -> Block {
    let alarms = night.alarms
    let worse = Self.names(of: alarms.filter { $0.verdict == .worse })
    let vanished = Self.names(of: alarms.filter { $0.verdict == .vanished })
    let found = [
      worse.isEmpty ? nil : "Worse than before: \(worse.joined(separator: "; ")).",
      vanished.isEmpty ? nil : "Measured before, and no more: \(vanished.joined(separator: "; ")).",
    ].compactMap(\.self).joined(separator: " ")
    if night.verification.isEmpty {
      return .notice(
        .unsure, [.strong("? Not verified."), " No suite ran, so no timing of this night means anything."])
    }
    if !night.isVerified {
      let failed = night.verification.filter { !$0.failures.isEmpty || $0.cases == 0 }.map(\.suite)
      return .notice(
        .bad,
        [
          .strong("✗ Not verified."),
          """
           \(failed.count) of \(night.verification.count) suites failed or were empty: \
          \(failed.joined(separator: ", ")). No timing of this night means anything.
          """,
        ])
    }
    if alarms.isEmpty {
      return .notice(.good, [.strong("✓ Good."), " Every suite passed, and nothing became worse or vanished."])
    }
    if let reason = night.accepted {
      return .notice(.unsure, [.strong("✓ Good, since accepted:"), " \(reason). \(found)"])
    }
    let verdict = worse.isEmpty ? "✗ Vanished." : "✗ Worse."
    return .notice(.bad, [.strong(verdict), " Every suite passed. \(found)"])
  }

  private static func names(of changes: [Change]) -> [String] {
    changes.map { "\($0.subject) (\($0.measure.rawValue))" }.unique
  }

  private func facts(of night: Night) -> [(name: String, words: [Word])] {
    let host = night.host
    let modified = night.isModified ? ", with changes that are not in it" : ""
    return [
      ("began", ["\(Numbers.moment(ofNight: night.name))"]),
      ("took", ["\(Numbers.duration(night.seconds))"]),
      (
        "program",
        ["Signet \(night.signet), "]
          + (night.commit.map { ["commit ", .code($0), .plain(modified)] } ?? ["of no commit"])
      ),
      (
        "host",
        [
          """
          \(host.processor), \(Numbers.count(host.cores, "core", "cores")), \(host.system), \
          kernels for \(host.kernels)
          """
        ]
      ),
      ("command", [.code(night.command)]),
      ("nights before", ["\(nights.count - 1)"]),
    ]
  }

  private func verification(of night: Night) -> [Block] {
    guard !night.verification.isEmpty else {
      return [.paragraph([.code("\(program) verify"), " runs the suites."])]
    }
    let rows = night.verification.map { suite -> [Table.Cell] in
      let verdict: Table.Cell =
        suite.cases == 0
        ? .init("no cases", .bad) : suite.failures.isEmpty ? .init("passed", .good) : .init("failed", .bad)
      return [
        .init(suite.suite), verdict, "\(suite.cases)", "\(suite.failures.count)",
        .init(Numbers.duration(suite.seconds)),
      ]
    }
    let table = Table(
      columns: [
        .init(title: "suite"), .init(title: "verdict"), .init(title: "cases", isNumeric: true),
        .init(title: "failures", isNumeric: true), .init(title: "took", isNumeric: true),
      ], rows: rows)
    let failures = night.verification.flatMap { suite in suite.failures.map { "\(suite.suite): \($0)" } }
    guard !failures.isEmpty else { return [.table(table)] }
    let shown = 10
    let rest = failures.count > shown ? [[Word.plain("and \(failures.count - shown) more")]] : []
    return [.table(table), .list(failures.prefix(shown).map { [.code($0)] } + rest)]
  }
}
