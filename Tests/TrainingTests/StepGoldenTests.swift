import Tensors
import TestSupport
import Testing

@Suite("Whole training steps: three of small networks are JAX's")
struct StepGoldenTests {
  private static let cases = Result { try GoldenFile<StepCase>.load("steps.json").cases }

  /// The case's numbers, each within 1e-12 of its size or, below that, of its tensor's largest.
  private func check(_ golden: StepCase, _ pairs: [StepCase.Pair]) throws {
    for (name, actual, expected) in pairs {
      let largest = expected.scalars.map(\.magnitude).max() ?? 0
      try requireClose(
        "\(name) (Golden/ops/steps.json; refresh: ci/refresh-oracle)", actual, expected: expected,
        within: Tolerance(relative: 1e-12, floor: largest, reason: "the same formulas, sums in another order"))
    }
  }

  @Test("loss, every parameter and every running average after each step")
  func steps() throws {
    let cases = try Self.cases.get()
    var compared = 0
    for golden in cases {
      let pairs = try golden.pairs()
      do { try check(golden, pairs) } catch { Issue.record(error) }
      compared += pairs.count
    }
    #expect(cases.count == 20)
    #expect(compared == 597)
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
    var golden = try #require(try Self.cases.get().first { $0.name == fault.golden })
    fault.plant(&golden)
    #expect(throws: Deviation.self) { try check(golden, try golden.pairs()) }
  }
}
