import Layers
import Tensors
import TestSupport
import Testing
import Verification
import VerificationSuites

@Suite("Layers: the second-order cross-entropy and the squared hinge")
struct LossTests {
  @Test("without variance the second-order cross-entropy is the cross-entropy")
  func noVariance() {
    let x: Tensor<Float> = probeNumbers([3, 4])
    let zero = Tensor<Float>([3, 4], repeating: 0)
    let second = SecondOrderCrossEntropy(mean: x, variance: zero, labels: [1, 3, 0], on: .single)
    let first = SoftmaxCrossEntropy(outputs: x, labels: [1, 3, 0], on: .single)
    #expect(second.loss == first.loss && second.meanGradient == first.gradient)
  }

  /// A wrong gradient of a loss, which difference quotients must tell.
  struct GradientFaultCase: Sendable, CustomTestStringConvertible {
    let name: String
    let loss: LossProbe.Loss
    let variable: String
    let corrupt: @Sendable (LossProbe, _ outputs: [Tensor<Double>], inout [Tensor<Double>]) -> Void

    var testDescription: String { "\(loss.rawValue): \(name)" }
  }

  static let gradientFaults: [GradientFaultCase] = [
    GradientFaultCase(name: "not divided by N", loss: .crossEntropy, variable: "outputs") { probe, _, gradients in
      gradients[0] = gradients[0].map(on: .single) { $0 * Double(probe.samples) }
    },
    GradientFaultCase(name: "the second term's part left out", loss: .secondOrderCrossEntropy, variable: "mean") {
      $2[0] = SoftmaxCrossEntropy(outputs: $1[0], labels: $0.labels, on: .single).gradient
    },
    GradientFaultCase(name: "½ forgotten", loss: .secondOrderCrossEntropy, variable: "variance") {
      $2[1] = $2[1].map(on: .single) { 2 * $0 }
    },
    GradientFaultCase(name: "2 forgotten", loss: .squaredHinge, variable: "outputs") {
      $2[0] = $2[0].map(on: .single) { $0 / 2 }
    },
  ]

  @Test("a wrong gradient is found by difference quotients, and named", arguments: gradientFaults)
  func gradientFault(_ fault: GradientFaultCase) {
    let probe = LossProbe(fault.loss, 3, 4)
    var check = probe.check()
    #expect(check.fault() == nil)
    check.pullback = { values, cotangents in
      var gradients = probe.evaluate(values).gradients
      fault.corrupt(probe, values, &gradients)
      return gradients.map { $0.map(on: .single) { $0 * cotangents[0].scalars[0] } }
    }
    let found = check.fault()
    #expect(found?.kind == .value && found?.description.contains("/∂\(fault.variable)[") == true, "\(found)")
  }

  /// A wrong tensor where the golden of a loss has a right one.
  struct GoldenFault: Sendable, CustomTestStringConvertible {
    let name: String
    let (operation, tensor): (String, String)
    /// Of the golden's inputs and labels.
    let actual: @Sendable (_ inputs: [Tensor<Double>], _ labels: [Int]) -> Tensor<Double>

    init(
      _ name: String, _ operation: String, _ tensor: String,
      _ actual: @escaping @Sendable (_ inputs: [Tensor<Double>], _ labels: [Int]) -> Tensor<Double>
    ) {
      (self.name, self.operation, self.tensor, self.actual) = (name, operation, tensor, actual)
    }

    var testDescription: String { "\(operation): \(name)" }
  }

  static let goldenFaults: [GoldenFault] = secondOrderFaults + hingeFaults

  private static func one(_ x: Double) -> Tensor<Double> { Tensor([1], [x]) }

  private static func scaled(_ x: Tensor<Double>, _ factor: Double) -> Tensor<Double> {
    x.map(on: .single) { $0 * factor }
  }

  private static var secondOrderFaults: [GoldenFault] {
    func fault(
      _ name: String, _ tensor: String, varianceFactor: Double = 1,
      _ result: @escaping @Sendable (SecondOrderCrossEntropy<Double>) -> Tensor<Double>
    ) -> GoldenFault {
      GoldenFault(name, "secondOrderCrossEntropy", tensor) { x, labels in
        result(
          SecondOrderCrossEntropy(
            mean: x[0], variance: scaled(x[1], varianceFactor), labels: labels, on: .single))
      }
    }
    return [
      fault("½ missing before the variances", "loss", varianceFactor: 2) { one($0.loss) },
      fault("½ missing in ∂m", "∂mean", varianceFactor: 2) { $0.meanGradient },
      fault("½ missing in ∂v", "∂variance") { scaled($0.varianceGradient, 2) },
      fault("summed over samples", "loss") { one($0.loss * 3) },
    ]
  }

