import Layers
import Networks
import Tensors
import TestSupport
import Testing
import Training
import Verification
import VerificationSuites
import WeightDistributions

/// Faults in whole networks, which no check of a single layer could see, or which one layer brings into all before it.
@Suite("Gradients of whole networks, by planted faults")
struct NetworkFaultTests {
  /// The finding is of a kind, and says some words.
  typealias Fault = Planted<NetworkProbe, NetworkProbe.Corruption, (kind: GradientFault.Kind, words: String)>

  private static let tanh = NetworkProbe(.discreteTanh, "3-3-3")
  private static let sign = NetworkProbe(.discreteSign, "3-3-3")
  private static let diverging = NetworkProbe(.discreteSign, "3-3-3", "divergence") {
    $0.regularizer = .divergence(prior: [0.2, 0.5, 0.3])
  }
  private static let real = NetworkProbe(.real, "3-3-3")

  static let faults = noise + gradients + layers

  private static var noise: [Fault] {
    [
      Fault("noise drawn anew in every pass", sign, .notRepeatable, saying: "outputs: ") {
        $0.step = { _, passes in passes }
      },
      Fault(
        "other noise in the backward pass than in the differences", sign, saying: "∂output[0]/∂block1.linear.logits"
      ) {
        $0.step = { isForward, _ in isForward ? 1 : 2 }
      },
      Fault("noise drawn anew in every backward pass", tanh, .notRepeatable, saying: "block1.linear.logits") {
        $0.step = { isForward, passes in isForward ? 1 : passes }
      },
    ]
  }

  private static func scaled(_ x: Tensor<Double>, _ factor: Double) -> Tensor<Double> {
    x.map(on: .single) { $0 * factor }
  }

  private static var gradients: [Fault] {
    [
      Fault("a layer's gradient left out", sign, saying: "∂output[0]/∂block2.linear.logits") {
        $0.gradients = { $1[1][.linear] = $1[1][.linear]?.map { scaled($0, 0) } }
      },
      Fault("the last bias' gradient left out", sign, saying: "∂output[0]/∂block3.linear.bias") {
        $0.gradients = { $1[2][.linear] = $1[2][.linear].map { [$0[0], scaled($0[1], 0)] } }
      },
      Fault("gradients of two layers swapped", sign, saying: "∂output[0]/∂block1.linear.logits") {
        $0.gradients = { ($1[0][.linear], $1[1][.linear]) = ($1[1][.linear], $1[0][.linear]) }
      },
      Fault("gradients of two batch normalizations swapped", tanh, saying: "∂output[0]/∂block1.normalization.scale") {
        $0.gradients = {
          ($1[0][.normalization], $1[1][.normalization]) = ($1[1][.normalization], $1[0][.normalization])
        }
      },
      Fault("the divergence's sign", diverging, saying: "∂output[0]/∂block1.linear.logits") {
        $0.gradients = { addDivergence(of: $0, times: -2, to: &$1) }
      },
      Fault("the divergence left out", diverging, saying: "∂output[0]/∂block1.linear.logits") {
        $0.gradients = { addDivergence(of: $0, times: -1, to: &$1) }
      },
    ]
  }

  /// Adds the gradient of the divergence, times a factor.
  private static func addDivergence(
    of network: Network<Double>, times factor: Double, to gradients: inout [Block<Double>.Gradients]
  ) {
    for (index, block) in network.blocks.enumerated() {
      guard let layer = block.distribution else { continue }
      let zero = Tensor<Double>(layer.weights.mean.shape, repeating: 0)
      let part = layer.weights.logitGradient(mean: zero, variance: zero, divergence: layer.divergence, on: .single)
      gradients[index][.linear] = gradients[index][.linear].map {
        [$0[0].map(with: part, on: .single) { $0 + factor * $1 }] + $0.dropFirst()
      }
    }
  }

