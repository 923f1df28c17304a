import Layers
import RandomStreams
import Tensors
import Testing
import Training
import WeightDistributions

@Suite("Network: whole networks, trained and deployed")
struct NetworkTests {
  static let labels = [0, 2, 1, 1, 0, 2]

  @Test("threads change no bit of loss, gradients and statistics", arguments: NetworkKind.allCases)
  func threads(_ kind: NetworkKind) throws {
    let network: Network<Float> = try SmallNetworks.network(kind)
    let x: Tensor<Float> = SmallNetworks.inputs(6)
    let outputs = [1, 2, 5].map {
      network.trainingOutput(x, labels: Self.labels, seed: 1, epoch: 1, step: 0, on: Workers(count: $0))
    }
    for output in outputs.dropFirst() {
      #expect(output.loss == outputs[0].loss)
      #expect(output.gradients == outputs[0].gradients)
      #expect(output.statistics == outputs[0].statistics)
    }
  }

  @Test("a deployed network's outputs do not depend on the batch", arguments: NetworkKind.allCases)
  func batches(_ kind: NetworkKind) throws {
    let predictor = Predictor<Float>(try SmallNetworks.network(kind), on: .single)
    let x: Tensor<Float> = SmallNetworks.inputs(23)
    let whole = predictor.outputs(x)
    for batch in [1, 7, 22] {
      var scalars: [Float] = []
      for start in stride(from: 0, to: 23, by: batch) {
        let end = min(start + batch, 23)
        let part = Tensor<Float>([end - start, 3], Array(x.scalars[start * 3..<end * 3]))
        scalars += predictor.outputs(part).scalars
      }
      #expect(scalars == whole.scalars, "batch \(batch)")
    }
  }

  @Test("a deployed discrete-sign network has ternary weights and ±1 activations")
  func deployed() throws {
    let network: Network<Float> = try SmallNetworks.network(.discreteSign)
    var x: Tensor<Float> = SmallNetworks.inputs(6)
    var signs = 0
    for layer in network.layers {
      guard let step = layer.prediction(on: .single) else { continue }
      if case .linear(_, let weights, _, _) = step {
        #expect(weights.scalars.allSatisfy { [-1, 0, 1].contains($0) })
      }
      x = step(x, on: .single)
      if case .sign = step {
        signs += 1
        #expect(x.scalars.allSatisfy { abs($0) == 1 })
      }
    }
    #expect(signs == 2)
  }

  @Test("the running averages move by 0.1 towards each batch, all layers at once, each batch by the old averages")
  func runningAverages() throws {
    var network: Network<Double> = try SmallNetworks.network(
      .discreteSign, of: SmallNetworks.experiment(dropout: 0))
    let batches: [Tensor<Double>] = [SmallNetworks.inputs(6, seed: 5), SmallNetworks.inputs(4, seed: 6)]
    let indices = network.layers.indices.filter { network.layers[$0] is BatchNormalization<Double> }
    try #require(indices.count == 2)

    // The same by hand: the values that reach each normalization under the averages as they stand.
    var expected = network
    for x in batches {
      var (x, seen) = (x, [Int: BatchStatistics<Double>]())
      for (index, layer) in expected.layers.enumerated() {
        if indices.contains(index) { seen[index] = unbiased(x) }
        x = layer.prediction(on: .single).map { $0(x, on: .single) } ?? x
      }
      for (index, batch) in seen {
        var layer = try #require(expected.layers[index] as? BatchNormalization<Double>)
        layer.running.mean = zipMap(layer.running.mean, batch.mean) { 0.9 * $0 + 0.1 * $1 }
        layer.running.inverseDeviation =
          zipMap(layer.running.inverseDeviation, batch.inverseDeviation) { 0.9 * $0 + 0.1 * $1 }
        expected.layers[index] = layer
      }
    }
    network.fitRunningAverages(to: batches, on: .single)
    for index in indices {
      let actual = try #require(network.layers[index] as? BatchNormalization<Double>).running
      let wanted = try #require(expected.layers[index] as? BatchNormalization<Double>).running
      for (a, b) in zip(
        actual.mean.scalars + actual.inverseDeviation.scalars, wanted.mean.scalars + wanted.inverseDeviation.scalars)
      { #expect(abs(a - b) <= 1e-13 * max(1, abs(b))) }
    }
  }

  private func zipMap(_ a: Tensor<Double>, _ b: Tensor<Double>, _ f: (Double, Double) -> Double) -> Tensor<Double> {
    Tensor(a.shape, zip(a.scalars, b.scalars).map(f))
  }

  /// Mean and `1 / √(s² + 1e-8)` with `s²` over `n − 1`, as a textbook has it.
  private func unbiased(_ x: Tensor<Double>) -> BatchStatistics<Double> {
    let columns = (0..<x.columns).map { j in (0..<x.rows).map { x[$0, j] } }
    let means = columns.map { $0.reduce(0, +) / Double($0.count) }
    let deviations = zip(columns, means).map { column, mean in
      let variance = column.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(column.count - 1)
      return 1 / (variance + 1e-8).squareRoot()
    }
    return BatchStatistics(mean: Tensor([x.columns], means), inverseDeviation: Tensor([x.columns], deviations))
  }

  @Test("the digest is the documented SHA-256, and one changed bit changes it")
  func digest() throws {
    let weights = Tensor<Float>([2, 1], [1, -2])
    func network(_ bias: Float) -> Network<Float> {
      Network(kind: .real, layers: [Tanh<Float>(), Linear(weights: weights, bias: Tensor([1], [bias]))])
    }
    // printf of "1.weights", shape 2, 1, floats 1, -2, "1.bias", shape 1, float 0.5, through sha256sum.
    #expect(network(0.5).digest == "eb5cd7e1a6dd97294659e86776781733603d60c8051cb2910d27a1b7f8c16e89")
    #expect(network(Float(0.5).nextUp).digest != network(0.5).digest)
  }

  @Test("biases, batch normalization and, from discrete-tanh, the logits carry over")
  func carryOver() throws {
    let experiment = SmallNetworks.experiment(dropout: 0.2)
    var real: Network<Float> = try SmallNetworks.network(.real)
    real.moveRunningAverages(
      towards: real.trainingOutput(
        SmallNetworks.inputs(6), labels: Self.labels, seed: 1, epoch: 1, step: 0, on: .single
      ).statistics)
    let tanh = real.starting(.discreteTanh, of: experiment, on: .single)
    let sign = tanh.starting(.discreteSignFromTanh, of: experiment, on: .single)
    func kept(_ network: Network<Float>, _ kinds: Set<String>) -> [Tensor<Float>] {
      network.layers.flatMap { $0.parameters }.filter { kinds.contains($0.name) }.map { $0.tensor }
    }
    let common: Set = ["bias", "scale", "shift", "runningMean", "runningInverseDeviation"]
    #expect(kept(real, common).count == 9)
    #expect(kept(tanh, common) == kept(real, common))
    #expect(kept(sign, common.union(["logits"])) == kept(tanh, common.union(["logits"])))
  }
}
