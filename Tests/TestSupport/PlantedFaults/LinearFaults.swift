import Layers
import Tensors
import Verification
import VerificationSuites
import WeightDistributions

/// A dense layer with weight distributions, computed from its formulas, for a value, a Gaussian or a ±1 Bernoulli.
struct PlainDistributionLinear: PlainOperation {
  /// `d`, given the fan-in, and the divisor of the variance, given `d`.
  var divisor: @Sendable (_ fanIn: Double) -> Double = { ($0 + 1).squareRoot() }
  var varianceDivisor: @Sendable (_ divisor: Double) -> Double = { $0 * $0 }
  /// The factors of `x² σ²` (or `m² σ²`), `v μ²` and `v σ²`.
  var terms = (square: 1.0, mu: 1.0, both: 1.0)
  var swapsMoments = false
  /// Whether `|x|` is used instead of `x²`.
  var magnitudes = false
  /// The variance of a ±1 Bernoulli.
  var bernoulliVariance: @Sendable (_ mean: Double) -> Double = { 1 - $0 * $0 + 1e-6 }
  var dividesBias = true

  func write(_ fields: inout Fields, _ golden: GoldenCase) throws {
    let weights = WeightDistribution(grid: .ternary, logits: try golden.given("logits"), on: .single)
    let (mu, sigma2) = swapsMoments ? (weights.variance, weights.mean) : (weights.mean, weights.variance)
    let x: Tensor<Double>, v: Tensor<Double>
    if golden.inputs["value"] != nil {
      x = try golden.given("value")
      v = Tensor(x.shape, repeating: 0)
    } else {
      x = try golden.given("mean")
      v = golden.inputs["variance"] == nil ? x.map(on: .single, bernoulliVariance) : try golden.given("variance")
    }
    let bias = golden.inputs["bias"] == nil ? nil : try golden.given("bias")
    let d = bias == nil ? 1 : divisor(Double(mu.rows))
    let (first, second) = (
      x.map(on: .single) { terms.square * (magnitudes ? abs($0) : $0 * $0) },
      v.map(on: .single) { terms.both * $0 }
    )
    let spread = Tensor.product(first.map(with: second, on: .single) { $0 + $1 }, sigma2, on: .single)
    let squares = mu.map(on: .single) { terms.mu * $0 * $0 }
    let mean = Tensor.product(x, mu, on: .single)
    fields["mean"] = Tensor(
      mean.shape,
      mean.scalars.enumerated().map { index, m in
        let b = bias?.scalars[index % mean.columns] ?? 0
        return dividesBias ? (m + b) / d : m / d + b
      })
    fields["variance"] = spread.map(with: .product(v, squares, on: .single), on: .single) {
      ($0 + $1) / (bias == nil ? 1 : varianceDivisor(d))
    }
  }
}

