import Layers
import Tensors
import Testing
import Verification
import VerificationSuites
import WeightDistributions

/// Dense layers and convolutions on values and on distributions, and batch normalization of images.
@Suite("Layers: linear maps on values and distributions")
struct LinearTests {
  @Test("gradients agree with difference quotients, for input and parameters")
  func gradients() throws {
    let probes = LayerProbe.linear
    for probe in probes { if let fault = probe.check().fault() { throw fault } }
    #expect(probes.count == 21)
  }

  @Test("every planted fault is found and named")
  func faults() throws {
    typealias Fault = (name: String, probe: LayerProbe, variable: String, corrupt: (inout LayerProbe.Step) -> Void)
    func scaled(_ x: Tensor<Double>, _ factor: Double) -> Tensor<Double> { x.map(on: .single) { $0 * factor } }
    let image = LayerProbe.convolution(.gaussian, [1, 2, 3, 4], kernel: 3, padding: .same, outputs: 2, last: true)
    let dense = LayerProbe.convolution(.bernoulli, [2, 3], kernel: 0, padding: .same, outputs: 2, last: false)
    let faults: [Fault] = [
      (
        "mean's gradient without that of the variance", image, "mean",
        {
          guard let layer = $0.layer as? DistributionLinear<Double> else { return }
          let dm = scaled($0.cotangent.gaussian(for: "test").mean, 1 / 19.0.squareRoot())
          $0.inputs[0] = layer.map.inputGradient(dm, layer.weights.mean, shape: [1, 2, 3, 4], on: .single)
        }
      ),
      (
        "variance's gradient with σ² for σ² + μ²", image, "variance",
        {
          guard let layer = $0.layer as? DistributionLinear<Double> else { return }
          let dv = scaled($0.cotangent.gaussian(for: "test").variance, 1.0 / 19)
          $0.inputs[1] = layer.map.inputGradient(dv, layer.weights.variance, shape: [1, 2, 3, 4], on: .single)
        }
      ),
      ("mean and variance swapped", image, "mean", { $0.inputs.swapAt(0, 1) }),
      ("the bias' gradient of one pixel", image, "bias", { $0.parameters[2] = scaled($0.parameters[2], 1.0 / 12) }),
      (
        "a Bernoulli's variance taken as constant", dense, "mean",
        {
          guard let layer = $0.layer as? DistributionLinear<Double>, case .bernoulli(let m) = $0.input else { return }
          let fixed = Signal<Double>.gaussian(mean: m, variance: m.map(on: .single) { 1 - $0 * $0 + 1e-6 })
          let backward = layer.forward(fixed, LayerProbe.pass).backward($0.cotangent)
          $0.inputs[0] = backward.input.map { $0.named[0].tensor } ?? m
        }
      ),
      (
        "a kernel that is not flipped on the way back",
        .convolution(.value, [1, 1, 4, 3], kernel: 3, padding: .same, outputs: 2, last: false), "value",
        {
          guard let layer = $0.layer as? DistributionLinear<Double>, case .convolution(let convolution) = layer.map
          else { return }
          let (dm, dv) = $0.cotangent.gaussian(for: "test")
          func turned(_ w: Tensor<Double>) -> Tensor<Double> {
            Tensor([18, 1], (0..<18).map { w.scalars[$0 % 9 * 2 + $0 / 9] })
          }
          let first = convolution(dm, turned(layer.weights.mean), on: .single)
          let second = convolution(dv, turned(layer.weights.variance), on: .single)
          let x = $0.input.value(for: "test")
          $0.inputs[0] = x.map(with: first, second, on: .single) { $1 + 2 * $0 * $2 }
        }
      ),
      (
        "statistics of each pixel for those of the channel",
        .batchNormalization(
          "Gaussians", .gaussian(mean: values(2, 2, 3, 2), variance: values(2, 2, 3, 2, in: 0.2...2)), channels: 2),
        "shift",
        {
          $0.parameters[1] = scaled($0.parameters[1], 1.0 / 6)
        }
      ),
    ]
    for fault in faults {
      #expect(fault.probe.check().fault() == nil, "\(fault.name): the layer itself fails")
      let found = fault.probe.check(corrupting: fault.corrupt).fault()
      #expect(found?.kind == .value, "\(fault.name): \(found?.description ?? "not found")")
      #expect(found?.description.contains(fault.variable) == true, "\(fault.name): \(found?.description ?? "")")
    }
    #expect(faults.count == 7)
  }

