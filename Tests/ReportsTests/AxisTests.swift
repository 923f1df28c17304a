import Foundation
import Reports
import Testing

/// Values that an axis must cover.
struct Covered: CustomTestStringConvertible {
  let testDescription: String
  let values: [Double]

  static let all: [Covered] = [
    Covered(testDescription: "nothing", values: []),
    Covered(testDescription: "zero", values: [0]),
    Covered(testDescription: "one number", values: [3.7]),
    Covered(testDescription: "equal numbers", values: [0.02, 0.02]),
    Covered(testDescription: "ends that are ticks", values: [0, 5, 10]),
    Covered(testDescription: "errors in percent", values: [2.1, 3.49, 2.75, 30.4]),
    Covered(testDescription: "small numbers", values: [1.2e-7, 9.9e-7]),
    Covered(testDescription: "tiny beside huge", values: [1e-6, 1e6]),
    Covered(testDescription: "large numbers", values: [18_600_000, 21_300_000]),
    Covered(testDescription: "negative ones", values: [-3.2, 1.1]),
    Covered(testDescription: "a narrow range", values: [1000.01, 1000.02]),
    Covered(testDescription: "the smallest number", values: [.leastNonzeroMagnitude]),
    Covered(testDescription: "the largest numbers", values: [-.greatestFiniteMagnitude, .greatestFiniteMagnitude]),
    Covered(testDescription: "large and nearly equal", values: [1e15, 1e15 + 0.25]),
    Covered(testDescription: "not all finite", values: [.nan, 1, .infinity, 8]),
  ]

  var finite: [Double] { values.filter(\.isFinite) }
}

@Suite("Axes and numbers of the report")
struct AxisTests {
  /// 1, 2 or 5 times a power of ten.
  private func isRound(_ step: Double) -> Bool {
    let digits = String(format: "%.4e", abs(step)).prefix(6)
    return ["1.0000", "2.0000", "5.0000"].contains(digits)
  }

  @Test(
    "Linear ticks are round, few and equally spaced, have different labels, and cover the values",
    arguments: Covered.all)
  func linear(_ covered: Covered) {
    for fromZero in [false, true] {
      let axis = Axis.linear("", covering: covered.values, fromZero: fromZero)
      let ticks = axis.ticks.map(\.value)
      #expect((2...9).contains(ticks.count))
      #expect(isRound(ticks[1] - ticks[0]), "\(ticks)")
      for (low, high) in zip(ticks, ticks.dropFirst()) {
        #expect(abs((high - low) / (ticks[1] - ticks[0]) - 1) < 1e-6)
      }
      for value in covered.finite + (fromZero ? [0] : []) {
        // A tick is a rounded product, so an end may be off by an ulp.
        let slack = 1e-9 * (axis.range.upperBound - axis.range.lowerBound)
        #expect(axis.range.lowerBound - slack <= value && value <= axis.range.upperBound + slack || abs(value) > 1e290)
      }
      #expect(axis.range == ticks[0]...ticks[ticks.count - 1])
      #expect(Set(axis.ticks.map(\.label)).count == ticks.count, "\(axis.ticks)")
    }
  }

