import Layers
import RandomStreams
import Tensors
import TestSupport
import Testing
import Verification
import VerificationSuites

@Suite("Layers: pooling and other layers of images, shapes, threads and prediction")
struct PoolingThreadTests {
  /// Outputs and gradients, to be compared.
  private func results<Scalar: TensorScalar>(
    _ layer: any Layer<Scalar>, _ input: Signal<Scalar>, threads: Int
  ) throws -> [(name: String, tensor: Tensor<Scalar>)] {
    let pass = LayerPass(seed: 4, epoch: 5, step: 6, block: 7, device: Device.processor(threads: threads))
    let forward = layer.forward(input, pass)
    // Some gradient that has no pattern, and whose parts differ.
    let cotangent = forward.output.replacing { name, x in
      x.map(on: .single) { name == "variance" ? 0.3 - $0 : $0 * $0 - 0.7 }
    }
    let gradients = (try #require(forward.backward(cotangent).input)).named.map {
      (name: "∂\($0.name)", tensor: $0.tensor)
    }
    return forward.output.named + gradients
  }

  private func threads<Scalar: TensorScalar>(_: Scalar.Type) throws {
    // Above the grain of every loop; batches of windows begin in the middle of lines.
    let inputs: [Signal<Scalar>] = probeSignals([3, 2, 61, 47])
    var layers: [(any Layer<Scalar>, Signal<Scalar>)] = [
      (ReLU(), inputs[0]), (StraightThroughSign(), inputs[0]),
      (BernoulliReparameterization(estimator: .straightThrough), inputs[2]),
    ]
    for input in inputs {
      layers += PoolingKind.allCases.map { (Pooling($0), input) }
      layers += [(Dropout(rate: 0.3), input)]
    }
    for (layer, input) in layers {
      let expected = try results(layer, input, threads: 1)
      for threads in threadCounts.dropFirst() {
        for (actual, expected) in zip(try results(layer, input, threads: threads), expected) {
          try requireSameBits(
            "\(type(of: layer)), \(actual.name), \(threads) threads", actual.tensor, expected: expected.tensor)
        }
      }
    }
  }

  @Test("outputs and gradients do not depend on threads")
  func threads() throws {
    try threads(Float.self)
    try threads(Double.self)
  }

