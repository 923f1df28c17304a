import Layers
import Tensors
import WeightDistributions

// Every layer over odd shapes, including one sample, one channel and images that are not square.

extension LayerProbe {
  /// Every layer with every kind of signal that it accepts.
  package static let all: [LayerProbe] =
    linear + distributionLinear + families + normalizations + activations + shapes.flatMap(images)

  package static func dense(_ n: Int, _ i: Int, _ o: Int, bias: Bool) -> LayerProbe {
    LayerProbe(
      "Linear \(n)×\(i)×\(o)", .value(probeNumbers([n, i])),
      [("weights", probeNumbers([i, o], seed: 5))] + (bias ? [("bias", probeNumbers([o], seed: 6))] : [])
    ) { Linear(weights: $0[0], bias: bias ? $0[1] : nil) }
  }

  package static func realConvolution(
    _ shape: Shape, kernel: Int, padding: Convolution.Padding, outputs: Int
  ) -> LayerProbe {
    let map = LinearMap.convolution(Convolution(kernel: kernel, padding: padding))
    return LayerProbe(
      "Linear of \(shape), kernel \(kernel), \(padding)", .value(probeNumbers(shape)),
      [
        ("weights", probeNumbers([shape[1] * kernel * kernel, outputs], seed: 5)),
        ("bias", probeNumbers([outputs], seed: 6)),
      ]
    ) { Linear(map, weights: $0[0], bias: $0[1], divisor: 3) }
  }

  /// The kind of input that a layer with weight distributions is given.
  package enum Input: CaseIterable, Sendable { case value, gaussian, bernoulli }

  /// A layer with weight distributions for inputs of the given kind and shape; kernel 0 makes it dense.
  package static func distribution(
    _ input: Input, _ shape: Shape, kernel: Int = 0, padding: Convolution.Padding = .same, outputs: Int, last: Bool,
    _ family: WeightFamily = WeightFamily(.logits, .ternary)
  ) -> LayerProbe {
    let fanIn = kernel > 0 ? shape[1] * kernel * kernel : shape.dropFirst().reduce(1, *)
    let map = kernel > 0 ? LinearMap.convolution(Convolution(kernel: kernel, padding: padding)) : .dense
    let signal: Signal<Double> =
      switch input {
      case .value: .value(probeNumbers(shape))
      case .gaussian: probeGaussian(shape)
      case .bernoulli: .bernoulli(mean: probeNumbers(shape, in: -0.9...0.9))
      }
    var probe = LayerProbe(
      "DistributionLinear of \(input) \(shape)" + (kernel > 0 ? ", kernel \(kernel), \(padding)" : "")
        + " to \(outputs), \(family)\(last ? ", last" : "")",
      signal,
      [("logits", family.parameters(fanIn, outputs, limit: 2))]
        + (last ? [("bias", probeNumbers([outputs], seed: 6))] : [])
    ) { DistributionLinear(map, weights: family.weights($0[0]), bias: last ? $0[1] : nil) }
    probe.parameterGradients = { layer, gradients in
      (layer as? DistributionLinear<Double>)?.parameterGradients(gradients, on: .single) ?? []
    }
    return probe
  }

  package static func batchNormalization(_ input: Signal<Double>) -> LayerProbe {
    let shape = input.center.shape
    let what = input.tensors.count == 1 ? "values" : "Gaussians"
    return LayerProbe(
      "BatchNormalization of \(what) \(shape)", input,
      [
        ("scale", probeNumbers([shape[1]], in: 0.5...2, seed: 5)), ("shift", probeNumbers([shape[1]], seed: 6)),
      ]
    ) { parameters in
      let running = BatchNormalization<Double>(channels: shape[1]).running
      return BatchNormalization(scale: parameters[0], shift: parameters[1], running: running)
    }
  }

  package static func batchNormalizationOfValues(_ shape: Int...) -> LayerProbe {
    batchNormalization(.value(probeNumbers(shape)))
  }

  package static func batchNormalizationOfGaussians(_ shape: Int...) -> LayerProbe {
    batchNormalization(probeGaussian(shape))
  }

  package static func sign(_ n: Int, _ c: Int) -> LayerProbe {
    LayerProbe("Sign \(n)×\(c)", probeGaussian([n, c])) { _ in Sign() }
  }

  package static func tanh(_ n: Int, _ c: Int) -> LayerProbe {
    LayerProbe("Tanh \(n)×\(c)", .value(probeNumbers([n, c]))) { _ in Tanh() }
  }

  package static func gaussianReparameterization(_ n: Int, _ c: Int) -> LayerProbe {
    LayerProbe("GaussianReparameterization \(n)×\(c)", probeGaussian([n, c])) { _ in GaussianReparameterization() }
  }

  package static func bernoulliReparameterization(_ n: Int, _ c: Int, temperature: Double) -> LayerProbe {
    LayerProbe(
      "BernoulliReparameterization \(n)×\(c), temperature \(temperature)",
      .bernoulli(mean: probeNumbers([n, c], in: -0.9...0.9))
    ) { _ in BernoulliReparameterization(temperature: temperature) }
  }

