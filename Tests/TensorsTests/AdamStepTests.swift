import Tensors
import TestSupport
import Testing

@Suite("The kernel of Adam")
struct AdamStepTests {
  private func check<Scalar: Real>(_: Scalar.Type, within tolerance: Tolerance) throws -> Int {
    let cases = try LayerCase.all(of: "adam")
    for golden in cases {
      let (alpha, lambda) = (try golden.setting("step"), try golden.setting("regularization"))
      var parameters: Tensor<Scalar> = try golden.input("parameters")
      var (first, second) = (Tensor<Scalar>([5], repeating: 0), Tensor<Scalar>([5], repeating: 0))
      var (power1, power2) = (1.0, 1.0)
      for time in 1...3 {
        (power1, power2) = (power1 * 0.9, power2 * 0.999)
        let step = AdamStep<Scalar>(
          rate: Scalar(alpha / (1 - power1)), correction: Scalar(1 / (1 - power2).squareRoot()),
          decay: Scalar(2 * lambda), beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
        let gradient: Tensor<Scalar> = try golden.input("gradient\(time)")
        withUnsafeMutablePointers(&parameters, &first, &second) { parameters, first, second in
          gradient.withUnsafePointer { Scalar.adam(parameters, $0, first, second, count: 5, step: step) }
        }
        let what = golden.what("parameters\(time)")
        try requireClose(what, parameters, expected: golden.output("parameters\(time)"), within: tolerance)
      }
    }
    return cases.count
  }

  @Test("three steps, with and without a penalty, give the oracle's parameters")
  func golden() throws {
    #expect(try check(Double.self, within: .goldenDouble) == 2)
    #expect(try check(Float.self, within: .goldenFloat) == 2)
  }
}
