/// The rank-sum test of two independent samples (Mann and Whitney 1947). It is exact with ties, too: it uses the distribution of
/// the rank sum over all ways to assign the observed midranks to the two samples.
package struct RankSum: Sendable {
  private let before, after: [Double]

  /// - Precondition: neither sample is empty, and no number is NaN.
  package init(before: [Double], after: [Double]) {
    precondition(!before.isEmpty && !after.isEmpty, "RankSum: \(before.count) and \(after.count) samples")
    precondition(!(before + after).contains { $0.isNaN }, "RankSum: NaN")
    (self.before, self.after) = (before, after)
  }

  /// The two-sided p-value: `min(1, 2 min(P(W ≤ w), P(W ≥ w)))` for the rank sum `W` of `after`.
  ///
  /// - Complexity: `O(N² · N · n)` for `N` samples in all and `n` in the smaller one.
  package var p: Double {
    let ranks = doubledMidranks(before + after)
    let sum = ranks[before.count...].reduce(0, +)
    let ways = waysToSum(ranks, choosing: after.count)
    let (below, above) = (ways[...sum].reduce(0, +), ways[sum...].reduce(0, +))
    return min(1, 2 * min(below, above) / ways.reduce(0, +))
  }

  /// The smallest p-value that samples of these sizes can have: `2 / C(n + m, n)`, for two samples that do not overlap.
  package static func smallestP(_ n: Int, _ m: Int) -> Double { min(1, 2 / waysToChoose(n, of: n + m)) }

  /// The Hodges–Lehmann estimate (1963) of the shift from `before` to `after`, which is the median of all pairwise changes, and
  /// its confidence interval; the interval is nil if there are too few samples for one.
  ///
  /// - Parameter change: the change between two numbers, their difference or ratio; it grows with the second.
  package func shift(
    confidence: Double = 0.95, by change: (_ before: Double, _ after: Double) -> Double
  ) -> (estimate: Double, interval: ClosedRange<Double>?) {
    let changes = before.flatMap { one in after.map { change(one, $0) } }.sorted()
    let estimate = median(changes)
    // Without ties, U, the number of pairs with a positive change, is W less its smallest value n (n + 1) / 2.
    let ways = waysToSum((1...before.count + after.count).map { 2 * $0 }, choosing: after.count)
    let (first, total) = (after.count * (after.count + 1), ways.reduce(0, +))
    var (left, cut) = (0.0, 0)
    while cut < changes.count / 2, left + ways[first + 2 * cut] <= total * (1 - confidence) / 2 {
      left += ways[first + 2 * cut]
      cut += 1
    }
    guard cut > 0 else { return (estimate, nil) }
    return (estimate, changes[cut - 1]...changes[changes.count - cut])
  }
}

/// Twice each number's rank, counted from 1; equal numbers share the mean of their ranks.
private func doubledMidranks(_ x: [Double]) -> [Int] {
  let order = x.indices.sorted { x[$0] < x[$1] }
  var ranks = [Int](repeating: 0, count: x.count)
  var start = 0
  while start < order.count {
    let end = order[start...].firstIndex { x[$0] != x[order[start]] } ?? order.count
    for index in order[start..<end] { ranks[index] = start + 1 + end }
    start = end
  }
  return ranks
}

/// For each sum, in how many ways `count` of the numbers add up to it. Exact up to `2⁵³`.
private func waysToSum(_ numbers: [Int], choosing count: Int) -> [Double] {
  let largest = numbers.sorted().suffix(count).reduce(0, +)
  var ways = [[Double]](repeating: [Double](repeating: 0, count: largest + 1), count: count + 1)
  ways[0][0] = 1
  for number in numbers where number <= largest {
    for chosen in stride(from: count, through: 1, by: -1) {
      for sum in number...largest { ways[chosen][sum] += ways[chosen - 1][sum - number] }
    }
  }
  return ways[count]
}

/// `C(n, k)`.
private func waysToChoose(_ k: Int, of n: Int) -> Double {
  (0..<k).reduce(1.0) { $0 * Double(n - $1) / Double($1 + 1) }
}
