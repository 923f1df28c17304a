import Layers
import Tensors
import Verification
import VerificationSuites
import WeightDistributions

/// A layer as a function of named tensors: its input first, then its parameters.
struct LayerProbe {
  let name: String
  let input: Signal<Double>
  let parameters: [GradientCheck.Variable]
  /// The layer with these parameters.
  let layer: ([Tensor<Double>]) -> any Layer<Double>
  /// Turns a layer's gradients into those of `parameters`.
  var parameterGradients: (any Layer<Double>, [Tensor<Double>]) -> [Tensor<Double>] = { $1 }

  /// What a planted fault sees: the layer, its input, the gradients that come and those that the layer gives.
  struct Step {
    let layer: any Layer<Double>
    let input: Signal<Double>
    let forward: Forward<Double>
    let cotangent: Signal<Double>
    /// With respect to the input's tensors.
    var inputs: [Tensor<Double>]
    /// With respect to the layer's parameters, before `parameterGradients`.
    var parameters: [Tensor<Double>]
  }

  static let pass = LayerPass(seed: 99, epoch: 1, step: 2, layer: 3, workers: .single)

  init(
    _ name: String, _ input: Signal<Double>, _ parameters: [GradientCheck.Variable] = [],
    _ layer: @escaping ([Tensor<Double>]) -> any Layer<Double>
  ) {
    self.name = name
    self.input = input
    self.parameters = parameters
    self.layer = layer
  }

  /// The check of this layer's gradients, corrupted by `fault`.
  func check(corrupting fault: @escaping (inout Step) -> Void = { _ in }) -> GradientCheck {
    let inputs = input.named.map { GradientCheck.Variable($0.name, $0.tensor) }
    let count = inputs.count
    func run(_ values: [Tensor<Double>]) -> (any Layer<Double>, Signal<Double>, Forward<Double>) {
      let (layer, x) = (layer(Array(values.dropFirst(count))), input.replacing(Array(values.prefix(count))))
      return (layer, x, layer.forward(x, Self.pass))
    }
    return GradientCheck(
      name, inputs + parameters,
      function: { run($0).2.output.named.map(\.tensor) },
      pullback: { values, cotangents in
        let (layer, x, forward) = run(values)
        let cotangent = forward.output.replacing(cotangents)
        let backward = forward.backward(cotangent)
        var step = Step(
          layer: layer, input: x, forward: forward, cotangent: cotangent,
          inputs: backward.input.map { $0.named.map(\.tensor) } ?? [], parameters: backward.parameters)
        fault(&step)
        return step.inputs + parameterGradients(layer, step.parameters)
      })
  }
}

/// Numbers for a layer of `n` samples.
func values(_ shape: Int..., in range: ClosedRange<Double> = -2...2) -> Tensor<Double> {
  values(shape: shape, in: range)
}

func values(shape: Shape, in range: ClosedRange<Double> = -2...2) -> Tensor<Double> {
  var numbers = TestNumbers(seed: UInt64(shape.reduce(7) { $0 * 31 + $1 }))
  let flat: Tensor<Double> = numbers.tensor(shape.reduce(1, *), in: range)
  return flat.reshaped(shape)
}

private func gaussian(_ n: Int, _ c: Int) -> Signal<Double> {
  .gaussian(mean: values(n, c), variance: values(n, c, in: 0.2...2))
}

extension LayerProbe {
  static func dense(_ n: Int, _ i: Int, _ o: Int, bias: Bool) -> LayerProbe {
    LayerProbe(
      "Dense \(n)×\(i)×\(o)", .value(values(n, i)),
      [.init("weights", values(i, o))] + (bias ? [.init("bias", values(o))] : [])
    ) { Linear(weights: $0[0], bias: bias ? $0[1] : nil) }
  }

  static func distributionDense(_ n: Int, _ i: Int, _ o: Int, last: Bool) -> LayerProbe {
    var probe = LayerProbe(
      "DistributionLinear \(n)×\(i)×\(o)", .value(values(n, i)),
      [.init("logits", values(3, i, o))] + (last ? [.init("bias", values(o))] : [])
    ) {
      DistributionLinear(
        weights: WeightDistribution(grid: .ternary, logits: $0[0], on: .single), bias: last ? $0[1] : nil)
    }
    probe.parameterGradients = { layer, gradients in
      guard let layer = layer as? DistributionLinear<Double> else { return [] }
      let logits = layer.weights.logitGradient(mean: gradients[0], variance: gradients[1], on: .single)
      return [logits] + gradients.dropFirst(2)
    }
    return probe
  }

  static func batchNormalization(_ name: String, _ input: Signal<Double>, channels: Int) -> LayerProbe {
    LayerProbe(
      "BatchNormalization of \(name)", input,
      [.init("scale", values(channels, in: 0.5...2)), .init("shift", values(channels))]
    ) { parameters in
      let running = BatchNormalization<Double>(channels: channels).running
      return BatchNormalization(scale: parameters[0], shift: parameters[1], running: running)
    }
  }

  static func batchNormalizationOfValues(_ n: Int, _ c: Int) -> LayerProbe {
    batchNormalization("values \(n)×\(c)", .value(values(n, c)), channels: c)
  }

  static func batchNormalizationOfGaussians(_ n: Int, _ c: Int) -> LayerProbe {
    batchNormalization("Gaussians \(n)×\(c)", gaussian(n, c), channels: c)
  }

  static func sign(_ n: Int, _ c: Int) -> LayerProbe { LayerProbe("Sign \(n)×\(c)", gaussian(n, c)) { _ in Sign() } }

  static func tanh(_ n: Int, _ c: Int) -> LayerProbe {
    LayerProbe("Tanh \(n)×\(c)", .value(values(n, c))) { _ in Tanh() }
  }

  static func gaussianReparameterization(_ n: Int, _ c: Int) -> LayerProbe {
    LayerProbe("GaussianReparameterization \(n)×\(c)", gaussian(n, c)) { _ in GaussianReparameterization() }
  }

  static func bernoulliReparameterization(_ n: Int, _ c: Int, temperature: Double) -> LayerProbe {
    LayerProbe(
      "BernoulliReparameterization \(n)×\(c)", .bernoulli(mean: values(n, c, in: -0.9...0.9))
    ) { _ in BernoulliReparameterization(temperature: temperature) }
  }

  static func dropout(_ n: Int, _ c: Int) -> LayerProbe {
    LayerProbe("Dropout \(n)×\(c)", .value(values(n, c))) { _ in Dropout(rate: 0.4) }
  }

  /// Every layer over odd shapes, two samples and one channel among them.
  static var all: [LayerProbe] {
    [
      dense(3, 4, 2, bias: true), dense(2, 5, 7, bias: false), dense(1, 1, 1, bias: true), dense(2, 3, 1, bias: true),
      distributionDense(3, 4, 2, last: true), distributionDense(2, 5, 3, last: false),
      distributionDense(1, 1, 1, last: false), distributionDense(2, 3, 1, last: true),
      batchNormalizationOfValues(5, 3), batchNormalizationOfValues(3, 1), batchNormalizationOfValues(7, 2),
      batchNormalizationOfGaussians(5, 3), batchNormalizationOfGaussians(2, 1), batchNormalizationOfGaussians(2, 5),
      sign(3, 5), sign(1, 1), sign(2, 1), tanh(3, 5), tanh(1, 1), gaussianReparameterization(3, 5),
      gaussianReparameterization(2, 1), bernoulliReparameterization(3, 5, temperature: 1),
      bernoulliReparameterization(2, 1, temperature: 0.5), dropout(5, 7), dropout(2, 1),
    ]
  }
}
