import Tensors
import TestSupport
import Testing
import Verification

@Suite("The comparison, by planted faults")
struct ComparisonTests {
  let expected = Tensor<Double>([2, 2], [1, -2, 0, 1e-9])
  let tolerance = Tolerance("test", Double.self, ulps: 1e-6 / .ulpOfOne, floor: 1e-3, "a reason")

  private func kind(_ scalars: [Double], shape: Shape = [2, 2]) -> Deviation.Kind? {
    deviation("x", Tensor(shape, scalars), expected: expected, within: tolerance)?.kind
  }

  @Test("equal and nearly equal numbers pass")
  func pass() {
    #expect(kind([1, -2, 0, 1e-9]) == nil)
    #expect(kind([1 + 9e-7, -2 + 1.9e-6, -9e-10, 0]) == nil)
  }

  @Test("a wrong shape, NaN, sign and size are each caught, in this order")
  func faults() {
    #expect(kind([1, -2, 0, 1e-9], shape: [4]) == .shape)
    #expect(kind([.nan, 2, 0, 1e-9]) == .nan)
    #expect(kind([5, 2, 0, 1e-9]) == .sign)
    #expect(kind([1 + 2e-6, -2, 0, 1e-9]) == .size)
    #expect(kind([1, -2, 2e-9, 1e-9]) == .size)
    #expect(kind([.infinity, -2, 0, 1e-9]) == .size)
    #expect(deviation("x", Tensor<Double>([1], [1]), expected: Tensor([1], [.nan]), within: tolerance)?.kind == .nan)
    #expect(deviation("x", Tensor<Double>([1], [.nan]), expected: Tensor([1], [.nan]), within: tolerance) == nil)
  }

  @Test("the worst error is found, and NaN is the worst of all")
  func worst() {
    let worst = worstError([1.0, 2.5, 3.25], expected: [1, 2, 3], floor: 1)
    #expect(worst.index == 1 && worst.error == 0.25)
    let nan = worstError([1.0, .nan, 30], expected: [1, 2, 3], floor: 1)
    #expect(nan.index == 1 && nan.error == .infinity)
  }

  @Test("a failure says what, where, expected, actual, ulps and what was allowed")
  func message() throws {
    let actual = Tensor<Float>([1], [Float(1).nextUp])
    let fault = try #require(
      deviation(
        "layer 3", actual, expected: Tensor([1], [1]),
        within: Tolerance("sign", Float.self, ulps: 0.5, floor: 1, "none")))
    #expect(
      fault.description == "layer 3[0]: too far: expected 1.0, actual 1.0000001, 1.0 ulps, allowed 0.5 of "
        + "max(|expected|, 1.0) for sign in Float: none")
    #expect(throws: Deviation.self) {
      try requireClose("layer 3", actual, expected: Tensor([1], [1.1]), within: .goldenFloat)
    }
  }

  @Test("where the condition number is c, the error may be c times as large, and no larger")
  func conditions() {
    func kind(_ second: Double, _ condition: Double) -> Deviation.Kind? {
      deviation(
        "x", Tensor<Double>([2], [1, second]), expected: Tensor([2], [1, 1]), within: tolerance,
        conditions: [1, condition])?.kind
    }
    #expect(kind(1 + 9e-7, 1) == nil && kind(1 + 1.1e-6, 1) == .size)
    #expect(kind(1 + 3.9e-6, 4) == nil && kind(1 + 4.1e-6, 4) == .size)
    #expect(kind(1 + 4e-7, 0.5) == nil && kind(1 + 6e-7, 0.5) == .size)
    let worst = worstError([1.5, 2.5], expected: [1, 2], floor: 1, conditions: [1, 0.125])
    #expect(worst.index == 1 && worst.error == 2)
  }

  @Test("the evidence of a failure has what was expected and what was found, number by number")
  func evidence() {
    let expected = Tensor<Double>([3], [1, 2, 0.1])
    let failed = compare("x", Tensor<Float>([2], [1, 2.5]), expected: expected, within: .goldenFloat)
    #expect(
      failed.evidence?.description == """
        index\texpected [3]\tactual [2]
        [0]\t1.0\t1.0
        [1]\t2.0\t2.5
        [2]\t0.1\tnone

        """)
    #expect(compare("x", Tensor<Float>([3], [1, 2, 0.1]), expected: expected, within: .goldenFloat).evidence == nil)
  }

  @Test("the verdict is bit-exact, within a number of the allowed ulps, or outside")
  func verdicts() {
    let tolerance = Tolerance("test", Float.self, ulps: 4, floor: 1, "a reason")
    func verdict(_ actual: Float, _ tolerance: Tolerance) -> Verdict {
      compare("x", Tensor<Float>([1], [actual]), expected: Tensor([1], [1.5]), within: tolerance).verdict
    }
    #expect(verdict(1.5, tolerance) == .bitExact)
    #expect(verdict(Float(1.5).nextUp.nextUp, tolerance) == .within(2 / 1.5, of: 4, in: .ulps))
    if case .outside(let deviation) = verdict(1.5 + 8 * Float(1).ulp, tolerance) {
      #expect(deviation.kind == .size)
    } else {
      Issue.record("an error of 8 ulps passes")
    }
    // A tolerance of nothing tells bits.
    let exactly = Tolerance("test", Float.self, ulps: 0, floor: 0, "bits")
    let zeros = compare("x", Tensor<Float>([1], [-0.0]), expected: Tensor([1], [0]), within: exactly)
    if case .outside(let deviation) = zeros.verdict {
      #expect(deviation.kind == .bits)
    } else {
      Issue.record("a zero of the wrong sign passes")
    }
  }

  @Test("the comparison of bits distinguishes zeros, and the last bit")
  func bits() {
    for wrong in [-0.0, 0.0.nextUp, .nan] {
      #expect(throws: Deviation.self) {
        try requireSameBits("x", Tensor<Double>([1], [wrong]), expected: Tensor([1], [0]))
      }
    }
    #expect(throws: Deviation.self) {
      try requireSameBits("x", Tensor<Float>([1, 2], [1, 2]), expected: Tensor([2, 1], [1, 2]))
    }
    #expect(throws: Never.self) { try requireSameBits("x", Tensor<Float>([1], [.nan]), expected: Tensor([1], [.nan])) }
  }

  @Test("values that must be equal are bit-exact or outside, with both in the words")
  func equality() {
    #expect(FieldResult.equality("count", operation: "x", 2, expected: 2).verdict == .bitExact)
    #expect(
      FieldResult.equality("count", operation: "x", 3, expected: 2).verdict
        == .outside(Deviation(kind: .bits, description: "count: expected 2, found 3")))
    let field = FieldResult.equality("count", operation: "x", 2, expected: 2)
    #expect(field.name == "count" && field.operation == "x")
  }
}
