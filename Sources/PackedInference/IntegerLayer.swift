import Files
import Layers
import Networks
import WeightDistributions

/// A linear layer of a deployed network in plain integers, with what follows it up to the signs or the scores: what files of other
/// formats are made of (`Exchange.md`).
package struct IntegerLayer: Sendable {
  /// What becomes of the integer sums, after pooling.
  package enum Rule: Sendable {
    /// −1 where `(sum < threshold) ≠ flip`, else +1, for each channel; no sum is below a threshold of −2³¹.
    case signs(thresholds: [Int32], flips: [Bool])
    /// `sum · factor + shift`, rounded twice.
    case scores(factor: Float, shift: [Float])
  }

  package let map: LinearMap
  /// Shape `(I, O)`; of a convolution `I` is `C·k²`, in the order channel, row, column.
  package let weights: DiscreteWeights
  /// What the layer reads.
  package let input: ImageShape
  /// What it gives after pooling; of a dense layer `O × 1 × 1`.
  package let output: ImageShape
  /// Before pooling.
  package let height, width: Int
  /// The largest pixel `M` of inputs that are pixels, each of which stands for `2p − M`; nil of signs.
  package let pixelMaximum: Int?
  package let pooling: PoolingKind?
  /// The largest size of a sum with any weights of the grid, also of a window of a pooling that adds.
  package let largestSum: Int
  package let rule: Rule

  /// The shape of the weights in the order of `DiscreteWeights.integersByOutput`: `(O, I)`, or `(O, C, k, k)`.
  package var shapeByOutput: [Int] { map.shapeByOutput(inputs: weights.shape[0], outputs: weights.shape[1]) }
}

extension LinearMap {
  /// The shape of weights of which those of an output lie together: `(O, I)`, or `(O, C, k, k)` of a convolution, whose `I` is `C·k²`.
  package func shapeByOutput(inputs: Int, outputs: Int) -> [Int] {
    guard case .convolution(let convolution) = self else { return [outputs, inputs] }
    return [outputs, inputs / (convolution.kernel * convolution.kernel), convolution.kernel, convolution.kernel]
  }
}

extension PackedNetwork<Float> {
  /// The layers in plain integers.
  package var integerLayers: [IntegerLayer] {
    layers.map { layer in
      let rule: IntegerLayer.Rule =
        if let rules = layer.rules {
          .signs(thresholds: rules.thresholds, flips: rules.flips)
        } else {
          .scores(factor: scores.factor, shift: scores.shift)
        }
      return IntegerLayer(
        map: layer.map, weights: layer.discrete,
        input: ImageShape(channels: layer.input.channels, height: layer.input.height, width: layer.input.width),
        output: layer.outputImage, height: layer.height, width: layer.width, pixelMaximum: layer.pixelMaximum,
        pooling: layer.pooling, largestSum: layer.largestSum, rule: rule)
    }
  }

  /// The SHA-256 of the integers and scores, in hexadecimal: `PackedFile.digest` of a file of this network alone.
  package var integersSHA256: String {
    var digest = MessageDigest(.sha256)
    addIntegers(to: &digest)
    return hexadecimal(bytes: digest.finalized())
  }
}
