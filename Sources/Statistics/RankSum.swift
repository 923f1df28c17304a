import Foundation

/// The rank-sum test of two independent samples (Mann and Whitney 1947), given the observed ties.
///
/// Up to ``largestExact`` numbers in both samples together it is exact: it uses the distribution of the rank sum over all ways to
/// assign the observed midranks to the two samples. For more it takes that distribution as normal, with the variance that the ties
/// leave and a correction for continuity. Its smallest p-values are then too large.
package struct RankSum: Sendable {
  /// The largest number of numbers, in both samples together, for which the test is exact: the rounds of two programs in a night
  /// are below it. The work grows with its fourth power, and beyond a thousand numbers the counts exceed a Double.
  package static let largestExact = 50
  /// Of the shift's interval.
  private static let confidence = 0.95

  private let before, after: [Double]

  /// - Precondition: neither sample is empty, and no number is NaN.
  package init(before: [Double], after: [Double]) {
    precondition(!before.isEmpty && !after.isEmpty, "RankSum: \(before.count) and \(after.count) samples")
    precondition(!(before + after).contains { $0.isNaN }, "RankSum: NaN")
    (self.before, self.after) = (before, after)
  }

  /// The two-sided p-value of the rank sum `W` of either sample, since both are as far from their means.
  ///
  /// - Exact: `min(1, 2 min(P(W ≤ w), P(W ≥ w)))`.
  /// - Normal: `2 (1 − Φ(z))` for `z = (|w − n (N + 1) / 2| − ½) / σ`, at most 1, where
  ///   `σ² = n m / 12 · (N + 1 − Σ (t³ − t) / (N (N − 1)))` for ties of `t` numbers.
  ///
  /// - Complexity: exact `O(N² · n²)` for `N` numbers in all and `n` in the smaller sample; otherwise `O(N log N)`.
  package var p: Double { Self.p(splitting: before + after, at: before.count...before.count)[0] }

  /// The p-values of the tests of the numbers before each place with those from it on, for the work of one test.
  ///
  /// - Precondition: no number is NaN, and every place leaves a number on both sides.
  static func p(splitting numbers: [Double], at places: ClosedRange<Int>) -> [Double] {
    precondition(places.lowerBound > 0 && places.upperBound < numbers.count, "RankSum: \(places) of \(numbers.count)")
    let (ranks, count) = (doubledMidranks(numbers), numbers.count)
    func smaller(_ place: Int) -> ArraySlice<Int> { place <= count - place ? ranks[..<place] : ranks[place...] }
    guard count <= largestExact else {
      return places.map { place in
        let sample = smaller(place)
        return normalP(sum: sample.reduce(0, +), count: sample.count, of: ranks)
      }
    }
    let ways = waysToSum(ranks, choosing: places.map { smaller($0).count }.max() ?? 0)
    return places.map { place in
      let sample = smaller(place)
      let (row, sum) = (ways[sample.count], sample.reduce(0, +))
      let (below, above) = (row[...sum].reduce(0, +), row[sum...].reduce(0, +))
      return min(1, 2 * min(below, above) / row.reduce(0, +))
    }
  }

  /// The normal approximation for doubled midranks, of which so many have this sum.
  private static func normalP(sum: Int, count: Int, of ranks: [Int]) -> Double {
    let total = ranks.count
    // Without replacement, the variance of the sum of `n` ranks is `n m / (N (N − 1))` times the sum of squares about their mean,
    // which ties reduce by `Σ (t³ − t) / 12`. All of this is doubled, squares fourfold.
    let squares = ranks.reduce(0) { $0 + ($1 - total - 1) * ($1 - total - 1) }
    let share = Double(count) * Double(total - count) / (Double(total) * Double(total - 1))
    let error = (share * Double(squares) / 4).squareRoot()
    return normalTails(Double(abs(sum - count * (total + 1))) / 2, error: error)
  }

  /// The chance that a rank sum is at least so far from its mean, on either side, with the correction for continuity.
  private static func normalTails(_ distance: Double, error: Double) -> Double {
    distance <= 0.5 ? 1 : erfc((distance - 0.5) / error / 2.0.squareRoot())
  }

  /// `σ` without ties.
  private static func error(_ n: Int, _ m: Int) -> Double { (Double(n * m) * Double(n + m + 1) / 12).squareRoot() }

  /// The smallest p-value that samples of these sizes can have, for two that do not overlap: if exact, `2 / C(n + m, n)`.
  package static func smallestP(_ n: Int, _ m: Int) -> Double {
    n + m > largestExact
      ? normalTails(Double(n * m) / 2, error: error(n, m)) : min(1, 2 / waysToChoose(n, of: n + m))
  }

  /// The Hodges–Lehmann estimate (1963) of the shift from `before` to `after`, which is the median of all pairwise changes, and
  /// its 95 % confidence interval, of the shifts that the test does not reject; nil if there are too few samples for one.
  ///
  /// - Parameter change: the change between two numbers, their difference or ratio; it grows with the second.
  package func shift(
    by change: (_ before: Double, _ after: Double) -> Double
  ) -> (estimate: Double, interval: ClosedRange<Double>?) {
    let changes = before.flatMap { one in after.map { change(one, $0) } }.sorted()
    let estimate = median(changes)
    let cut = cut
    guard cut > 0 else { return (estimate, nil) }
    return (estimate, changes[cut - 1]...changes[changes.count - cut])
  }

  /// The number of sorted changes that the interval leaves out at either end: without ties, the test rejects a shift that fewer of
  /// them exceed.
  private var cut: Int {
    let (n, m) = (before.count, after.count)
    var cut = 0
    if n + m > Self.largestExact {
      let error = Self.error(n, m)
      while Self.normalTails(Double(n * m) / 2 - Double(cut), error: error) <= 1 - Self.confidence { cut += 1 }
      return cut
    }
    // U, the number of pairs with a positive change, is W less its smallest value m (m + 1) / 2.
    let ways = waysToSum(Array(1...n + m), choosing: m)[m]
    let (first, total) = (m * (m + 1) / 2, ways.reduce(0, +))
    var left = 0.0
    while left + ways[first + cut] <= total * (1 - Self.confidence) / 2 {
      left += ways[first + cut]
      cut += 1
    }
    return cut
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

/// For each count up to `largest` and each sum, in how many ways so many of the numbers add up to it. Exact up to `2⁵³`.
private func waysToSum(_ numbers: [Int], choosing largest: Int) -> [[Double]] {
  let sums = numbers.sorted().suffix(largest).reduce(0, +)
  var ways = [[Double]](repeating: [Double](repeating: 0, count: sums + 1), count: largest + 1)
  ways[0][0] = 1
  for number in numbers where number <= sums {
    for chosen in stride(from: largest, through: 1, by: -1) {
      for sum in number...sums { ways[chosen][sum] += ways[chosen - 1][sum - number] }
    }
  }
  return ways
}

/// `C(n, k)`.
private func waysToChoose(_ k: Int, of n: Int) -> Double {
  (0..<k).reduce(1.0) { $0 * Double(n - $1) / Double($1 + 1) }
}
