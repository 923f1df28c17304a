import Signet

/// A dense layer with a skip connection, `y = x + max(xW + b, 0)`, as in a residual network.
///
/// The gradient reaches the input on both paths: `∂L/∂x = ∂L/∂y + (∂L/∂y · [xW + b > 0]) Wᵀ`.
struct Residual<Scalar: TensorScalar>: Layer {
  private var linear: Linear<Scalar>

  init(units: Int, drawnFrom stream: RandomStream, on device: Device) {
    linear = Linear(inputs: units, outputs: units, bias: true, drawnFrom: stream, on: device)
  }

  func forward(_ input: Signal<Scalar>, _ pass: LayerPass) -> Forward<Scalar> {
    let inner = linear.forward(input, pass)
    let rectified = ReLU().forward(inner.output, pass)
    func sum(_ a: Signal<Scalar>, _ b: Signal<Scalar>) -> Signal<Scalar> {
      .value(a.value(for: "Residual").map(with: b.value(for: "Residual"), on: pass.device, +))
    }
    return Forward(sum(input, rectified.output)) { gradient in
      guard let inside = rectified.backward(gradient).input else { return Backward(input: gradient) }
      let gradients = inner.backward(inside)
      return Backward(input: gradients.input.map { sum(gradient, $0) }, parameters: gradients.parameters)
    }
  }

  // None of a deployed network's steps adds its own input.
  func prediction(on device: Device) -> PredictionStep<Scalar>? { nil }

  var parameters: [Parameter<Scalar>] { linear.parameters }

  mutating func update(
    _ gradients: [Tensor<Scalar>], on device: Device, _ rule: (Int) -> ParameterUpdate<Scalar>
  ) { linear.update(gradients, on: device, rule) }

  mutating func setParameters(_ tensors: [Tensor<Scalar>], on device: Device) {
    linear.setParameters(tensors, on: device)
  }
}

/// Checks a custom layer against a difference quotient and trains with it: `swift run -c release CustomLayer`.
@main
struct CustomLayer {
  static let device = Device.single
  static let pass = LayerPass(seed: 1, epoch: 1, step: 0, block: 1, device: device)

  static func main() {
    print("relative error of the gradient", gradientError())
    // Points of a 16-dimensional cube, whose class depends on the products of two pairs of coordinates.
    let units = 16
    let points: Tensor<Float> = stream(0).uniform([256, units], on: device)
    let labels = (0..<256).map { points[$0, 0] * points[$0, 1] > points[$0, 2] * points[$0, 3] ? 1 : 0 }
    var layers: [any Layer<Float>] = [
      Residual(units: units, drawnFrom: stream(1), on: device),
      Residual(units: units, drawnFrom: stream(2), on: device),
      Linear(inputs: units, outputs: 2, bias: true, drawnFrom: stream(3), on: device),
    ]
    for step in 0...400 {
      let loss = train(&layers, on: points, labels)
      if step % 100 == 0 { print("step", step, "loss", loss) }
    }
  }

  static func stream(_ layer: Int) -> RandomStream { RandomStream(seed: 1, purpose: .initialization, layer: layer) }

  /// One step of gradient descent; returns the loss before it.
  static func train(_ layers: inout [any Layer<Float>], on x: Tensor<Float>, _ labels: [Int]) -> Float {
    var (signal, passes) = (Signal.value(x), [(Signal<Float>) -> Backward<Float>]())
    for layer in layers {
      let forward = layer.forward(signal, pass)
      signal = forward.output
      passes.append(forward.backward)
    }
    let loss = SoftmaxCrossEntropy(outputs: signal.value(for: "the loss"), labels: labels, on: device)
    var gradient: Signal<Float>? = .value(loss.gradient)
    for index in layers.indices.reversed() {
      guard let output = gradient else { break }
      let gradients = passes[index](output)
      layers[index].update(gradients.parameters, on: device) { _ in
        ParameterUpdate { parameters, gradients, elements in
          for i in 0..<elements.count { parameters[i] -= 0.3 * gradients[i] }
        }
      }
      gradient = gradients.input
    }
    return loss.loss
  }

  /// The error of the derivative of `Σ yᵢ` along a direction `v` against the difference quotient, in double precision.
  static func gradientError() -> Double {
    let layer = Residual<Double>(units: 8, drawnFrom: stream(1), on: device)
    let (x, v): (Tensor<Double>, Tensor<Double>) = (
      stream(4).normal([4, 8], on: device), stream(5).normal([4, 8], on: device)
    )
    func total(_ h: Double) -> Double {
      layer.forward(.value(x.map(with: v, on: device) { $0 + h * $1 }), pass).output.center.scalars.reduce(0, +)
    }
    let ones = Signal.value(Tensor<Double>(x.shape, repeating: 1))
    guard let gradient = layer.forward(.value(x), pass).backward(ones).input?.center else { return .infinity }
    let derivative = zip(gradient.scalars, v.scalars).reduce(0) { $0 + $1.0 * $1.1 }
    let quotient = (total(1e-6) - total(-1e-6)) / 2e-6
    return abs(derivative - quotient) / abs(quotient)
  }
}
