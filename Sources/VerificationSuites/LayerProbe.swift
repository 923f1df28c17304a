import Layers
import Tensors
import Verification
import WeightDistributions

/// Something whose gradients are compared with difference quotients.
package protocol GradientProbe: Sendable {
  /// The probe's name, which no other probe has.
  var name: String { get }
  /// The layer, or whatever else is probed: a row of the suite's table.
  var subject: String { get }
  func check() throws -> GradientCheck
  /// The tolerance for the gradients.
  var tolerance: Tolerance { get }
}

extension GradientProbe {
  package var tolerance: Tolerance { .gradient }
}

/// A layer as a function of named tensors: its input first, then its parameters.
package struct LayerProbe: GradientProbe {
  package let name: String
  package let input: Signal<Double>
  package let parameters: [GradientCheck.Variable]
  /// Makes the layer with the given parameters.
  package let layer: @Sendable ([Tensor<Double>]) -> any Layer<Double>
  /// Turns a layer's gradients into those of `parameters`.
  package var parameterGradients: @Sendable (any Layer<Double>, [Tensor<Double>]) -> [Tensor<Double>] = { $1 }

  /// What a planted fault can see and change: the layer, its input, the incoming gradients and those that the layer returns.
  package struct Step {
    package let layer: any Layer<Double>
    package let input: Signal<Double>
    package let forward: Forward<Double>
    package let cotangent: Signal<Double>
    /// The gradients with respect to the input's tensors.
    package var inputs: [Tensor<Double>]
    /// The gradients with respect to the layer's parameters, before `parameterGradients`.
    package var parameters: [Tensor<Double>]
  }

  package static let pass = LayerPass(seed: 99, epoch: 1, step: 2, block: 3, device: .single)

  package init(
    _ name: String, _ input: Signal<Double>, _ parameters: [(name: String, tensor: Tensor<Double>)] = [],
    _ layer: @escaping @Sendable ([Tensor<Double>]) -> any Layer<Double>
  ) {
    self.name = name
    self.input = input
    self.layer = layer
    let sample = layer(parameters.map(\.tensor))
    self.parameters = parameters.map { .init($0.name, $0.tensor, hint: gradientHint(sample, $0.name)) }
  }

  /// The layer's type.
  package var subject: String { layerName(layer(parameters.map(\.tensor))) }

  package func check() -> GradientCheck { check { _ in } }

  /// The check of this layer's gradients after `fault` has corrupted them.
  package func check(corrupting fault: @escaping (inout Step) -> Void) -> GradientCheck {
    let sample = layer(parameters.map(\.tensor))
    let inputs = input.named.map { GradientCheck.Variable($0.name, $0.tensor, hint: gradientHint(sample, $0.name)) }
    let count = inputs.count
    func run(_ values: [Tensor<Double>]) -> (any Layer<Double>, Signal<Double>, Forward<Double>) {
      let (layer, x) = (layer(Array(values.dropFirst(count))), input.replacing(Array(values.prefix(count))))
      return (layer, x, layer.forward(x, Self.pass))
    }
    return GradientCheck(
      name, inputs + parameters,
      function: { run($0).2.output.named.map(\.tensor) },
      pullback: { values, cotangents in
        let (layer, x, forward) = run(values)
        let cotangent = forward.output.replacing(cotangents)
        let backward = forward.backward(cotangent)
        var step = Step(
          layer: layer, input: x, forward: forward, cotangent: cotangent,
          inputs: backward.input.map { $0.named.map(\.tensor) } ?? [], parameters: backward.parameters)
        fault(&step)
        return step.inputs + parameterGradients(layer, step.parameters)
      })
  }
}

/// The layer's type name without its scalar type: `Linear` for `Linear<Double>`.
func layerName(_ layer: any Layer<Double>) -> String {
  String("\(type(of: layer))".prefix { $0 != "<" })
}

extension DistributionLinear {
  /// The layer's gradients, where those by `μ_W` and `σ²_W` are turned into the gradient of the loss and of the layer's
  /// divergence by the logits.
  package func parameterGradients(_ gradients: [Tensor<Scalar>], on device: Device) -> [Tensor<Scalar>] {
    [weights.logitGradient(mean: gradients[0], variance: gradients[1], divergence: divergence, on: device)]
      + gradients.dropFirst(2)
  }
}
