import Layers
import RandomStreams
import Tensors
import Testing
import Training
import WeightDistributions

@Suite("Network: whole networks, forward, backward and deployed")
struct NetworkTests {
  static let labels = [0, 2, 1, 1, 0, 2]

  /// A network whose sampled loss is a smooth function of its parameters, since its noise is keyed.
  struct Smooth: CustomStringConvertible, Sendable {
    let kind: NetworkKind
    var architecture = SmallNetworks.dense
    var method = Method()
    var note = ""
    /// Logits, weights, biases, scales and shifts.
    let parameters: Int

    var description: String { "\(kind.rawValue) \(architecture) \(note)" }

    init(
      _ kind: NetworkKind, _ architecture: Architecture = SmallNetworks.dense, _ note: String = "", parameters: Int,
      _ change: (inout Method) -> Void = { _ in }
    ) {
      (self.kind, self.architecture, self.note, self.parameters) = (kind, architecture, note, parameters)
      change(&method)
    }

    static var all: [Smooth] {
      let (dense, convolutional) = (SmallNetworks.dense, SmallNetworks.convolutional)
      // Weights of the two architectures: 3·5 + 5·4 + 4·3, 18·3 + 6·4 + 4·3; the rest are 9 and 7 channels and 3 biases.
      func count(_ weights: Int, of architecture: Architecture = SmallNetworks.dense) -> Int {
        architecture == SmallNetworks.dense ? weights * 47 + 2 * 9 + 3 : weights * 90 + 2 * 7 + 3
      }
      let pooled: Architecture = "3C3-A2-4-3"
      let summed: Architecture = "3C3-S2-4-3"
      return [
        Smooth(.real, parameters: count(1)),
        Smooth(.discreteTanh, parameters: count(3)),
        Smooth(.discreteSign, parameters: count(3)),
        Smooth(.discreteSignFromTanh, parameters: count(3)),
        Smooth(.real, convolutional, parameters: count(1, of: convolutional)),
        Smooth(.discreteTanh, convolutional, parameters: count(3, of: convolutional)),
        Smooth(.discreteSign, convolutional, parameters: count(3, of: convolutional)),
        Smooth(.discreteSign, pooled, parameters: count(3, of: pooled)),
        Smooth(.discreteSign, summed, parameters: count(3, of: summed)),
        Smooth(.discreteTanh, pooled, parameters: count(3, of: pooled)),
        Smooth(.discreteSign, dense, "sampling at the output", parameters: count(3)) { $0.sampling = .output },
        Smooth(.discreteSign, dense, "no sampling", parameters: count(3)) { $0.sampling = .nowhere },
        Smooth(.discreteTanh, dense, "no sampling", parameters: count(3)) { $0.sampling = .nowhere },
        Smooth(.discreteSign, convolutional, "sampling at the output", parameters: count(3, of: convolutional)) {
          $0.sampling = .output
        },
        Smooth(.discreteSign, convolutional, "no sampling", parameters: count(3, of: convolutional)) {
          $0.sampling = .nowhere
        },
        Smooth(.discreteSign, dense, "temperature 0.5", parameters: count(3)) { $0.temperature = 0.5 },
        Smooth(.discreteSign, dense, "squared hinge", parameters: count(3)) { $0.loss = .squaredHinge },
        Smooth(.discreteSign, dense, "binary", parameters: count(2)) { $0.grids = [.binary] },
        Smooth(.discreteSign, dense, "quaternary", parameters: count(4)) { $0.grids = [.quaternarySymmetric] },
        Smooth(.discreteSign, dense, "quinary, hierarchical", parameters: count(4)) {
          ($0.grids, $0.parameterization) = ([.quinary], .hierarchical)
        },
        Smooth(.discreteTanh, dense, "hierarchical, expectation rule", parameters: count(2)) {
          ($0.parameterization, $0.initialization) = (.hierarchical, .expectation)
        },
        Smooth(.discreteSign, convolutional, "zero-anchored, random", parameters: count(2, of: convolutional)) {
          ($0.parameterization, $0.initialization) = (.zeroAnchored, .random)
        },
        Smooth(.discreteSign, dense, "a grid a layer", parameters: 2 * 15 + 5 * 20 + 3 * 12 + 2 * 9 + 3) {
          $0.grids = [.binary, .quinary, .ternary]
        },
      ]
    }
  }

  @Test("the sampled loss's gradient by every parameter is its central difference", arguments: Smooth.all)
  func gradients(_ example: Smooth) throws {
    let experiment = SmallNetworks.experiment(example.architecture, method: example.method)
    let network: Network<Double> = try SmallNetworks.network(example.kind, of: experiment)
    let x: Tensor<Double> = SmallNetworks.inputs(6, for: example.architecture)
    func loss(_ network: Network<Double>) -> Double {
      network.trainingOutput(x, labels: Self.labels, seed: 9, epoch: 2, step: 1, on: .single).loss
    }
    let output = network.trainingOutput(x, labels: Self.labels, seed: 9, epoch: 2, step: 1, on: .single)
    var checked = 0
    for (index, layer) in network.layers.enumerated() {
      for (parameter, analytic) in parameterGradients(layer, output.gradients[index]).enumerated() {
        for element in 0..<analytic.count {
          // Fourth order: (8 (f(h) − f(−h)) − (f(2h) − f(−2h))) / 12h.
          let h = 1e-3
          let f = [h, -h, 2 * h, -2 * h].map { loss(moved(network, index, parameter, element, by: $0)) }
          let numeric = (8 * (f[0] - f[1]) - (f[2] - f[3])) / (12 * h)
          let error = abs(numeric - analytic[element]) / max(1e-2, abs(numeric))
          #expect(
            error <= 1e-6,
            "\(example), layer \(index) parameter \(parameter)[\(element)]: \(analytic[element]), numeric \(numeric)")
          checked += 1
        }
      }
    }
    #expect(checked == example.parameters, "parameters checked: \(checked)")
  }

  /// Gradients by the trained parameters themselves: of weight distributions by the logits.
  private func parameterGradients(_ layer: any Layer<Double>, _ gradients: [Tensor<Double>]) -> [[Double]] {
    guard let dense = layer as? DistributionLinear<Double> else { return gradients.map(\.scalars) }
    let logits = dense.weights.logitGradient(mean: gradients[0], variance: gradients[1], on: .single)
    return [logits.scalars] + gradients.dropFirst(2).map(\.scalars)
  }

  private func moved(
    _ network: Network<Double>, _ layer: Int, _ parameter: Int, _ element: Int, by step: Double
  ) -> Network<Double> {
    var network = network
    let trained = network.layers[layer].parameters.filter { $0.kind != .statistic }
    // Zero gradients of the shapes that the layer expects; the rule itself moves the one element.
    let isDistribution = network.layers[layer] is DistributionLinear<Double>
    var gradients = trained.map { Tensor<Double>($0.tensor.shape, repeating: 0) }
    if isDistribution {
      let weights = Tensor<Double>(Array(trained[0].tensor.shape.dropFirst()), repeating: 0)
      gradients = [weights, weights] + gradients.dropFirst()
    }
    network.layers[layer].update(gradients, on: .single) { index in
      { parameters, _, elements in
        if index == parameter && elements.contains(element) { parameters[element - elements.lowerBound] += step }
      }
    }
    return network
  }

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
