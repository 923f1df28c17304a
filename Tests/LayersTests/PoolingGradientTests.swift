import Layers
import RandomStreams
import Tensors
import Testing
import Verification
import VerificationSuites

@Suite("Layers: gradients of pooling and dropout of distributions at edges")
struct PoolingGradientTests {
  @Test("no input gradient is computed where none is needed")
  func firstLayer() throws {
    let pass = LayerPass(seed: 1, epoch: 0, step: 0, block: 0, needsInputGradient: false, device: .single)
    let layers: [any Layer<Double>] = [
      Pooling(.max), Pooling(.average), Pooling(.sum), Dropout(rate: 0.5),
    ]
    for layer in layers {
      for input: Signal<Double> in probeSignals([2, 1, 3, 5]) {
        let forward = layer.forward(input, pass)
        #expect(forward.backward(forward.output).input == nil)
      }
    }
    let sign = StraightThroughSign<Double>().forward(.value(probeNumbers([2, 3])), pass)
    #expect(sign.backward(sign.output).input == nil)
  }

  private func edges<Scalar: TensorScalar>(_: Scalar.Type) throws {
    let saturated = Tensor<Scalar>(
      [2, 1, 2, 4], [1, -1, 1, -1, Scalar(1).nextDown, Scalar(-1).nextUp, 0, 1, 1, 1, 1, 1, -1, -1, -1, -1])
    let zero = Tensor<Scalar>([2, 1, 2, 4], repeating: 0)
    let layers: [any Layer<Scalar>] = [
      Pooling(.max), Pooling(.average), Pooling(.sum), Dropout(rate: 0.4),
      BernoulliReparameterization(estimator: .straightThrough),
    ]
    for layer in layers {
      var inputs: [Signal<Scalar>] = [.bernoulli(mean: saturated)]
      if !(layer is BernoulliReparameterization<Scalar>) {
        inputs += [.gaussian(mean: saturated, variance: zero), .gaussian(mean: zero, variance: zero)]
      }
      for input in inputs {
        let forward = layer.forward(input, GoldenCase.pass)
        let ones = forward.output.replacing { _, x in Tensor(x.shape, repeating: 1) }
        let gradient = try #require(forward.backward(ones).input)
        for (name, tensor) in forward.output.named + gradient.named {
          #expect(tensor.scalars.allSatisfy { $0.isFinite }, "\(layer), \(name): \(tensor.scalars)")
        }
      }
    }
  }

  @Test("certain ±1 and zero variances give finite outputs and gradients")
  func edges() throws {
    try edges(Float.self)
    try edges(Double.self)
  }
}
