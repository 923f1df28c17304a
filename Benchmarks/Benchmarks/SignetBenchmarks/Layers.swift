import Layers
import RandomStreams
import Tensors
import WeightDistributions

private let pass = LayerPass(seed: 1, epoch: 1, step: 0, block: 0, device: .single)

/// What mnist's first convolution gives for sixteen images.
private let images = [16, 32, 28, 28]

func registerLayers() {
  // mnist-pi's second layer.
  benchmark("linear of distributions forward") {
    let (layer, x) = (ternaryLinear(), Signal.bernoulli(mean: randomTensor([100, 1200])))
    return { layer.forward(x, pass).output }
  }
  benchmark("linear of distributions backward") {
    let forward = ternaryLinear().forward(.bernoulli(mean: randomTensor([100, 1200])), pass)
    let gradient = gaussian([100, 1200])
    return { forward.backward(gradient) }
  }

  benchmark("batch normalization of Gaussians") {
    bothPasses(BatchNormalization(channels: images[1]), gaussian(images), gradient: gaussian(images))
  }
  benchmark("sign of Gaussians") {
    bothPasses(Sign(), gaussian(images), gradient: .bernoulli(mean: randomTensor(images)))
  }
  benchmark("Bernoulli reparameterization") {
    bothPasses(
      BernoulliReparameterization(), .bernoulli(mean: randomTensor(images)), gradient: .value(randomTensor(images)))
  }
  benchmark("maximum of Gaussians") {
    bothPasses(Pooling(.max), gaussian(images), gradient: gaussian([16, 32, 14, 14]))
  }
  benchmark("softmax cross-entropy") {
    let (x, labels) = (randomTensor([100, 100]), Array(0..<100))
    return { SoftmaxCrossEntropy(outputs: x, labels: labels, on: .single) }
  }
}

private func ternaryLinear() -> DistributionLinear<Float> {
  let stream = RandomStream(seed: 1, purpose: .initialization)
  return DistributionLinear(
    weights: WeightDistribution(grid: .ternary, drawnFrom: stream, shape: [1200, 1200], on: .single), bias: nil)
}

/// Means in (−1, 1), variances in [0, 1).
private func gaussian(_ shape: Shape) -> Signal<Float> {
  .gaussian(mean: randomTensor(shape), variance: randomTensor(shape, 1).map(on: .single) { abs($0) })
}

/// A layer's forward pass and its backward pass, together.
private func bothPasses(
  _ layer: some Layer<Float>, _ input: Signal<Float>, gradient: Signal<Float>
) -> () -> Backward<Float> {
  { layer.forward(input, pass).backward(gradient) }
}
