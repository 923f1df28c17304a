import Layers
import Tensors
import Verification
import VerificationSuites

/// Batch normalization of values `(N, C)`, or of Gaussians, computed from its formulas.
struct PlainNormalization: PlainOperation {
  /// The number subtracted from `n` in `s²` and in its gradient, for values and for Gaussians.
  var correction = (values: 0.0, gaussians: 1.0)
  var backCorrection = (values: 0.0, gaussians: 1.0)
  /// `r` as a function of `s²`.
  var inverse: @Sendable (_ squares: Double) -> Double = { 1 / ($0 + 1e-8).squareRoot() }
  /// Whether the Gaussians' own variance counts in `s²`.
  var countsVariance = true
  /// The number of samples at the end that the statistics leave out.
  var missing = 0
  var swapsMoments = false
  /// `x'` as a function of the centred `x`, `rγ` and `β`; `v'` as a function of `v`, `r` and `γ`.
  var output: @Sendable (_ centred: Double, _ factor: Double, _ shift: Double) -> Double = { $0 * $1 + $2 }
  var outputVariance: @Sendable (_ v: Double, _ r: Double, _ scale: Double) -> Double = { $0 * ($1 * $2) * ($1 * $2) }
  /// The new running average, given the old one and the batch's.
  var moved: @Sendable (_ old: Double, _ batch: Double) -> Double = { 0.9 * $0 + 0.1 * $1 }
  /// The factors of the part of `∂L/∂s²` and of `Σ G / n` in the input's gradients, and of `γ r² Σ H v` in `∂L/∂γ`.
  var parts = (spread: 1.0, average: 1.0, second: 2.0)

  func write(_ fields: inout Fields, _ golden: GoldenCase) throws {
    let isGaussian = golden.inputs["variance"] != nil
    var (m, v) = (try golden.given(isGaussian ? "mean" : "value"), Tensor<Double>([1], [0]))
    v = isGaussian ? try golden.given("variance") : Tensor(m.shape, repeating: 0)
    if swapsMoments { (m, v) = (v, m) }
    let (gamma, beta) = (try golden.given("scale").scalars, try golden.given("shift").scalars)
    let g = try golden.coming(isGaussian ? "mean" : "value")
    let h = isGaussian ? try golden.coming("variance") : Tensor(m.shape, repeating: 0)
    var planes = [String: [Double]]()
    for c in gamma.indices {
      let channel = Channel(
        plain: self, gaussian: isGaussian, column(m, c), column(v, c), column(g, c), column(h, c), gamma[c], beta[c])
      for (name, numbers) in channel.computed { planes[name, default: []] += numbers }
    }
    for (name, numbers) in planes {
      let isMatrix = numbers.count == m.count
      // Of channels, each with all its samples.
      fields[name] =
        isMatrix
        ? Tensor(m.shape, m.scalars.indices.map { numbers[$0 % gamma.count * m.rows + $0 / gamma.count] })
        : Tensor([gamma.count], numbers)
    }
    fields["movedMean"] = try moved(golden, "runningMean", fields["statisticsMean"])
    fields["movedInverse"] = try moved(golden, "runningInverse", fields["statisticsInverse"])
  }

  private func column(_ x: Tensor<Double>, _ c: Int) -> [Double] { (0..<x.rows).map { x[$0, c] } }

  private func moved(_ golden: GoldenCase, _ name: String, _ batch: Tensor<Double>?) throws -> Tensor<Double>? {
    let old = try golden.given(name)
    return batch.map { old.map(with: $0, on: .single, moved) }
  }
}

/// One channel: its statistics, outputs and gradients.
private struct Channel {
  let computed: [(String, [Double])]

  init(
    plain: PlainNormalization, gaussian: Bool, _ m: [Double], _ v: [Double], _ g: [Double], _ h: [Double],
    _ gamma: Double, _ beta: Double
  ) {
    func sum(_ numbers: [Double]) -> Double { numbers.reduce(0, +) }
    let seen = m.count - plain.missing
    let n = Double(seen)
    let mean = sum(Array(m[..<seen])) / n
    let squares = (0..<seen).map { (plain.countsVariance ? v[$0] : 0) + (m[$0] - mean) * (m[$0] - mean) }
    let r = plain.inverse(sum(squares) / (n - (gaussian ? plain.correction.gaussians : plain.correction.values)))
    let freedom = n - (gaussian ? plain.backCorrection.gaussians : plain.backCorrection.values)
    let first = r * sum(m.indices.map { g[$0] * (m[$0] - mean) })
    let dGamma = first + plain.parts.second * gamma * r * r * sum(m.indices.map { h[$0] * v[$0] })
    let spread = plain.parts.spread * -(r * r) * gamma * dGamma / (2 * freedom)
    let average = plain.parts.average * (r * gamma / n) * sum(g)
    let center = gaussian ? "mean" : "value"
    computed =
      [
        ("statisticsMean", [mean]), ("statisticsInverse", [r]), ("∂shift", [sum(g)]), ("∂scale", [dGamma]),
        (center, m.map { plain.output($0 - mean, r * gamma, beta) }),
        ("∂" + center, m.indices.map { g[$0] * (r * gamma) + 2 * spread * (m[$0] - mean) - average }),
      ]
      + (gaussian
        ? [
          ("variance", v.map { plain.outputVariance($0, r, gamma) }),
          ("∂variance", h.map { $0 * (r * gamma) * (r * gamma) + spread }),
        ] : [])
  }
}

