import RandomStreams
import Tensors
import Verification
import VerificationSuites
import WeightDistributions

/// The mapping by the empirical CDF and the probability rule, computed one weight at a time.
struct PlainInitialization: PlainOperation {
  /// Whether a weight counts among those at most `w`.
  var counts: @Sendable (_ other: Double, _ w: Double) -> Bool = { $0 <= $1 }
  var isPositive: @Sendable (_ w: Double) -> Bool = { $0 > 0 }
  /// Whether there is one CDF for both signs.
  var isOne = false
  /// `c⁻` and `c⁺`, given the grid's.
  var widths: @Sendable (_ negative: Double, _ positive: Double) -> (negative: Double, positive: Double) = { ($0, $1) }
  /// The number added to the number of weights.
  var more = 0.0
  /// The amount, in units of `c`, by which `c F` of a non-positive weight is lowered.
  var lowering = 1.0
  /// The bounds of the probabilities.
  var high = 0.95
  var low = 0.05
  /// Whether the other values share `low`.
  var sharesLow = true
  /// The share of the next value, given the true share.
  var share: @Sendable (_ share: Double) -> Double = { $0 }

  func write(_ fields: inout Fields, _ golden: GoldenCase) throws {
    let grid = try golden.weightGrid()
    var weights = try golden.given("weights")
    if golden.operation == "initialization" {
      weights = mapped(weights, widths(grid.negativeWidth, grid.positiveWidth))
      fields["mapped"] = weights
    }
    let columns = weights.scalars.map { rule($0, grid.values) }
    let p = Tensor([grid.count] + weights.shape, (0..<grid.count).flatMap { k in columns.map { $0[k] } })
    fields["logits"] = p.applying(.log, on: .single)
    fields["probabilities"] = p
  }

  private func mapped(_ weights: Tensor<Double>, _ widths: (negative: Double, positive: Double)) -> Tensor<Double> {
    weights.map(on: .single) { w in
      let same = weights.scalars.filter { isOne || isPositive($0) == isPositive(w) }
      let share = Double(same.count { counts($0, w) }) / (Double(same.count) + more)
      return isPositive(w) ? widths.positive * share : widths.negative * share - lowering * widths.negative
    }
  }

  private func rule(_ w: Double, _ values: [Double]) -> [Double] {
    let low = low / (sharesLow ? Double(values.count - 1) : 1)
    var p = values.map { _ in low }
    guard let next = values.firstIndex(where: { w < $0 }) else {
      p[values.count - 1] = high
      return p
    }
    guard next > 0 else {
      p[0] = high
      return p
    }
    let share = share((w - values[next - 1]) / (values[next] - values[next - 1]))
    p[next] = low + (high - low) * share
    p[next - 1] = high - (high - low) * share
    return p
  }
}

/// The expectation rule for ternary weights, computed one weight at a time.
struct PlainExpectation: PlainOperation {
  var high = 0.95
  var low = 0.05
  var clipsZero = true
  var clipsPositive = true
  /// `1 − p_0` in the share of the positive value, and the ½ in front of it.
  var rest: @Sendable (_ zero: Double) -> Double = { 1 - $0 }
  var half = 0.5

  func write(_ fields: inout Fields, _ golden: GoldenCase) throws {
    let weights = try golden.given("weights")
    let columns = weights.scalars.map { w -> [Double] in
      let zero = clip(high - (high - low) * abs(w), clipsZero)
      let positive = clip((1 + w / rest(zero)) * half, clipsPositive)
      return [(1 - zero) * (1 - positive), zero, (1 - zero) * positive]
    }
    let p = Tensor([3] + weights.shape, (0..<3).flatMap { k in columns.map { $0[k] } })
    fields["probabilities"] = p
    fields["logits"] = p.applying(.log, on: .single)
  }

  private func clip(_ p: Double, _ clips: Bool) -> Double { clips ? min(max(p, low), high) : p }
}

