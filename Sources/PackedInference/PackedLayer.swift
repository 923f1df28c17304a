internal import Kernels
import Layers
import Networks
import Tensors
import WeightDistributions

/// A linear layer of a deployed network with what follows it, up to the signs or the scores. All of it is integers and bits, but
/// for the scores.
struct PackedLayer<Scalar: TensorScalar>: Sendable {
  /// What a layer gives.
  enum Output: Sendable {
    /// Signs, by a rule on each channel's sum.
    case signs(thresholds: [Int32], flips: [UInt64])
    /// `sum · factor + shift`, rounded twice.
    case scores(factor: Scalar, shift: [Scalar])
  }

  let map: LinearMap
  /// The weights as indices into their grid, of which `weights` are the planes.
  let discrete: DiscreteWeights
  let weights: PackedWeights
  /// The same weights in bytes, where the inputs are pixels and the weights are small enough; nil where the kernel of bits is used.
  let bytes: ByteWeights?
  /// The bits of the input's image, or of one plane of it; of a dense layer after another, one pixel.
  let input: BitMap
  /// The largest pixel of inputs that are pixels; nil of signs.
  let pixelMaximum: Int?
  /// Units or channels.
  let channels: Int
  /// Before pooling; 1 × 1 of a dense layer.
  let height, width: Int
  /// The maximum or the sum; nil without pooling.
  let pooling: PoolingKind?
  /// The largest size of a sum, also of a window of a pooling that adds.
  let largestSum: Int
  private(set) var output = Output.scores(factor: 0, shift: [])

  /// Where the sum of an output starts: a row for each kind of border that a pixel may be near.
  let starts: [Int32]
  /// The row of `starts` of each pixel.
  let startOf: [UInt32]

  /// Multiply-adds of an image: of the weights with the inputs, as if each were done.
  var multiplyAdds: Int { weights.inputs * channels * height * width }

  /// Bits of a pixel, or 1 of signs.
  var planes: Int { pixelMaximum.map(Self.planes) ?? 1 }
  private static func planes(_ maximum: Int) -> Int { Int.bitWidth - maximum.leadingZeroBitCount }

  /// - Parameters:
  ///   - image: what the layer reads: of a dense layer the image before it, or one pixel.
  ///   - pixelMaximum: of pixels; nil if the inputs are signs.
  init(
    _ map: LinearMap, _ discrete: DiscreteWeights, reading image: ImageShape, pixelMaximum: Int?, pooling: PoolingKind?
  ) {
    (self.map, self.discrete, self.pixelMaximum, self.pooling) = (map, discrete, pixelMaximum, pooling)
    channels = discrete.shape[1]
    let (c, h, w) = (image.channels, image.height, image.width)
    // Of the weights that lie within the image, for each kind of border and output.
    let sums: [[Int32]]
    switch map {
    case .dense:
      // Pixels come as they lie in memory, signs pixel by pixel.
      weights = PackedWeights(discrete) { pixelMaximum == nil ? ($0 % c * h + $0 / c / w) * w + $0 / c % w : $0 }
      input = BitMap(channels: c, height: h, width: w, padding: 0, isDense: true)
      (height, width) = (1, 1)
      (startOf, sums) = ([0], [Borders.Kind(rows: 0..<1, columns: 0..<1).sums(of: discrete, kernel: 1)])
    case .convolution(let convolution):
      let (k, p) = (convolution.kernel, convolution.padding)
      weights = PackedWeights(discrete) { ($0 % c * k + $0 / c / k) * k + $0 / c % k }
      input = BitMap(channels: c, height: h, width: w, padding: p, isDense: false)
      (height, width) = (h + 2 * p - k + 1, w + 2 * p - k + 1)
      let borders = Borders(convolution, height: h, width: w)
      (startOf, sums) = (borders.kindOf, borders.kinds.map { $0.sums(of: discrete, kernel: k) })
    }
    starts = sums.flatMap { [weights] in Self.starts(weights, sums: $0, pixelMaximum) }
    bytes = pixelMaximum.flatMap { ByteWeights(discrete, pixelMaximum: $0, sums: sums) }
    largestSum = NetworkSpecification.largestSum(
      fanIn: discrete.shape[0], discrete.grid, pixelMaximum: pixelMaximum, pooling: pooling)
  }

