import Foundation
import Layers
import RandomStreams
import Tensors
import Verification
import VerificationSuites

/// The reparameterization of a Gaussian, computed from its formula.
struct PlainGaussianSample: PlainOperation {
  var noise: @Sendable (RandomStream, Shape) -> Tensor<Double> = { $0.normal($1, on: .single) }
  /// `√(v + 1e-8)`, and the factor of the gradient by the variance.
  var deviation: @Sendable (_ v: Double) -> Double = { ($0 + 1e-8).squareRoot() }
  var half = 0.5

  func write(_ fields: inout Fields, _ golden: GoldenCase) throws {
    let (m, v, dx) = (try golden.given("mean"), try golden.given("variance"), try golden.coming("value"))
    let noise = noise(GoldenCase.pass.stream(.reparameterization), m.shape)
    let deviation = v.map(on: .single, deviation)
    fields["value"] = m.map(with: deviation, noise, on: .single) { $0 + $1 * $2 }
    fields["∂variance"] = dx.map(with: noise, deviation, on: .single) { half * $0 * $1 / $2 }
  }
}

/// The relaxed sample of a ±1 Bernoulli, computed from its formula.
struct PlainRelaxedSample: PlainOperation {
  var noise: @Sendable (RandomStream, Shape) -> Tensor<Double> = { $0.logistic($1, on: .single) }
  var delta = 1e-6
  /// The divisors of the argument and of the gradient, given the temperature.
  var divisor: @Sendable (_ temperature: Double) -> Double = { 2 * $0 }
  var backDivisor: @Sendable (_ temperature: Double) -> Double = { 2 * $0 }
  /// The factors of the gradients of `log(1 + m + δ)` and of `−log(1 − m + δ)`, and the slope of tanh.
  var parts = (1.0, 1.0)
  var slope: @Sendable (_ argument: Double) -> Double = { 1 / (cosh($0) * cosh($0)) }

  func write(_ fields: inout Fields, _ golden: GoldenCase) throws {
    let (m, dx, temperature) = (
      try golden.given("mean"), try golden.coming("value"), try golden.setting("temperature")
    )
    let stream = GoldenCase.pass.stream(.reparameterization)
    let float: Tensor<Float> = stream.logistic(m.shape, on: .single)
    let noise = golden.scalar == "Float" ? float.rounded(to: Double.self) : noise(stream, m.shape)
    let positive = m.map(on: .single) { 1 + $0 + delta }
    let negative = m.map(on: .single) { 1 - $0 + delta }
    let argument = positive.applying(.log, on: .single).map(
      with: negative.applying(.log, on: .single), noise, on: .single
    ) {
      ($0 - $1 + $2) / divisor(temperature)
    }
    fields["value"] = argument.applying(.tanh, on: .single)
    let slopes = positive.map(with: negative, on: .single) { parts.0 / $0 + parts.1 / $1 }
    fields["∂mean"] = dx.map(with: argument, slopes, on: .single) { $0 * slope($1) / backDivisor(temperature) * $2 }
  }
}

/// Dropout of values, computed from its formula.
struct PlainDropout: PlainOperation {
  var keeps: @Sendable (_ uniform: Double, _ rate: Double) -> Bool = { $0 < 1 - $1 }
  var scale: @Sendable (_ rate: Double) -> Double = { _ in 1 }
  var predictionScale: @Sendable (_ rate: Double) -> Double = { 1 - $0 }
  var backScale: @Sendable (_ rate: Double) -> Double = { _ in 1 }
  /// Whether every sample has the same mask.
  var oneMask = false

  func write(_ fields: inout Fields, _ golden: GoldenCase) throws {
    let (x, rate) = (try golden.given("value"), try golden.setting("rate"))
    var uniforms: Tensor<Double> = GoldenCase.pass.stream(.dropout).uniform(x.shape, on: .single)
    if oneMask { uniforms = Tensor(x.shape, uniforms.scalars.indices.map { uniforms.scalars[$0 % x.columns] }) }
    let mask = uniforms.map(on: .single) { keeps($0, rate) ? 1 : 0 }
    fields["value"] = x.map(with: mask, on: .single) { $0 * $1 * scale(rate) }
    fields["∂value"] = try golden.coming("value").map(with: mask, on: .single) { $0 * $1 * backScale(rate) }
    fields["prediction"] = x.map(on: .single) { $0 * predictionScale(rate) }
  }
}