  package static func dropout(_ n: Int, _ c: Int) -> LayerProbe {
    LayerProbe("Dropout \(n)×\(c)", .value(probeNumbers([n, c]))) { _ in Dropout(rate: 0.4) }
  }

  private static let linear = [
    dense(3, 4, 2, bias: true), dense(2, 5, 7, bias: false), dense(1, 1, 1, bias: true), dense(2, 3, 1, bias: true),
    realConvolution([1, 1, 1, 1], kernel: 3, padding: .same, outputs: 1),
    realConvolution([2, 3, 2, 5], kernel: 3, padding: .same, outputs: 2),
    realConvolution([1, 2, 5, 6], kernel: 5, padding: .valid, outputs: 1),
    // By input and bias only; the straight-through gradient by the weights has cases of its own.
    LayerProbe("BinaryLinear 3×4×2", .value(probeNumbers([3, 4])), [("bias", probeNumbers([2], seed: 6))]) {
      BinaryLinear(latent: Linear(weights: probeNumbers([4, 2], in: -1...1, seed: 5), bias: $0[0], divisor: 2))
    }.droppingGradient(ofParameter: 0),
  ]

  /// This probe without the gradient of one of the layer's own parameters, which is not among the probe's parameters.
  private func droppingGradient(ofParameter index: Int) -> LayerProbe {
    var probe = self
    probe.parameterGradients = { _, gradients in
      gradients.enumerated().filter { $0.offset != index }.map(\.element)
    }
    return probe
  }

  private static let distributionLinear =
    Input.allCases.flatMap { input in
      [
        distribution(input, [3, 4], outputs: 2, last: true), distribution(input, [2, 5], outputs: 3, last: false),
        distribution(input, [1, 1], outputs: 1, last: false), distribution(input, [2, 3], outputs: 1, last: true),
        distribution(input, [1, 1, 1, 1], kernel: 1, padding: .same, outputs: 1, last: false),
        distribution(input, [2, 1, 3, 4], kernel: 3, padding: .same, outputs: 2, last: false),
        distribution(input, [1, 2, 5, 3], kernel: 3, padding: .valid, outputs: 3, last: true),
      ]
    } + [
      // Too many entries for a full Jacobian.
      distribution(.gaussian, [3, 2, 7, 6], kernel: 5, padding: .same, outputs: 4, last: true)
    ]

  private static let families = WeightFamily.all.flatMap { family in
    Input.allCases.map { distribution($0, [2, 3], outputs: 2, last: $0 == .bernoulli, family) }
  }

  private static let normalizations = [
    batchNormalizationOfValues(5, 3), batchNormalizationOfValues(3, 1), batchNormalizationOfValues(7, 2),
    batchNormalizationOfValues(2, 3, 2, 3), batchNormalizationOfValues(1, 1, 5, 3),
    batchNormalizationOfValues(3, 2, 1, 1), batchNormalizationOfGaussians(5, 3), batchNormalizationOfGaussians(2, 1),
    batchNormalizationOfGaussians(2, 5), batchNormalizationOfGaussians(2, 3, 2, 3),
    batchNormalizationOfGaussians(1, 1, 5, 3), batchNormalizationOfGaussians(3, 2, 1, 1),
  ]

  private static let activations = [
    sign(3, 5), sign(1, 1), sign(2, 1), tanh(3, 5), tanh(1, 1), gaussianReparameterization(3, 5),
    gaussianReparameterization(2, 1), bernoulliReparameterization(3, 5, temperature: 1),
    bernoulliReparameterization(2, 1, temperature: 0.5), bernoulliReparameterization(3, 4, temperature: 0.125),
    dropout(5, 7), dropout(2, 1),
  ]

  private static let shapes: [Shape] = [[1, 1, 2, 2], [2, 1, 3, 5], [1, 3, 5, 2], [2, 2, 2, 3]]

  /// The layers that images pass through; values that are compared are distinct, so that no maximum and no sign changes.
  private static func images(_ shape: Shape) -> [LayerProbe] {
    let distinct = Signal.value(distinctNumbers(shape))
    let signals: [Signal<Double>] = probeSignals(shape)
    func what(_ input: Signal<Double>) -> String {
      switch input {
      case .value: "values \(shape)"
      case .gaussian: "Gaussians \(shape)"
      case .bernoulli: "Bernoullis \(shape)"
      }
    }
    return [LayerProbe("ReLU of \(what(distinct))", distinct) { _ in ReLU() }]
      + ([distinct] + signals.dropFirst()).map { LayerProbe("Pooling(.max) of \(what($0))", $0) { _ in Pooling(.max) } }
      + signals.flatMap { input in
        [
          LayerProbe("Pooling(.average) of \(what(input))", input) { _ in Pooling(.average) },
          LayerProbe("Pooling(.sum) of \(what(input))", input) { _ in Pooling(.sum) },
          LayerProbe("Dropout of \(what(input))", input) { _ in Dropout(rate: 0.4) },
        ]
      }
  }
}
