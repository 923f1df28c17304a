import Layers
import Tensors

/// A network's layers in the paper's notation, such as `32C5-P2-64C5-P2-512-10`:
///
///     32C5   a convolution with 32 channels and a 5×5 kernel, padded to keep the size; 32C5V without padding
///     P2     max pooling of 2×2 pixels after the convolution before it; A2 averages, S2 sums
///     512    a dense layer of 512 units; the last layer is the output, with one unit per class
///
/// Encoded as its notation.
public struct Architecture: Sendable, Equatable, CustomStringConvertible {
  /// A linear layer, and the pooling after it.
  public struct Block: Sendable, Equatable {
    /// A dense layer, or a convolution with its kernel.
    public let map: LinearMap
    /// The number of units or channels.
    public let outputs: Int
    /// The pooling after a convolution; nil if there is none.
    public internal(set) var pooling: PoolingKind?
  }

  /// The blocks in the order of the forward pass; the last one is dense.
  public let blocks: [Block]
  /// The notation.
  public let description: String

  /// The number of units of the last layer.
  public var classes: Int { blocks[blocks.count - 1].outputs }
  /// True if the first layer treats the pixels as a vector.
  public var isPermutationInvariant: Bool { blocks[0].map == .dense }

  /// The largest number of units or channels, so that no shape overflows.
  static let largestWidth = 1 << 16
  static let largestKernel = 63
  /// The largest number of blocks of a network that can be built, so that a file can hold all tensors of its training.
  static let largestDepth = 1024

  /// Reads the notation.
  ///
  /// - Throws: `ArchitectureError` naming the element that is wrong.
  public init(_ notation: String) throws(ArchitectureError) {
    var blocks: [Block] = []
    let elements = notation.split(separator: "-", omittingEmptySubsequences: false).map { String($0) }
    for (index, element) in elements.enumerated() {
      func fail(_ expected: String) -> ArchitectureError {
        .notation(notation, position: index + 1, element: element, expected: expected)
      }
      if let pooling = Self.pooling(element) {
        guard let last = blocks.last, last.map != .dense, last.pooling == nil else {
          throw fail("pooling only once after a convolution")
        }
        blocks[blocks.count - 1].pooling = pooling
      } else if let block = Self.convolution(element) {
        guard blocks.last?.map != .dense else { throw fail("a dense layer after a dense layer") }
        blocks.append(block)
      } else if let units = Self.number(element[...], in: 1...Self.largestWidth) {
        blocks.append(Block(map: .dense, outputs: units))
      } else {
        throw fail(
          "a convolution such as 32C5 (up to \(Self.largestWidth) channels, an odd kernel up to \(Self.largestKernel)), "
            + "P2, A2, S2, or 1 to \(Self.largestWidth) units, no number beginning with 0")
      }
    }
    guard let last = blocks.last, last.map == .dense else {
      throw .notation(
        notation, position: elements.count, element: elements.last ?? "", expected: "a dense layer at the end")
    }
    self.blocks = blocks
    description = notation
  }

  private static func pooling(_ element: String) -> PoolingKind? {
    switch element {
    case "P2": .max
    case "A2": .average
    case "S2": .sum
    default: nil
    }
  }

  private static func convolution(_ element: String) -> Block? {
    let isValid = element.hasSuffix("V")
    let parts = element.dropLast(isValid ? 1 : 0).split(separator: "C", omittingEmptySubsequences: false)
    guard parts.count == 2, let channels = number(parts[0], in: 1...largestWidth),
      let kernel = number(parts[1], in: 1...largestKernel), kernel % 2 == 1
    else { return nil }
    return Block(map: .convolution(Convolution(kernel: kernel, padding: isValid ? .valid : .same)), outputs: channels)
  }

  /// The number, which must consist of decimal digits only and not begin with 0, if it is in the range.
  private static func number(_ text: Substring, in range: ClosedRange<Int>) -> Int? {
    guard let first = text.first, first != "0", text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text)
    else { return nil }
    return range.contains(number) ? number : nil
  }
}

/// The input and output shapes of a linear layer of an architecture, for images of a given shape.
public struct LinearShape: Sendable, Equatable {
  /// `I`, the number of terms of one output.
  public let fanIn: Int
  /// `(I)` or `(C, H, W)`.
  public let input: Shape
  /// `(O)` or `(O, H', W')`, before pooling.
  public let output: Shape

