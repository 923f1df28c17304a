import Networks
import Statistics
import WeightDistributions

/// A question about the methods of a trial, and the comparisons that answer it; their p-values are corrected together.
package struct Question: Encodable {
  /// The question in words.
  package let subject: String
  package let comparisons: [MethodComparison]

  /// The level at which a difference is told.
  package static let level = 0.05

  /// The questions that have comparisons.
  static func all(of rows: [PaperTable.Row]) -> [Question] {
    let pairs = rows.indices.flatMap { first in
      rows.indices.dropFirst(first + 1).map { (rows[first], rows[$0]) }
    }
    func question(_ subject: String, _ isMeant: (PaperTable.Row, PaperTable.Row) -> Bool) -> Question? {
      let chosen = pairs.filter(isMeant)
      return chosen.isEmpty ? nil : Question(subject, chosen)
    }
    let values = NetworkKind.allCases.filter(\.isDiscrete).map { kind in
      question("the number of weight values, \(kind.rawValue)") {
        $0.network == kind && $1.network == kind && $0.weights != $1.weights
      }
    }
    let others = [
      question("the activation and the start") {
        $0.network.isDiscrete && $1.network.isDiscrete && $0.network != $1.network && $0.weights == $1.weights
      },
      question("the method against straight-through") {
        $0.network.isDiscrete && $1.network == .straightThrough && $0.weights == $1.weights
      },
      question("discrete against real weights") { $0.network == .real && $1.network.isDiscrete },
    ]
    return (values + others).compactMap(\.self)
  }

  private init(_ subject: String, _ pairs: [(PaperTable.Row, PaperTable.Row)]) {
    self.subject = subject
    let tests = pairs.map { MethodComparison.test($0.testErrors, $1.testErrors) }
    let corrected = holm(tests.compactMap { $0?.p })
    var next = 0
    comparisons = zip(pairs, tests).map { pair, test in
      guard let test else { return MethodComparison(pair.0, pair.1, test: nil, correctedP: nil) }
      defer { next += 1 }
      return MethodComparison(pair.0, pair.1, test: test, correctedP: corrected[next])
    }
  }

  /// The number of comparisons with a verdict.
  func count(_ verdict: MethodComparison.Verdict) -> Int { comparisons.count { $0.verdict == verdict } }
}

/// The comparison of two methods' test errors over seeds.
package struct MethodComparison: Encodable {
  package enum Verdict: String, Encodable, CaseIterable {
    case lower, higher
    case notShown = "no difference shown"
    case tooFewSeeds = "too few seeds"
    case noSpread = "no spread"
  }

  /// A method: a network and its weights.
  package struct Method: Encodable, Equatable, CustomStringConvertible {
    package let network: NetworkKind
    package let weights: String
    package let seeds: Int

    package var description: String {
      network.rawValue == weights ? weights : "\(network.rawValue), \(weights)"
    }
  }

  package let first, second: Method
  /// The mean test error of the second less that of the first, a fraction.
  package let difference: Double
  /// The 95 % interval of the difference, and the p-value of Welch's test; nil without a test.
  package let low, high, p: Double?
  /// The p-value after Holm's correction for all comparisons of the question.
  package let correctedP: Double?
  /// Of the second method.
  package let verdict: Verdict

  /// The smallest number of seeds of either method for a test.
  package static let fewestSeeds = 3

  /// The test; nil with too few seeds, or if neither method's errors vary.
  static func test(_ first: [Double], _ second: [Double]) -> Welch? {
    min(first.count, second.count) < fewestSeeds ? nil : Welch(first, second)
  }

  init(_ first: PaperTable.Row, _ second: PaperTable.Row, test: Welch?, correctedP: Double?) {
    func method(_ row: PaperTable.Row) -> Method {
      Method(network: row.network, weights: row.weights, seeds: row.results.count)
    }
    (self.first, self.second, self.correctedP) = (method(first), method(second), correctedP)
    difference = second.testMean - first.testMean
    let interval = test?.interval
    (low, high, p) = (interval?.lowerBound, interval?.upperBound, test?.p)
    if let correctedP {
      verdict = correctedP >= Question.level ? .notShown : difference < 0 ? .lower : .higher
    } else {
      verdict = min(first.results.count, second.results.count) < Self.fewestSeeds ? .tooFewSeeds : .noSpread
    }
  }
}
