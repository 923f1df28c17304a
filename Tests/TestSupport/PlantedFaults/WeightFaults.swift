import Tensors
import Verification
import VerificationSuites
import WeightDistributions

extension Tensor {
  /// The planes along the first dimension.
  fileprivate var planes: [[Scalar]] { (0..<rows).map { Array(scalars[$0 * columns..<($0 + 1) * columns]) } }
}

/// The moments and most probable values of weights, computed from Signet's probabilities.
struct PlainMoments: PlainOperation {
  /// The value of the `k`-th plane, given the true value `d`.
  var value: @Sendable (_ k: Int, _ d: Double) -> Double = { $1 }
  /// A term of `Σ p (d − μ)²`.
  var term: @Sendable (_ p: Double, _ d: Double, _ mean: Double) -> Double = { $0 * ($1 - $2) * ($1 - $2) }
  /// Whether a score replaces the largest so far.
  var replaces: @Sendable (_ p: Double, _ largest: Double) -> Bool = { $0 > $1 }

  func write(_ fields: inout Fields, _ golden: GoldenCase) throws {
    guard let planes = fields["probabilities"]?.planes, let shape = fields["mean"]?.shape else { return }
    // Use the logits themselves where possible: they keep ties that rounded probabilities may lose.
    let scores =
      golden.operation == "logits" || golden.operation == "moments" ? try golden.given("logits").planes : planes
    let d = try golden.weightGrid().values.enumerated().map(value)
    let mean = planes[0].indices.map { i in planes.indices.reduce(0) { $0 + planes[$1][i] * d[$1] } }
    let variance = mean.indices.map { i in planes.indices.reduce(0) { $0 + term(planes[$1][i], d[$1], mean[i]) } }
    let best = mean.indices.map { i in
      scores.indices.reduce(0) { replaces(scores[$1][i], scores[$0][i]) ? $1 : $0 }
    }
    fields["mean"] = Tensor(shape, mean)
    fields["variance"] = Tensor(shape, variance)
    fields["map"] = Tensor(shape, best.map { d[$0] })
  }
}

/// The divergence from the prior, computed from Signet's probabilities.
struct PlainDivergence: PlainOperation {
  /// A value's term, given its probability and its prior with their logarithms.
  var term: @Sendable (_ p: Double, _ prior: Double, _ logP: Double, _ logPrior: Double) -> Double = {
    $0 * ($2 - $3)
  }
  var isMean = false
  var reversed = false

  func write(_ fields: inout Fields, _ golden: GoldenCase) throws {
    guard let p = fields["probabilities"] else { return }
    let given = try golden.given("prior")
    let prior = reversed ? Tensor(given.shape, given.scalars.reversed()) : given
    let (logP, logPrior) = (p.applying(.log, on: .single), prior.applying(.log, on: .single))
    let terms = p.scalars.indices.map {
      term(p.scalars[$0], prior.scalars[$0 / p.columns], logP.scalars[$0], logPrior.scalars[$0 / p.columns])
    }
    // Sum for each weight first, as Signet does.
    let sums = (0..<p.columns).map { i in (0..<p.rows).reduce(0) { $0 + terms[$1 * p.columns + i] } }
    fields["divergence"] = Tensor([1], [Tensor([sums.count], sums).sum / (isMean ? Double(p.columns) : 1)])
  }
}

extension PlantedFault {
  package static let weights: [PlantedFault] = moments + divergence + parameterizations

  private static var moments: [PlantedFault] {
    let golden = "logits-ternary-3x5"
    func fault(_ what: String, of golden: String = golden, in field: String, _ plain: PlainMoments) -> PlantedFault {
      PlantedFault(what, of: golden, in: field, plain)
    }
    return [
      fault("indices for values", in: "mean", .init(value: { k, _ in Double(k) })),
      fault("values not divided", of: "logits-quinary-3x5", in: "mean", .init(value: { 2 * $1 + 0 * Double($0) })),
      fault("values in descending order", in: "mean", .init(value: { -$1 + 0 * Double($0) })),
      fault("the second moment, μ² not subtracted", in: "variance", .init(term: { p, d, _ in p * d * d })),
      fault("μ² added", in: "variance", .init(term: { p, d, mean in p * (d * d + mean * mean) })),
      fault("the deviation not squared", in: "variance", .init(term: { $0 * abs($1 - $2) })),
      fault("p squared", in: "variance", .init(term: { $0 * $0 * ($1 - $2) * ($1 - $2) })),
      fault("the last at a tie", of: "moments-limits", in: "map", .init(replaces: { $0 >= $1 })),
      fault("the least probable", in: "map", .init(replaces: { $0 < $1 })),
      PlantedFault("mean and variance swapped", of: golden, in: "mean") { fields, _ in fields.swap("mean", "variance")
      },
      PlantedFault("probabilities not normalized", of: golden, in: "probabilities") { fields, golden in
        fields["probabilities"] = try golden.given("logits").applying(.exp, on: .single)
      },
      PlantedFault("the values last, not first", of: golden, in: "probabilities", as: .shape) { fields, _ in
        fields["probabilities"] = fields["probabilities"]?.reshaped([3, 5, 3])
      },
      PlantedFault("gradients by μ and σ² swapped", of: golden, in: "∂logits") { fields, golden in
        let weights = WeightDistribution(grid: .ternary, logits: try golden.given("logits"), on: .single)
        fields["∂logits"] = weights.logitGradient(
          mean: try golden.coming("variance"), variance: try golden.coming("mean"), on: .single)
      },
      PlantedFault("σ²'s part of the gradient left out", of: golden, in: "∂logits") { fields, golden in
        let weights = WeightDistribution(grid: .ternary, logits: try golden.given("logits"), on: .single)
        fields["∂logits"] = weights.logitGradient(
          mean: try golden.coming("mean"), variance: Tensor([3, 5], repeating: 0), on: .single)
      },
      PlantedFault("the gradient not centred", of: golden, in: "∂logits") { fields, golden in
        guard let p = fields["probabilities"]?.planes, let mean = fields["mean"]?.scalars else { return }
        let (dm, dv) = (try golden.coming("mean").scalars, try golden.coming("variance").scalars)
        fields["∂logits"] = Tensor(
          [3, 3, 5],
          (0..<45).map { index in
            let (k, i) = (index / 15, index % 15)
            let d = Double(k - 1)
            return p[k][i] * (dm[i] * d + dv[i] * (d - mean[i]) * (d - mean[i]))
          })
      },
      PlantedFault("wrong sign of the gradient", of: golden, in: "∂logits") { fields, _ in
        fields.change("∂logits") { -$0 }
      },
    ]
  }

