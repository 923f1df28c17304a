import ArgumentParser
import Files
import Foundation
import Training

struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the first difference between two runs, and what they came to.",
    discussion: """
      First every field that differs of what the runs are functions of, as FIELD: FIRST | SECOND; then for each network the first \
      epoch and step whose bits differ, and the results that differ. The exit code is 0 if all bits of both are the same, 65 \
      if they part.
      """)

  @Argument(help: ArgumentHelp("The first run's directory.", valueName: "run"))
  var first: String

  @Argument(help: ArgumentHelp("The second run's directory.", valueName: "run"))
  var second: String

  func run() throws {
    let (a, b) = (try RunSummary(first), try RunSummary(second))
    var parts = false
    for difference in try b.run.differences(from: a.run) {
      try StandardOutput.print("\(difference.field): \(difference.first) | \(difference.second)")
      parts = true
    }
    for network in NetworkKind.allCases {
      guard let difference = difference(of: network, a, b) else { continue }
      try StandardOutput.print("\(network.rawValue): \(difference)")
      for line in outcomes(of: network, a, b) { try StandardOutput.print("\(network.rawValue): \(line)") }
      parts = true
    }
    guard !parts else { throw NotVerified(what: "difference of \(first) and \(second)", count: 1) }
    try StandardOutput.print("the same bits in \(a.epochs.count) epochs")
  }

  /// Where the trainings of a network part; nil if they do not.
  private func difference(of network: NetworkKind, _ a: RunSummary, _ b: RunSummary) -> String? {
    let (ours, theirs) = (a.epochs(of: network), b.epochs(of: network))
    guard ours.isEmpty == theirs.isEmpty else { return "trained in the \(ours.isEmpty ? "second" : "first") run only" }
    for (one, other) in zip(ours, theirs) {
      if let step = firstDifference(one.report.lossBits, other.report.lossBits) {
        return "epoch \(one.report.epoch), step \(step): the loss differs"
      }
      if one.parametersSHA256 != other.parametersSHA256 {
        return "epoch \(one.report.epoch): all losses are the same, the parameters after it differ"
      }
    }
    return ours.count == theirs.count
      ? nil
      : "the same bits in \(min(ours.count, theirs.count)) epochs; then one has \(abs(ours.count - theirs.count)) more"
  }

  /// The results of a network that differ, a line each.
  private func outcomes(of network: NetworkKind, _ a: RunSummary, _ b: RunSummary) -> [String] {
    let results = [a, b].map { $0.results.first { $0.network == network } }
    let fields: [(String, (NetworkResult) -> String)] = [
      ("best epoch", { "\($0.bestEpoch)" }), ("validation error", { percent($0.validationError) }),
      ("test error", { percent($0.testError) }), ("parameters", { $0.parametersSHA256 }),
    ]
    return fields.compactMap { name, text in
      let texts = results.map { $0.map(text) ?? "none" }
      return texts[0] == texts[1] ? nil : "\(name) \(texts[0]) | \(texts[1])"
    }
  }

  /// The first step, from 1, of 8 digits each, that differs; nil if none does.
  private func firstDifference(_ a: String, _ b: String) -> Int? {
    guard a != b else { return nil }
    let same = zip(a.utf8, b.utf8).prefix { $0 == $1 }.count
    return same / 8 + 1
  }
}
