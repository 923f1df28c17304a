import Golden
import Testing
import Verification

@Suite("The tolerance table")
struct ToleranceTableTests {
  @Test("no row allows more than was accepted without a new reason")
  func accepted() throws {
    let accepted = try [Tolerance].decode("tolerances.json", from: .builtIn)
    #expect(ToleranceTable.loosened(since: accepted) == [])
    #expect(accepted.count >= ToleranceTable.rows.count)
  }

  @Test("every operation has one row per precision, in Double within 1e-12 except for the stated condition number")
  func rows() {
    let keys = ToleranceTable.rows.map { "\($0.operation) \($0.scalar)" }
    #expect(Set(keys).count == keys.count)
    for row in ToleranceTable.rows {
      #expect(row.reason.count > 10, "\(row)")
      if row.scalar == "Double" { #expect(row.relative <= 1e-12 || row.reason.contains("condition number"), "\(row)") }
    }
  }

  @Test("an operation that has no row in a precision is an error, which names both")
  func missing() throws {
    #expect(try ToleranceTable.row("holm", Double.self).reason == "one product")
    for operation in ["holm", "none"] {
      let error = #expect(throws: GoldenError.self) { try ToleranceTable.row(operation, Float.self) }
      #expect(error?.description == "ToleranceTable: expected a row for \(operation) in Float, found none")
    }
  }

  @Test("a row that allows more, counts from a higher floor, is new or has no reason is found")
  func loosened() {
    func row(_ ulps: Double, _ floor: Double, _ reason: String, _ operation: String = "sign") -> Tolerance {
      Tolerance(operation, Double.self, ulps: ulps, floor: floor, reason)
    }
    let accepted = [row(2, 1, "erf within 1 ulp")]
    func count(_ row: Tolerance) -> Int { ToleranceTable.loosened([row], since: accepted).count }
    #expect(count(row(2, 1, "erf within 1 ulp")) == 0)
    #expect(count(row(1, 0.5, "erf within 1 ulp")) == 0)
    #expect(count(row(3, 1, "erf within 1 ulp")) == 1)
    #expect(count(row(2, 2, "erf within 1 ulp")) == 1)
    #expect(count(row(3, 1, "erf within 2 ulps")) == 0)
    #expect(count(row(2, 1, "")) == 1)
    #expect(count(row(2, 1, "erf", "tanh")) == 1)
  }

  @Test("a finding tells what was accepted and what the row allows now, or what it lacks")
  func words() {
    let accepted = [Tolerance("sign", Double.self, ulps: 2, floor: 0.5, "erf within 1 ulp")]
    func found(_ operation: String, _ ulps: Double, _ floor: Double, _ reason: String) -> [String] {
      ToleranceTable.loosened(
        [Tolerance(operation, Double.self, ulps: ulps, floor: floor, reason)], since: accepted)
    }
    #expect(
      found("sign", 3, 0.25, "erf within 1 ulp") == [
        "sign in Double: expected 2.0 ulps of max(|expected|, 0.5) or another reason, found 3.0 of 0.25"
      ])
    #expect(
      found("sign", 1, 4, "erf within 1 ulp") == [
        "sign in Double: expected 2.0 ulps of max(|expected|, 0.5) or another reason, found 1.0 of 4.0"
      ])
    #expect(
      found("tanh", 3, 0.25, "new") == ["tanh in Double: a new row, allowing 3.0 ulps of max(|expected|, 0.25)"])
    #expect(found("sign", 2, 0.5, "") == ["sign in Double: expected a reason, found none"])
  }
}
