import Foundation
import Golden
import TestSupport
import Testing
import Verification
import VerificationSuites

/// What `signet verify` counts and prints, by hand.
@Suite("Results of suites: counts, tables, progress")
struct SuiteResultTests {
  private static func field(_ operation: String, _ verdict: Verdict) -> FieldResult {
    FieldResult("a field", operation: operation, verdict)
  }

  private static let results = [
    CaseResult(
      name: "one",
      fields: [
        field("sign, Double", .bitExact), field("sign, Double", .within(5, of: 20, in: .ulps)),
        field("sign, Double", .within(3, of: 4, in: .ulps)), field("sign, Double", .within(6, of: 10, in: .ulps)),
      ], failure: nil),
    CaseResult(
      name: "two",
      fields: [
        field("dense, Float", .bitExact),
        field("dense, Float", .outside(Deviation(kind: .size, description: "dense: too far"))),
      ], failure: nil),
    CaseResult(name: "three", fields: [], failure: "three: stopped"),
  ]

  @Test("fields are counted by verdict, and the largest error is the one that came closest to its tolerance")
  func counts() {
    let result = SuiteResult(suite: "ops", Self.results, seconds: 1.5)
    #expect(result.suite == "ops" && result.cases == 3 && !result.passed)
    #expect(result.failures == ["dense: too far", "three: stopped"])
    func expect(_ counts: FieldCounts?, _ numbers: [Int], _ largest: Double, of allowed: Double, in unit: ErrorUnit?) {
      #expect(counts.map { [$0.fields, $0.bitExact, $0.withinTolerance] } == numbers)
      #expect(counts?.largestError == largest && counts?.allowedError == allowed && counts?.unit == unit)
    }
    expect(result.counts, [6, 2, 3], 3, of: 4, in: .ulps)
    expect(result.operations["sign, Double"], [4, 1, 3], 3, of: 4, in: .ulps)
    expect(result.operations["dense, Float"], [2, 1, 0], 0, of: 0, in: nil)
    #expect(result.operations.count == 2)
    #expect(SuiteResult(suite: "ops", [], seconds: 0).failures == ["ops: no cases"])
    #expect(SuiteResult(suite: "ops", [Self.results[0]], seconds: 0).passed)
  }

  @Test("a row for each suite, and one for each operation with its largest error beside the allowed one")
  func tables() {
    let suites = [
      SuiteResult(suite: "ops", Self.results, seconds: 1.5), SuiteResult(suite: "sign", [], seconds: 12.25),
    ]
    #expect(
      suites.summaryTable == """
        suite  cases  fields  bit-exact  within tolerance  failures  seconds
        ops        3       6          2                 3         2      1.5
        sign       0       0          0                 0         1     12.2
        """)
    #expect(
      suites.operationTable == """
        operation, precision  fields  bit-exact  largest error  allowed
        dense, Float               2          1              0
        sign, Double               4          1      3.00 ulps   4 ulps
        """)
  }

  @Test("errors of means stand in standard errors, in the table and in the record")
  func standardErrors() throws {
    let means = CaseResult(
      name: "one", fields: [Self.field("mean test error", .within(1.25, of: 3, in: .standardErrors))], failure: nil)
    let result = SuiteResult(suite: "results", [means], seconds: 1)
    #expect(
      [result].operationTable == """
        operation, precision  fields  bit-exact         largest error            allowed
        mean test error            1          0  1.25 standard errors  3 standard errors
        """)
    let record = String(decoding: try JSONEncoder().encode(result.counts), as: UTF8.self)
    for member in [#""largestError":1.25"#, #""allowedError":3"#, #""unit":"standard errors""#] {
      #expect(record.contains(member), "\(record)")
    }
  }

  @Test("operations are in the order of their names")
  func order() {
    let names = "hgfedcba".map { "\($0), Float" }
    let result = CaseResult(name: "one", fields: names.map { Self.field($0, .bitExact) }, failure: nil)
    let rows = [SuiteResult(suite: "ops", [result], seconds: 0)].operationTable.split(separator: "\n").dropFirst()
    #expect(rows.map { $0.prefix(8) } == names.sorted().map { $0[...] })
  }

  @Test("the trainings behind the golden errors are described by what they depend on")
  func trainings() {
    #expect(
      ErrorExperiment.all.map(\.what) == [
        "256-256-10 on digits, 10 + 10 epochs, seeds 1 to 5",
        "6C5-P2-32-10 on glyphs, 3 + 4 epochs, seeds 1 to 3",
      ])
  }

  @Test("each case is announced by its number, the number of all, and itself; a missing golden is a failure")
  func progress() throws {
    func setting(_ golden: GoldenFolder) -> VerificationSuite.Setting {
      VerificationSuite.Setting(golden: golden, device: .single, program: "")
    }
    let cases = try VerificationSuite.sign.cases(setting(.builtIn))
    try #require(cases.count > 1)
    var told: [(number: Int, count: Int, name: String)] = []
    let result = VerificationSuite.sign.run(setting(.builtIn)) { told.append(($0, $1, $2.name)) }
    #expect(told.map(\.number) == Array(1...cases.count) && told.allSatisfy { $0.count == cases.count })
    #expect(told.map(\.name) == cases.map(\.name))
    #expect(result.suite == "sign" && result.cases == cases.count && result.failures == [])
    #expect(result.seconds > 0)
    let missing = VerificationSuite.sign.run(setting(GoldenFolder(directory: "/proc/none")))
    #expect(missing.failures.count == 1 && missing.failures[0].contains("/proc/none/sign/"))
  }

  @Test("derivatives of erf(z) may be off by 1 + 2z² times as much as z")
  func signCondition() {
    // z = 6 / √9 = 2 but for the rounding of 1e-8, and 0.3 / √0.09 = 1.
    #expect(SignSuite.condition(mean: 0, variance: 3) == 1)
    #expect(abs(SignSuite.condition(mean: -6, variance: (9 - 1e-8) / 2) - 9) < 1e-14)
    #expect(abs(SignSuite.condition(mean: 0.3, variance: (0.09 - 1e-8) / 2) - 3) < 1e-14)
  }

  @Test("mean errors over seeds are compared in standard errors of their difference, of which three are allowed")
  func errors() throws {
    var golden = try ErrorResults.decode("results/glyphs.json", from: .builtIn)
    golden.networks[0].testErrors = [0.1, 0.2, 0.3]
    func verdict(_ testErrors: [Double]) -> Verdict {
      var found = golden
      found.networks[0].testErrors = testErrors
      return ResultSuite.fields(found, golden, of: "glyphs")[0].verdict
    }
    #expect(verdict([0.1, 0.2, 0.3]) == .bitExact)
    // Squares of 0.1² twice, divided by 3 · 2, are the variance of each mean: that of the difference is 0.02 / 3.
    guard case .within(let errors, let allowed, .standardErrors) = verdict([0.2, 0.3, 0.4]) else {
      Issue.record("a mean worse by 0.1 = √1.5 standard errors is refused")
      return
    }
    #expect(abs(errors - 1.5.squareRoot()) < 1e-12 && allowed == 3)
    #expect(verdict([0.3, 0.2, 0.1]) == .within(0, of: 3, in: .standardErrors))
    guard case .outside(let deviation) = verdict([0.35, 0.45, 0.55]) else {
      Issue.record("a mean worse by 0.25 = √9.375 standard errors passes")
      return
    }
    #expect(deviation.kind == .size && deviation.description.contains("glyphs, real (Golden/results/glyphs.json)"))
  }
}