extension PlantedFault {
  package static let initialization: [PlantedFault] = {
    let (mixed, ties) = ("initialization-mixed", "initialization-ties")
    func fault(_ what: String, of golden: String, in field: String, _ plain: PlainInitialization) -> PlantedFault {
      PlantedFault(what, of: golden, in: field, plain)
    }
    func expectation(
      _ what: String, in field: String = "probabilities", as manner: Manner = .value, _ plain: PlainExpectation
    ) -> PlantedFault { PlantedFault(what, of: "expectation-ternary-scale", in: field, as: manner, plain) }
    return [
      fault("< for ≤ in the empirical CDF", of: ties, in: "mapped", .init(counts: { $0 < $1 })),
      fault("the CDF from above", of: mixed, in: "mapped", .init(counts: { $0 >= $1 })),
      fault("one CDF for both signs", of: mixed, in: "mapped", .init(isOne: true)),
      fault("zeros among the positive", of: ties, in: "mapped", .init(isPositive: { $0 >= 0 })),
      fault("c = 1", of: mixed, in: "mapped", .init(widths: { _, _ in (1, 1) })),
      fault("2c for c", of: "initialization-quinary", in: "mapped", .init(widths: { (2 * $0, 2 * $1) })),
      fault("the widths swapped", of: "initialization-uneven", in: "mapped", .init(widths: { ($1, $0) })),
      fault(
        "the larger width for both", of: "initialization-uneven", in: "mapped",
        .init(widths: { _, positive in (positive, positive) })),
      fault(
        "the smaller width for both", of: "initialization-uneven", in: "mapped",
        .init(widths: { negative, _ in (negative, negative) })),
      fault(
        "a width of no negative value", of: "initialization-one-sign", in: "mapped",
        .init(widths: { _, positive in (1 / 8, positive) })),
      fault("n + 1 for n", of: mixed, in: "mapped", .init(more: 1)),
      fault("−c left out", of: mixed, in: "mapped", .init(lowering: 0)),
      fault("p_max 0.9", of: "rule-on-grid", in: "probabilities", .init(high: 0.9)),
      fault("p_min 0.1", of: "rule-on-grid", in: "probabilities", .init(low: 0.1)),
      fault("p_max 1, p_min 0", of: "rule-on-quinary", in: "probabilities", .init(high: 1, low: 0)),
      fault("p_min not divided by K − 1", of: "rule-on-quinary", in: "probabilities", .init(sharesLow: false)),
      fault("the neighbours swapped", of: "rule-on-grid", in: "probabilities", .init(share: { 1 - $0 })),
      fault("the nearest alone", of: "rule-on-grid", in: "probabilities", .init(share: { $0.rounded() })),
      fault("the share squared", of: "rule-on-quaternary-plus", in: "probabilities", .init(share: { $0 * $0 })),
      expectation("p_0 not clipped", .init(clipsZero: false)),
      expectation("nothing clipped", in: "logits", as: .nan, .init(clipsZero: false, clipsPositive: false)),
      expectation("the positive share not clipped", .init(clipsPositive: false)),
      expectation("w, not w / (1 − p_0)", .init(rest: { _ in 1 })),
      expectation("divided by p_0", .init(rest: { $0 })),
      expectation("½ missing", .init(half: 1)),
      expectation("p_min 0.1", .init(low: 0.1)),
      expectation("p_max 0.9", .init(high: 0.9)),
      PlantedFault("the probability rule for the expectation rule", of: "expectation-quinary-scale", in: "logits") {
        fields, golden in
        fields["logits"] =
          WeightDistribution(
            grid: .quinary, fromMapped: try golden.given("weights"), on: .single
          ).logits
      },
      PlantedFault("not mapped", of: mixed, in: "mapped") { fields, golden in
        fields["mapped"] = try golden.given("weights")
      },
      PlantedFault("a NaN of no positive weight", of: "initialization-negative", in: "mapped", as: .nan) {
        fields, _ in fields.change("mapped", at: 0, to: 0 / 0)
      },
    ]
  }()

