import Layers
import RandomStreams
import Tensors
import TestSupport
import Testing
import Verification
import VerificationSuites
import WeightDistributions

@Suite("Layers: threads and streams")
struct ThreadTests {
  /// Outputs and gradients, to be compared.
  private func results<Scalar: TensorScalar>(
    _ layer: any Layer<Scalar>, _ input: Signal<Scalar>, threads: Int
  ) -> [(name: String, tensor: Tensor<Scalar>)] {
    let pass = LayerPass(seed: 4, epoch: 5, step: 6, block: 7, device: Device.processor(threads: threads))
    let forward = layer.forward(input, pass)
    var numbers = TestNumbers(seed: 12)
    let backward = forward.backward(
      forward.output.replacing { _, x in
        let flat: Tensor<Scalar> = numbers.tensor(x.count)
        return flat.reshaped(x.shape)
      })
    return forward.output.named + (backward.input.map { $0.named.map { ("∂\($0.name)", $0.tensor) } } ?? [])
      + backward.parameters.enumerated().map { ("∂parameter \($0)", $1) }
  }

  private func check<Scalar: TensorScalar>(_: Scalar.Type) throws {
    // Above the grain of every loop: 90 · 190 elements, 190 columns.
    let (n, c) = (90, 190)
    var numbers = TestNumbers(seed: 11)
    let value = Signal<Scalar>.value(numbers.tensor(n, c))
    let gaussian = Signal<Scalar>.gaussian(mean: numbers.tensor(n, c), variance: numbers.tensor(n, c, in: 0...1))
    let bernoulli = Signal<Scalar>.bernoulli(mean: numbers.tensor(n, c, in: -1...1))
    let weights = WeightDistribution<Scalar>(grid: .ternary, logits: numbers.tensor(3, c, 40), on: .single)
    let bias: Tensor<Scalar> = numbers.tensor(40)
    let layers: [(any Layer<Scalar>, Signal<Scalar>)] = [
      (Linear(weights: numbers.tensor(c, 40), bias: bias), value),
      (DistributionLinear(weights: weights, bias: bias), value),
      (BatchNormalization(channels: c), value), (BatchNormalization(channels: c), gaussian), (Sign(), gaussian),
      (Tanh(), value), (GaussianReparameterization(), gaussian), (BernoulliReparameterization(), bernoulli),
      (Dropout(rate: 0.3), value),
    ]
    for (layer, input) in layers {
      let expected = results(layer, input, threads: 1)
      for threads in threadCounts.dropFirst() {
        for (actual, expected) in zip(results(layer, input, threads: threads), expected) {
          try requireSameBits(
            "\(type(of: layer)), \(actual.name), \(threads) threads", actual.tensor, expected: expected.tensor)
        }
      }
    }
  }

  @Test("outputs and gradients of every layer do not depend on threads")
  func threads() throws {
    try check(Float.self)
    try check(Double.self)
  }

  @Test("a layer's noise changes with seed, epoch, step and layer, and only with these")
  func streams() {
    let x = Signal<Double>.value(Tensor([10, 10], repeating: 1))
    func output(_ seed: UInt64, _ epoch: Int, _ step: Int, _ layer: Int) -> [Double] {
      let pass = LayerPass(seed: seed, epoch: epoch, step: step, block: layer, device: .single)
      return Dropout<Double>(rate: 0.5).forward(x, pass).output.value(for: "test").scalars
    }
    #expect(output(1, 1, 1, 1) == output(1, 1, 1, 1))
    let others = [output(1, 1, 1, 1), output(2, 1, 1, 1), output(1, 2, 1, 1), output(1, 1, 2, 1), output(1, 1, 1, 2)]
    #expect(Set(others).count == 5)
  }

  @Test("He's uniform initialization uses the stream's numbers within ±√(6/I), with bias 0")
  func heInitialization() {
    let stream = RandomStream(seed: 3, purpose: .initialization, layer: 2)
    let layer = Linear<Double>(inputs: 24, outputs: 50, bias: true, drawnFrom: stream, on: .single)
    let uniforms: Tensor<Double> = stream.uniform([24, 50], on: .single)
    #expect(layer.weights == uniforms.map(on: .single) { (2 * $0 - 1) * 0.5 })
    #expect(layer.bias?.scalars == Array(repeating: 0, count: 50))
  }
}
