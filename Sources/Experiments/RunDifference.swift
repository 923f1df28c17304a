import Files
import Networks
import Training

/// How two runs differ: what they are functions of, where their bits part, and what they came to.
package enum RunDifference {
  /// A line for each difference: first those of what the runs are functions of, then each network's; none if all bits are the same.
  package static func lines(between a: RunSummary, and b: RunSummary) throws -> [String] {
    let fields = try b.run.differences(from: a.run).map { "\($0.field): \($0.first) | \($0.second)" }
    let networks = NetworkKind.allCases.flatMap { network in
      guard let difference = difference(of: network, a, b) else { return [String]() }
      return ([difference] + outcomes(of: network, a, b)).map { "\(network.rawValue): \($0)" }
    }
    return fields + networks
  }

  /// Where the trainings of a network part; nil if they do not.
  private static func difference(of network: NetworkKind, _ a: RunSummary, _ b: RunSummary) -> String? {
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
  private static func outcomes(of network: NetworkKind, _ a: RunSummary, _ b: RunSummary) -> [String] {
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
  private static func firstDifference(_ a: String, _ b: String) -> Int? {
    guard a != b else { return nil }
    let same = zip(a.utf8, b.utf8).prefix { $0 == $1 }.count
    return same / 8 + 1
  }
}