  private static var hingeFaults: [GoldenFault] {
    func fault(
      _ name: String, _ tensor: String, sign: Double = 1,
      _ result: @escaping @Sendable (SquaredHinge<Double>) -> Tensor<Double>
    ) -> GoldenFault {
      GoldenFault(name, "squaredHinge", tensor) { x, labels in
        result(SquaredHinge(outputs: scaled(x[0], sign), labels: labels, on: .single))
      }
    }
    return [
      fault("t negated", "loss", sign: -1) { one($0.loss) },
      fault("averaged over classes", "loss") { one($0.loss / 4) },
      fault("2 missing", "∂outputs") { scaled($0.gradient, 0.5) },
      fault("the wrong sign", "∂outputs") { scaled($0.gradient, -1) },
    ]
  }

  @Test("a planted fault is found by the goldens, and named", arguments: goldenFaults)
  func goldenFault(_ fault: GoldenFault) throws {
    let golden = try #require(try GoldenCase.all(of: fault.operation, in: "losses").first)
    let names = fault.operation == "squaredHinge" ? ["outputs"] : ["mean", "variance"]
    let actual = fault.actual(try names.map { try golden.input($0) }, try golden.classes())
    let expected =
      try fault.tensor == "loss" ? golden.output(fault.tensor) : golden.gradient(String(fault.tensor.dropFirst()))
    let found = deviation(golden.what(fault.tensor), actual, expected: expected, within: .goldenDouble)
    #expect(found?.kind == .size || found?.kind == .sign, "\(found)")
    #expect(found?.description.hasPrefix("\(golden.name), \(fault.tensor) (") == true)
  }

  private func threads<Scalar: TensorScalar>(_: Scalar.Type) {
    let labels = (0..<700).map { $0 % 30 }
    let (m, v): (Tensor<Scalar>, Tensor<Scalar>) = (probeNumbers([700, 30]), probeNumbers([700, 30], in: 0...1))
    func losses(_ threads: Int) -> [Tensor<Scalar>] {
      let device = Device.processor(threads: threads)
      let second = SecondOrderCrossEntropy(mean: m, variance: v, labels: labels, on: device)
      let hinge = SquaredHinge(outputs: m, labels: labels, on: device)
      return [
        Tensor([2], [second.loss, hinge.loss]), second.meanGradient, second.varianceGradient, hinge.gradient,
      ]
    }
    for count in threadCounts { #expect(losses(count) == losses(1)) }
  }

  @Test("losses and gradients do not depend on threads")
  func threads() {
    threads(Float.self)
    threads(Double.self)
  }

  @Test("a label that is no class ends the program, as does another number of labels than samples")
  func wrongLabels() async {
    Self.losses([1, 0])
    await #expect(processExitsWith: .failure) { LossTests.losses([3, 0], .crossEntropy) }
    await #expect(processExitsWith: .failure) { LossTests.losses([3, 0], .secondOrderCrossEntropy) }
    await #expect(processExitsWith: .failure) { LossTests.losses([3, 0], .squaredHinge) }
    await #expect(processExitsWith: .failure) { LossTests.losses([0, -1]) }
    await #expect(processExitsWith: .failure) { LossTests.losses([0, 1, 2]) }
  }

  /// The losses of two samples of three classes: one of them, or all.
  private static func losses(_ labels: [Int], _ loss: LossProbe.Loss? = nil) {
    let x = Tensor<Float>([2, 3], [0, 1, 2, 3, 4, 5])
    for each in loss.map({ [$0] }) ?? [.crossEntropy, .secondOrderCrossEntropy, .squaredHinge] {
      switch each {
      case .crossEntropy: _ = SoftmaxCrossEntropy(outputs: x, labels: labels, on: .single)
      case .secondOrderCrossEntropy: _ = SecondOrderCrossEntropy(mean: x, variance: x, labels: labels, on: .single)
      case .squaredHinge: _ = SquaredHinge(outputs: x, labels: labels, on: .single)
      }
    }
  }

  @Test("certain outputs give finite losses and gradients; NaN propagates")
  func edges() {
    let far = Tensor<Float>([2, 3], [1e30, -1e30, 0, 1000, 1000, -1000])
    let second = SecondOrderCrossEntropy(
      mean: far, variance: Tensor([2, 3], repeating: 0), labels: [0, 2], on: .single)
    #expect(second.loss.isFinite && second.meanGradient.scalars.allSatisfy { $0.isFinite })
    #expect(second.varianceGradient.scalars == [0, 0, 0, 0.0625, 0.0625, 0])
    // Whichever class it is that is far ahead, its probability is 1.
    for ahead in 0..<3 {
      func only(_ number: Float) -> Tensor<Float> { Tensor([1, 3], (0..<3).map { $0 == ahead ? number : 0 }) }
      #expect(only(1000).rowSoftmax(on: .single) == only(1))
      #expect(SoftmaxCrossEntropy(outputs: only(1000), labels: [ahead], on: .single).loss == 0)
    }
    let nan = Tensor<Float>([1, 2], [.nan, 1])
    #expect(SquaredHinge(outputs: nan, labels: [0], on: .single).loss.isNaN)
    #expect(SecondOrderCrossEntropy(mean: nan, variance: nan, labels: [0], on: .single).loss.isNaN)
  }
}
