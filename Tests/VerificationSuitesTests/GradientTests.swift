import Foundation
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

  @Test("every layer, grid, parameterization, loss and kind of network appears, each case once")
  func coverage() throws {
    let (probes, cases) = (GradientSuite.probes, GradientSuite.cases())
    #expect(Set(cases.map(\.name)).count == cases.count)
    #expect(cases.count == probes.count + 5)

    // The layers' sources: a new layer cannot be forgotten.
    let sources = URL(filePath: #filePath).appending(path: "../../../Sources/Layers").standardized
    let lines = try FileManager.default.contentsOfDirectory(at: sources, includingPropertiesForKeys: nil).flatMap {
      try String(contentsOf: $0, encoding: .utf8).split(separator: "\n")
    }
    let layers = lines.filter { $0.hasPrefix("public struct ") && $0.contains("<Scalar: Real>: Layer ") }.map {
      String($0.dropFirst("public struct ".count).prefix { $0 != "<" })
    }
    #expect(layers.count >= 13)
    let names = cases.map(\.name)
    for layer in layers {
      #expect(names.contains { $0.hasPrefix(layer) }, "\(layer)")
      if layer != "StraightThroughSign" { #expect(probes.contains { $0.subject == layer }, "\(layer)") }
    }
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
