import Layers
import Tensors
import Testing
import Verification
import VerificationSuites
import WeightDistributions

@Suite("Layers: the steps of the deployed network")
struct PredictionTests {
  private func predict(_ layer: any Layer<Float>, _ x: Tensor<Float>) throws -> Tensor<Float> {
    let step = try #require(layer.prediction(on: .single))
    return step(x, on: .single)
  }

  @Test("the sign of 0 and of −0 is +1")
  func sign() throws {
    let least = Float.leastNonzeroMagnitude
    let x = Tensor<Float>([1, 8], [0, -0.0, 1, -1, least, -least, .infinity, -.infinity])
    #expect(try predict(Sign(), x).scalars == [1, 1, 1, -1, 1, -1, 1, -1])
  }

  @Test("a dense layer multiplies and adds its bias")
  func dense() throws {
    let layer = Linear<Float>(weights: Tensor([2, 3], [1, 2, 3, 4, 5, 6]), bias: Tensor([3], [0.5, -1, 0]))
    // (1, −1) W = (−3, −3, −3).
    #expect(try predict(layer, Tensor([1, 2], [1, -1])) == Tensor([1, 3], [-2.5, -4, -3]))
  }

  @Test("a distribution's dense layer takes its most probable weights; the last adds its bias and divides by √(I + 1)")
  func distributionDense() throws {
    // I = 3, O = 1: weights 1, 0, −1.
    let logits = Tensor<Float>([3, 3, 1], [0, 0, 2, 0, 2, 0, 2, 0, 0])
    let weights = WeightDistribution(grid: .ternary, logits: logits, on: .single)
    let x = Tensor<Float>([1, 3], [5, 7, 2])
    #expect(try predict(DistributionLinear(weights: weights, bias: nil), x) == Tensor([1, 1], [3]))
    // (3 + 4) / √4.
    #expect(try predict(DistributionLinear(weights: weights, bias: Tensor([1], [4])), x) == Tensor([1, 1], [3.5]))
  }

  @Test("batch normalization uses the running averages")
  func normalization() throws {
    let layer = BatchNormalization<Float>(
      scale: Tensor([2], [2, -1]), shift: Tensor([2], [0.5, 3]),
      running: BatchStatistics(mean: Tensor([2], [1, -2]), inverseDeviation: Tensor([2], [4, 0.5])))
    // (2 − 1) · 4 · 2 + 0.5, (2 + 2) · 0.5 · −1 + 3.
    #expect(try predict(layer, Tensor([1, 2], [2, 2])) == Tensor([1, 2], [8.5, 1]))
    #expect(try predict(BatchNormalization(channels: 2), Tensor([1, 2], [2, -3])) == Tensor([1, 2], [2, -3]))
  }

  @Test("dropout multiplies by the share it keeps, tanh stays as it is, and sampling is not a step")
  func others() throws {
    #expect(try predict(Dropout(rate: 0.25), Tensor([1, 2], [4, -8])) == Tensor([1, 2], [3, -6]))
    #expect(try predict(Tanh(), Tensor([1, 2], [0, 100])) == Tensor([1, 2], [0, 1]))
    #expect(GaussianReparameterization<Float>().prediction(on: .single) == nil)
    #expect(BernoulliReparameterization<Float>().prediction(on: .single) == nil)
  }

  @Test("statistics of values: biased or unbiased variance")
  func statistics() {
    let x = Tensor<Double>([4, 1], [1, 3, 5, 7])
    let biased = BatchStatistics(of: x, correction: 0, on: .single)
    #expect(biased.mean.scalars == [4] && biased.inverseDeviation.scalars == [1 / (5 + 1e-8).squareRoot()])
    let unbiased = BatchStatistics(of: x, correction: 1, on: .single)
    #expect(unbiased.inverseDeviation.scalars == [1 / (20.0 / 3 + 1e-8).squareRoot()])
  }

  @Test("the column of the largest output, the lowest at a tie")
  func rowArgmax() {
    #expect(Tensor<Float>([3, 3], [1, 2, 3, 2, 2, 1, 0, -1, 0]).rowArgmax == [2, 0, 0])
    #expect(Tensor<Float>([2, 1], [1, -1]).rowArgmax == [0, 0])
  }
}
