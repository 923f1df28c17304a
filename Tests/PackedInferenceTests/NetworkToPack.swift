import Datasets
import Layers
import Networks
import PackedInference
import RandomStreams
import Tensors
import Training
import Verification
import WeightDistributions

/// A network that is packed and compared with its evaluation in Scalar.
struct NetworkToPack<Scalar: TensorScalar> {
  let network: Network<Scalar>
  let images: LabelledImages

  /// A given network, to be compared on these images.
  init(_ network: Network<Scalar>, images: LabelledImages) { (self.network, self.images) = (network, images) }

  /// A network with parameters at random, batch normalization at its extremes included.
  init(
    _ architecture: Architecture, _ kind: NetworkKind = .discreteSign, grids: [WeightGrid] = [.ternary],
    image: ImageShape, pixelMaximum: Int = 255, images count: Int = 7, dropout: Double = 0, seed: UInt64
  ) throws {
    var numbers = TestNumbers(seed: seed)
    var method = Method()
    method.grids = grids
    var network = try Network<Scalar>(
      NetworkSpecification(
        input: ImageInput(image: image, pixelMaximum: pixelMaximum), architecture: architecture, kind: kind,
        method: method, dropout: Array(repeating: dropout, count: architecture.blocks.count)),
      seed: seed, on: .single)
    for (index, block) in network.blocks.enumerated() {
      guard let normalization = block.normalization else { continue }
      let channels = normalization.scale.count
      let size = Double(block.linear.map == .dense ? 20 : 10)
      func tensor(_ number: () -> Double) -> Tensor<Scalar> {
        Tensor([channels], (0..<channels).map { _ in Scalar(number()) })
      }
      let values = [
        tensor { numbers.extreme(around: 1) }, tensor { numbers.extreme(around: 1) },
        tensor { numbers.extreme(around: size) }, tensor { abs(numbers.extreme(around: 0.1)) },
      ]
      var stages: [Tensor<Scalar>] = []
      for parameter in block.parameters {
        switch parameter.name {
        case "normalization.scale": stages.append(values[0])
        case "normalization.shift": stages.append(values[1])
        case "normalization.runningMean": stages.append(values[2])
        case "normalization.runningInverseDeviation": stages.append(values[3])
        default: stages.append(parameter.tensor)
        }
      }
      network.blocks[index].setParameters(stages, on: .single)
    }
    self.network = network
    let pixels = (0..<count * image.pixels).map { _ in UInt8(numbers.below(pixelMaximum + 1)) }
    images = LabelledImages(
      pixels: pixels, labels: Array(repeating: 0, count: count), channels: image.channels, height: image.height,
      width: image.width, classes: architecture.classes, pixelMaximum: pixelMaximum)
  }

  /// The first difference between the packed network and the evaluation in Scalar, in words; nil if there is none.
  func difference(batch: Int, sampling: (seed: UInt64, member: Int)? = nil) throws -> String? {
    let packed = try PackedNetwork(network, sampling: sampling, on: .single)
    let predictor = Predictor(network, sampling: sampling, on: .single)
    for start in stride(from: 0, to: images.count, by: batch) {
      let some = images[start..<min(start + batch, images.count)]
      let x: Tensor<Scalar> = some.inputs(0..<some.count, .integer)
      let (scores, signs) = some.pixels.withUnsafeBufferPointer { pixels in
        pixels.baseAddress.map {
          (packed.outputs($0, count: some.count, on: .single), packed.hiddenSigns($0, count: some.count))
        } ?? (x, [])
      }
      for (layer, (found, expected)) in zip(signs, predictor.hiddenSigns(x)).enumerated() where found != expected {
        let at = zip(found.scalars, expected.scalars).enumerated().first { $1.0 != $1.1 }?.offset ?? -1
        return "layer \(layer + 1), sign \(at) of \(found.shape) and \(expected.shape)"
      }
      let expected = predictor.outputs(x)
      guard zip(scores.scalars, expected.scalars).allSatisfy({ $0.bits == $1.bits }) else {
        return "scores: expected \(expected.scalars), found \(scores.scalars)"
      }
    }
    return nil
  }
}

extension TestNumbers {
  mutating func below(_ bound: Int) -> Int { Int(bits() >> 33) % bound }

  /// A number of about that size, of either sign; one in four is 0, tiny, huge or an integer.
  mutating func extreme(around size: Double) -> Double {
    let number = (Double(bits() >> 11) / 0x1p52 - 1) * 2 * size
    switch below(16) {
    case 0: return 0
    case 1: return number * 1e-30
    case 2: return number * 1e30
    case 3: return number.rounded()
    default: return number
    }
  }
}
