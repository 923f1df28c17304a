import Layers
import Tensors
import TestSupport
import Testing
import Verification
import VerificationSuites

/// Faults that someone could make in a backward pass, each planted in a real layer: the gradient check must see them.
@Suite("The gradient check, by planted faults")
struct PlantedFaultTests {
  /// The finding is of a kind, and names a variable.
  typealias Fault = Planted<LayerProbe, LayerProbe.Step, (kind: GradientFault.Kind, variable: String)>

  static func scaled(_ x: Tensor<Double>, _ factor: Double) -> Tensor<Double> {
    x.map(on: .single) { $0 * factor }
  }

  /// `y[i, j] = x[i, j] · factor[j]`.
  private static func multiplyColumns(_ x: Tensor<Double>, _ factor: Tensor<Double>) -> Tensor<Double> {
    Tensor(x.shape, x.scalars.indices.map { x.scalars[$0] * factor.scalars[$0 % x.columns] })
  }

  static var dense: [Fault] {
    [
      Fault("wrong sign of the weights' gradient", .dense(3, 4, 2, bias: true), in: "weights") {
        $0.parameters[0] = scaled($0.parameters[0], -1)
      },
      Fault("weights not transposed", .dense(3, 4, 4, bias: false), in: "value") {
        guard let layer = $0.layer as? Linear<Double> else { return }
        $0.inputs[0] = .product($0.cotangent.value(for: "test"), layer.weights, on: .single)
      },
      Fault("the bias' gradient averaged, not summed", .dense(3, 4, 2, bias: true), in: "bias") {
        $0.parameters[1] = scaled($0.parameters[1], 1.0 / 3)
      },
      Fault("no bias gradient", .dense(3, 4, 2, bias: true), .shape, in: "Linear") { $0.parameters.removeLast() },
      Fault("factor 2 missing in ∂v/∂x", .distribution(.value, [3, 4], outputs: 2, last: false), in: "value") {
        guard let layer = $0.layer as? DistributionLinear<Double> else { return }
        let dMean = $0.cotangent.gaussian(for: "test").mean
        let throughMean = Tensor.product(dMean, layer.weights.mean, transposing: .second, on: .single)
        $0.inputs[0] = $0.inputs[0].map(with: throughMean, on: .single) { ($0 + $1) / 2 }
      },
      Fault("mean and variance swapped", .distribution(.value, [3, 4], outputs: 2, last: false), in: "logits") {
        $0.parameters.swapAt(0, 1)
      },
      Fault("the variance divided by d, not d²", .distribution(.value, [3, 4], outputs: 2, last: true), in: "logits") {
        $0.parameters[1] = scaled($0.parameters[1], 5.0.squareRoot())
      },
      Fault("the bias' gradient not divided by d", .distribution(.value, [3, 4], outputs: 2, last: true), in: "bias") {
        $0.parameters[2] = scaled($0.parameters[2], 5.0.squareRoot())
      },
    ]
  }

  static var normalization: [Fault] {
    [
      Fault("n for n − 1 in ∂s²/∂v", .batchNormalizationOfGaussians(5, 3), in: "variance") { step in
        guard let layer = step.layer as? BatchNormalization<Double>, let statistics = step.forward.statistics
        else { return }
        let dVariance = step.cotangent.gaussian(for: "test").variance
        let factor = statistics.inverseDeviation.map(with: layer.scale, on: .single) { ($0 * $1) * ($0 * $1) }
        let direct = multiplyColumns(dVariance, factor)
        step.inputs[1] = step.inputs[1].map(with: direct, on: .single) { $1 + ($0 - $1) * 4 / 5 }
      },
      Fault("the variance's part of ∂γ dropped", .batchNormalizationOfGaussians(5, 3), in: "scale") { step in
        let silent = Tensor<Double>([5, 3], repeating: 0)
        let dMean = step.cotangent.gaussian(for: "test").mean
        step.parameters[0] = step.forward.backward(.gaussian(mean: dMean, variance: silent)).parameters[0]
      },
      Fault("statistics taken as constants", .batchNormalizationOfValues(5, 3), in: "value") { step in
        guard let layer = step.layer as? BatchNormalization<Double>, let statistics = step.forward.statistics
        else { return }
        let factor = statistics.inverseDeviation.map(with: layer.scale, on: .single) { $0 * $1 }
        step.inputs[0] = multiplyColumns(step.cotangent.value(for: "test"), factor)
      },
      Fault("γ and β swapped", .batchNormalizationOfValues(5, 3), in: "scale") { $0.parameters.swapAt(0, 1) },
    ]
  }