  package init(fanIn: Int, input: Shape, output: Shape) {
    self.fanIn = fanIn
    self.input = input
    self.output = output
  }
}

extension Architecture {
  /// The shapes of each linear layer, for images of this shape.
  ///
  /// - Throws: `ArchitectureError` if an image is too small for a kernel or for pooling.
  public func shapes(of image: ImageShape) throws(ArchitectureError) -> [LinearShape] {
    var image = image
    var units: Int?
    var shapes: [LinearShape] = []
    for block in blocks {
      switch block.map {
      case .dense:
        let fanIn = units ?? image.pixels
        shapes.append(LinearShape(fanIn: fanIn, input: [fanIn], output: [block.outputs]))
        units = block.outputs
      case .convolution(let convolution):
        let growth = 2 * convolution.padding - convolution.kernel + 1
        let output = ImageShape(channels: block.outputs, height: image.height + growth, width: image.width + growth)
        guard min(output.height, output.width) >= (block.pooling == nil ? 1 : 2) else {
          throw .tooSmall(description, layer: shapes.count + 1, height: image.height, width: image.width)
        }
        shapes.append(
          LinearShape(
            fanIn: image.channels * convolution.kernel * convolution.kernel, input: image.shape, output: output.shape))
        image = block.pooling == nil ? output : output.pooled
      }
    }
    return shapes
  }
}

/// The channels and the size of an image.
public struct ImageShape: Sendable, Equatable, Codable {
  /// `C`.
  public var channels: Int
  /// `H` in pixels.
  public var height: Int
  /// `W` in pixels.
  public var width: Int

  /// An image's shape.
  public init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// The number of scalars in an image, `C · H · W`.
  public var pixels: Int { channels * height * width }
  /// `(C, H, W)`.
  public var shape: Shape { [channels, height, width] }
  /// The shape after 2×2 pooling, which drops an odd last row or column.
  var pooled: ImageShape { ImageShape(channels: channels, height: height / 2, width: width / 2) }
}

extension Architecture: ExpressibleByStringLiteral {
  /// An architecture that is written in source code; a mistake in it traps.
  public init(stringLiteral notation: String) {
    do {
      try self.init(notation)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}

extension Architecture: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    try self.init(container.decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// Why an architecture cannot be built.
public enum ArchitectureError: Error, Equatable, CustomStringConvertible {
  case notation(String, position: Int, element: String, expected: String)
  case tooSmall(String, layer: Int, height: Int, width: Int)
  case classes(String, expected: Int, actual: Int)
  case dropout(String, expected: Int, actual: Int)
  case dropoutRate(String, layer: Int, rate: Double)
  case tooDeep(String, limit: Int, actual: Int)
  case grids(String, expected: Int, actual: Int)
  /// The deployed network's integers would not be exact in Float.
  case largeSum(String, layer: Int, largest: Int)

  public var description: String {
    switch self {
    case .notation(let notation, let position, let element, let expected):
      "architecture \(notation), element \(position): expected \(expected), found \"\(element)\""
    case .tooSmall(let notation, let layer, let height, let width):
      "architecture \(notation), linear layer \(layer): expected images that are large enough for its kernel and "
        + "pooling, found \(height)×\(width)"
    case .classes(let notation, let expected, let actual):
      "architecture \(notation): expected \(expected) units at the end, one per class of the data, found \(actual)"
    case .dropout(let notation, let expected, let actual):
      "architecture \(notation): expected \(expected) dropout rates, one for each dense layer and convolution, "
        + "found \(actual)"
    case .dropoutRate(let notation, let layer, let rate):
      "architecture \(notation), linear layer \(layer): expected a dropout rate from 0 to below 1, found \(rate)"
    case .tooDeep(let notation, let limit, let actual):
      "architecture \(notation.prefix(40))…: expected at most \(limit) dense layers and convolutions, found \(actual)"
    case .grids(let notation, let expected, let actual):
      "architecture \(notation): expected \(expected == 1 ? "1 grid" : "1 or \(expected) grids"), one for each dense layer and convolution, "
        + "found \(actual)"
    case .largeSum(let notation, let layer, let largest):
      "architecture \(notation), linear layer \(layer): expected integers that sum to less than 2^24 = 16777216 in the "
        + "deployed network, so that the sum is exact, found up to \(largest)"
    }
  }
}
