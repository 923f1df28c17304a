import Testing
import Verification
import VerificationSuites

@Suite("What the gradient suite tells of a probe, and the numbers that probes are made of")
struct ProbeTests {
  @Test("the error of each variable is told in units of the last place, beside the allowed one")
  func errors() throws {
    let probe = LossProbe(.secondOrderCrossEntropy, 3, 4)
    let run = try #require(GradientSuite.cases().first { $0.name == probe.name }).run()
    let results = try probe.check().results(within: probe.tolerance)
    #expect(run.fields.map(\.name) == ["mean", "variance"].map { "\(probe.name), ∂\($0)" })
    #expect(
      run.fields.map(\.verdict) == results.map { .within($0.error * 0x1p52, of: probe.tolerance.ulps, in: .ulps) })
    #expect(results.allSatisfy { $0.error > 0 && $0.error < 1e-6 })
  }

  @Test("distinct numbers are 0.05 apart, of both signs, and 0.02 or more from 0, 1 and −1")
  func distinct() {
    for count in [2, 7, 24, 90] {
      let numbers = distinctNumbers([count]).scalars.sorted()
      #expect(zip(numbers, numbers.dropFirst()).allSatisfy { abs($1 - $0 - 0.05) < 1e-12 })
      #expect(numbers[0] < 0 && numbers[count - 1] > 0)
      for kink in [-1.0, 0, 1] { #expect(numbers.allSatisfy { abs($0 - kink) > 0.0199 }) }
    }
  }
}