  package static let sampling: [PlantedFault] = random + samples

  /// Random initializations from different noise.
  private static var random: [PlantedFault] {
    func fault(
      _ what: String, _ noise: @escaping @Sendable () -> Tensor<Double>
    ) -> PlantedFault {
      PlantedFault(what, of: "random-ternary-Double", in: "logits") { fields, _ in
        fields["logits"] = WeightDistribution(grid: .ternary, fromMapped: noise(), on: .single).logits
      }
    }
    @Sendable func stream(_ purpose: RandomPurpose = .initialization, step: Int = 11, layer: Int = 2) -> RandomStream {
      RandomStream(seed: 7, purpose: purpose, epoch: 3, step: step, layer: layer)
    }
    return [
      fault("the noise of the layer before") { stream(layer: 1).normal([3, 5], on: .single) },
      fault("the noise of the step before") { stream(step: 10).normal([3, 5], on: .single) },
      fault("dropout's noise") { stream(.dropout).normal([3, 5], on: .single) },
      fault("uniform for normal noise") { stream().uniform([3, 5], on: .single) },
      fault("logistic for normal noise") { stream().logistic([3, 5], on: .single) },
      fault("mapped by the empirical CDF") {
        mapByEmpiricalDistribution(stream().normal([3, 5], on: .single), grid: .ternary, on: .single)
      },
    ]
  }

  /// Samples drawn differently: from a weight's `p` and its uniform number to the index of the value.
  private static var samples: [PlantedFault] {
    func fault(
      _ what: String, of golden: String = "sample-logits-quinary-Double", layer: Int = 2, step: Int = 11,
      _ draw: @escaping @Sendable (_ p: [Double], _ u: Double) -> Int = { p, u in
        index(of: u, in: p)
      }
    ) -> PlantedFault {
      PlantedFault(what, of: golden, in: "sample") { fields, golden in
        guard let shape = fields["sample"]?.shape else { return }
        let grid = try golden.weightGrid()
        let parameterization: WeightParameterization =
          golden.operation == "sample-hierarchical"
          ? .hierarchical : golden.operation == "sample-zero-anchored" ? .zeroAnchored : .logits
        let p = WeightDistribution(
          grid: grid, parameterization: parameterization, logits: try golden.given("logits"), on: .single
        ).probabilities(on: .single)
        let stream = RandomStream(seed: 7, purpose: .discretization, epoch: 3, step: step, layer: layer)
        let uniforms: Tensor<Double> = stream.uniform(shape, on: .single)
        fields["sample"] = Tensor(
          shape,
          uniforms.scalars.enumerated().map { i, u in
            grid.values[draw((0..<grid.count).map { p.scalars[$0 * uniforms.count + i] }, u)]
          })
      }
    }
    return [
      fault("the sum in descending order") { p, u in p.count - 1 - index(of: u, in: p.reversed()) },
      fault("the sum in descending order", of: "sample-hierarchical-quinary-Double") { p, u in
        p.count - 1 - index(of: u, in: p.reversed())
      },
      fault("the value after", of: "sample-zero-anchored-ternary-Double") { p, u in
        min(index(of: u, in: p) + 1, p.count - 1)
      },
      fault("the last value never") { p, u in min(index(of: u, in: p), p.count - 2) },
      fault("every value as probable") { p, u in min(Int(u * Double(p.count)), p.count - 1) },
      fault("the most probable") { p, _ in p.indices.reduce(0) { p[$1] > p[$0] ? $1 : $0 } },
      fault("the noise of the layer before", layer: 1),
      fault("the noise of the step before", step: 10),
    ]
  }
}

/// The first value at which the sum of the probabilities exceeds `u`.
private func index(of u: Double, in p: [Double]) -> Int {
  var k = 0
  var sum = p[0]
  while sum <= u && k < p.count - 1 {
    k += 1
    sum += p[k]
  }
  return k
}