extension PlantedFault {
  package static let normalization: [PlantedFault] = {
    let (values, gaussians) = ("batch-norm-value-5x3", "batch-norm-gaussian-5x3")
    func fault(_ what: String, of golden: String, in field: String, _ plain: PlainNormalization) -> PlantedFault {
      PlantedFault(what, of: golden, in: field, plain)
    }
    return [
      fault("n − 1 for n", of: values, in: "statisticsInverse", .init(correction: (1, 1))),
      fault("n for n − 1", of: gaussians, in: "statisticsInverse", .init(correction: (0, 0))),
      fault("n − 1 for n on the way back", of: values, in: "∂value", .init(backCorrection: (1, 1))),
      fault("n for n − 1 on the way back", of: gaussians, in: "∂variance", .init(backCorrection: (0, 0))),
      fault(
        "no ε", of: "batch-norm-value-constant", in: "statisticsInverse", .init(inverse: { 1 / $0.squareRoot() })),
      fault(
        "no ε, of Gaussians", of: "batch-norm-gaussian-constant", in: "statisticsInverse",
        .init(inverse: { 1 / $0.squareRoot() })),
      fault(
        "ε 1e-5 for 1e-8", of: values, in: "statisticsInverse", .init(inverse: { 1 / ($0 + 1e-5).squareRoot() })),
      fault(
        "ε outside the root", of: values, in: "statisticsInverse", .init(inverse: { 1 / ($0.squareRoot() + 1e-8) })),
      fault("the deviation not inverted", of: values, in: "statisticsInverse", .init(inverse: { $0.squareRoot() })),
      fault("the inverse variance", of: values, in: "value", .init(inverse: { 1 / ($0 + 1e-8) })),
      fault("v left out of s²", of: gaussians, in: "statisticsInverse", .init(countsVariance: false)),
      fault("the last sample left out of the statistics", of: values, in: "statisticsMean", .init(missing: 1)),
      fault("mean and variance swapped", of: gaussians, in: "statisticsMean", .init(swapsMoments: true)),
      fault("β left out", of: values, in: "value", .init(output: { x, factor, _ in x * factor })),
      fault("β scaled, too", of: values, in: "value", .init(output: { ($0 + $2) * $1 })),
      fault("β subtracted", of: gaussians, in: "mean", .init(output: { $0 * $1 - $2 })),
      fault("γ left out of v'", of: gaussians, in: "variance", .init(outputVariance: { v, r, _ in v * r * r })),
      fault("γ not squared in v'", of: gaussians, in: "variance", .init(outputVariance: { $0 * $1 * $1 * $2 })),
      fault("r not squared in v'", of: gaussians, in: "variance", .init(outputVariance: { $0 * $1 * $2 * $2 })),
      fault("statistics taken as constants", of: values, in: "∂value", .init(parts: (0, 0, 2))),
      fault("∂s²'s part left out", of: gaussians, in: "∂variance", .init(parts: (0, 1, 2))),
      fault("the mean's part left out", of: gaussians, in: "∂mean", .init(parts: (1, 0, 2))),
      fault("wrong sign of ∂s²'s part", of: values, in: "∂value", .init(parts: (-1, 1, 2))),
      fault("factor 2 missing in ∂γ", of: gaussians, in: "∂scale", .init(parts: (1, 1, 1))),
      fault("the variance's part of ∂γ left out", of: gaussians, in: "∂scale", .init(parts: (1, 1, 0))),
      fault("averages moved by 0.9", of: values, in: "movedMean", .init(moved: { 0.1 * $0 + 0.9 * $1 })),
      fault("averages moved away", of: values, in: "movedInverse", .init(moved: { $0 - 0.1 * ($1 - $0) })),
      fault("averages not moved", of: gaussians, in: "movedMean", .init(moved: { old, _ in old })),
      fault("averages replaced by the batch", of: gaussians, in: "movedInverse", .init(moved: { $1 })),
      fault("the new value added whole", of: values, in: "movedMean", .init(moved: { 0.9 * $0 + $1 })),
      fault(
        "the variance averaged, not the inverse deviation", of: values, in: "movedInverse",
        .init(moved: { 1 / (0.9 / ($0 * $0) + 0.1 / ($1 * $1)).squareRoot() })),
    ] + changes
  }()

  private static var changes: [PlantedFault] {
    let (values, images) = ("batch-norm-value-5x3", "batch-norm-value-2x3x2x5")
    return [
      PlantedFault("statistics of the batch before", of: values, in: "value") { fields, golden in
        var numbers = TestNumbers(named: "the batch before")
        let before = BatchStatistics<Double>(of: numbers.tensor(5, 3), correction: 0, on: .single)
        let layer = BatchNormalization(
          scale: try golden.given("scale"), shift: try golden.given("shift"), running: before)
        fields["value"] = layer.prediction(on: .single)?(try golden.given("value"), on: .single)
      },
      PlantedFault("the prediction with the batch's statistics", of: values, in: "prediction") { fields, _ in
        fields["prediction"] = fields["value"]
      },
      PlantedFault("gradients by γ and β swapped", of: values, in: "∂scale") {
        $0.swap("∂scale", "∂shift"); _ = $1
      },
      PlantedFault("β's gradient averaged, not summed", of: images, in: "∂shift") { fields, _ in
        fields.change("∂shift") { $0 / 20 }
      },
      PlantedFault("wrong sign of γ's gradient", of: images, in: "∂scale") { fields, _ in
        fields.change("∂scale") { -$0 }
      },
      PlantedFault("statistics a pixel, not a channel", of: images, in: "statisticsMean", as: .shape) {
        fields, golden in
        let x = try golden.given("value")
        fields["statisticsMean"] = x.reshaped([2, 30]).columnSums(on: .single).map(on: .single) { $0 / 2 }
      },
      PlantedFault("a NaN where the batch is constant", of: "batch-norm-value-constant", in: "value", as: .nan) {
        fields, _ in fields.change("value", at: 0, to: 0 / 0)
      },
    ]
  }
}