  @Test("a binary layer computes with the signs of its latent weights, passes their gradient on, and clips them")
  func binary() throws {
    let latent = Tensor<Double>([3, 2], [0.5, -0.25, 0, -1, 0.75, -0.0])
    let bias = Tensor<Double>([2], [0.5, -1])
    let x = Tensor<Double>([2, 3], [1, 2, 3, -1, 0.5, 2])
    let signs = Tensor<Double>([3, 2], [1, -1, 1, -1, 1, 1])
    var layer = BinaryLinear(latent: Linear(weights: latent, bias: bias, divisor: 2))
    let reference = Linear(weights: signs, bias: bias, divisor: 2)
    let dy = Tensor<Double>([2, 2], [1, -2, 3, 0.5])
    let (forward, expected) = (
      layer.forward(.value(x), GoldenCase.pass), reference.forward(.value(x), GoldenCase.pass)
    )
    #expect(forward.output.value(for: "test") == expected.output.value(for: "test"))
    // (1 + 2 + 3 + 0.5) / 2, (−1 − 2 + 3 − 1) / 2, …
    #expect(forward.output.value(for: "test").scalars == [3.25, -0.5, 1, 0.75])
    #expect(forward.backward(.value(dy)).parameters == expected.backward(.value(dy)).parameters)
    let prediction = try #require(layer.prediction(on: .single))
    #expect(prediction(x, on: .single) == forward.output.value(for: "test"))
    layer.update([Tensor([3, 2], repeating: 1), Tensor([2], repeating: 1)], on: .single) { _ in
      { parameters, gradients, elements in for i in 0..<elements.count { parameters[i] -= 0.5 * gradients[i] } }
    }
    #expect(layer.latent.weights.scalars == [0, -0.75, -0.5, -1, 0.25, -0.5])
    #expect(layer.latent.bias?.scalars == [0, -1.5])
  }
}

extension LayerProbe {
  enum Input { case value, gaussian, bernoulli }

  /// A layer with weight distributions on inputs of a kind and shape; kernel 0 makes it dense.
  static func convolution(
    _ input: Input, _ shape: Shape, kernel: Int, padding: Convolution.Padding, outputs: Int, last: Bool
  ) -> LayerProbe {
    let fanIn = kernel > 0 ? shape[1] * kernel * kernel : shape.dropFirst().reduce(1, *)
    let map = kernel > 0 ? LinearMap.convolution(Convolution(kernel: kernel, padding: padding)) : .dense
    let signal: Signal<Double> =
      switch input {
      case .value: .value(values(shape: shape))
      case .gaussian: .gaussian(mean: values(shape: shape), variance: values(shape: shape, in: 0.2...2))
      case .bernoulli: .bernoulli(mean: values(shape: shape, in: -0.9...0.9))
      }
    var probe = LayerProbe(
      "DistributionLinear of \(input) \(shape), kernel \(kernel), \(padding)", signal,
      [.init("logits", values(3, fanIn, outputs))] + (last ? [.init("bias", values(outputs))] : [])
    ) {
      DistributionLinear(
        map, weights: WeightDistribution(grid: .ternary, logits: $0[0], on: .single), bias: last ? $0[1] : nil)
    }
    probe.parameterGradients = { layer, gradients in
      guard let layer = layer as? DistributionLinear<Double> else { return [] }
      return [layer.weights.logitGradient(mean: gradients[0], variance: gradients[1], on: .single)]
        + gradients.dropFirst(2)
    }
    return probe
  }

  static func realConvolution(_ shape: Shape, kernel: Int, padding: Convolution.Padding, outputs: Int) -> LayerProbe {
    let map = LinearMap.convolution(Convolution(kernel: kernel, padding: padding))
    return LayerProbe(
      "Linear of \(shape), kernel \(kernel), \(padding)", .value(values(shape: shape)),
      [.init("weights", values(shape[1] * kernel * kernel, outputs)), .init("bias", values(outputs))]
    ) { Linear(map, weights: $0[0], bias: $0[1], divisor: 3) }
  }

  static var linear: [LayerProbe] {
    let inputs: [Input] = [.value, .gaussian, .bernoulli]
    let ofDistributions = inputs.flatMap { input in
      [
        convolution(input, [1, 1, 1, 1], kernel: 1, padding: .same, outputs: 1, last: false),
        convolution(input, [2, 1, 3, 4], kernel: 3, padding: .same, outputs: 2, last: false),
        convolution(input, [1, 2, 5, 3], kernel: 3, padding: .valid, outputs: 3, last: true),
        convolution(input, [2, 5], kernel: 0, padding: .same, outputs: 3, last: true),
      ]
    }
    return ofDistributions + [
      realConvolution([1, 1, 1, 1], kernel: 3, padding: .same, outputs: 1),
      realConvolution([2, 3, 2, 5], kernel: 3, padding: .same, outputs: 2),
      realConvolution([1, 2, 5, 6], kernel: 5, padding: .valid, outputs: 1),
      batchNormalization("images", .value(values(2, 3, 2, 3)), channels: 3),
      batchNormalization("one image", .value(values(1, 1, 5, 3)), channels: 1),
      batchNormalization("columns", .value(values(3, 2, 1, 1)), channels: 2),
      batchNormalization(
        "Gaussian images", .gaussian(mean: values(2, 3, 2, 3), variance: values(2, 3, 2, 3, in: 0.2...2)), channels: 3),
      batchNormalization(
        "one Gaussian image", .gaussian(mean: values(1, 1, 5, 3), variance: values(1, 1, 5, 3, in: 0.2...2)),
        channels: 1),
      batchNormalization(
        "Gaussian columns", .gaussian(mean: values(3, 2, 1, 1), variance: values(3, 2, 1, 1, in: 0.2...2)), channels: 2),
    ]
  }
}
