internal import Kernels
import Layers
import Networks
import Tensors
import WeightDistributions

/// A network with sign activations as it is deployed, in integers and bits: every hidden sign and every score's bits are those
/// of the evaluation in Scalar (`Packed.md`).
///
/// Weights are a few planes of bits, activations one bit. A linear layer is XOR, AND and population count; batch normalization and
/// sign are a threshold on the integer sum.
public struct PackedNetwork<Scalar: TensorScalar>: Sendable {
  /// What the network reads.
  public let input: ImageInput
  /// Its layers in the paper's notation.
  public let architecture: Architecture
  let layers: [PackedLayer<Scalar>]

  /// The packed form of a network as it is now.
  ///
  /// - Parameter sampling: if given, weights are sampled from their distributions and not the most probable ones, as member
  ///   `member` of an ensemble with that seed.
  /// - Throws: `PackingError` if the network's activations are not signs.
  public init(
    _ network: Network<Scalar>, sampling: (seed: UInt64, member: Int)? = nil, on device: Device
  ) throws(PackingError) {
    guard network.kind.activation == .sign else { throw .activation(network.kind) }
    try self.init(
      network.specification.input, network.specification.architecture,
      network.deployedBlocks(sampling: sampling, on: device))
  }

  /// The packed form of a deployed network's steps, block by block.
  init(
    _ input: ImageInput, _ architecture: Architecture, _ blocks: [[PredictionStep<Scalar>]]
  ) throws(PackingError) {
    guard input.pixelMaximum <= 255 else { throw .pixels(maximum: input.pixelMaximum) }
    var parts: [Part] = []
    for (index, steps) in blocks.enumerated() {
      guard case .integerLinear(let map, let weights, _)? = steps.first else { throw .weights(block: index + 1) }
      var rest = steps.dropFirst()
      var pooling: PoolingKind?
      if case .pool(let kind)? = rest.first {
        pooling = kind
        rest = rest.dropFirst()
      }
      parts.append(
        Part(map: map, weights: weights, pooling: pooling) { layer in
          if case .multiplyAdd(let factor, let shift)? = rest.first {
            layer.setScores(factor: factor, shift: shift.scalars)
          } else {
            layer.setSigns(of: Array(rest))
          }
        })
    }
    self.init(input, architecture, parts)
  }

  /// The network of known weights, with the rules of every hidden layer and the last one's scores.
  ///
  /// - Precondition: the shapes are those of the architecture.
  init(
    _ input: ImageInput, _ architecture: Architecture, weights: [DiscreteWeights], rules: [SignThresholds],
    scores: (factor: Scalar, shift: [Scalar])
  ) {
    let parts = architecture.blocks.enumerated().map { index, block in
      Part(map: block.map, weights: weights[index], pooling: block.pooling?.ofIntegers) { layer in
        if index < rules.count {
          layer.setSigns(by: rules[index])
        } else {
          layer.setScores(factor: scores.factor, shift: scores.shift)
        }
      }
    }
    self.init(input, architecture, parts)
  }

  /// What a layer is made of, and what gives it its output.
  private struct Part {
    let map: LinearMap
    let weights: DiscreteWeights
    let pooling: PoolingKind?
    let setOutput: (inout PackedLayer<Scalar>) -> Void
  }

  /// The network of layers that read one another.
  private init(_ input: ImageInput, _ architecture: Architecture, _ parts: [Part]) {
    (self.input, self.architecture) = (input, architecture)
    var image = input.image
    var layers: [PackedLayer<Scalar>] = []
    for (index, part) in parts.enumerated() {
      var layer = PackedLayer<Scalar>(
        part.map, part.weights, reading: image, pixelMaximum: index == 0 ? input.pixelMaximum : nil,
        pooling: part.pooling)
      part.setOutput(&layer)
      layers.append(layer)
      image = layer.outputImage
    }
    self.layers = layers
  }

  /// The network's outputs, shape `(N, C)`, for images of bytes.
  ///
  /// - Parameters:
  ///   - pixels: `N × C × H × W`, each from 0 to `input.pixelMaximum`.
  ///   - count: `N`, at least 1.
  ///   - device: where to compute; its threads divide the images among them.
  public func outputs(_ pixels: UnsafePointer<UInt8>, count: Int, on device: Device) -> Tensor<Scalar> {
    outputs(pixels, count: count, on: device, nil) { _, _, _ in }
  }

  /// The same on the calling thread, with each stage timed.
  package func outputs(_ pixels: UnsafePointer<UInt8>, count: Int, timedBy watch: StageWatch) -> Tensor<Scalar> {
    outputs(pixels, count: count, on: .single, watch) { _, _, _ in }
  }

