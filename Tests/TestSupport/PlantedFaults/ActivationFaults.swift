import Layers
import Tensors
import Verification
import VerificationSuites

/// The sign of a Gaussian and its gradient, computed from their formulas.
struct PlainSign: PlainOperation {
  /// `s` as a function of `v`, and `2/√π`.
  var root: @Sendable (_ v: Double) -> Double = { (2 * $0 + 1e-8).squareRoot() }
  var slope = 1.1283791670955125739
  var swapsMoments = false
  /// The exponent of the density, and the factor of the gradient by the variance.
  var exponent: @Sendable (_ z: Double) -> Double = { -($0 * $0) }
  var varianceSign = -1.0

  func write(_ fields: inout Fields, _ golden: GoldenCase) throws {
    var (m, v) = (try golden.given("mean"), try golden.given("variance"))
    if swapsMoments { (m, v) = (v, m) }
    let s = v.map(on: .single, root)
    let z = m.map(with: s, on: .single, /)
    let density = z.map(on: .single, exponent).applying(.exp, on: .single)
    let g = try golden.coming("mean").map(with: density, on: .single) { $0 * (slope * $1) }
    let dm = g.map(with: s, on: .single, /)
    fields["mean"] = z.applying(.erf, on: .single)
    fields["∂mean"] = dm
    fields["∂variance"] = dm.map(with: z.map(with: s, on: .single, /), on: .single) { varianceSign * ($0 * $1) }
  }
}

extension PlantedFault {
  package static let activations: [PlantedFault] = {
    func sign(
      _ what: String, of golden: String = "sign-3x5", in field: String, as manner: Manner = .value, _ plain: PlainSign
    ) -> PlantedFault { PlantedFault(what, of: golden, in: field, as: manner, plain) }
    return [
      sign("√v for √(2v)", in: "mean", .init(root: { ($0 + 1e-8).squareRoot() })),
      sign("2v for its root", in: "mean", .init(root: { 2 * $0 + 1e-8 })),
      sign("no ε", of: "sign-edges", in: "mean", as: .nan, .init(root: { (2 * $0).squareRoot() })),
      sign("ε outside the root", in: "mean", .init(root: { (2 * $0).squareRoot() + 1e-8 })),
      sign("mean and variance swapped", in: "mean", as: .nan, .init(swapsMoments: true)),
      sign("2/√π missing", in: "∂mean", .init(slope: 1)),
      sign("√(2/π) for 2/√π", in: "∂mean", .init(slope: 0.7978845608028654)),
      sign("exp(−z²/2) for exp(−z²)", in: "∂mean", .init(exponent: { -($0 * $0) / 2 })),
      sign("the exponent's sign", in: "∂mean", .init(exponent: { $0 * $0 })),
      sign("wrong sign of ∂/∂v", in: "∂variance", .init(varianceSign: 1)),
      sign("½ too much in ∂/∂v", in: "∂variance", .init(varianceSign: -0.5)),
      PlantedFault("Φ for erf", of: "sign-3x5", in: "mean") { fields, _ in fields.change("mean") { (1 + $0) / 2 } },
      PlantedFault("1 − y for 1 − y²", of: "tanh-3x5", in: "∂value") { fields, golden in
        let y = try golden.given("value").applying(.tanh, on: .single)
        fields["∂value"] = try golden.coming("value").map(with: y, on: .single) { $0 * (1 - $1) }
      },
      PlantedFault("1 − x² for 1 − y²", of: "tanh-3x5", in: "∂value") { fields, golden in
        fields["∂value"] = try golden.coming("value").map(with: try golden.given("value"), on: .single) {
          $0 * (1 - $1 * $1)
        }
      },
      PlantedFault("wrong sign of the tanh's gradient", of: "tanh-3x5", in: "∂value") { fields, _ in
        fields.change("∂value") { -$0 }
      },
      PlantedFault(
        "the logistic function for tanh", of: "tanh-3x5", in: "value",
        layer: LayerChange(input: { $0.replacing { _, x in x.map(on: .single) { $0 / 2 } } })),
      PlantedFault("a leak of 0.01", of: "relu", in: "value") { fields, golden in
        fields.change("value", with: try golden.given("value")) { $1 < 0 ? 0.01 * $1 : $0 }
      },
      PlantedFault("ReLU's derivative 1 everywhere", of: "relu", in: "∂value") { fields, golden in
        fields["∂value"] = try golden.coming("value")
      },
      PlantedFault("ReLU's derivative by the coming gradient's sign", of: "relu", in: "∂value") { fields, golden in
        fields["∂value"] = try golden.coming("value").map(on: .single) { max($0, 0) }
      },
      PlantedFault("0 at 0", of: "straight-through-sign", in: "value") { fields, golden in
        fields.change("value", with: try golden.given("value")) { $1 == 0 ? 0 : $0 }
      },
      PlantedFault("wrong sign of the straight-through gradient", of: "straight-through-sign", in: "∂value") {
        fields, _ in fields.change("∂value") { -$0 }
      },
      PlantedFault("tanh's slope for the window", of: "straight-through-sign", in: "∂value") { fields, golden in
        let y = try golden.given("value").applying(.tanh, on: .single)
        fields["∂value"] = try golden.coming("value").map(with: y, on: .single) { $0 * (1 - $1 * $1) }
      },
    ]
  }()
}
