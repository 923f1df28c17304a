import Nightly
import Reports
import TestSupport
import Testing

@Suite("Numbers in reports")
struct NumbersTests {
  @Test("three significant digits, all digits before the point, and powers of ten where those would be too many")
  func significant() {
    for (number, text) in [
      (0.12345, "0.123"), (0.99949, "0.999"), (0.9996, "1.00"), (1.2345, "1.23"), (9.996, "10.0"), (12.345, "12.3"),
      (99.96, "100"), (123.45, "123"), (9_999_999, "9999999"), (12_345_678, "1.23e+07"), (-12.345, "−12.3"),
      (.nan, "–"), (.infinity, "–"),
    ] as [(Double, String)] { #expect(Numbers.significant(number) == text) }
  }

  @Test("a sign where it is asked for, no minus of a rounded zero, and a minus in place of a hyphen")
  func signs() {
    let numbers = [0.004, -0.004, 0.006, -0.006].map { Numbers.signed($0, places: 2) }
    #expect(numbers == ["+0.00", "0.00", "+0.01", "−0.01"])
    #expect(Numbers.percent(-0.0301) == "−3.01 %" && Numbers.percent(.nan) == "–")
  }

  @Test("a table of times has both programs' medians in their units, the ratio with its interval, and the corrected p")
  func times() {
    func change(_ subject: String, _ before: [Double], _ after: [Double], _ verdict: ChangeVerdict) -> Change {
      let isTested = verdict != .vanished
      return Change(
        measure: .time, subject: subject, against: "a", before: before, after: after, p: isTested ? 0.005 : nil,
        correctedP: isTested ? 0.04 : nil, estimate: isTested ? 1.75 : nil, low: isTested ? 1.5 : nil,
        high: isTested ? 2.25 : nil, verdict: verdict, reason: "because")
    }
    let rows = tableRows(
      [
        change("sum", [2e6, 9e6, 4e6], [6e6, 7e6, 30e6], .worse), change("short", [200], [300], .worse),
        change("long", [2e12], [], .vanished),
      ].timeTable)
    #expect(
      rows == [
        ["benchmark", "base", "package", "ratio", "95 % interval", "corrected p", "verdict"],
        ["sum", "4.00 ms", "7.00 ms", "× 1.750", "1.500 to 2.250", "0.04", "worse"],
        ["short", "200 ns", "300 ns", "× 1.750", "1.500 to 2.250", "0.04", "worse"], ["long", "2000 s", "vanished"],
      ])
  }
}