  private static var divergence: [PlantedFault] {
    func fault(
      _ what: String, of golden: String = "logits-ternary-3x5", _ plain: PlainDivergence
    ) -> PlantedFault { PlantedFault(what, of: golden, in: "divergence", plain) }
    return [
      fault("its arguments swapped", .init(term: { $1 * ($3 - $2) + 0 * $0 })),
      fault("wrong sign", of: "hierarchical-ternary-3x5", .init(term: { $0 * ($3 - $2) + 0 * $1 })),
      fault("the entropy alone", of: "zero-anchored-ternary-3x5", .init(term: { $0 * $2 + 0 * ($1 + $3) })),
      fault("the cross-entropy alone", .init(term: { -$0 * $3 + 0 * ($1 + $2) })),
      fault("a uniform prior", .init(term: { p, _, logP, _ in p * (logP + 1.0986122886681098) })),
      fault("the mean over weights", of: "hierarchical-quinary-3x5", .init(isMean: true)),
      fault("the prior in descending order", .init(reversed: true)),
      PlantedFault("λ left out of the gradient", of: "logits-ternary-3x5", in: "∂regularized") { fields, golden in
        let weight = try golden.setting("weight")
        guard let plain = fields["∂logits"] else { return }
        fields.change("∂regularized", with: plain) { $1 + ($0 - $1) / weight }
      },
      PlantedFault("the regularizer's gradient left out", of: "zero-anchored-quinary-3x5", in: "∂regularized") {
        fields, _ in fields["∂regularized"] = fields["∂logits"]
      },
      PlantedFault("wrong sign of its gradient", of: "hierarchical-quinary-3x5", in: "∂regularized") { fields, _ in
        guard let plain = fields["∂logits"] else { return }
        fields.change("∂regularized", with: plain) { 2 * $1 - $0 }
      },
    ]
  }

  private static var parameterizations: [PlantedFault] {
    /// Probabilities of other parameters.
    func fault(
      _ what: String, _ parameterization: WeightParameterization, _ grid: WeightGrid,
      _ parameters: @escaping @Sendable ([[Double]]) -> [[Double]]
    ) -> PlantedFault {
      PlantedFault(what, of: "\(parameterization.rawValue)-\(grid.name)-3x5", in: "probabilities") { fields, golden in
        let logits = try golden.given("logits")
        let wrong = WeightDistribution(
          grid: grid, parameterization: parameterization,
          logits: Tensor(logits.shape, parameters(logits.planes).flatMap { $0 }), on: .single)
        fields["probabilities"] = wrong.probabilities(on: .single)
      }
    }
    return [
      fault("s(b) for 1 − s(b)", .hierarchical, .ternary) { [$0[0], $0[1].map { -$0 }] },
      fault("s(a) for 1 − s(a)", .hierarchical, .ternary) { [$0[0].map { -$0 }, $0[1]] },
      fault("a and b swapped", .hierarchical, .ternary) { [$0[1], $0[0]] },
      fault("c and d swapped", .hierarchical, .quinary) { [$0[0], $0[1], $0[3], $0[2]] },
      fault("the logits in descending order", .zeroAnchored, .ternary) { $0.reversed() },
      fault("the logits in descending order", .zeroAnchored, .quinary) { $0.reversed() },
      PlantedFault("the fixed logit first", of: "zero-anchored-ternary-3x5", in: "probabilities") { fields, golden in
        let logits = try golden.given("logits")
        let wrong = WeightDistribution(
          grid: .ternary, logits: Tensor([3, 3, 5], Array(repeating: 0, count: 15) + logits.scalars), on: .single)
        fields["probabilities"] = wrong.probabilities(on: .single)
      },
      PlantedFault("logits relative to the first value", of: "parameters-ternary", in: "zero-anchored") {
        fields, _ in
        guard let planes = fields["logits"]?.planes else { return }
        fields["zero-anchored"] = Tensor(
          [2, 3, 5], (1...2).flatMap { k in planes[k].indices.map { planes[k][$0] - planes[0][$0] } })
      },
      PlantedFault("log((1 − p) / p) for log(p / (1 − p))", of: "parameters-ternary", in: "hierarchical") {
        fields, _ in fields.change("hierarchical") { -$0 }
      },
      PlantedFault("probabilities for their logarithms", of: "parameters-binary", in: "logits") { fields, golden in
        fields["logits"] = try golden.given("probabilities")
      },
    ]
  }
}
