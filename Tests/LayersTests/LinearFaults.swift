import Layers
import Tensors
import TestSupport
import Verification
import VerificationSuites

extension PlantedFaultTests {
  /// Faults in linear maps of distributions, and in batch normalization of images.
  static var distributions: [Fault] {
    let image = LayerProbe.distribution(.gaussian, [1, 2, 3, 4], kernel: 3, padding: .same, outputs: 2, last: true)
    let pixels = LayerProbe.distribution(.value, [1, 1, 4, 3], kernel: 3, padding: .same, outputs: 2, last: false)
    return [
      Fault("mean's gradient without that of the variance", image, in: "mean") {
        guard let layer = $0.layer as? DistributionLinear<Double> else { return }
        let dm = scaled($0.cotangent.gaussian(for: "test").mean, 1 / 19.0.squareRoot())
        $0.inputs[0] = layer.map.inputGradient(dm, layer.weights.mean, shape: [1, 2, 3, 4], on: .single)
      },
      Fault("variance's gradient with σ² for σ² + μ²", image, in: "variance") {
        guard let layer = $0.layer as? DistributionLinear<Double> else { return }
        let dv = scaled($0.cotangent.gaussian(for: "test").variance, 1.0 / 19)
        $0.inputs[1] = layer.map.inputGradient(dv, layer.weights.variance, shape: [1, 2, 3, 4], on: .single)
      },
      Fault("the input's mean and variance swapped", image, in: "mean") { $0.inputs.swapAt(0, 1) },
      Fault("the bias' gradient of one pixel", image, in: "bias") {
        $0.parameters[2] = scaled($0.parameters[2], 1.0 / 12)
      },
      Fault(
        "a Bernoulli's variance taken as constant", .distribution(.bernoulli, [2, 3], outputs: 2, last: false),
        in: "mean"
      ) {
        guard let layer = $0.layer as? DistributionLinear<Double>, case .bernoulli(let m) = $0.input else { return }
        let fixed = Signal<Double>.gaussian(mean: m, variance: m.map(on: .single) { 1 - $0 * $0 + 1e-6 })
        let backward = layer.forward(fixed, LayerProbe.pass).backward($0.cotangent)
        $0.inputs[0] = backward.input.map { $0.named[0].tensor } ?? m
      },
      Fault("a kernel that is not flipped on the way back", pixels, in: "value") {
        guard let layer = $0.layer as? DistributionLinear<Double>, case .convolution(let convolution) = layer.map
        else { return }
        let (dm, dv) = $0.cotangent.gaussian(for: "test")
        func turned(_ w: Tensor<Double>) -> Tensor<Double> {
          Tensor([18, 1], (0..<18).map { w.scalars[$0 % 9 * 2 + $0 / 9] })
        }
        let first = convolution(dm, turned(layer.weights.mean), on: .single)
        let second = convolution(dv, turned(layer.weights.variance), on: .single)
        let x = $0.input.value(for: "test")
        $0.inputs[0] = x.map(with: first, second, on: .single) { $1 + 2 * $0 * $2 }
      },
      Fault(
        "statistics of each pixel for those of the channel", .batchNormalization(probeGaussian([2, 2, 3, 2])),
        in: "shift"
      ) { $0.parameters[1] = scaled($0.parameters[1], 1.0 / 6) },
    ]
  }
}
