import Reports
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
}
