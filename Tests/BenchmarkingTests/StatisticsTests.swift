import Foundation
import Golden
import Statistics
import Tensors
import TestSupport
import Testing
import Verification
import VerificationSuites

@Suite("Statistics: the rank-sum test, Welch's test and Holm's correction agree with enumeration, SciPy and mpmath")
struct StatisticsTests {
  static let cases = Result { try GoldenCase.all(in: "statistics") }

  private func outside(_ golden: GoldenCase, _ fields: [(name: String, tensor: Tensor<Double>)]) throws -> [FieldResult]
  {
    try OperationSuite.check(golden, fields).filter { if case .outside = $0.verdict { true } else { false } }
  }

  @Test("every case agrees")
  func golden() throws {
    let cases = try Self.cases.get()
    #expect(!cases.isEmpty)
    for golden in cases { #expect(try outside(golden, StatisticsSuite.computed(golden)).isEmpty, "\(golden)") }
  }

  /// A wrong computation of one field.
  typealias Fault = Planted<String, [Double], String>

  static let faults = [
    Fault("one-sided", in: "rank-sum-6x9-0.5005", finding: "p") { $0 = $0.map { $0 / 2 } },
    Fault("p above 1", in: "rank-sum-all-equal", finding: "p") { $0 = $0.map { $0 * 2 } },
    Fault("a hundred-thousandth more", in: "rank-sum-ties-7x9", finding: "p") {
      $0 = $0.map { $0 * 1.00001 }
    },
    Fault("not a number", in: "rank-sum-20x20-0.3005", finding: "p") { $0 = $0.map { _ in .nan } },
    Fault("from after to before", in: "rank-sum-10x10-0.4005", finding: "shift") { $0 = $0.map { -$0 } },
    Fault("the ends exchanged", in: "rank-sum-8x8-0.2505", finding: "ratio") { $0 = [$0[0], $0[2], $0[1]] },
    Fault("without the correction for continuity", in: "rank-sum-normal-ties-36x45", finding: "p") {
      $0 = [0.00797731264925358]
    },
    Fault("without that for ties", in: "rank-sum-normal-ties-36x45", finding: "p") { $0 = [0.008470220151571723] },
    Fault("twice the area of one half", in: "rank-sum-normal-in-the-middle", finding: "p") {
      $0 = $0.map { $0 * 1.01 }
    },
    Fault("an end further out", in: "rank-sum-normal-26x26-0", finding: "shift") { $0[1] -= 1e-6 },
    Fault("pooled degrees of freedom", in: "welch-errors-4x5", finding: "freedom") { $0 = [7] },
    Fault("deviations for standard errors", in: "welch-errors-5x5", finding: "error") {
      $0 = $0.map { $0 * 5.0.squareRoot() }
    },
    Fault("from second to first", in: "welch-3x3", finding: "difference") { $0 = $0.map { -$0 } },
    Fault("one tail", in: "welch-far-apart", finding: "p") { $0 = $0.map { $0 / 2 } },
    Fault("the normal distribution's tails", in: "welch-30x40-0.3005", finding: "p") { $0 = [4.6e-6] },
    Fault("the normal distribution's interval", in: "welch-3x3", finding: "interval") {
      $0 = [2.6666666666666665 - 1.959963984540054 * 1.9436506316151, $0[1]]
    },
    Fault("a billionth more", in: "welch-2x2", finding: "p") { $0 = $0.map { $0 * (1 + 1e-9) } },
    Fault("no correction", in: "holm-3-0.04", finding: "corrected") { $0 = [0.04, 0.01, 0.03] },
    Fault("Bonferroni's", in: "holm-3-0.04", finding: "corrected") { $0 = [0.12, 0.03, 0.09] },
    Fault("not monotone", in: "holm-3-0.04", finding: "corrected") { $0 = [0.04, 0.03, 0.06] },
  ]

  @Test("a planted fault is found, and only in its field", arguments: faults)
  func plantedFault(_ fault: Fault) throws {
    let golden = try #require(try Self.cases.get().first { $0.name == fault.place })
    let fields = try StatisticsSuite.computed(golden).map { field in
      var scalars = field.tensor.scalars
      if field.name == fault.finding { fault.plant(&scalars) }
      return (name: field.name, tensor: Tensor([scalars.count], scalars))
    }
    let found = try outside(golden, fields)
    #expect(found.count == 1)
    #expect(found.first?.name.contains(fault.finding) == true)
  }

  @Test("equal numbers have their mean and no deviation; other moments are those of sums in the numbers' order")
  func moments() {
    // The sum of three times 0.1 or 0.7 is rounded up or down, and so is a third of it.
    for number in [0.1, 0.7, 0.0225] {
      let equal = Moments([number, number, number])
      #expect(equal.mean == number && equal.variance == 0 && equal.deviation == 0 && equal.squaredError == 0)
    }
    let numbers = [0.3, 0.1, 0.4]
    let other = Moments(numbers)
    let mean = (0.3 + 0.1 + 0.4) / 3
    let variance = ((0.3 - mean) * (0.3 - mean) + (0.1 - mean) * (0.1 - mean) + (0.4 - mean) * (0.4 - mean)) / 2
    #expect(other.count == 3 && other.mean == mean && other.variance == variance)
    #expect(other.deviation == variance.squareRoot() && other.squaredError == variance / 3)
    #expect(Moments([0.1]).mean == 0.1 && Moments([0.1]).deviation == nil && Moments([0.1]).squaredError == nil)
    #expect(Moments([]).mean.isNaN && Moments([]).variance == nil)
    #expect(Moments([.nan, 1]).mean.isNaN && Moments([1, .nan]).mean.isNaN)
  }

  @Test("no corrected p is above 1")
  func largestCorrectedP() {
    #expect(holm([0.6, 0.5, 0.01, 0.9]) == [1, 1, 0.04, 1] && holm([1, 1]) == [1, 1])
  }

  @Test("Student's tails have a value where rounding puts the beta function's argument on neither of its two sides")
  func tailsAtTheBound() {
    let tails = Welch.tails(1.341640786499874, freedom: 3.0000000000000027)
    #expect(abs(tails - 0.272228401224416) < 1e-13, "\(tails)")
  }

  @Test("without two numbers on either side, or any spread, there is no Welch's test")
  func noWelch() {
    #expect(Welch([1], [2, 3]) == nil && Welch([1, 2], [3]) == nil && Welch([], []) == nil)
    #expect(Welch([1, 1, 1], [2, 2]) == nil)
    #expect(Welch([1, 1, 1], [2, 2.5]) != nil)
    // The sum of three times 0.1, 0.0225 or 0.025 is rounded, and so is a third of it.
    #expect(Welch([0.0225, 0.0225, 0.0225], [0.025, 0.025, 0.025]) == nil)
    let one = Welch([0.1, 0.1, 0.1], [0, 0.25])
    #expect(one?.difference == 0.125 - 0.1 && one?.error == 0.125 && one?.freedom == 1)
    // Far out, p is tiny but never negative; at the mean it is 1.
    #expect(Welch([0, 1e-9], [1e9, 1e9 + 1])?.p ?? -1 >= 0)
    #expect(Welch([1, 3], [0, 4])?.p == 1)
  }

  @Test(
    "the smallest p is that of two samples that do not overlap", arguments: [(1, 1), (4, 5), (5, 5), (10, 8), (25, 25)])
  func smallestP(n: Int, m: Int) {
    let test = RankSum(before: (0..<n).map { Double($0) }, after: (0..<m).map { Double(n + $0) })
    #expect(abs(test.p - RankSum.smallestP(n, m)) <= 4 * test.p.ulp)
  }
}

@Suite("The rank-sum test of more than 50 numbers")
struct NormalRankSumTests {
  private func apart(_ n: Int, _ m: Int) -> RankSum {
    RankSum(before: (0..<n).map { Double($0) }, after: (0..<m).map { Double(n + $0) })
  }

