import Layers
import Networks
import PackedInference
import RandomStreams
import Tensors
import TestSupport
import Testing
import Training
import WeightDistributions

@Suite("Network: whole networks, trained and deployed")
struct NetworkTests {
  static let labels = [0, 2, 1, 1, 0, 2]

  @Test("loss, gradients and statistics do not depend on threads", arguments: NetworkKind.allCases)
  func threads(_ kind: NetworkKind) throws {
    let network: Network<Float> = try SmallNetworks.network(kind)
    let x: Tensor<Float> = SmallNetworks.inputs(6)
    let outputs = [1, 2, 5].map {
      network.trainingOutput(x, labels: Self.labels, seed: 1, epoch: 1, step: 0, on: Device.processor(threads: $0))
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
    let x: Tensor<Float> = SmallNetworks.pixels(23, predictor.pixelScale)
    let whole = predictor.outputs(x)
    for batch in [1, 7, 22] {
      var scalars: [Float] = []
      for start in stride(from: 0, to: 23, by: batch) {
        let end = min(start + batch, 23)
        let part = Tensor<Float>([end - start, 3], Array(x.scalars[start * 3..<end * 3]))
        scalars += predictor.outputs(part).scalars
      }
      expectSame(scalars, whole.scalars, "batch \(batch)")
    }
  }

  @Test("the running averages move by 0.1 towards each batch, all layers at once, each batch by the old averages")
  func runningAverages() throws {
    var network: Network<Double> = try SmallNetworks.network(
      .discreteSign, of: SmallNetworks.experiment(dropout: 0))
    let seeds: [(Int, UInt64)] = [(6, 5), (4, 6)]

    // The same by hand, on the values of weights and pixels: what reaches each normalization under the averages as they stand.
    var expected = network.blocks.map { $0.normalization?.running }
    for (images, seed) in seeds {
      var x: Tensor<Double> = SmallNetworks.pixels(images, seed: seed, .unit)
      var seen = expected
      for (index, block) in network.blocks.enumerated() {
        for stage in block.stages {
          if let normalization = stage.layer as? BatchNormalization<Double>, let running = expected[index] {
            seen[index] = unbiased(x)
            x =
              BatchNormalization(scale: normalization.scale, shift: normalization.shift, running: running)
              .prediction(on: .single).map { $0(x, on: .single) } ?? x
          } else {
            x = stage.layer.prediction(on: .single).map { $0(x, on: .single) } ?? x
          }
        }
      }
      expected = zip(expected, seen).map { old, new in
        guard let old, let new else { return nil }
        return BatchStatistics(
          mean: zipMap(old.mean, new.mean) { 0.9 * $0 + 0.1 * $1 },
          inverseDeviation: zipMap(old.inverseDeviation, new.inverseDeviation) { 0.9 * $0 + 0.1 * $1 })
      }
    }
    network.fitRunningAverages(
      to: seeds.map { SmallNetworks.pixels($0, seed: $1, network.pixelScale) as Tensor<Double> }, on: .single)
    let actual = network.blocks.map { $0.normalization?.running }
    #expect(actual.map { $0 == nil } == [false, false, true])
    for (actual, wanted) in zip(actual, expected) {
      guard let actual, let wanted else { continue }
      for (a, b) in zip(
        actual.mean.scalars + actual.inverseDeviation.scalars, wanted.mean.scalars + wanted.inverseDeviation.scalars)
      { #expect(abs(a - b) <= 1e-12 * max(1, abs(b))) }
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

  @Test("a divergence without a prior is from the uniform distribution over each layer's own grid")
  func uniformPriors() throws {
    var method = Method()
    (method.regularizer, method.grids) = (.divergence(prior: nil), [.quinary, .ternary, .binary])
    var experiment = SmallNetworks.experiment(method: method)
    experiment.discrete.regularization = 0.75
    let network: Network<Float> = try SmallNetworks.network(.discreteSign, of: experiment)
    let divergences = network.blocks.map { $0.distribution?.divergence }
    #expect(divergences.map { $0?.weight } == [0.75, 0.75, 0.75])
    #expect(
      divergences.map { $0?.prior }
        == [Array(repeating: 0.2, count: 5), Array(repeating: 1.0 / 3, count: 3), [0.5, 0.5]])
  }

  @Test("the digest is the documented SHA-256, and one changed bit changes it")
  func digest() throws {
    func digest(_ bias: Float) throws -> String {
      try Network<Float>(
        NetworkSpecification(
          input: ImageInput(image: ImageShape(channels: 2, height: 1, width: 1), pixelMaximum: 255), architecture: "1",
          kind: .real, dropout: [0]),
        tensors: [
          "block1.linear.weights": .float(Tensor([2, 1], [1, -2])), "block1.linear.bias": .float(Tensor([1], [bias])),
        ], from: "", on: .single
      ).digest
    }
    // printf of "block1.linear.weights", shape 2, 1, floats 1, -2, "block1.linear.bias", shape 1, float 0.5, through sha256sum.
    #expect(try digest(0.5) == "97a30657582797f2bd0f0c368eadb739a1bf9f03c15666b580ed7381e620b668")
    #expect(try digest(Float(0.5).nextUp) != digest(0.5))
  }

  @Test("biases, batch normalization and, from discrete-tanh, the logits carry over")
  func carryOver() throws {
    let experiment = SmallNetworks.experiment(dropout: 0.2)
    var real: Network<Float> = try SmallNetworks.network(.real)
    real.moveRunningAverages(
      towards: real.trainingOutput(
        SmallNetworks.inputs(6), labels: Self.labels, seed: 1, epoch: 1, step: 0, on: .single
      ).statistics, on: .single)
    let tanh = try Network(
      SmallNetworks.specification(.discreteTanh, of: experiment), startingFrom: real, on: .single)
    let sign = try Network(
      SmallNetworks.specification(.discreteSignFromTanh, of: experiment), startingFrom: tanh, on: .single)
    func kept(_ network: Network<Float>, _ kinds: Set<String>) -> [Tensor<Float>] {
      network.parameters.filter { kinds.contains(String($0.name.split(separator: ".")[2])) }.map { $0.tensor }
    }
    let common: Set = ["bias", "scale", "shift", "runningMean", "runningInverseDeviation"]
    #expect(kept(real, common).count == 9)
    #expect(kept(tanh, common) == kept(real, common))
    #expect(kept(sign, common.union(["logits"])) == kept(tanh, common.union(["logits"])))
  }
}
