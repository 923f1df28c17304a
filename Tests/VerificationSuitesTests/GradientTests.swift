import Networks
import TestSupport
import Testing
import Training
import Verification
import VerificationSuites
import WeightDistributions

@Suite("Gradients: layers, weight distributions, losses and whole networks")
struct GradientTests {
  @Test(
    "gradients agree with difference quotients, straight-through ones with their formulas",
    arguments: GradientSuite.cases())
  func gradients(_ gradient: VerificationCase) {
    expectPassed(gradient.run())
  }

  @Test("every grid, parameterization, loss and kind of network appears, each case once")
  func coverage() throws {
    let (probes, cases) = (GradientSuite.probes, GradientSuite.cases())
    #expect(Set(cases.map(\.name)).count == cases.count)
    for probe in probes { #expect(cases.contains { $0.name == probe.name }) }
    let networks = NetworkProbe.all.map(\.name)
    for family in WeightFamily.all {
      #expect(
        networks.contains { $0.contains(" \(family.grid.name) \(family.parameterization.rawValue),") }, "\(family)")
      #expect(LayerProbe.all.contains { $0.name.contains(" \(family)") }, "\(family)")
      #expect(WeightProbe.all.count { "\($0.family)" == "\(family)" } == 6)
    }
    for kind in NetworkKind.allCases { #expect(NetworkProbe.all.contains { $0.kind == kind }) }
    for sampling in Method.Sampling.allCases {
      #expect(networks.contains { $0.hasPrefix("discrete-sign,") && $0.contains("sampling \(sampling.rawValue)") })
    }
    for loss in Method.Loss.allCases { #expect(networks.contains { $0.contains(loss.rawValue) }) }
  }

  @Test("the error of each variable is told in units of the last place, beside the allowed one")
  func errors() throws {
    let probe = LossProbe(.secondOrderCrossEntropy, 3, 4)
    let run = try #require(GradientSuite.cases().first { $0.name == probe.name }).run()
    let results = try probe.check().results(within: probe.tolerance)
    #expect(run.fields.map(\.name) == ["mean", "variance"].map { "\(probe.name), ∂\($0)" })
    #expect(
      run.fields.map(\.verdict) == results.map { .within(ulps: $0.error * 0x1p52, of: probe.tolerance.ulps) })
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

  @Test("every variable has a hint of the term to look at")
  func hints() throws {
    for probe in GradientSuite.probes {
      for variable in try probe.check().variables {
        #expect(!variable.hint.isEmpty && !variable.hint.hasSuffix(": "), "\(probe.name), \(variable.name)")
      }
    }
  }
}
