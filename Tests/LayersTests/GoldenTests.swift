import Layers
import Tensors
import TestSupport
import Testing
import WeightDistributions

@Suite("Layers: values from outside")
struct GoldenTests {
  /// The oracle's noise is of this pass' streams.
  static let pass = LayerPass(seed: 7, epoch: 3, step: 11, layer: 2, workers: .single)

  /// Checks outputs and gradients of `layer` against a case; input and parameters are named as the oracle names them.
  private func check<Scalar: Real>(
    _ golden: LayerCase, _ layer: any Layer<Scalar>, parameters: [String], within tolerance: Tolerance
  ) throws {
    func close(_ name: String, _ actual: Tensor<Scalar>, _ expected: Tensor<Double>) throws {
      try requireClose(golden.what(name), actual, expected: expected, within: tolerance)
    }
    let forward = layer.forward(try signal(golden, of: layer), Self.pass)
    for (name, tensor) in named(forward.output) { try close(name, tensor, golden.output(name)) }
    let backward = forward.backward(
      try forward.output.replacing { name, _ in try golden.cotangent(name) })
    let input = try #require(backward.input)
    for (name, tensor) in named(input) { try close("∂\(name)", tensor, golden.gradient(name)) }
    try #require(backward.parameters.count == parameters.count)
    for (name, tensor) in zip(parameters, backward.parameters) { try close("∂\(name)", tensor, golden.gradient(name)) }
    if let statistics = forward.statistics {
      try close("mean", statistics.mean, golden.output("statisticsMean"))
      try close("inverse deviation", statistics.inverseDeviation, golden.output("statisticsInverse"))
    }
    if let expected = try? golden.output("prediction") {
      let step = try #require(layer.prediction(on: .single))
      let x = try golden.inputs["value"] == nil ? golden.input("mean") : golden.input("value") as Tensor<Scalar>
      try close("prediction", step(x, on: .single), expected)
    }
  }

  /// A case's input: a value, a ±1 Bernoulli's mean, or a Gaussian.
  private func signal<Scalar: Real>(_ golden: LayerCase, of layer: any Layer<Scalar>) throws -> Signal<Scalar> {
    if golden.inputs["value"] != nil { return .value(try golden.input("value")) }
    if layer is BernoulliReparameterization<Scalar> { return .bernoulli(mean: try golden.input("mean")) }
    return .gaussian(mean: try golden.input("mean"), variance: try golden.input("variance"))
  }

  /// Runs the cases of `kinds` whose noise, if any, is of `Scalar`'s stream.
  private func run<Scalar: Real>(
    _ kinds: String..., as _: Scalar.Type, count: Int, within tolerance: Tolerance,
    _ make: (LayerCase) throws -> (any Layer<Scalar>, parameters: [String])
  ) throws {
    let cases = try kinds.flatMap { try LayerCase.all(of: $0) }
      .filter { $0.scalar == nil || $0.scalar == "\(Scalar.self)" }
    for golden in cases {
      let (layer, parameters) = try make(golden)
      try check(golden, layer, parameters: parameters, within: tolerance)
    }
    #expect(cases.count == count)
  }

  private func all<Scalar: Real>(_ type: Scalar.Type, within tolerance: Tolerance) throws {
    try run("dense", as: type, count: 4, within: tolerance) { golden in
      let bias: Tensor<Scalar>? = golden.inputs["bias"] == nil ? nil : try golden.input("bias")
      return (
        Linear<Scalar>(weights: try golden.input("weights"), bias: bias), ["weights"] + (bias == nil ? [] : ["bias"])
      )
    }
    try run("distributionDense", as: type, count: 5, within: tolerance) { golden in
      let bias: Tensor<Scalar>? = golden.inputs["bias"] == nil ? nil : try golden.input("bias")
      let weights = WeightDistribution<Scalar>(grid: .ternary, logits: try golden.input("logits"), on: .single)
      return (
        DistributionLinear(weights: weights, bias: bias),
        ["weightMean", "weightVariance"] + (bias == nil ? [] : ["bias"])
      )
    }
    try run("batchNormValue", "batchNormGaussian", as: type, count: 8, within: tolerance) { golden in
      let running = BatchStatistics<Scalar>(
        mean: try golden.input("runningMean"), inverseDeviation: try golden.input("runningInverse"))
      return (
        BatchNormalization(scale: try golden.input("scale"), shift: try golden.input("shift"), running: running),
        ["scale", "shift"]
      )
    }
    try run("sign", as: type, count: 3, within: tolerance) { _ in (Sign<Scalar>(), []) }
    try run("tanh", as: type, count: 2, within: tolerance) { _ in (Tanh<Scalar>(), []) }
    try run("gaussian", as: type, count: 3, within: tolerance) { _ in (GaussianReparameterization<Scalar>(), []) }
    try run("bernoulli", as: type, count: 3, within: tolerance) { golden in
      (BernoulliReparameterization<Scalar>(temperature: Scalar(try golden.setting("temperature"))), [])
    }
    try run("dropout", as: type, count: 3, within: tolerance) { golden in
      (Dropout<Scalar>(rate: Scalar(try golden.setting("rate"))), [])
    }
  }

