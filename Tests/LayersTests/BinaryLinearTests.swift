import Layers
import Tensors
import Testing
import VerificationSuites

@Suite("Layers: binary weights")
struct BinaryLinearTests {
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
      layer.forward(.value(x), LayerProbe.pass), reference.forward(.value(x), LayerProbe.pass)
    )
    #expect(forward.output.value(for: "test") == expected.output.value(for: "test"))
    // (1 + 2 + 3 + 0.5) / 2, (−1 − 2 + 3 − 1) / 2, …
    #expect(forward.output.value(for: "test").scalars == [3.25, -0.5, 1, 0.75])
    #expect(forward.backward(.value(dy)).parameters == expected.backward(.value(dy)).parameters)
    let prediction = try #require(layer.prediction(on: .single))
    #expect(prediction(x, on: .single) == forward.output.value(for: "test"))
    // The deployed network's weights are the same signs, of 0 and −0, too.
    let discrete = try #require(layer.discreteWeights(sampledFrom: nil, on: .single))
    #expect(discrete.grid == .binary && discrete.values(on: .single) == signs)
    layer.update([Tensor([3, 2], repeating: 1), Tensor([2], repeating: 1)], on: .single) { _ in
      ParameterUpdate { parameters, gradients, elements in
        for i in 0..<elements.count { parameters[i] -= 0.5 * gradients[i] }
      }
    }
    #expect(layer.latent.weights.scalars == [0, -0.75, -0.5, -1, 0.25, -0.5])
    #expect(layer.latent.bias?.scalars == [0, -1.5])
  }
}