  @Test("from 51 numbers on it is the normal distribution's, also of so many that the counts exceed a Double")
  func normal() {
    // Distances of 26 · 25 / 2 and 600 · 600 / 2 from the mean, and variances of 26 · 25 · 52 / 12 and 600 · 600 · 1201 / 12.
    for (n, m, p) in [
      (26, 25, erfc(324.5 / (2.0 * 26 * 25 * 52 / 12).squareRoot())),
      (600, 600, erfc(179999.5 / (2.0 * 600 * 600 * 1201 / 12).squareRoot())),
    ] {
      #expect(p > 0 && abs(apart(n, m).p / p - 1) < 1e-12 && abs(RankSum.smallestP(n, m) / p - 1) < 1e-12)
    }
    #expect(RankSum(before: [Double](repeating: 1, count: 700), after: [Double](repeating: 1, count: 500)).p == 1)
    // Of the 360,000 differences 180,000 + ½ − 1.96 · √(600 · 600 · 1201 / 12) = 168,235.8 are left out at either end. They begin
    // with 1 of 1, 2 of 2, … up to 579 · 580 / 2 = 167,910 of 579; the next 580 are 580.
    let (estimate, interval) = apart(600, 600).shift { $1 - $0 }
    #expect(estimate == 600 && interval == 580...620)
  }

