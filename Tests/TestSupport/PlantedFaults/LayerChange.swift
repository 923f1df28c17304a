import Layers
import Tensors
import Verification
import VerificationSuites

/// The wrong input or pass that a layer is given.
struct LayerChange: PlainOperation {
  /// The pass whose random streams are used, given the true pass.
  var pass: @Sendable (LayerPass) -> LayerPass = { $0 }
  /// The pass of the backward pass, if it differs.
  var backwardPass: (@Sendable (LayerPass) -> LayerPass)?
  var input: @Sendable (Signal<Double>) -> Signal<Double> = { $0 }

  func write(_ fields: inout Fields, _ golden: GoldenCase) throws {
    guard let layer: any Layer<Double> = try golden.layer() else { throw golden.missing("a layer") }
    let computed: [ComputedField<Double>] = try golden.fields(of: ChangedLayer(layer: layer, change: self))
    for field in computed { fields[field.name] = field.tensor }
  }
}

/// A layer without parameters that is given something other than its input and pass.
private struct ChangedLayer: Layer {
  let layer: any Layer<Double>
  let change: LayerChange

  func forward(_ input: Signal<Double>, _ pass: LayerPass) -> Forward<Double> {
    let forward = layer.forward(change.input(input), change.pass(pass))
    guard let backwardPass = change.backwardPass else { return forward }
    let other = layer.forward(change.input(input), backwardPass(pass))
    return Forward(forward.output, backward: other.backward)
  }

  func prediction(on device: Device) -> PredictionStep<Double>? { layer.prediction(on: device) }
}

extension LayerPass {
  /// The pass of another block, step, epoch or run.
  func moved(block: Int = 0, step: Int = 0, epoch: Int = 0, seed: UInt64 = 0) -> LayerPass {
    LayerPass(
      seed: self.seed + seed, epoch: self.epoch + epoch, step: self.step + step, block: self.block + block,
      needsInputGradient: needsInputGradient, device: device)
  }
}