  /// Multiply-adds of an image: of the weights with the inputs, as if each were done.
  package var multiplyAdds: Int { layers.reduce(0) { $0 + $1.multiplyAdds } }

  /// Multiply-adds of an image by the stage that does them: bytes with weights, and bits with bits, as many for each plane of the
  /// pixels and each term of the weights.
  package var stageMultiplyAdds: [StageWatch.Stage: Int] {
    layers.reduce(into: [.bytes: 0, .bits: 0]) { sums, layer in
      sums[layer.productStage, default: 0] +=
        layer.bytes == nil ? layer.multiplyAdds * layer.planes * layer.weights.terms.count : layer.multiplyAdds
    }
  }

  /// The same; `hidden` is told each layer's signs, bit 1 for −1, of some images from the one that it names.
  func outputs(
    _ pixels: UnsafePointer<UInt8>, count: Int, on device: Device, _ watch: StageWatch? = nil,
    hidden: (_ layer: Int, _ image: Int, _ bits: ArraySlice<UInt64>) -> Void
  ) -> Tensor<Scalar> {
    let classes = layers[layers.count - 1].channels
    return withoutActuallyEscaping(hidden) { hidden in
      Tensor([count, classes]) { outputs in
        device.forEachRange(of: count, grain: 8) { images in
          for first in stride(from: images.lowerBound, to: images.upperBound, by: together) {
            let some = min(together, images.upperBound - first)
            var bits: [UInt64] = []
            watch.measure(.packing) {
              bits = layers[0].bits(ofPixels: pixels + first * input.image.pixels, count: some, input.image)
            }
            for (index, layer) in layers.dropLast().enumerated() {
              bits = layer.signs(of: bits, count: some, for: layers[index + 1].input, watch)
              hidden(index, first, bits[...])
            }
            layers[layers.count - 1].scores(of: bits, count: some, into: outputs + first * classes, watch)
          }
        }
      }
    }
  }

  /// Of how many images to make the hidden signs at a time, at most `limit`: so many that no layer's are more than 2²⁶, but at least one.
  package func hiddenSignsAtATime(atMost limit: Int) -> Int {
    imagesInTensor(scalarsPerImage: layers.dropLast().map(\.outputImage.pixels).max() ?? 1, atMost: limit)
  }

  /// The hidden signs, layer by layer, ±1 and of the shapes that the evaluation in Scalar has, `(N, O)` or `(N, O, H, W)`.
  package func hiddenSigns(_ pixels: UnsafePointer<UInt8>, count: Int) -> [Tensor<Scalar>] {
    var signs = layers.dropLast().map { layer in
      let image = layer.outputImage
      return Tensor<Scalar>(layer.map == .dense ? [count, image.channels] : [count] + image.shape, repeating: 1)
    }
    _ = outputs(pixels, count: count, on: .single) { layer, first, bits in
      let map = layers[layer + 1].input
      let image = layers[layer].outputImage
      for n in 0..<bits.count / map.words {
        for y in 0..<image.height {
          for x in 0..<image.width {
            for c in 0..<image.channels {
              let bit = map.bit(ofRow: y) + x * image.channels + c
              guard bits[n * map.words + bit / 64] >> (bit % 64) & 1 == 1 else { continue }
              let at = (((first + n) * image.channels + c) * image.height + y) * image.width + x
              signs[layer].withUnsafeMutablePointer { $0[at] = -1 }
            }
          }
        }
      }
    }
    return signs
  }

  /// Images that a thread takes through the network together: as many as make good use of weights that were read, and leave the
  /// activations in the second level of the cache.
  private var together: Int { layers[0].map == .dense ? 128 : 32 }
}

/// Why a network is not packed.
public enum PackingError: Error, Equatable, CustomStringConvertible {
  /// Its activations are not signs.
  case activation(NetworkKind)
  /// A block's weights are not discrete, or what it reads are not integers.
  case weights(block: Int)
  /// Its pixels are more than bytes.
  case pixels(maximum: Int)
  /// A file cannot hold the networks.
  case format(expected: String, found: String)

  public var description: String {
    switch self {
    case .activation(let kind):
      "expected a network with sign activations, whose sums are of integers, found \(kind.rawValue) "
        + "(\(kind.activation == .tanh ? "its activations are real numbers" : "\(kind.activation)"))"
    case .pixels(let maximum): "expected pixels up to 255, found up to \(maximum)"
    case .weights(let block):
      "expected discrete weights and integer inputs in every block, found others in block \(block)"
    case .format(let expected, let found): "expected \(expected), found \(found)"
    }
  }
}
