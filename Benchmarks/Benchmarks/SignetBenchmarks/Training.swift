import Datasets
import Layers
import Networks
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
  benchmark("step mnist-pi 2 threads") { try step(of: .mnistPI, on: Device.processor(threads: 2)) }

  benchmark("update mnist-pi") {
    var (network, optimizer) = try start(of: .mnistPI, on: .single)
    let batch = batch(of: .mnistPI)
    let gradients = network.trainingOutput(batch.inputs, labels: batch.labels, seed: 1, epoch: 1, step: 0, on: .single)
      .gradients
    return { optimizer.update(&network, gradients: gradients, scale: 1, on: .single) }
  }
}

/// A discrete sign network with random weights, and its optimizer.
private func start(
  of experiment: Experiment, on device: Device
) throws -> (network: Network<Float>, optimizer: Optimizer<Float>) {
  let network = try Network<Float>(
    experiment.specification(of: .discreteSign, input: data(of: experiment).train.input), seed: 1, on: device)
  return (network, Optimizer(for: network, of: experiment, phase: experiment.discrete))
}

/// Random pixels, one batch of them.
private func data(of experiment: Experiment) -> Dataset {
  .random(like: experiment.data, images: experiment.batch, seed: 1)
}

private func batch(of experiment: Experiment) -> (inputs: Tensor<Float>, labels: [Int]) {
  data(of: experiment).train.batch(Array(0..<experiment.batch)[...], nil, seed: 1, epoch: 1, step: 0)
}

/// A training step: forward, backward, and the update of all parameters.
private func step(of experiment: Experiment, on device: Device) throws -> () -> Float {
  let network = try start(of: experiment, on: device).network
  let (data, batch) = (data(of: experiment), batch(of: experiment))
  // The same images so often that one epoch has more batches than a measurement takes steps.
  let images = data.train.selecting((0..<10_000 * experiment.batch).map { $0 % experiment.batch })
  let long = Dataset(name: data.name, train: images, validation: data.validation, test: data.test)
  var run = TrainingRun(experiment, network, data: long, seed: 1, device: device)
  return {
    do {
      return Float(try run.step(on: batch.inputs, labels: batch.labels).batchLoss)
    } catch {
      fatalError("\(error)")
    }
  }
}
