import Layers
import Tensors
import Verification

/// Checks every layer, weight distribution and loss, and whole networks: gradients against difference quotients,
/// straight-through gradients against their formulas.
package enum GradientSuite {
  /// Everything whose gradients are compared with difference quotients.
  package static var probes: [any GradientProbe] { LayerProbe.all + WeightProbe.all + LossProbe.all + NetworkProbe.all }

  package static func cases() -> [VerificationCase] {
    probes.map { verificationCase($0) } + StraightThroughSuite.cases()
  }

  /// A case with a field for each variable.
  static func verificationCase(_ probe: some GradientProbe) -> VerificationCase {
    VerificationCase(probe.name) {
      let (check, tolerance) = (try probe.check(), probe.tolerance)
      let operation = "∂ \(probe.subject), Double"
      do {
        return try check.results(within: tolerance).map {
          FieldResult("\(probe.name), ∂\($0.variable)", operation: operation, $0.verdict(within: tolerance))
        }
      } catch let fault as GradientFault {
        return [FieldResult(probe.name, operation: operation, .outside(fault.deviation))]
      }
    }
  }
}

extension GradientCheck.Result {
  func verdict(within tolerance: Tolerance) -> Verdict {
    .within(error / Double.ulpOfOne, of: tolerance.ulps, in: .ulps)
  }
}
