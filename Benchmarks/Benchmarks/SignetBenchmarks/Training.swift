import Layers
import Tensors
import Training

/// A small network of mnist's form.
private let convolutional = Experiment(
  name: "glyphs", title: "Drawn digits, convolutional", data: .glyphs, architecture: "8C5-P2-16C5-P2-64-10", batch: 50,
  real: Experiment.mnist.real, discrete: Experiment.mnist.discrete)

func registerTraining() {
  benchmark("step digits") { try step(of: .digits, on: .single) }
  benchmark("step convolutional") { try step(of: convolutional, on: .single) }
  benchmark("step mnist-pi") { try step(of: .mnistPI, on: .single) }
  benchmark("step mnist-pi 2 threads") { try step(of: .mnistPI, on: Workers(count: 2)) }

  benchmark("update mnist-pi") {
    var (network, optimizer) = try start(of: .mnistPI, on: .single)
    let (x, labels) = batch(of: .mnistPI)
    let gradients = network.trainingOutput(x, labels: labels, seed: 1, epoch: 1, step: 0, on: .single).gradients
    return { optimizer.update(&network, gradients: gradients, scale: 1, on: .single) }
  }
}

/// A discrete sign network with random weights, and its optimizer.
private func start(
  of experiment: Experiment, on workers: Workers
) throws -> (network: Network<Float>, optimizer: Optimizer<Float>) {
  let network = try Network<Float>.fresh(
    .discreteSign, of: experiment, images: experiment.data.image, seed: 1, on: workers)
  return (network, Optimizer(for: network, of: experiment, phase: experiment.discrete))
}

/// Random pixels and labels.
private func batch(of experiment: Experiment) -> (x: Tensor<Float>, labels: [Int]) {
  (
    randomTensor([experiment.batch] + experiment.data.image.shape),
    (0..<experiment.batch).map { $0 % experiment.data.classes }
  )
}

/// A training step: forward, backward, and the update of all parameters.
private func step(of experiment: Experiment, on workers: Workers) throws -> () -> Float {
  var (network, optimizer) = try start(of: experiment, on: workers)
  let (x, labels) = batch(of: experiment)
  var step = 0
  return {
    let output = network.trainingOutput(x, labels: labels, seed: 1, epoch: 1, step: step, on: workers)
    optimizer.update(&network, gradients: output.gradients, scale: 1, on: workers)
    step += 1
    return output.loss
  }
}