extension PlantedFault {
  package static let noise: [PlantedFault] = streams + gaussianSamples + relaxedSamples + dropout

  /// Noise that also belongs to another layer, step, epoch or run.
  private static var streams: [PlantedFault] {
    let layers: [(String, String)] = [
      ("gaussian-Double-3x5", "value"), ("bernoulli-Double-3x5", "value"), ("dropout-Double-5x7", "value"),
      ("straight-through-Double-1.0", "value"), ("dropout-of-gaussians-Double-0.4", "variance"),
    ]
    return layers.flatMap { golden, field in
      [
        PlantedFault(
          "the noise of the layer before", of: golden, in: field,
          layer: LayerChange(pass: { $0.moved(block: -1) })),
        PlantedFault(
          "the noise of the step before", of: golden, in: field, layer: LayerChange(pass: { $0.moved(step: -1) })),
        PlantedFault(
          "the noise of the epoch before", of: golden, in: field, layer: LayerChange(pass: { $0.moved(epoch: -1) })),
        PlantedFault(
          "the noise of another seed", of: golden, in: field, layer: LayerChange(pass: { $0.moved(seed: 1) })),
      ]
    } + [
      PlantedFault(
        "other noise on the way back", of: "gaussian-Double-3x5", in: "∂variance",
        layer: LayerChange(backwardPass: { $0.moved(step: 1) })),
      PlantedFault(
        "other noise on the way back", of: "bernoulli-Double-3x5", in: "∂mean",
        layer: LayerChange(backwardPass: { $0.moved(step: 1) })),
      PlantedFault(
        "another mask on the way back", of: "dropout-Double-5x7", in: "∂value",
        layer: LayerChange(backwardPass: { $0.moved(step: 1) })),
      PlantedFault(
        "another mask on the way back", of: "dropout-of-gaussians-Double-0.4", in: "∂variance",
        layer: LayerChange(backwardPass: { $0.moved(block: 1) })),
    ]
  }

  private static var gaussianSamples: [PlantedFault] {
    func fault(_ what: String, in field: String, _ plain: PlainGaussianSample) -> PlantedFault {
      PlantedFault(what, of: "gaussian-Double-3x5", in: field, plain)
    }
    return [
      fault("logistic for normal noise", in: "value", .init(noise: { $0.logistic($1, on: .single) })),
      fault("uniform for normal noise", in: "value", .init(noise: { $0.uniform($1, on: .single) })),
      fault(
        "the same noise for every sample", in: "value",
        .init(noise: { stream, shape in
          let row: Tensor<Double> = stream.normal([1, shape[1]], on: .single)
          return Tensor(shape, (0..<shape[0]).flatMap { _ in row.scalars })
        })),
      fault("v for its root", in: "value", .init(deviation: { $0 + 1e-8 })),
      fault("no ε", in: "value", .init(deviation: { $0.squareRoot() })),
      fault("½ missing in ∂√v/∂v", in: "∂variance", .init(half: 1)),
      fault("wrong sign of ∂/∂v", in: "∂variance", .init(half: -0.5)),
      PlantedFault(
        "no ε where the variance is 0", of: "gaussian-Double-2x3-zero-variance", in: "∂variance",
        PlainGaussianSample(deviation: { $0.squareRoot() })),
      PlantedFault(
        "mean and variance swapped", of: "gaussian-Double-3x5", in: "value",
        layer: LayerChange(input: {
          guard case .gaussian(let mean, let variance) = $0 else { return $0 }
          return .gaussian(mean: variance, variance: mean.map(on: .single, abs))
        })),
    ]
  }

