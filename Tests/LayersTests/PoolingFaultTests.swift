import Layers
import RandomStreams
import Tensors
import Testing
import Verification
import VerificationSuites

/// A layer with something wrong: of its output, or of its gradient.
struct TamperedLayer: Layer {
  let layer: any Layer<Double>
  private var output: @Sendable (Signal<Double>, Signal<Double>) -> Signal<Double> = { $1 }
  private var gradient: @Sendable (Signal<Double>, Signal<Double>, Signal<Double>) -> Signal<Double> = { $2 }

  /// `change` is of the input and the true output.
  init(
    outputOf layer: any Layer<Double>, _ change: @escaping @Sendable (Signal<Double>, Signal<Double>) -> Signal<Double>
  ) {
    self.layer = layer
    output = change
  }

  /// `change` is of the input, the gradient that comes and the true gradient.
  init(
    gradientOf layer: any Layer<Double>,
    _ change: @escaping @Sendable (Signal<Double>, Signal<Double>, Signal<Double>) -> Signal<Double>
  ) {
    self.layer = layer
    gradient = change
  }

  func forward(_ input: Signal<Double>, _ pass: LayerPass) -> Forward<Double> {
    let forward = layer.forward(input, pass)
    return Forward(output(input, forward.output)) { cotangent in
      Backward(input: forward.backward(cotangent).input.map { gradient(input, cotangent, $0) })
    }
  }

  func prediction(on device: Device) -> PredictionStep<Double>? { layer.prediction(on: device) }
}

/// Faults that someone could make in the layers of images: the goldens must see them, and so must the gradient check where
/// difference quotients apply.
@Suite("Layers: planted faults in pooling, dropout of distributions and straight-through signs")
struct PoolingFaultTests {
  struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    /// The golden case, and the tensor that its check must name.
    let (golden, tensor): (String, String)
    let kind: String
    /// The variable that the gradient check must name; nil where difference quotients do not apply.
    let variable: String?
    let layer: any Layer<Double>

    init(
      _ name: String, _ kind: String, _ golden: String, in tensor: String, variable: String? = nil,
      _ layer: any Layer<Double>
    ) {
      (self.name, self.kind, self.golden, self.tensor, self.variable) = (name, kind, golden, tensor, variable)
      self.layer = layer
    }