extension PlantedFault {
  package static let linear: [PlantedFault] = {
    func distribution(
      _ what: String, of golden: String, in field: String, _ plain: PlainDistributionLinear
    ) -> PlantedFault { PlantedFault(what, of: golden, in: field, plain) }
    let (last, gaussian, bernoulli) = ("distribution-dense-3x4x2", "gaussian-dense-3x5x4", "bernoulli-dense-3x5x4")
    return dense + [
      distribution("no √(I + 1)", of: last, in: "mean", .init(divisor: { _ in 1 })),
      distribution("√I for √(I + 1)", of: last, in: "mean", .init(divisor: { $0.squareRoot() })),
      distribution("I + 1 for its root", of: last, in: "mean", .init(divisor: { $0 + 1 })),
      distribution("the variance divided by d", of: last, in: "variance", .init(varianceDivisor: { $0 })),
      distribution("the variance not divided", of: last, in: "variance", .init(varianceDivisor: { _ in 1 })),
      distribution("the bias not divided", of: last, in: "mean", .init(dividesBias: false)),
      distribution("|x| for x²", of: last, in: "variance", .init(magnitudes: true)),
      distribution("μ and σ² swapped", of: last, in: "mean", .init(swapsMoments: true)),
      distribution("m² σ² left out", of: gaussian, in: "variance", .init(terms: (0, 1, 1))),
      distribution("v μ² left out", of: gaussian, in: "variance", .init(terms: (1, 0, 1))),
      distribution("v σ² left out", of: gaussian, in: "variance", .init(terms: (1, 1, 0))),
      distribution("v σ² twice", of: gaussian, in: "variance", .init(terms: (1, 1, 2))),
      distribution("1 − |m| for 1 − m²", of: bernoulli, in: "variance", .init(bernoulliVariance: { 1 - abs($0) })),
      distribution("1e-6 left out", of: bernoulli, in: "variance", .init(bernoulliVariance: { 1 - $0 * $0 })),
      distribution("the Bernoulli's variance 1", of: bernoulli, in: "variance", .init(bernoulliVariance: { _ in 1 })),
      PlantedFault("factor 2 missing in ∂v/∂x", of: "distribution-dense-3x5x4", in: "∂value") { fields, golden in
        let weights = WeightDistribution(grid: .ternary, logits: try golden.given("logits"), on: .single)
        let throughMean = Tensor.product(
          try golden.coming("mean"), weights.mean, transposing: .second, on: .single)
        fields.change("∂value", with: throughMean) { ($0 + $1) / 2 }
      },
      PlantedFault("the bias' gradient not divided by d", of: last, in: "∂bias") { fields, _ in
        fields.change("∂bias") { $0 * 5.0.squareRoot() }
      },
      PlantedFault("the bias' gradient left out", of: last, in: "∂bias", as: .missing) { fields, _ in
        fields["∂bias"] = nil
      },
      PlantedFault("∂v/∂m left out of the Bernoulli's gradient", of: bernoulli, in: "∂mean") { fields, golden in
        let weights = WeightDistribution(grid: .ternary, logits: try golden.given("logits"), on: .single)
        fields["∂mean"] = .product(try golden.coming("mean"), weights.mean, transposing: .second, on: .single)
      },
      PlantedFault("gradients by μ and σ² swapped", of: "distribution-dense-3x5x4", in: "∂weightMean") { fields, _ in
        fields.swap("∂weightMean", "∂weightVariance")
      },
      PlantedFault("the logits' planes in descending order", of: gaussian, in: "∂logits") { fields, _ in
        let gradient = fields["∂logits"]
        fields["∂logits"] = gradient.map { g in
          Tensor(g.shape, [2, 1, 0].flatMap { Array(g.scalars[$0 * g.columns..<($0 + 1) * g.columns]) })
        }
      },
      PlantedFault("mean and variance swapped on the way back", of: gaussian, in: "∂mean") { fields, _ in
        fields.swap("∂mean", "∂variance")
      },
    ]
  }()

  private static var dense: [PlantedFault] {
    let golden = "dense-3x4x2"
    return [
      PlantedFault("weights read as (O, I)", of: golden, in: "value") { fields, golden in
        let weights = try golden.given("weights")
        let product = Tensor.product(
          try golden.given("value"), weights.reshaped([2, 4]), transposing: .second, on: .single)
        fields["value"] = product
      },
      PlantedFault("weights not transposed on the way back", of: golden, in: "∂value") { fields, golden in
        fields["∂value"] = .product(
          try golden.coming("value"), try golden.given("weights").reshaped([2, 4]), on: .single)
      },
      PlantedFault("bias left out", of: golden, in: "value") { fields, golden in
        fields["value"] = .product(try golden.given("value"), try golden.given("weights"), on: .single)
      },
      PlantedFault("bias subtracted", of: golden, in: "value") { fields, golden in
        let product = Tensor.product(try golden.given("value"), try golden.given("weights"), on: .single)
        fields.change("value", with: product) { 2 * $1 - $0 }
      },
      PlantedFault("the bias' gradient zero", of: golden, in: "∂bias") { fields, _ in
        fields.change("∂bias") { _ in 0 }
      },
      PlantedFault("the bias' gradient averaged, not summed", of: golden, in: "∂bias") { fields, _ in
        fields.change("∂bias") { $0 / 3 }
      },
      PlantedFault("the bias' gradient left out", of: golden, in: "∂bias", as: .missing) { fields, _ in
        fields["∂bias"] = nil
      },
      PlantedFault("wrong sign of the weights' gradient", of: golden, in: "∂weights") { fields, _ in
        fields.change("∂weights") { -$0 }
      },
      PlantedFault("the weights' gradient transposed", of: golden, in: "∂weights", as: .shape) { fields, golden in
        fields["∂weights"] = .product(
          try golden.coming("value"), try golden.given("value"), transposing: .first, on: .single)
      },
      PlantedFault("one output a NaN", of: golden, in: "value", as: .nan) { fields, _ in
        fields.change("value", at: 3, to: .nan)
      },
    ]
  }
}
