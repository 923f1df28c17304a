import Layers
import Tensors
import Testing
import Verification
import VerificationSuites

@Suite("Layers: the second-order cross-entropy and the squared hinge")
struct LossTests {
  @Test("without variance the second-order cross-entropy is the cross-entropy")
  func noVariance() {
    let x: Tensor<Float> = imageNumbers([3, 4])
    let zero = Tensor<Float>([3, 4], repeating: 0)
    let second = SecondOrderCrossEntropy(mean: x, variance: zero, labels: [1, 3, 0], on: .single)
    let first = SoftmaxCrossEntropy(outputs: x, labels: [1, 3, 0], on: .single)
    #expect(second.loss == first.loss && second.meanGradient == first.gradient)
  }

  @Test("the losses' gradients agree with difference quotients", arguments: [(1, 1), (3, 4), (2, 7)])
  func losses(samples: Int, classes: Int) throws {
    let labels = (0..<samples).map { ($0 * 3 + 1) % classes }
    func scaled(_ x: Tensor<Double>, _ g: [Tensor<Double>]) -> Tensor<Double> {
      x.map(on: .single) { $0 * g[0].scalars[0] }
    }
    func second(_ x: [Tensor<Double>]) -> SecondOrderCrossEntropy<Double> {
      SecondOrderCrossEntropy(mean: x[0], variance: x[1], labels: labels, on: .single)
    }
    func hinge(_ x: [Tensor<Double>]) -> SquaredHinge<Double> {
      SquaredHinge(outputs: x[0], labels: labels, on: .single)
    }
    let shape = [samples, classes]
    var check = GradientCheck(
      "SecondOrderCrossEntropy",
      [.init("mean", imageNumbers(shape)), .init("variance", imageNumbers(shape, in: 0.2...2))],
      function: { [Tensor([1], [second($0).loss])] },
      pullback: { [scaled(second($0).meanGradient, $1), scaled(second($0).varianceGradient, $1)] })
    if let fault = check.fault() { throw fault }
    let sound = check.pullback
    if classes > 1 {
      // The second term's part left out, and ½ forgotten.
      let plain = SoftmaxCrossEntropy<Double>(
        outputs: check.variables[0].tensor, labels: labels, on: .single
      ).gradient
      check.pullback = { [scaled(plain, $1), sound($0, $1)[1]] }
      #expect(check.fault()?.description.contains("/∂mean[") == true)
      check.pullback = { [sound($0, $1)[0], sound($0, $1)[1].map(on: .single) { 2 * $0 }] }
      #expect(check.fault()?.description.contains("/∂variance[") == true)
    }

    // No margin is within two steps of the hinge.
    check = GradientCheck(
      "SquaredHinge", [.init("outputs", distinctNumbers(shape))], function: { [Tensor([1], [hinge($0).loss])] },
      pullback: { [scaled(hinge($0).gradient, $1)] })
    if let fault = check.fault() { throw fault }
    let half = check.pullback
    check.pullback = { half($0, $1).map { $0.map(on: .single) { $0 / 2 } } }
    #expect(check.fault()?.description.contains("/∂outputs[") == true)
  }

  @Test("planted faults in the losses are found by the goldens, and named")
  func lossFaults() throws {
    let second = try #require(try GoldenCase.all(of: "secondOrderCrossEntropy", in: "losses").first)
    let (m, v) = (try second.input("mean") as Tensor<Double>, try second.input("variance") as Tensor<Double>)
    let labels = try #require(second.labels)
    let true2 = SecondOrderCrossEntropy(mean: m, variance: v, labels: labels, on: .single)
    let twice = SecondOrderCrossEntropy(mean: m, variance: v.map(on: .single) { 2 * $0 }, labels: labels, on: .single)
    let hinge = try #require(try GoldenCase.all(of: "squaredHinge", in: "losses").first)
    let x: Tensor<Double> = try hinge.input("outputs")
    let hingeLabels = try #require(hinge.labels)
    let true1 = SquaredHinge(outputs: x, labels: hingeLabels, on: .single)
    let negated = SquaredHinge(outputs: x.map(on: .single) { -$0 }, labels: hingeLabels, on: .single)
    func one(_ x: Double) -> Tensor<Double> { Tensor([1], [x]) }
    let faults: [(name: String, golden: GoldenCase, tensor: String, actual: Tensor<Double>)] = [
      ("½ missing before the variances", second, "loss", one(twice.loss)),
      ("½ missing in ∂m", second, "∂mean", twice.meanGradient),
      ("½ missing in ∂v", second, "∂variance", true2.varianceGradient.map(on: .single) { 2 * $0 }),
      ("summed over samples", second, "loss", one(true2.loss * 3)),
      ("t negated", hinge, "loss", one(negated.loss)),
      ("averaged over classes", hinge, "loss", one(true1.loss / 4)),
      ("2 missing", hinge, "∂outputs", true1.gradient.map(on: .single) { $0 / 2 }),
      ("the wrong sign", hinge, "∂outputs", true1.gradient.map(on: .single) { -$0 }),
    ]
    for (name, golden, tensor, actual) in faults {
      let expected = try tensor == "loss" ? golden.output(tensor) : golden.gradient(String(tensor.dropFirst()))
      let found = deviation(golden.what(tensor), actual, expected: expected, within: .goldenDouble)
      #expect(found?.kind == .size || found?.kind == .sign, "\(name): \(found)")
      #expect(found?.description.hasPrefix("\(golden.name), \(tensor) (") == true, "\(name)")
    }
    #expect(faults.count == 8)
  }

  private func threads<Scalar: Real>(_: Scalar.Type) {
    let labels = (0..<700).map { $0 % 30 }
    let (m, v): (Tensor<Scalar>, Tensor<Scalar>) = (imageNumbers([700, 30]), imageNumbers([700, 30], in: 0...1))
    func losses(_ threads: Int) -> [Tensor<Scalar>] {
      let workers = Workers(count: threads)
      let second = SecondOrderCrossEntropy(mean: m, variance: v, labels: labels, on: workers)
      let hinge = SquaredHinge(outputs: m, labels: labels, on: workers)
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

  @Test("certain outputs give finite losses and gradients; NaN comes through")
  func edges() {
    let far = Tensor<Float>([2, 3], [1e30, -1e30, 0, 1000, 1000, -1000])
    let second = SecondOrderCrossEntropy(
      mean: far, variance: Tensor([2, 3], repeating: 0), labels: [0, 2], on: .single)
    #expect(second.loss.isFinite && second.meanGradient.scalars.allSatisfy { $0.isFinite })
    #expect(second.varianceGradient.scalars == [0, 0, 0, 0.0625, 0.0625, 0])
    let nan = Tensor<Float>([1, 2], [.nan, 1])
    #expect(SquaredHinge(outputs: nan, labels: [0], on: .single).loss.isNaN)
    #expect(SecondOrderCrossEntropy(mean: nan, variance: nan, labels: [0], on: .single).loss.isNaN)
  }
}