  static var activations: [Fault] {
    [
      Fault("√v for √(2v)", .sign(3, 5), in: "mean") { $0.inputs[0] = scaled($0.inputs[0], 2.0.squareRoot()) },
      Fault("wrong sign of ∂/∂v", .sign(3, 5), in: "variance") { $0.inputs[1] = scaled($0.inputs[1], -1) },
      Fault("½ missing in ∂√v/∂v", .gaussianReparameterization(3, 5), in: "variance") {
        $0.inputs[1] = scaled($0.inputs[1], 2)
      },
      Fault("temperature left out", .bernoulliReparameterization(3, 5, temperature: 0.5), in: "mean") {
        $0.inputs[0] = scaled($0.inputs[0], 0.5)
      },
      Fault("mask left out", .dropout(5, 7), in: "value") { $0.inputs[0] = $0.cotangent.value(for: "test") },
      Fault("a NaN", .tanh(3, 5), .notFinite, in: "value") {
        var x = $0.inputs[0]
        x[2, 3] = .nan
        $0.inputs[0] = x
      },
      Fault("a transposed shape", .tanh(3, 5), .shape, in: "value") { $0.inputs[0] = $0.inputs[0].reshaped([5, 3]) },
      Fault("one element wrong in the sixth digit", .tanh(3, 5), in: "value[13]") {
        var x = $0.inputs[0]
        x[2, 3] *= 1 + 1e-6
        $0.inputs[0] = x
      },
      Fault("something added that does not come from the cotangent", .tanh(3, 5), .notZero, in: "value[0]") {
        $0.inputs[0] = $0.inputs[0].map(on: .single) { $0 + 1e-300 }
      },
      Fault("not linear in the cotangent", .tanh(3, 5), .linearity, in: "value[0]") {
        let size = $0.cotangent.value(for: "test").scalars.reduce(0) { max($0, abs($1)) }
        $0.inputs[0] = scaled($0.inputs[0], size)
      },
    ]
  }

  static let faults = dense + normalization + activations + distributions

  @Test("a planted fault is found, told apart and named", arguments: faults)
  func fault(_ fault: Fault) throws {
    #expect(fault.place.check().fault() == nil, "the layer itself fails")
    let found = fault.place.check(corrupting: fault.plant).fault()
    #expect(found?.kind == fault.finding.kind, "\(found)")
    #expect(found?.description.contains(fault.finding.variable) == true, "\(found)")
  }

  @Test("each fault is planted once")
  func names() { #expect(Set(Self.faults.map { $0.place.subject + $0.what }).count == Self.faults.count) }

  @Test("a backward pass that gives other bits the second time is found")
  func repetition() {
    var calls = 0
    let fault = LayerProbe.tanh(3, 5).check {
      calls += 1
      guard calls % 2 == 0 else { return }
      $0.inputs[0] = $0.inputs[0].map(on: .single) { $0.nextUp == .leastNonzeroMagnitude ? $0 : $0.nextUp }
    }.fault()
    #expect(fault?.kind == .notRepeatable)
  }

  @Test("a failure names layer, parameter, index, both derivatives, the relative error, step, seed and term")
  func message() throws {
    let fault = try #require(
      LayerProbe.dense(1, 1, 1, bias: true).check { $0.parameters[1] = Self.scaled($0.parameters[1], 2) }.fault())
    #expect(fault.description.hasPrefix("Linear 1×1×1, ∂output[0]/∂bias[0]: analytic 2.0, numeric "))
    #expect(fault.description.contains(", step 0.0"))
    #expect(fault.description.hasSuffix("seed 1; see Σ dy / d, over samples and pixels"))
    #expect(fault.description.contains("relative error "))
  }
}

extension Planted where Place == LayerProbe, Finding == (kind: GradientFault.Kind, variable: String) {
  init(
    _ what: String, _ probe: LayerProbe, _ kind: GradientFault.Kind = .value, in variable: String,
    _ plant: @escaping @Sendable (inout Subject) -> Void
  ) {
    self.init(what, in: probe, finding: (kind, variable), plant)
  }
}