  @Test("outputs, gradients, statistics and predictions of every layer are the oracle's, in Double")
  func double() throws { try all(Double.self, within: .goldenDouble) }

  @Test("and in Float")
  func float() throws { try all(Float.self, within: .goldenFloat) }

  @Test("a relaxed sample of a certain ±1 has the oracle's gradient")
  func saturated() throws {
    try run("bernoulliSaturated", as: Double.self, count: 1, within: .saturatedDouble) { _ in
      (BernoulliReparameterization<Double>(), [])
    }
  }

  private func logitGradients<Scalar: Real>(_: Scalar.Type, within tolerance: Tolerance) throws {
    for golden in try LayerCase.all(of: "distributionDense") {
      let weights = WeightDistribution<Scalar>(grid: .ternary, logits: try golden.input("logits"), on: .single)
      let bias: Tensor<Scalar>? = golden.inputs["bias"] == nil ? nil : try golden.input("bias")
      let forward = DistributionLinear(weights: weights, bias: bias).forward(
        .value(try golden.input("value")), Self.pass)
      let gradients = forward.backward(try forward.output.replacing { name, _ in try golden.cotangent(name) })
      let logits = weights.logitGradient(
        mean: gradients.parameters[0], variance: gradients.parameters[1], on: .single)
      try requireClose(golden.what("∂logits"), logits, expected: golden.gradient("logits"), within: tolerance)
    }
  }

  @Test("the gradient through the moments to the logits is the oracle's")
  func logits() throws {
    try logitGradients(Double.self, within: .goldenDouble)
    try logitGradients(Float.self, within: .goldenFloat)
  }

  private func moved<Scalar: Real>(_: Scalar.Type, within tolerance: Tolerance) throws {
    for golden in try LayerCase.all(of: "batchNormValue", "batchNormGaussian") {
      var running = BatchStatistics<Scalar>(
        mean: try golden.input("runningMean"), inverseDeviation: try golden.input("runningInverse"))
      let batch: BatchStatistics<Scalar> =
        golden.layer == "batchNormValue"
        ? BatchStatistics(of: try golden.input("value"), correction: 0, on: .single)
        : BatchStatistics(
          ofMean: try golden.input("mean"), variance: try golden.input("variance"), on: .single)
      running.moveTowards(batch)
      func close(_ name: String, _ actual: Tensor<Scalar>) throws {
        try requireClose(golden.what(name), actual, expected: golden.output(name), within: tolerance)
      }
      try close("movedMean", running.mean)
      try close("movedInverse", running.inverseDeviation)
    }
  }

  @Test("running averages move a tenth of the way")
  func runningAverages() throws {
    try moved(Double.self, within: .goldenDouble)
    try moved(Float.self, within: .goldenFloat)
  }

  private func crossEntropy<Scalar: Real>(_: Scalar.Type, within tolerance: Tolerance) throws {
    let cases = try LayerCase.all(of: "crossEntropy")
    for golden in cases {
      let labels = try #require(golden.labels)
      let loss = SoftmaxCrossEntropy<Scalar>(outputs: try golden.input("outputs"), labels: labels, on: .single)
      try requireClose(
        golden.what("loss"), Tensor([1], [loss.loss]), expected: golden.output("loss"), within: tolerance)
      try requireClose(
        golden.what("∂outputs"), loss.gradient, expected: golden.gradient("outputs"), within: tolerance)
    }
    #expect(cases.count == 4)
  }

  @Test("softmax cross-entropy and its gradient are the oracle's, far from overflow too")
  func crossEntropy() throws {
    try crossEntropy(Double.self, within: .goldenDouble)
    try crossEntropy(Float.self, within: .goldenFloat)
  }
}