    var testDescription: String { "\(kind): \(name)" }
  }

  private static func scaled(_ factor: Double, _ which: String) -> @Sendable (Signal<Double>) -> Signal<Double> {
    { signal in
      signal.replacing { name, x in name == which ? x.map(on: .single) { $0 * factor } : x }
    }
  }

  private static var gaussianMaxima: [Fault] {
    func fault(
      _ name: String, in tensor: String, variable: String? = nil, _ fault: PlainPair.Fault?, byColumns: Bool = false
    ) -> Fault {
      Fault(
        name, "maxOfGaussians", "max-of-gaussians-1x2x3x2", in: tensor, variable: variable,
        PlainMaximum(fault: fault, place: variable == nil ? .last : .others, byColumns: byColumns))
    }
    return [
      fault("Φ and 1 − Φ swapped", in: "mean", .swapped),
      fault("a² without the second variance", in: "mean", .oneVariance),
      fault("aφ missing in the mean", in: "mean", .noDensity),
      fault("a² t(α) t(−α) missing in the variance", in: "variance", .notReduced),
      fault("(v₁ − v₂)φ missing in ∂v/∂α", in: "∂mean", variable: "mean", .noDensityInGradient),
      fault("½ missing in ∂a/∂v", in: "∂variance", variable: "variance", .noHalf),
      fault("∂v/∂α not passed on to the variances", in: "∂variance", variable: "variance", .noSlope),
      fault("pairs by columns, not by rows", in: "mean", nil, byColumns: true),
    ]
  }

  private static var otherPooling: [Fault] {
    [
      Fault(
        "the last at a tie, not the first", "maxOfValues", "max-of-values-ties", in: "∂value",
        TamperedLayer(gradientOf: Pooling<Double>(.max)) { input, gradient, _ in
          // The image turned by half a turn, and back: its first is the last.
          func turned(_ x: Tensor<Double>) -> Tensor<Double> { Tensor(x.shape, x.scalars.reversed()) }
          let forward = Pooling<Double>(.max).forward(.value(turned(input.value(for: "test"))), GoldenCase.pass)
          return .value(
            turned(
              forward.backward(.value(turned(gradient.value(for: "test")))).input?.value(for: "test")
                ?? turned(input.value(for: "test"))))
        }),
      Fault(
        "the average's variance divided by 4, not 16", "averageOfGaussians", "average-of-gaussians-1x2x3x2",
        in: "variance",
        TamperedLayer(outputOf: Pooling<Double>(.average)) { scaled(4, "variance")($1) }),
      Fault(
        "its gradient, too", "averageOfGaussians", "average-of-gaussians-1x2x3x2", in: "∂variance",
        variable: "variance",
        TamperedLayer(gradientOf: Pooling<Double>(.average)) { scaled(4, "variance")($2) }),
      Fault(
        "the sum's mean divided by 4", "sumOfBernoullis", "sum-of-bernoullis-1x2x3x2", in: "mean",
        TamperedLayer(outputOf: Pooling<Double>(.sum)) { scaled(0.25, "mean")($1) }),
      Fault(
        "a Bernoulli's variance taken as a constant", "averageOfBernoullis", "average-of-bernoullis-1x2x3x2",
        in: "∂mean", variable: "mean",
        TamperedLayer(gradientOf: Pooling<Double>(.average)) { input, gradient, _ in
          let mean = gradient.gaussian(for: "test").mean
          let through = Pooling<Double>(.sum).forward(.value(input.bernoulliMean(for: "test")), GoldenCase.pass)
          let sum = through.backward(.value(mean)).input?.value(for: "test")
          return .bernoulli(mean: sum?.map(on: .single) { $0 / 4 } ?? mean)
        }),
      Fault(
        "the product of the probabilities taken without its 2", "maxOfBernoullis", "max-of-bernoullis-1x2x3x2",
        in: "mean",
        TamperedLayer(outputOf: Pooling<Double>(.max)) {
          $1.replacing { _, m in m.map(on: .single) { 1 - (1 - $0) / 2 } }
        }),
      Fault(
        "∂m'/∂m_i without its ½", "maxOfBernoullis", "max-of-bernoullis-1x2x3x2", in: "∂mean", variable: "mean",
        TamperedLayer(gradientOf: Pooling<Double>(.max)) { scaled(2, "mean")($2) }),
    ]
  }

  private static var others: [Fault] {
    let dropout = Dropout<Double>(rate: 0.4)
    let estimator = BernoulliReparameterization<Double>(temperature: 0.5, estimator: .straightThrough)
    return [
      Fault(
        "mask not on the variance", "dropoutOfGaussians", "dropout-of-gaussians-Double-0.4", in: "variance",
        TamperedLayer(outputOf: dropout) {
          .gaussian(mean: $1.gaussian(for: "test").mean, variance: $0.gaussian(for: "test").variance)
        }),
      Fault(
        "mask not on the variance's gradient", "dropoutOfGaussians", "dropout-of-gaussians-Double-0.4",
        in: "∂variance", variable: "variance",
        TamperedLayer(gradientOf: dropout) {
          .gaussian(mean: $2.gaussian(for: "test").mean, variance: $1.gaussian(for: "test").variance)
        }),
      Fault(
        "kept elements rescaled", "dropoutOfGaussians", "dropout-of-gaussians-Double-0.4", in: "mean",
        TamperedLayer(outputOf: dropout) { scaled(1 / 0.6, "mean")($1) }),
      Fault(
        "the hard tanh's window missing", "straightThroughSign", "straight-through-sign", in: "∂value",
        TamperedLayer(gradientOf: StraightThroughSign<Double>()) { _, cotangent, _ in cotangent }),
      Fault(
        "the window without its ends", "straightThroughSign", "straight-through-sign", in: "∂value",
        TamperedLayer(gradientOf: StraightThroughSign<Double>()) { input, _, gradient in
          let x = input.value(for: "test")
          return gradient.replacing { _, g in g.map(with: x, on: .single) { $1.magnitude == 1 ? 0 : $0 } }
        }),
      Fault(
        "−1 at 0", "straightThroughSign", "straight-through-sign", in: "value",
        TamperedLayer(outputOf: StraightThroughSign<Double>()) { input, output in
          let x = input.value(for: "test")
          return output.replacing { _, y in y.map(with: x, on: .single) { $1 == 0 ? -1 : $0 } }
        }),
      Fault(
        "the gradient passed on as it is", "straightThrough", "straight-through-Double-0.5", in: "∂mean",
        TamperedLayer(gradientOf: estimator) { _, cotangent, _ in .bernoulli(mean: cotangent.value(for: "test")) }),
      Fault(
        "the temperature left out of the gradient", "straightThrough", "straight-through-Double-0.5", in: "∂mean",
        TamperedLayer(gradientOf: estimator) { scaled(0.5, "mean")($2) }),
      Fault(
        "relaxed, not hard", "straightThrough", "straight-through-Double-0.5", in: "value",
        BernoulliReparameterization<Double>(temperature: 0.5)),
      Fault(
        "ReLU's derivative 1 at 0", "relu", "relu", in: "∂value",
        TamperedLayer(gradientOf: ReLU<Double>()) { input, cotangent, _ in
          let x = input.value(for: "test")
          return cotangent.replacing { _, g in g.map(with: x, on: .single) { $1 >= 0 ? $0 : 0 } }
        }),
    ]
  }

  /// The layer of a golden case without a fault.
  private func sound(_ fault: Fault) -> any Layer<Double> {
    if let tampered = fault.layer as? TamperedLayer { return tampered.layer }
    if fault.layer is PlainMaximum { return PlainMaximum(fault: nil) }
    return BernoulliReparameterization<Double>(temperature: 0.5, estimator: .straightThrough)
  }

  static let faults = gaussianMaxima + otherPooling + others

  @Test("a planted fault is found by the goldens and, where they apply, by difference quotients", arguments: faults)
  func fault(_ fault: Fault) throws {
    let golden = try #require(try GoldenCase.all(of: fault.kind, in: "pooling").first { $0.name == fault.golden })
    try golden.check(sound(fault))
    let found = #expect(throws: Deviation.self) { try golden.check(fault.layer) }
    #expect(found?.description.contains("\(golden.name), \(fault.tensor) (") == true, "\(found)")
    #expect(found?.kind != .shape && found?.kind != .nan, "\(found)")

    guard let variable = fault.variable else { return }
    func check(_ layer: any Layer<Double>) throws -> GradientFault? {
      LayerProbe(golden.name, try golden.signal()) { _ in layer }.check().fault()
    }
    #expect(try check(sound(fault)) == nil, "the layer itself fails")
    let difference = try check(fault.layer)
    #expect(difference?.kind == .value, "\(difference)")
    #expect(difference?.description.contains("/∂\(variable)[") == true, "\(difference)")
  }

  @Test("each fault is planted once, and some where difference quotients apply")
  func names() {
    #expect(Self.faults.contains { $0.variable != nil })
    #expect(Set(Self.faults.map(\.testDescription)).count == Self.faults.count)
  }
}
