import Layers
import Tensors
import Testing
import Verification
import VerificationSuites

@Suite("Layers: gradients at edges")
struct GradientTests {
  /// `x = ±(1 − ε)` whatever the values, so the difference quotients of two samples would need steps below the noise:
  /// the true gradient is `O(1e-8)`, and the layer's must be as small.
  @Test("batch normalization of two values has almost no gradient")
  func twoValues() throws {
    let check = LayerProbe.batchNormalizationOfValues(2, 3).check()
    var values = check.variables.map(\.tensor)
    values[0] = Tensor([2, 3], [1, -0.5, 2, -1, 0.75, -1.5])
    let gradients = check.pullback(values, [Tensor([2, 3], [1, 2, 3, -1, 1, 5])])
    #expect(gradients[0].scalars.allSatisfy { abs($0) < 1e-6 })
  }

  private func edges<Scalar: TensorScalar>(_: Scalar.Type) {
    func expectFinite(_ layer: any Layer<Scalar>, _ input: Signal<Scalar>) {
      let pass = LayerPass(seed: 1, epoch: 0, step: 0, block: 0, device: .single)
      let forward = layer.forward(input, pass)
      let ones = forward.output.replacing { _, x in Tensor(x.shape, repeating: 1) }
      guard let gradient = forward.backward(ones).input else {
        Issue.record("\(layer): no input gradient")
        return
      }
      for (name, tensor) in forward.output.named + gradient.named {
        #expect(tensor.scalars.allSatisfy { $0.isFinite }, "\(layer), \(name): \(tensor.scalars)")
      }
    }
    let mean = Tensor<Scalar>([2, 4], [0, 1, -1, 100, -0.0, 1e-20, -3, 1e6])
    let zero = Tensor<Scalar>([2, 4], repeating: 0)
    let constant = Tensor<Scalar>([2, 4], repeating: 3)
    expectFinite(Sign(), .gaussian(mean: mean, variance: zero))
    expectFinite(Sign(), .gaussian(mean: zero, variance: zero))
    expectFinite(GaussianReparameterization(), .gaussian(mean: mean, variance: zero))
    expectFinite(BatchNormalization(channels: 4), .gaussian(mean: mean, variance: zero))
    expectFinite(BatchNormalization(channels: 4), .gaussian(mean: constant, variance: zero))
    expectFinite(BatchNormalization(channels: 4), .value(constant))
    let saturated = Tensor<Scalar>([2, 4], [1, -1, 1, -1, Scalar(1).nextDown, Scalar(-1).nextUp, 0, 1])
    expectFinite(BernoulliReparameterization(), .bernoulli(mean: saturated))
    expectFinite(Tanh(), .value(Tensor([1, 4], [1000, -1000, .greatestFiniteMagnitude, 0])))
  }

  @Test("certain ±1, zero variance and constant channels give finite outputs and gradients")
  func edges() {
    edges(Float.self)
    edges(Double.self)
  }

  @Test("a case's name tells the shape of its layer's input")
  func names() {
    for probe in LayerProbe.all {
      let shape = probe.input.center.shape
      let product = " " + shape.map { "\($0)" }.joined(separator: "×")
      #expect(probe.name.contains("\(shape)") || probe.name.contains(product), "\(probe.name): \(shape)")
    }
  }

  @Test("the hints of a bias and a shift say what is summed over")
  func sums() {
    let probes: [(LayerProbe, String)] = [
      (.dense(3, 4, 2, bias: true), "Σ dy / d"),
      (.distribution(.value, [3, 4], outputs: 2, last: true), "Σ ∂L/∂m / d"),
      (.batchNormalizationOfValues(5, 3), "Σ ∂m'"),
    ]
    for (probe, sum) in probes {
      #expect(probe.check().variables.last?.hint == "\(sum), over samples and pixels", "\(probe.name)")
    }
  }

  @Test("no input gradient is computed where none is needed")
  func firstLayer() throws {
    let pass = LayerPass(seed: 1, epoch: 0, step: 0, block: 0, needsInputGradient: false, device: .single)
    for probe in [
      LayerProbe.dense(3, 4, 2, bias: true), .distribution(.value, [3, 4], outputs: 2, last: true), .dropout(5, 7),
    ] {
      let layer = probe.layer(probe.parameters.map(\.tensor))
      let forward = layer.forward(probe.input, pass)
      let backward = forward.backward(forward.output)
      #expect(backward.input == nil)
      let full = layer.forward(probe.input, LayerProbe.pass).backward(forward.output)
      #expect(backward.parameters == full.parameters)
    }
  }
}