  @Test("which sample is the first does not matter", arguments: [(3, 9), (25, 25), (20, 40), (300, 4)])
  func symmetry(n: Int, m: Int) {
    var numbers = TestNumbers(named: "rank sum \(n) \(m)")
    let (x, y): (Tensor<Double>, Tensor<Double>) = (numbers.tensor(n), numbers.tensor(m))
    let p = RankSum(before: x.scalars, after: y.scalars).p
    #expect(p == RankSum(before: y.scalars, after: x.scalars).p && 0 < p && p <= 1)
  }
}

@Suite("Change points")
struct ChangePointTests {
  @Test("changes of level are found where they happen, whichever of them is the first to be found")
  func levels() {
    let noise: [Double] = [0.01, -0.02, 0.015, 0, -0.01, 0.02, -0.015, 0.005, -0.005, 0.012]
    func history(_ levels: [Double]) -> [Double] { levels.flatMap { level in noise.map { level + $0 } } }
    // Both sides of the first one found are searched: it is the last, the first, and the one in the middle.
    #expect(ChangePoints.find(in: history([1, 1.2, 0.9])) == [10, 20])
    #expect(ChangePoints.find(in: history([0.9, 1.2, 1])) == [10, 20])
    #expect(ChangePoints.find(in: history([1, 1.1, 1.2, 1.3])) == [10, 20, 30])
    #expect(ChangePoints.find(in: history([1])) == [])
    #expect(ChangePoints.find(in: []) == [])
  }

  @Test("of places whose sides differ equally, the first is taken")
  func equalPlaces() {
    // Behind the fourth and behind the fifth value, one side is wholly below the other: p = 2 / (9 over 4), twice 1/126, is below 0.05.
    #expect(ChangePoints.find(in: (0...8).map(Double.init)) == [4])
  }

  @Test(
    "a place is a change point only if its p times the number of places is below 0.05",
    arguments: [
      // One place. Of the 70 ways to choose four of eight, p is twice the share of those that are as far apart: 1, 2, 39.
      ([1, 2, 3, 4, 5, 6, 7, 8], [4]), ([1, 2, 3, 5, 4, 6, 7, 8], []), ([1, 4, 6, 7, 2, 3, 5, 8], []),
      // Two places: behind the fourth p is 2 · 2 / 126, which is below 0.05, but not twice.
      ([1, 2, 3, 5, 6, 4, 7, 8, 9], []),
      // Too few for two levels.
      ([1, 2, 3, 5, 6, 7, 8], []),
    ] as [([Double], [Int])])
  func correction(history: [Double], places: [Int]) { #expect(ChangePoints.find(in: history) == places) }

  @Test("a history of 400 nights is searched, and so is one of 1,200, whose counts exceed a Double", arguments: [1, 3])
  func years(factor: Int) {
    let noise: [Double] = [0.01, -0.02, 0.015, 0, -0.01, 0.02, -0.015, 0.005, -0.005, 0.012]
    func level(_ level: Double, _ count: Int) -> [Double] { (0..<count * factor).map { level + noise[$0 % 10] } }
    #expect(ChangePoints.find(in: level(1, 200) + level(1.2, 100) + level(0.9, 100)) == [200 * factor, 300 * factor])
    #expect(ChangePoints.find(in: level(1, 400)) == [])
  }

  @Test("at most 5 % of histories at one level show a change", arguments: [16, 60])
  func falseAlarms(nights: Int) {
    var numbers = TestNumbers(named: "change points")
    let histories = Extent.of(400, debug: 100)
    let alarms = (0..<histories).count { _ in
      let history: Tensor<Double> = numbers.tensor(nights)
      return !ChangePoints.find(in: history.scalars).isEmpty
    }
    #expect(alarms <= histories / 20, "\(alarms) of \(histories)")
  }
}