  /// What the sums of the kernel of bits begin with near one kind of border, for each output.
  ///
  /// Of a term, `Σ w x = factor · Σ_b 2^b (popcount(mask) − 2 count)`. Of pixels `2p − M = Σ_b 2^b s_b + (2^B − 1 − M)`. What lies
  /// outside the image is 0 in truth, but has bits 0, which stand for `2 (2^B − 1) − M`; that is taken away again.
  ///
  /// - Parameter sums: of the weights within the image, one for each output.
  private static func starts(_ weights: PackedWeights, sums: [Int32], _ maximum: Int?) -> [Int32] {
    let all = maximum.map { (1 << planes($0)) - 1 } ?? 1
    let zero = Int32(2 * all - (maximum ?? 1))
    return zip(weights.excess, sums).map { excess, sum -> Int32 in Int32(all) * excess + zero * sum }
      + [Int32](repeating: 0, count: weights.outputs - sums.count)
  }

  /// With the rule for the signs that `steps`, which follow the integer sums, give.
  mutating func setSigns(of steps: [PredictionStep<Scalar>]) {
    let channels = channels
    let range = -Int32(largestSum)...Int32(largestSum)
    setSigns(
      by: SignThresholds(over: Array(repeating: range, count: channels)) { sums in
        steps.reduce(Tensor([1, channels], sums.map { Scalar($0) })) { $1($0, on: .single) }.scalars.map { $0 >= 0 }
      })
  }

  /// With rules for the signs that are known already.
  mutating func setSigns(by rules: SignThresholds) {
    let padded = weights.outputs
    var flips = [UInt64](repeating: 0, count: (padded + 63) / 64)
    for (o, flip) in rules.flips.enumerated() where flip { flips[o / 64] |= 1 << (o % 64) }
    output = .signs(
      thresholds: rules.thresholds + [Int32](repeating: .min, count: padded - channels), flips: flips)
  }

  /// The rules for the signs; nil of a layer that gives scores.
  var rules: SignThresholds? {
    guard case .signs(let thresholds, let flips) = output else { return nil }
    return SignThresholds(
      thresholds: Array(thresholds[..<channels]), flips: (0..<channels).map { flips[$0 / 64] >> ($0 % 64) & 1 == 1 })
  }

  /// With the scores that the integer sums give.
  mutating func setScores(factor: Scalar, shift: [Scalar]) { output = .scores(factor: factor, shift: shift) }

  /// Words of an image as the layer reads it: bytes, or planes of bits.
  var wordsOfImage: Int {
    guard let bytes else { return planes * input.words }
    return map == .dense ? bytes.depth / 8 : (input.channels * paddedHeight * paddedWidth + 7) / 8
  }
  var paddedHeight: Int { input.height + 2 * input.padding }
  var paddedWidth: Int { input.width + 2 * input.padding }

  /// Writes the integer sums of some rows of bytes, or of bits, each `weights.words` words for each plane.
  ///
  /// - Parameter pixel: the number of the first row's pixel in its image; of a dense layer every row's.
  func product(rows: Int, _ bits: UnsafePointer<UInt64>, pixel: Int = 0, into sums: UnsafeMutablePointer<Int32>) {
    startOf.withUnsafeBufferPointer { startOf in
      let startOf = map == .dense ? nil : startOf.baseAddress.map { $0 + pixel }
      if let bytes {
        signet_byte_product(
          rows, weights.outputs, bytes.depth, UnsafeRawPointer(bits).assumingMemoryBound(to: UInt8.self), bytes.weights,
          Int32(bytes.largest), bytes.starts, startOf, sums)
      } else {
        weights.withTerms { terms in
          signet_bit_product(
            rows, planes, weights.outputs, weights.words, bits, terms.baseAddress, terms.count, starts, startOf, sums)
        }
      }
    }
  }
}
