import Golden
import TestSupport
import Testing
import Verification
import VerificationSuites

@Suite("Whole training steps: three steps of small networks agree with JAX")
struct StepGoldenTests {
  private func isSound(_ golden: StepCase) throws -> Bool {
    try StepSuite.check(golden).allSatisfy { if case .outside = $0.verdict { false } else { true } }
  }

  @Test("every number of every step is compared")
  func coverage() throws {
    let cases = try StepSuite.load(.builtIn)
    #expect(try cases.map { try StepSuite.check($0).count }.reduce(0, +) == 597)
  }

  @Test("numbers are named by case, step from 1, and tensor; those of the fitted averages come last")
  func names() throws {
    for golden in try StepSuite.load(.builtIn) {
      let names = try golden.pairs().map(\.name)
      #expect(
        names.filter { $0.hasSuffix(", loss") } == (1...3).map { "\(golden.name), step \($0), loss" }, "\(golden)")
      let fitted = names.reversed().prefix { $0.hasPrefix("\(golden.name), fitted, block") }
      #expect(fitted.count == golden.fitted?.count ?? 0, "\(golden)")
    }
  }

  /// A change of what a case says, which the computed numbers must show.
  typealias Fault = Planted<String, StepCase, Void>

  static let faults = [
    Fault("another seed", in: "discrete-tanh", finding: ()) { $0.settings.seed += 1 },
    Fault("another epoch", in: "discrete-sign-dropout", finding: ()) { $0.settings.epoch += 1 },
    Fault("a label exchanged", in: "squared-hinge", finding: ()) { $0.labels[2][0] = ($0.labels[2][0] + 1) % 3 },
    Fault("a step of 1 + 1e-9", in: "binary", finding: ()) { $0.settings.weightStep *= 1 + 1e-9 },
    Fault("the other step of 1 + 1e-9", in: "real-dropout", finding: ()) { $0.settings.otherStep *= 1 + 1e-9 },
    Fault("no scale of the step", in: "real-convolution", finding: ()) { $0.settings.stepScale = 1 },
    Fault("λ of 1 + 1e-6", in: "zero-anchored-quinary", finding: ()) { $0.settings.regularization *= 1 + 1e-6 },
    Fault("λ of KL of 1 + 1e-6", in: "divergence", finding: ()) { $0.settings.regularization *= 1 + 1e-6 },
    Fault("τ of 1 + 1e-6", in: "straight-through-samples", finding: ()) { $0.settings.temperature *= 1 + 1e-6 },
    Fault("another dropout", in: "sampling-nowhere", finding: ()) { $0.settings.dropout = [0, 0.9, 0.2] },
  ]

  @Test("a planted fault is found", arguments: faults)
  func plantedFault(_ fault: Fault) throws {
    var golden = try #require(try StepSuite.load(.builtIn).first { $0.name == fault.place })
    #expect(try isSound(golden))
    fault.plant(&golden)
    #expect(try !isSound(golden))
  }
}
