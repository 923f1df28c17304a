import Layers
import Networks
import WeightDistributions

/// What the head of a packed file says of the networks in it: it gives the size and the form of everything after it.
struct PackedLayout: Equatable, Sendable {
  /// The bytes of a sum and of a threshold on it.
  enum SumWidth: Int, CaseIterable, Sendable {
    case one = 1
    case two = 2
    case four = 4

    /// The narrowest for sums up to this size. Its least number is no such sum, nor a threshold of one.
    init(largest: Int) { self = Self.allCases.first { largest < 1 << (8 * $0.rawValue - 1) } ?? .four }

    /// Its least number, which is the threshold of a channel that never changes.
    var least: Int32 { self == .four ? .min : -1 << (8 * Int32(rawValue) - 1) }
  }

  /// A linear layer.
  struct Layer: Equatable, Sendable {
    /// `I` and `O`.
    let inputs, outputs: Int
    let grid: WeightGrid
    /// The largest size of a sum with any weights of the grid.
    let largestSum: Int
    /// Multiplications and additions for one image.
    let multiplyAdds: Int
    /// The last layer has scores instead of thresholds.
    let isLast: Bool

    var weights: Int { inputs * outputs }
    var digits: DigitGroup { DigitGroup(values: grid.count) }
    var width: SumWidth { SumWidth(largest: largestSum) }
    var weightBytes: Int { digits.byteCount(of: weights) }
    /// Thresholds and flips, or factor and shift.
    var outputBytes: Int { isLast ? 4 + 4 * outputs : outputs * width.rawValue + (outputs + 7) / 8 }
    /// The bytes of its description in the head.
    var headBytes: Int { 8 + 2 * grid.count }
  }

  let input: ImageInput
  let architecture: Architecture
  let layers: [Layer]

  /// Bytes of one network after the head.
  var networkBytes: Int { layers.reduce(0) { $0 + $1.weightBytes + $1.outputBytes } }

  /// What a file can hold at most.
  enum Limit {
    static let notation = 4096
    static let metadata = 1 << 20
    static let networks = 4096
    static let side = 1 << 16
    static let pixels = 1 << 24
    static let pixelMaximum = 255
    /// Signs of a layer for one image.
    static let signs = 1 << 26
  }

  /// - Throws: `PackingError.format` if the images, the architecture and the grids do not fit together, or are too large.
  init(_ input: ImageInput, _ architecture: Architecture, grids: [WeightGrid]) throws(PackingError) {
    func require(_ condition: Bool, _ expected: String, _ found: @autoclosure () -> String) throws(PackingError) {
      guard condition else { throw .format(expected: expected, found: found()) }
    }
    let (image, notation) = (input.image, "\(architecture)")
    let sides = [image.channels, image.height, image.width]
    try require(
      sides.allSatisfy { (1...Limit.side).contains($0) } && image.pixels <= Limit.pixels,
      "images of at most \(Limit.pixels) pixels", sides.map { "\($0)" }.joined(separator: "×"))
    try require(
      (1...Limit.pixelMaximum).contains(input.pixelMaximum), "pixels up to at most \(Limit.pixelMaximum)",
      "\(input.pixelMaximum)")
    try require(
      notation.utf8.count <= Limit.notation, "an architecture of at most \(Limit.notation) characters",
      "\(notation.utf8.count)")
    (self.input, self.architecture) = (input, architecture)
    var method = Method()
    method.grids = grids
    let specification = NetworkSpecification(
      input: input, architecture: architecture, kind: .discreteSign, method: method,
      dropout: Array(repeating: 0, count: architecture.blocks.count))
    let shapes: [LinearShape]
    do {
      try specification.validate()
      shapes = try architecture.shapes(of: image)
    } catch {
      throw .format(expected: "an architecture that fits the images and the grids", found: "\(error)")
    }
    var layers: [Layer] = []
    for (index, (block, shape)) in zip(architecture.blocks, shapes).enumerated() {
      let signs = shape.output.reduce(1, *)
      try require(signs <= Limit.signs, "at most \(Limit.signs) outputs of a layer", "\(signs) of layer \(index + 1)")
      let grid = grids[grids.count == 1 ? 0 : index]
      layers.append(
        Layer(
          inputs: shape.fanIn, outputs: block.outputs, grid: grid,
          largestSum: NetworkSpecification.largestSum(
            fanIn: shape.fanIn, grid, pixelMaximum: index == 0 ? input.pixelMaximum : nil, pooling: block.pooling),
          multiplyAdds: shape.fanIn * signs, isLast: index == shapes.count - 1))
    }
    self.layers = layers
  }
}