  private static var layers: [Fault] {
    [
      Fault("batch statistics taken as constants, of values", real, saying: "∂output[0]/∂block1.linear.weights") {
        $0.network = { $0.replaceLayers { ($0 as? BatchNormalization<Double>).map { FixedStatistics(layer: $0) } } }
      },
      Fault("batch statistics taken as constants, of Gaussians", sign, saying: "∂output[0]/∂block1.linear.logits") {
        $0.network = { $0.replaceLayers { ($0 as? BatchNormalization<Double>).map { FixedStatistics(layer: $0) } } }
      },
      Fault("tanh's derivative at the input, not the output", tanh, saying: "∂output[0]/∂block1.linear.logits") {
        $0.network = { $0.replaceLayers { $0 is Tanh<Double> ? InputTanh() : nil } }
      },
      Fault("samples without their gradient by the variance", tanh, saying: "∂output[0]/∂block1.linear.logits") {
        $0.network = {
          $0.replaceLayers { $0 is GaussianReparameterization<Double> ? MeanReparameterization() : nil }
        }
      },
      Fault("straight-through samples for relaxed ones", sign, saying: "∂output[0]/∂block1.linear.logits") {
        $0.network = {
          $0.replaceLayers {
            $0 is BernoulliReparameterization<Double>
              ? BernoulliReparameterization<Double>(estimator: .straightThrough) : nil
          }
        }
      },
    ]
  }

  @Test("a planted fault is found in the network, and named", arguments: faults)
  func fault(_ fault: Fault) throws {
    #expect(try fault.place.check().fault(within: .networkGradient) == nil, "the network itself fails")
    var corruption = NetworkProbe.Corruption()
    fault.plant(&corruption)
    let found = try #require(try fault.place.check(corrupting: corruption).fault(within: .networkGradient))
    #expect(found.kind == fault.finding.kind && found.description.contains(fault.finding.words), "\(found)")
  }

  @Test("each fault is planted once")
  func names() { #expect(Set(Self.faults.map(\.what)).count == Self.faults.count) }
}

extension Network<Double> {
  fileprivate mutating func replaceLayers(_ replacement: (any Layer<Double>) -> (any Layer<Double>)?) {
    for block in blocks.indices {
      for stage in blocks[block].stages.indices {
        guard let layer = replacement(blocks[block].stages[stage].layer) else { continue }
        blocks[block].stages[stage].layer = layer
      }
    }
  }
}

/// Batch normalization whose backward pass takes `m̄` and `r` for constants.
private struct FixedStatistics: Layer {
  let layer: BatchNormalization<Double>

  func forward(_ input: Signal<Double>, _ pass: LayerPass) -> Forward<Double> {
    let forward = layer.forward(input, pass)
    return Forward(forward.output, statistics: forward.statistics) { gradient in
      let channels = layer.scale.count
      let factor = (0..<channels).map {
        layer.scale.scalars[$0] * (forward.statistics?.inverseDeviation.scalars[$0] ?? 0)
      }
      let through = gradient.replacing { name, g in
        let pixels = g.columns / channels
        return Tensor(
          g.shape,
          g.scalars.enumerated().map { index, g in
            let factor = factor[index / pixels % channels]
            return g * (name == "variance" ? factor * factor : factor)
          })
      }
      return Backward(input: through, parameters: forward.backward(gradient).parameters)
    }
  }

  func prediction(on device: Device) -> PredictionStep<Double>? { layer.prediction(on: device) }
  var parameters: [Parameter<Double>] { layer.parameters }
}

/// Tanh whose derivative is `1 − x²`.
private struct InputTanh: Layer {
  func forward(_ input: Signal<Double>, _ pass: LayerPass) -> Forward<Double> {
    Forward(Tanh<Double>().forward(input, pass).output) { gradient in
      let x = input.value(for: "test")
      return Backward(input: gradient.replacing { _, g in g.map(with: x, on: .single) { $0 * (1 - $1 * $1) } })
    }
  }

  func prediction(on device: Device) -> PredictionStep<Double>? { nil }
}

/// The reparameterization of a Gaussian whose noise is taken not to depend on the variance.
private struct MeanReparameterization: Layer {
  func forward(_ input: Signal<Double>, _ pass: LayerPass) -> Forward<Double> {
    let forward = GaussianReparameterization<Double>().forward(input, pass)
    return Forward(forward.output) { gradient in
      let dx = gradient.value(for: "test")
      return Backward(input: .gaussian(mean: dx, variance: Tensor(dx.shape, repeating: 0)))
    }
  }

  func prediction(on device: Device) -> PredictionStep<Double>? { nil }
}

extension Planted where Place == NetworkProbe, Finding == (kind: GradientFault.Kind, words: String) {
  fileprivate init(
    _ what: String, _ probe: NetworkProbe, _ kind: GradientFault.Kind = .value, saying words: String,
    _ plant: @escaping @Sendable (inout Subject) -> Void
  ) {
    self.init(what, in: probe, finding: (kind, words), plant)
  }
}