  @Test("Logarithmic ticks are 1, 2 and 5 times powers of ten, few, and cover the values", arguments: Covered.all)
  func logarithmic(_ covered: Covered) {
    let axis = Axis.logarithmic("", covering: covered.values)
    #expect(axis.ticks.count >= 2 && axis.ticks.count <= 14)
    for tick in axis.ticks { #expect(isRound(tick.value), "\(tick)") }
    #expect(Set(axis.ticks.map(\.label)).count == axis.ticks.count)
    for value in covered.finite where value > 1e-290 && value < 1e290 {
      #expect(axis.range.lowerBound <= value * 1.00001 && value <= axis.range.upperBound * 1.00001)
    }
  }

  @Test(
    "A logarithmic axis reaches from the tick below its values to the one above, with powers of ten if ticks are many")
  func logarithmicEnds() {
    for (values, labels) in [
      ([3, 400], ["2", "5", "10", "20", "50", "100", "200", "500"]), ([3, 600], ["1", "10", "100", "1000"]),
      ([400, 3, 20], ["2", "5", "10", "20", "50", "100", "200", "500"]), ([5], ["5", "10"]),
      ([9.9999999], ["10", "20"]),
      ([0.002, 0.03], ["0.002", "0.005", "0.01", "0.02", "0.05"]), ([], ["1", "2", "5", "10"]),
    ] as [([Double], [String])] {
      #expect(Axis.logarithmic("", covering: values).ticks.map(\.label) == labels, "\(values)")
    }
    let axis = Axis.logarithmic("", covering: [3, 600])
    #expect(axis.range == 1...1000 && abs(axis.position(10) - 1 / 3.0) < 1e-12)
    #expect(axis.position(0.5) == 0 && axis.position(2000) == 1)
  }

  @Test("A linear axis has steps of 1, 2 or 5 times a power of ten, from the tick below its values to the one above")
  func linearEnds() {
    // A fifth of the range is 5.66, 0.74, 2, and of a single number a fifth of its own.
    #expect(Axis.linear("", covering: [2.1, 30.4]).ticks.map(\.label) == ["0", "10", "20", "30", "40"])
    #expect(Axis.linear("", covering: [3.7], fromZero: true).ticks.map(\.label) == ["0", "1", "2", "3", "4"])
    #expect(Axis.linear("", covering: [-4, 6]).ticks.map(\.label) == ["−4", "−2", "0", "2", "4", "6"])
    #expect(Axis.linear("", covering: [3.7]).ticks.map(\.label) == ["3.2", "3.4", "3.6", "3.8", "4.0", "4.2"])
  }

  @Test("Epochs have whole ticks, and members of ensembles powers of two")
  func wholeNumbers() {
    let ticks = Axis.linear("", covering: [1, 2, 3], fromZero: true, wholeNumbers: true).ticks
    #expect(ticks.map(\.label) == ["0", "1", "2", "3"])
    #expect(Axis.powersOfTwo("", covering: [1, 16]).ticks.map(\.label) == ["1", "2", "4", "8", "16"])
    #expect(Axis.powersOfTwo("", covering: [3, 9]).ticks.map(\.label) == ["2", "4", "8", "16"])
    #expect(Axis.powersOfTwo("", covering: []).ticks.map(\.label) == ["1", "2"])
  }

  @Test("An axis is logarithmic if values are positive and span more than a decade")
  func fitting() {
    #expect(Axis.fitting("", covering: [1, 11]).isLogarithmic)
    #expect(!Axis.fitting("", covering: [1, 9]).isLogarithmic)
    #expect(!Axis.fitting("", covering: [0, 100]).isLogarithmic)
  }

  @Test("The axis of curves that fall steeply ends above their tails; a curve without a number changes nothing")
  func tail() {
    let steep = [100, 50, 10, 5, 4, 3, 2, 1, 1, 1] as [Double]
    // Behind the first three epochs the highest number is 5.
    for curves in [[steep], [steep, []], [steep, [.nan, .nan]]] {
      #expect(Axis.tail("", of: curves).ticks.map(\.label) == ["1", "2", "3", "4", "5"], "\(curves)")
    }
    #expect(Axis.tail("", of: [[4, 3, 2]]).ticks.map(\.label) == ["2.0", "2.5", "3.0", "3.5", "4.0"])
  }

  @Test("Of many nights, a few are named, including the last")
  func places() {
    for count in [1, 2, 5, 6, 30, 365] {
      let ticks = Axis.places("", names: (1...count).map(String.init)).ticks
      #expect(ticks.last?.label == "\(count)" && ticks.count <= 5)
    }
    #expect(Axis.places("", names: []).ticks.isEmpty)
  }

  @Test("Numbers have units and three significant digits, a minus, and no negative zero")
  func numbers() {
    #expect(
      [0.5, 912, 1000, 18_640_000, 3e9].map(Numbers.time) == ["0.500 ns", "912 ns", "1.00 µs", "18.6 ms", "3.00 s"])
    #expect([5, 65, 4980].map { Numbers.duration($0) } == ["5.0 s", "1 min 5 s", "1 h 23 min"])
    #expect(Numbers.fixed(-0.001, places: 2) == "0.00" && Numbers.fixed(-1.5, places: 1) == "−1.5")
    #expect([0.1, -0.1, 0].map { Numbers.signed($0, places: 1) } == ["+0.1", "−0.1", "0.0"])
    #expect([0.00001, 0.0004, 0.04].map { Numbers.probability($0) } == ["< 0.0001", "0.0004", "0.040"])
    // More digits where fewer would reach a level that p is below.
    #expect(
      [0.0497, 0.05, 0.0504, 0.0096, 0.00096, 0.9996, 1].map { Numbers.probability($0) }
        == ["0.0497", "0.050", "0.050", "0.0096", "0.00096", "0.9996", "1.000"])
    #expect(Numbers.percent(.nan) == "–" && Numbers.time(.infinity) == "–" && Numbers.probability(nil) == "–")
    #expect(Numbers.day(ofNight: "2026-11-23T02-30-00Z") == "23 Nov")
    #expect(Numbers.moment(ofNight: "2026-11-23T02-30-00Z") == "23 Nov 2026, 02:30 UTC")
    #expect(Numbers.moment(ofNight: "2026-11-23T02-30-00Z-2") == "23 Nov 2026, 02:30 UTC (2)")
    #expect(Numbers.day(ofNight: "a<b") == "a<b" && Numbers.moment(ofNight: "a<b") == "a<b")
  }
}
