import Files
import Networks
import Training

/// How two runs differ: in what determines their results, where their bits first differ, and in the results themselves.
package enum RunDifference {
  /// One line per difference: first those in what determines the results, then each network's; empty if all bits are
  /// the same.
  package static func lines(between a: RunSummary, and b: RunSummary) throws -> [String] {
    let fields = try b.run.differences(from: a.run).map { "\($0.field): \($0.first) | \($0.second)" }
    let networks = NetworkKind.allCases.flatMap { network in
      ([difference(of: network, a, b)].compactMap(\.self) + outcomes(of: network, a, b))
        .map { "\(network.rawValue): \($0)" }
    }
    return fields + networks
  }

  /// Where two trainings of a network first differ; nil if they do not.
  private static func difference(of network: NetworkKind, _ a: RunSummary, _ b: RunSummary) -> String? {
    let (ours, theirs) = (a.epochs(of: network), b.epochs(of: network))
    guard ours.isEmpty == theirs.isEmpty else { return "trained in the \(ours.isEmpty ? "second" : "first") run only" }
    for (one, other) in zip(ours, theirs) {
      if let step = firstDifference(one.report.lossBits, other.report.lossBits) {
        return "epoch \(one.report.epoch), step \(step): the loss differs"
      }
      if one.parametersSHA256 != other.parametersSHA256 {
        return "epoch \(one.report.epoch): all losses are the same, but the parameters after it differ"
      }
      let errors = [
        ("training error", one.report.trainingError, other.report.trainingError),
        ("validation error", one.report.validationError, other.report.validationError),
      ]
      if let (name, first, second) = errors.first(where: { $1 != $2 }) {
        return "epoch \(one.report.epoch): all losses and the parameters after it are the same, but the \(name) differs"
          + ": \(first) | \(second)"
      }
    }
    return ours.count == theirs.count
      ? nil
      : "the same bits in \(counted(min(ours.count, theirs.count), "epoch", "epochs")); "
        + "then one has \(abs(ours.count - theirs.count)) more"
  }

  /// One line for each result of a network that differs, errors as fractions with every digit.
  private static func outcomes(of network: NetworkKind, _ a: RunSummary, _ b: RunSummary) -> [String] {
    let results = [a, b].map { $0.results.first { $0.network == network } }
    let fields: [(String, (NetworkResult) -> String)] = [
      ("best epoch", { "\($0.bestEpoch)" }), ("validation error", { "\($0.validationError)" }),
      ("test error", { "\($0.testError)" }), ("parameters", { $0.parametersSHA256 }),
    ]
    return fields.compactMap { name, text in
      let texts = results.map { $0.map(text) ?? "none" }
      return texts[0] == texts[1] ? nil : "\(name) \(texts[0]) | \(texts[1])"
    }
  }

  /// The number, from 1, of the first step that differs, with 8 digits per step; nil if none does.
  private static func firstDifference(_ a: String, _ b: String) -> Int? {
    guard a != b else { return nil }
    let same = zip(a.utf8, b.utf8).prefix { $0 == $1 }.count
    return same / 8 + 1
  }
}

/// Neither of two runs has an epoch, so there is nothing that could differ.
package struct NothingToCompareError: Error, CustomStringConvertible {
  private let first, second: String

  package init(first: String, second: String) { (self.first, self.second) = (first, second) }

  package var description: String { "\(first) and \(second): expected epochs to compare, found none" }
}
