import Files
import Nightly

extension Report {
  /// The first section: tonight's verdict, and what failed or did not run.
  var head: Section {
    guard let tonight else {
      return Section(
        id: "night", title: title,
        blocks: [.notice(.unsure, [.strong("No night yet."), " ", .code("ci/nightly"), " runs the first one."])])
    }
    var blocks: [Block] = [verdict(of: tonight)]
    let shortfalls = tonight.shortfalls
    if !shortfalls.isEmpty {
      blocks += [
        .heading("Failed or not run"), .list(shortfalls.map { [.strong($0.outcome.rawValue), .plain($0.rest)] }),
      ]
    }
    return Section(id: "night", title: title, subtitle: tonight.headline, blocks: blocks)
  }

  /// The section on what ran where, and whether it is verified.
  var circumstances: Section {
    var blocks: [Block] = []
    if let tonight {
      blocks.append(.facts(facts(of: tonight)))
      blocks.append(.commands("To repeat the night:", [tonight.command]))
      if !tonight.remarks.isEmpty { blocks += [.heading("Remarks"), .list(tonight.remarks.map { [.plain($0)] })] }
      blocks += [.heading("Verification")] + verification(of: tonight)
    }
    return Section(id: "circumstances", title: "The night itself", blocks: blocks)
  }

  private func verdict(of night: Night) -> Block {
    let state = night.state
    let word = state.rawValue.prefix(1).uppercased() + state.rawValue.dropFirst()
    var sentences = [suites(of: night), found(in: night)].filter { !$0.isEmpty }
    switch state {
    case .good:
      return .notice(.good, [.strong("✓ \(word)."), .plain(([String](sentences) + acceptance(of: night)).told)])
    case .worse: break
    case .incomplete:
      sentences.append(
        night.plan == nil
          ? "An older version recorded the night without its plan, so it is unknown whether everything ran."
          : night.isFinished ? "Below is what failed or did not run." : "The night is not over, or was killed.")
      return .notice(.unsure, [.strong("? \(word)."), .plain((sentences + acceptance(of: night)).told)])
    case .empty: sentences = ["Nothing ran: no suite, no benchmark, no training."]
    case .notVerified: sentences.append("The timings of this night do not count.")
    }
    return .notice(.bad, [.strong("✗ \(word)."), .plain(sentences.told)])
  }

  /// A sentence on whether the planned suites ran and passed.
  private func suites(of night: Night) -> String {
    let failed = night.verification.filter { !$0.failures.isEmpty || $0.cases == 0 }.map(\.suite)
    if !failed.isEmpty {
      return
        "\(failed.count) of \(night.verification.count) suites failed or were empty: \(failed.joined(separator: ", "))."
    }
    guard let planned = night.plan?.filter({ $0.kind == .suite }) else { return "" }
    let missing = planned.filter { $0.outcome != .done }.count
    if missing == planned.count { return "No suite ran." }
    return missing == 0
      ? "Every suite passed." : "\(missing) of \(planned.count) suites did not run; the others passed."
  }

  private func found(in night: Night) -> String {
    let alarms = night.alarms
    if alarms.isEmpty { return night.isComplete ? "Nothing became worse or vanished." : "" }
    let worse = Self.names(of: alarms.filter { $0.verdict == .worse })
    let vanished = Self.names(of: alarms.filter { $0.verdict == .vanished })
    return [
      worse.isEmpty ? nil : "Worse than before: \(worse.joined(separator: "; ")).",
      vanished.isEmpty ? nil : "Measured in earlier nights, but not in this one: \(vanished.joined(separator: "; ")).",
    ].compactMap(\.self).joined(separator: " ")
  }

  private func acceptance(of night: Night) -> [String] {
    guard !night.alarms.isEmpty, let reason = night.accepted else { return [] }
    let isSentence = reason.last.map { ".!?".contains($0) } == true
    return ["Accepted: \(reason)\(isSentence ? "" : ".")"]
  }

  private static func names(of changes: [Change]) -> [String] {
    changes.map { "\($0.subject) (\($0.measure.rawValue))" }.unique
  }

  private func facts(of night: Night) -> [(name: String, words: [Word])] {
    let host = night.host
    // Without a checkout's commit, what the program was built from is what is known.
    let commit = night.commit ?? night.program?.commit
    let isModified = night.commit == nil ? night.program?.isModified == true : night.isModified
    let modified = isModified ? ", with uncommitted changes" : ""
    return [
      ("began", ["\(Numbers.moment(ofNight: night.name))"]),
      ("took", ["\(Numbers.duration(night.seconds))"]),
      (
        "program",
        ["Signet \(night.signet), "]
          + (commit.map { ["commit ", .code($0), .plain(modified)] } ?? ["built outside a git checkout"])
      ),
      (
        "host",
        [
          """
          \(host.processor), \(counted(host.cores, "core", "cores")), \(host.system), \
          kernels for \(host.kernels)
          """
        ]
      ),
      ("earlier nights", ["\(nights.count - 1)"]),
    ]
  }

  private func verification(of night: Night) -> [Block] {
    guard !night.verification.isEmpty else {
      return [.commands("No suite ran. To run them:", ["\(program) verify"])]
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

extension [String] {
  /// The sentences in a row, each after a space.
  fileprivate var told: String { map { " \($0)" }.joined() }
}