  @Test(
    "the maximum of Gaussians is that of the printed formula window by window, whatever the shape",
    arguments: [[3, 2, 31, 45], [1, 1, 2, 1400], [1, 1, 1100, 3], [40, 9, 3, 2], [1, 1, 33, 34]])
  func everyWindow(shape: Shape) throws {
    let input = probeSignals(shape)[1] as Signal<Double>
    let plain = PlainMaximum(fault: nil).forward(input, GoldenCase.pass)
    let ours = Pooling<Double>(.max).forward(input, GoldenCase.pass)
    let cotangent = plain.output.replacing { name, x in probeNumbers(x.shape, seed: UInt64(name.utf8.count)) }
    let (expected, actual) = (plain.backward(cotangent), ours.backward(cotangent))
    let pairs = zip(
      ours.output.named + (try #require(actual.input)).named,
      plain.output.named + (try #require(expected.input)).named)
    for (actual, expected) in pairs {
      try requireClose(actual.name, actual.tensor, expected: expected.tensor, within: .goldenDouble)
    }
  }

  @Test("an odd last row and column are dropped, and their gradient is 0")
  func oddSizes() throws {
    let x = Tensor<Float>([1, 1, 3, 3], [1, 2, 9, 4, 3, 9, 9, 9, 9])
    for (kind, value, gradient) in [
      (PoolingKind.max, Float(4), [0, 0, 0, 1, 0, 0, 0, 0, 0] as [Float]),
      (.average, 2.5, [0.25, 0.25, 0, 0.25, 0.25, 0, 0, 0, 0]), (.sum, 10, [1, 1, 0, 1, 1, 0, 0, 0, 0]),
    ] {
      let forward = Pooling<Float>(kind).forward(.value(x), GoldenCase.pass)
      #expect(forward.output.value(for: "test") == Tensor([1, 1, 1, 1], [value]))
      let one = Signal<Float>.value(Tensor([1, 1, 1, 1], [1]))
      #expect(forward.backward(one).input?.value(for: "test") == Tensor([1, 1, 3, 3], gradient))
      #expect(Pooling<Float>(kind).prediction(on: .single)?(x, on: .single) == Tensor([1, 1, 1, 1], [value]))
    }
  }

  @Test("NaN is the largest value wherever it is, and gets the gradient")
  func nan() {
    for place in 0..<4 {
      var pixels: [Float] = [1, 3, -2, 3]
      pixels[place] = .nan
      let forward = Pooling<Float>(.max).forward(.value(Tensor([1, 1, 2, 2], pixels)), GoldenCase.pass)
      #expect(forward.output.value(for: "test").scalars[0].isNaN)
      let gradient = forward.backward(.value(Tensor([1, 1, 1, 1], [1]))).input?.value(for: "test").scalars
      #expect(gradient == (0..<4).map { $0 == place ? 1 : 0 })
    }
    let odd = Tensor<Float>([1, 5], [.nan, -1, -0.0, 2, .infinity])
    let rectified = ReLU<Float>().forward(.value(odd), GoldenCase.pass).output.value(for: "test").scalars
    #expect(rectified[0].isNaN && Array(rectified[1...]) == [0, 0, 2, .infinity])
    let signs = StraightThroughSign<Float>().forward(.value(odd), GoldenCase.pass)
    #expect(signs.output.value(for: "test").scalars == [-1, -1, 1, 1, 1])
    #expect(signs.backward(.value(odd)).input?.value(for: "test").scalars[1...] == [-1, 0, 0, 0])
  }

  @Test("the predictions of pooling and activation layers are their outputs")
  func predictions() throws {
    let x: Tensor<Double> = probeNumbers([2, 3, 5, 4])
    let pass = GoldenCase.pass
    let layers: [any Layer<Double>] = [
      Pooling(.max), Pooling(.average), Pooling(.sum), ReLU(), StraightThroughSign(),
    ]
    for layer in layers {
      let step = try #require(layer.prediction(on: .single))
      #expect(step(x, on: .single) == layer.forward(.value(x), pass).output.value(for: "test"))
    }
  }

  @Test("a straight-through sample is the relaxed sample's sign, and has its gradient to the bit")
  func straightThrough() throws {
    let input = Signal<Float>.bernoulli(mean: probeNumbers([50, 40], in: -1...1))
    let relaxed = BernoulliReparameterization<Float>(temperature: 0.7).forward(input, GoldenCase.pass)
    let hard = BernoulliReparameterization<Float>(temperature: 0.7, estimator: .straightThrough)
      .forward(input, GoldenCase.pass)
    let signs = relaxed.output.value(for: "test").map(on: .single) { $0 >= 0 ? 1 : -1 }
    #expect(hard.output.value(for: "test") == signs)
    #expect(BernoulliReparameterization<Float>().estimator == .relaxed)
    let g = Signal<Float>.value(probeNumbers([50, 40], seed: 9))
    let (expected, actual) = (relaxed.backward(g).input, hard.backward(g).input)
    try requireSameBits(
      "∂mean", try #require(actual).bernoulliMean(for: "test"),
      expected: try #require(expected).bernoulliMean(for: "test"))
  }

  @Test("images without a window and signals of other shapes are programmer errors")
  func traps() async {
    await #expect(processExitsWith: .failure) {
      _ = Pooling<Float>(.max).forward(.value(Tensor([1, 1, 1, 4], repeating: 0)), GoldenCase.pass)
    }
    await #expect(processExitsWith: .failure) {
      _ = Pooling<Float>(.sum).forward(.value(Tensor([1, 1, 4, 1], repeating: 0)), GoldenCase.pass)
    }
    await #expect(processExitsWith: .failure) {
      _ = Pooling<Float>(.average).forward(.value(Tensor([4, 4], repeating: 0)), GoldenCase.pass)
    }
  }
}
