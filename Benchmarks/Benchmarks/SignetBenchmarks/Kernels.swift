import RandomStreams
import Tensors

func registerKernels() {
  // mnist-pi's first layer.
  benchmark("matrix product 100×784×1200") {
    let (x, weights) = (randomTensor([100, 784]), randomTensor([784, 1200], 1))
    return { Tensor.product(x, weights, on: .single) }
  }
  benchmark("matrix product 784×100×1200 transposed") {
    let (x, dy) = (randomTensor([100, 784]), randomTensor([100, 1200], 1))
    return { Tensor.product(x, dy, transposing: .first, on: .single) }
  }

  // mnist's second layer, of a tenth of a batch.
  let convolution = Convolution(kernel: 5, padding: .same)
  benchmark("convolution 5×5") {
    let (x, weights) = (randomTensor([10, 32, 14, 14]), randomTensor([800, 64], 1))
    return { convolution(x, weights, on: .single) }
  }
  benchmark("convolution 5×5 weight gradient") {
    let (x, dy) = (randomTensor([10, 32, 14, 14]), randomTensor([10, 64, 14, 14], 1))
    return { convolution.weightGradient(x, dy, on: .single) }
  }

  for function in [ElementaryFunction.exp, .log, .erf, .tanh] {
    benchmark(function.rawValue) {
      let x = randomTensor([1 << 21]).map(on: .single) { 4 * abs($0) }
      return { x.applying(function, on: .single) }
    }
  }
  benchmark("normal numbers") {
    let stream = RandomStream(seed: 1, purpose: .fixture)
    return { stream.normal([1 << 18], on: .single) as Tensor<Float> }
  }
}
