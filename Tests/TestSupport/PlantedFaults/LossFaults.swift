import Foundation
import Layers
import Tensors
import Verification
import VerificationSuites

/// The squared hinge loss, computed from its formula.
struct PlainHinge: PlainOperation {
  /// The target for the outputs of other classes, and the margin to keep.
  var other = -1.0
  var margin = 1.0
  var power = 2
  var slope = 2.0
  /// The divisor of the sum over samples and classes.
  var count: @Sendable (_ samples: Double, _ classes: Double) -> Double = { samples, _ in samples }
  /// Whether hinges below 0 are kept.
  var twoSided = false

  func write(_ fields: inout Fields, _ golden: GoldenCase) throws {
    let (x, labels) = (try golden.given("outputs"), try golden.classes())
    let n = count(Double(x.rows), Double(x.columns))
    let hinges = x.scalars.enumerated().map { index, x in
      let target = labels[index / (fields["∂outputs"]?.columns ?? 1)] == index % (fields["∂outputs"]?.columns ?? 1)
      let t = target ? 1 : other
      let h = margin - t * x
      return (t: t, h: h < 0 && !twoSided ? 0 : h)
    }
    fields["loss"] = Tensor([1], [hinges.reduce(0) { $0 + (power == 2 ? $1.h * $1.h : $1.h) } / n])
    fields["∂outputs"] = Tensor(x.shape, hinges.map { -slope * $0.t * (power == 2 ? $0.h : $0.h > 0 ? 1 : 0) / n })
  }
}

extension PlantedFault {
  package static let losses: [PlantedFault] = {
    func hinge(_ what: String, in field: String, _ plain: PlainHinge) -> PlantedFault {
      PlantedFault(what, of: "squared-hinge-3x4", in: field, plain)
    }
    return crossEntropy + secondOrder + [
      hinge("2 missing in the hinge's gradient", in: "∂outputs", .init(slope: 1)),
      hinge("wrong sign of the hinge's gradient", in: "∂outputs", .init(slope: -2)),
      hinge("the hinge not squared", in: "loss", .init(power: 1)),
      hinge("the mean over classes, too", in: "loss", .init(count: { $0 * $1 })),
      hinge("a sum over samples", in: "∂outputs", .init(count: { _, _ in 1 })),
      hinge("targets 0 and 1", in: "loss", .init(other: 0)),
      hinge("no margin", in: "loss", .init(margin: 0)),
      hinge("squares beyond the margin", in: "∂outputs", .init(twoSided: true)),
    ]
  }()

  private static var crossEntropy: [PlantedFault] {
    let golden = "cross-entropy-3x4"
    return [
      PlantedFault("a sum over samples", of: golden, in: "loss") { fields, _ in fields.change("loss") { $0 * 3 } },
      PlantedFault("its gradient's, too", of: golden, in: "∂outputs") { fields, _ in
        fields.change("∂outputs") { $0 * 3 }
      },
      PlantedFault("wrong sign", of: golden, in: "loss") { fields, _ in fields.change("loss") { -$0 } },
      PlantedFault("wrong sign of the gradient", of: golden, in: "∂outputs") { fields, _ in
        fields.change("∂outputs") { -$0 }
      },
      PlantedFault("logarithms to base 2", of: golden, in: "loss") { fields, _ in
        fields.change("loss") { $0 / log(2) }
      },
      PlantedFault("labels from 1", of: golden, in: "loss") { fields, golden in
        let loss = SoftmaxCrossEntropy<Double>(
          outputs: try golden.given("outputs"), labels: try golden.classes().map { ($0 + 3) % 4 }, on: .single)
        fields["loss"] = Tensor([1], [loss.loss])
      },
      PlantedFault("the label not subtracted", of: golden, in: "∂outputs") { fields, golden in
        fields["∂outputs"] = try golden.given("outputs").rowSoftmax(on: .single).map(on: .single) { $0 / 3 }
      },
      PlantedFault("through a second softmax", of: golden, in: "loss") { fields, golden in
        let loss = SoftmaxCrossEntropy<Double>(
          outputs: try golden.given("outputs").rowSoftmax(on: .single), labels: try golden.classes(), on: .single)
        fields["loss"] = Tensor([1], [loss.loss])
      },
      PlantedFault("the largest output not subtracted", of: "cross-entropy-large", in: "∂outputs", as: .nan) {
        fields, golden in
        // exp(3 · 313) is infinite, and infinity divided by infinity is NaN.
        fields.change("∂outputs", with: try golden.given("outputs")) { exp($1 * 3) / exp($1 * 3) - 1 + $0 }
      },
      PlantedFault("the loss of each sample", of: golden, in: "loss", as: .shape) { fields, _ in
        fields["loss"] = Tensor([3], repeating: fields["loss"]?.scalars[0] ?? 0)
      },
    ]
  }

  private static var secondOrder: [PlantedFault] {
    let golden = "second-order-3x4"
    /// `½ Σ s (1 − s) v / N`.
    @Sendable func second(_ golden: GoldenCase) throws -> Double {
      let s = try golden.given("mean").rowSoftmax(on: .single)
      return s.map(with: try golden.given("variance"), on: .single) { $0 * (1 - $0) * $1 / 2 }.sum / Double(s.rows)
    }
    return [
      PlantedFault("½ missing", of: golden, in: "loss") { fields, golden in
        let second = try second(golden)
        fields.change("loss") { $0 + second }
      },
      PlantedFault("the second term left out", of: golden, in: "loss") { fields, golden in
        let second = try second(golden)
        fields.change("loss") { $0 - second }
      },
      PlantedFault("the second term subtracted", of: golden, in: "loss") { fields, golden in
        let second = try second(golden)
        fields.change("loss") { $0 - 2 * second }
      },
      PlantedFault("½ missing in ∂/∂v", of: golden, in: "∂variance") { fields, _ in
        fields.change("∂variance") { 2 * $0 }
      },
      PlantedFault("wrong sign of ∂/∂v", of: golden, in: "∂variance") { fields, _ in
        fields.change("∂variance") { -$0 }
      },
      PlantedFault("s for s (1 − s)", of: golden, in: "∂variance") { fields, golden in
        fields["∂variance"] = try golden.given("mean").rowSoftmax(on: .single).map(on: .single) { $0 / 6 }
      },
      PlantedFault("the second term's part of ∂/∂m left out", of: golden, in: "∂mean") { fields, golden in
        fields["∂mean"] =
          SoftmaxCrossEntropy<Double>(
            outputs: try golden.given("mean"), labels: try golden.classes(), on: .single
          ).gradient
      },
      PlantedFault("mean and variance swapped", of: golden, in: "loss") { fields, golden in
        let loss = SecondOrderCrossEntropy<Double>(
          mean: try golden.given("variance"), variance: try golden.given("mean"), labels: try golden.classes(),
          on: .single)
        fields["loss"] = Tensor([1], [loss.loss])
      },
      PlantedFault("the deviation for the variance", of: golden, in: "loss") { fields, golden in
        let loss = SecondOrderCrossEntropy<Double>(
          mean: try golden.given("mean"), variance: try golden.given("variance").applying(.squareRoot, on: .single),
          labels: try golden.classes(), on: .single)
        fields["loss"] = Tensor([1], [loss.loss])
      },
    ]
  }
}