  private static var relaxedSamples: [PlantedFault] {
    let cold = "bernoulli-Double-2x3"
    func fault(_ what: String, of golden: String, in field: String, _ plain: PlainRelaxedSample) -> PlantedFault {
      PlantedFault(what, of: golden, in: field, plain)
    }
    return [
      fault(
        "normal for logistic noise", of: "bernoulli-Double-3x5", in: "value",
        .init(noise: { $0.normal($1, on: .single) })),
      fault(
        "the noise subtracted", of: "bernoulli-Double-3x5", in: "value",
        .init(noise: { $0.logistic($1, on: .single).map(on: .single) { -$0 } })),
      fault("the temperature left out", of: cold, in: "value", .init(divisor: { _ in 2 })),
      fault("the temperature left out of the gradient", of: cold, in: "∂mean", .init(backDivisor: { _ in 2 })),
      fault("multiplied by the temperature", of: cold, in: "value", .init(divisor: { 2 / $0 })),
      fault("2 missing: tanh(a / τ)", of: cold, in: "value", .init(divisor: { $0 })),
      fault("2 missing in the gradient", of: cold, in: "∂mean", .init(backDivisor: { $0 })),
      fault("no δ", of: "bernoulli-Double-3x5", in: "value", .init(delta: 0)),
      fault("log(1 − m)'s part of the gradient left out", of: cold, in: "∂mean", .init(parts: (1, 0))),
      fault("log(1 − m)'s part with the wrong sign", of: cold, in: "∂mean", .init(parts: (1, -1))),
      fault("the tanh's slope left out", of: cold, in: "∂mean", .init(slope: { _ in 1 })),
      fault("1 − x for 1 − x²", of: cold, in: "∂mean", .init(slope: { 1 - tanh($0) })),
    ] + saturatedSamples
  }

  private static var saturatedSamples: [PlantedFault] {
    ["1.0", "0.5", "0.25"].flatMap { temperature in
      func fault(
        _ what: String, in scalar: String, _ slope: @escaping @Sendable (_ argument: Double) -> Double
      ) -> PlantedFault {
        PlantedFault(
          what, of: "bernoulli-saturated-\(scalar)-\(temperature)", in: "∂mean", inFloat: scalar == "Float",
          PlainRelaxedSample(slope: slope))
      }
      return [
        fault("1 − x² where |x| is almost 1", in: "Double") { 1 - tanh($0) * tanh($0) },
        fault("1 − x² where |x| is almost 1", in: "Float") {
          let x = Float(tanh($0))
          return Double(1 - x * x)
        },
        fault("1 + e for its square in 4e / (1 + e)²", in: "Float") { 4 * exp(-2 * abs($0)) / (1 + exp(-2 * abs($0))) },
      ]
    }
  }

  private static var dropout: [PlantedFault] {
    let golden = "dropout-Double-5x7"
    func fault(_ what: String, in field: String, _ plain: PlainDropout) -> PlantedFault {
      PlantedFault(what, of: golden, in: field, plain)
    }
    return [
      fault("kept elements rescaled", in: "value", .init(scale: { 1 / (1 - $0) })),
      fault("kept elements' gradients rescaled", in: "∂value", .init(backScale: { 1 / (1 - $0) })),
      fault("the mask inverted", in: "value", .init(keeps: { $0 >= 1 - $1 })),
      fault("kept with probability p", in: "value", .init(keeps: { $0 < $1 })),
      fault("kept above p: another mask of the same probability", in: "value", .init(keeps: { $0 > $1 })),
      fault("nothing dropped", in: "value", .init(keeps: { _, _ in true })),
      fault("the same mask for every sample", in: "value", .init(oneMask: true)),
      fault("the prediction not multiplied", in: "prediction", .init(predictionScale: { _ in 1 })),
      fault("the prediction multiplied by p", in: "prediction", .init(predictionScale: { $0 })),
      fault("the prediction divided", in: "prediction", .init(predictionScale: { 1 / (1 - $0) })),
      PlantedFault("the mask left out of the gradient", of: golden, in: "∂value") { fields, golden in
        fields["∂value"] = try golden.coming("value")
      },
      PlantedFault(
        "a dropped Bernoulli's variance 1, as that of mean 0", of: "dropout-of-bernoullis-Double-0.4", in: "variance"
      ) { fields, _ in fields.change("variance") { $0 == 0 ? 1 + 1e-6 : $0 } },
      PlantedFault("∂v/∂m left out", of: "dropout-of-bernoullis-Double-0.4", in: "∂mean") { fields, golden in
        fields["∂mean"] = try golden.coming("mean").map(with: try golden.output("mean"), on: .single) {
          $1 == 0 ? 0 : $0
        }
      },
    ]
  }
}
