import Files
import Testing

@Suite("Field differences")
struct FieldDifferenceTests {
  private struct Outer: Encodable {
    var name = "a"
    var seed = UInt64.max
    var start = 1
    var rate: Double? = 0.1
    var numbers = [1.5, 2]
    var inner = [Inner(isOn: true), Inner(isOn: false)]
  }
  private struct Inner: Encodable { var isOn: Bool }

  private func differences(_ change: (inout Outer) -> Void) throws -> [String] {
    var second = Outer()
    change(&second)
    return try FieldDifference.all(between: Outer(), and: second).map { "\($0.field): \($0.first) | \($0.second)" }
  }

  @Test("only the innermost fields that differ are named, all of them, each with both values")
  func innermost() throws {
    #expect(try differences { _ in }.isEmpty)
    #expect(
      try differences {
        $0.seed -= 1
        $0.name = "b"
      } == ["name: a | b", "seed: 18446744073709551615 | 18446744073709551614"])
    #expect(try differences { $0.start = -1 } == ["start: 1 | -1"])
    #expect(try differences { $0.start = .min } == ["start: 1 | -9223372036854775808"])
    #expect(try differences { $0.rate = -1.5 } == ["rate: 0.1 | -1.5"])
    #expect(try differences { $0.rate = nil } == ["rate: 0.1 | none"])
    #expect(try differences { $0.numbers = [1.5] } == ["numbers: 1.5,2 | 1.5"])
    #expect(try differences { $0.numbers = [] } == ["numbers: 1.5,2 | []"])
    #expect(try differences { $0.inner = [] } == ["inner: isOn true; isOn false | []"])
    #expect(try differences { $0.inner[1].isOn = true } == ["inner.1.isOn: false | true"])
    #expect(try differences { $0.inner.removeLast() } == ["inner.1: isOn false | none"])
  }
}
