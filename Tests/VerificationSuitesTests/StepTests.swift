import Golden
import Testing
import Verification
import VerificationSuites

@Suite("Whole training steps: three of small networks are JAX's")
struct StepGoldenTests {
  private func isSound(_ golden: StepCase) throws -> Bool {
    try StepSuite.check(golden).allSatisfy { if case .outside = $0.verdict { false } else { true } }
  }

  @Test("every number of every step is compared")
  func coverage() throws {
    let cases = try StepSuite.load(.builtIn)
    #expect(try cases.map { try StepSuite.check($0).count }.reduce(0, +) == 597)
  }

  /// A change of what a case says, which the computed numbers must show.
  struct Fault: Sendable, CustomStringConvertible {
    let description: String
    let golden: String
    let plant: @Sendable (inout StepCase) -> Void
  }

  static let faults = [
    Fault(description: "another seed", golden: "discrete-tanh") { $0.settings.seed += 1 },
    Fault(description: "another epoch", golden: "discrete-sign-dropout") { $0.settings.epoch += 1 },
    Fault(description: "a label exchanged", golden: "squared-hinge") { $0.labels[2][0] = ($0.labels[2][0] + 1) % 3 },
    Fault(description: "a step of 1 + 1e-9", golden: "binary") { $0.settings.weightStep *= 1 + 1e-9 },
    Fault(description: "the other step of 1 + 1e-9", golden: "real-dropout") { $0.settings.otherStep *= 1 + 1e-9 },
    Fault(description: "no scale of the step", golden: "real-convolution") { $0.settings.stepScale = 1 },
    Fault(description: "λ of 1 + 1e-6", golden: "zero-anchored-quinary") { $0.settings.regularization *= 1 + 1e-6 },
    Fault(description: "λ of KL of 1 + 1e-6", golden: "divergence") { $0.settings.regularization *= 1 + 1e-6 },
    Fault(description: "τ of 1 + 1e-6", golden: "straight-through-samples") { $0.settings.temperature *= 1 + 1e-6 },
    Fault(description: "another dropout", golden: "sampling-nowhere") { $0.settings.dropout = [0, 0.9, 0.2] },
  ]

  @Test("a planted fault is found", arguments: faults)
  func plantedFault(_ fault: Fault) throws {
    var golden = try #require(try StepSuite.load(.builtIn).first { $0.name == fault.golden })
    #expect(try isSound(golden))
    fault.plant(&golden)
    #expect(try !isSound(golden))
  }
}
