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

  @Test("every variable has a hint of the term to look at")
  func hints() throws {
    for probe in GradientSuite.probes {
      for variable in try probe.check().variables {
        #expect(!variable.hint.isEmpty && !variable.hint.hasSuffix(": "), "\(probe.name), \(variable.name)")
      }
    }
  }
}
