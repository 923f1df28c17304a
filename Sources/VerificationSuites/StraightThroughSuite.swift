import Layers
import RandomStreams
import Tensors
import Verification

/// Compares straight-through gradients, which are not derivatives, with their stated formulas instead of difference
/// quotients.
package enum StraightThroughSuite {
  package static func cases() -> [VerificationCase] {
    [
      VerificationCase("StraightThroughSign: 1[|x| ≤ 1]") { sign(StraightThroughSign()) },
      VerificationCase("BernoulliReparameterization, straight-through, temperature 1") {
        estimator(BernoulliReparameterization(temperature: 1, estimator: .straightThrough))
      },
      VerificationCase("BernoulliReparameterization, straight-through, temperature 0.5") {
        estimator(BernoulliReparameterization(temperature: 0.5, estimator: .straightThrough))
      },
      VerificationCase("BinaryLinear 3×4×2: that of sign W") {
        binary(.dense, input: [3, 4], latent: [4, 2]) { BinaryLinear(latent: $0) }
      },
      VerificationCase("BinaryLinear of [2, 2, 4, 3], kernel 3: that of sign W") {
        binary(.convolution(Convolution(kernel: 3, padding: .same)), input: [2, 2, 4, 3], latent: [18, 2]) {
          BinaryLinear(latent: $0)
        }
      },
    ]
  }

  /// Checks `x ≥ 0 ↦ +1`, else −1, and `∂L/∂x = ∂L/∂y 1[|x| ≤ 1]`, including at the ends of the window and next to them.
  package static func sign(_ layer: any Layer<Double>) -> [FieldResult] {
    let edges = [1, 1.0.nextUp, 1.0.nextDown, 0, -0.0, .leastNonzeroMagnitude, 5, .infinity].flatMap { [$0, -$0] }
    let spread: Tensor<Double> = probeNumbers([16])
    let x = Tensor([4, 8], edges + spread.scalars)
    let dy: Tensor<Double> = probeNumbers([4, 8], seed: 9)
    let forward = layer.forward(.value(x), LayerProbe.pass)
    let (y, dx) = (x.map(on: .single) { $0 >= 0 ? 1 : -1 }, dy.map(with: x, on: .single) { abs($1) <= 1 ? $0 : 0 })
    return [
      field("StraightThroughSign, value", forward.output.tensors, [y]),
      field("StraightThroughSign, ∂value", forward.backward(.value(dy)).input?.tensors, [dx]),
    ]
  }

  /// Checks the sign of the relaxed sample `x` at the same noise, +1 at 0. The gradient is the relaxed sample's, `dx (1
  /// − tanh² a) / (2τ) · (1 / (1 + m + δ) + 1 / (1 − m + δ))` with tanh's argument `a`, here computed with `1 − tanh² a
  /// = (2 / (exp a + exp(−a)))²`.
  package static func estimator(_ layer: BernoulliReparameterization<Double>) -> [FieldResult] {
    estimator(layer, temperature: layer.temperature)
  }

  /// The fields of a layer that should be the straight-through estimator.
  package static func estimator(_ layer: any Layer<Double>, temperature: Double) -> [FieldResult] {
    let m: Tensor<Double> = probeNumbers([5, 7], in: -0.9...0.9)
    let dy: Tensor<Double> = probeNumbers([5, 7], seed: 9)
    let forward = layer.forward(.bernoulli(mean: m), LayerProbe.pass)
    let noise: Tensor<Double> = LayerProbe.pass.stream(.reparameterization).logistic(m.shape, on: .single)
    let delta = 1e-6
    let odds = m.map(on: .single) { 1 + $0 + delta }.applying(.log, on: .single).map(
      with: m.map(on: .single) { 1 - $0 + delta }.applying(.log, on: .single), on: .single, -)
    let argument = odds.map(with: noise, on: .single) { ($0 + $1) / (2 * temperature) }
    let x = argument.applying(.tanh, on: .single)
    let exponentials = argument.applying(.exp, on: .single).map(
      with: argument.map(on: .single, -).applying(.exp, on: .single), on: .single, +)
    let slope = exponentials.map(with: m, on: .single) {
      (2 / $0) * (2 / $0) / (2 * temperature) * (1 / (1 + $1 + delta) + 1 / (1 - $1 + delta))
    }
    let what = "BernoulliReparameterization, straight-through, temperature \(temperature)"
    return [
      field("\(what), value", forward.output.tensors, [x.map(on: .single) { $0 >= 0 ? 1 : -1 }]),
      field(
        "\(what), ∂mean", forward.backward(.value(dy)).input?.tensors, [dy.map(with: slope, on: .single, *)],
        ulps: 8, "the factors in another order"),
    ]
  }

  /// The fields of a layer with the weights `sign W`, +1 at 0, whose gradient by `W` equals its gradient by `sign W`:
  /// `xᵀ dy / d`.
  package static func binary(
    _ map: LinearMap, input: Shape, latent: Shape, _ layer: (Linear<Double>) -> any Layer<Double>
  ) -> [FieldResult] {
    var weights: Tensor<Double> = probeNumbers(latent, in: -1...1, seed: 5)
    (weights[0, 0], weights[1, 0]) = (0, -0.0)
    let bias: Tensor<Double> = probeNumbers([latent[1]], seed: 6)
    let x: Tensor<Double> = probeNumbers(input)
    let binary = layer(Linear(map, weights: weights, bias: bias, divisor: 2))
    let forward = binary.forward(.value(x), LayerProbe.pass)
    let dy: Tensor<Double> = probeNumbers(forward.output.center.shape, seed: 9)
    let backward = forward.backward(.value(dy))
    let signs = weights.map(on: .single) { $0 >= 0 ? 1 : -1 }
    let scaled = dy.map(on: .single) { $0 / 2 }
    let columns = scaled.columns / latent[1]
    let biasGradient = (0..<latent[1]).map { channel in
      scaled.scalars.enumerated().reduce(0) { $1.offset / columns % latent[1] == channel ? $0 + $1.element : $0 }
    }
    let what = "BinaryLinear of \(input)"
    let y = map(x, signs, on: .single)
    let pixels = y.columns / latent[1]
    let output = Tensor(
      y.shape, y.scalars.enumerated().map { ($1 + bias.scalars[$0 / pixels % latent[1]]) / 2 })
    return [
      field("\(what), value", forward.output.tensors, [output]),
      field(
        "\(what), ∂value", backward.input?.tensors, [map.inputGradient(scaled, signs, shape: input, on: .single)]),
      field("\(what), ∂weights", [backward.parameters[0]], [map.weightGradient(x, scaled, on: .single)]),
      field(
        "\(what), ∂bias", [backward.parameters[1]], [Tensor([latent[1]], biasGradient)], ulps: 8, "another order"),
    ]
  }

  private static func field(
    _ what: String, _ actual: [Tensor<Double>]?, _ expected: [Tensor<Double>], ulps: Double = 0,
    _ reason: String = "the same operations"
  ) -> FieldResult {
    let tolerance = Tolerance("straight-through gradients", Double.self, ulps: ulps, floor: 1, reason)
    guard let actual, actual.count == 1 else {
      let found = Deviation(kind: .shape, description: "\(what): expected 1 tensor, found \(actual?.count ?? 0)")
      return FieldResult(what, operation: "straight-through gradients, Double", .outside(found))
    }
    return compare(what, actual[0], expected: expected[0], within: tolerance)
  }
}
