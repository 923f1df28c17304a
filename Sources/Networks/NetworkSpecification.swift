import Layers
import Tensors
import WeightDistributions

/// What a network is built from: everything but its parameters.
public struct NetworkSpecification: Sendable, Equatable {
  /// The images that the network reads.
  public var input: ImageInput
  /// The layers.
  public var architecture: Architecture
  /// Which of the method's networks this is.
  public var kind: NetworkKind
  /// The choices that the method leaves open.
  public var method: Method
  /// The dropout rate before each dense layer and convolution; 0 means none.
  public var dropout: [Double]
  /// The activation that follows batch normalization in the real network.
  public var realActivation: RealActivation
  /// `λ` of the divergence that the method may add to the loss of discrete networks.
  public var regularization: Double

  /// A specification; ``validate()`` tells whether it can be built.
  public init(
    input: ImageInput, architecture: Architecture, kind: NetworkKind, method: Method = Method(), dropout: [Double],
    realActivation: RealActivation = .tanh, regularization: Double = 0
  ) {
    (self.input, self.architecture, self.kind, self.method) = (input, architecture, kind, method)
    (self.dropout, self.realActivation, self.regularization) = (dropout, realActivation, regularization)
  }

  /// Checks that architecture, input, dropout rates and method fit together, that every number is one that a network can have
  /// and, for a network with sign activations, that the deployed network's integer sums are exact in Float: the largest possible
  /// sum must be below 2²⁴ (`Method.md` §6).
  ///
  /// - Throws: `ArchitectureError` or `MethodError`.
  public func validate() throws {
    let layers = architecture.blocks.count
    guard layers <= Architecture.largestDepth else {
      throw ArchitectureError.tooDeep("\(architecture)", limit: Architecture.largestDepth, actual: layers)
    }
    let shapes = try architecture.shapes(of: input.image)
    guard dropout.count == layers else {
      throw ArchitectureError.dropout("\(architecture)", expected: layers, actual: dropout.count)
    }
    if let index = dropout.firstIndex(where: { !(0..<1).contains($0) }) {
      throw ArchitectureError.dropoutRate("\(architecture)", layer: index + 1, rate: dropout[index])
    }
    guard regularization >= 0 && regularization.isFinite else { throw MethodError.regularization(regularization) }
    guard method.grids.count == 1 || method.grids.count == layers else {
      throw ArchitectureError.grids("\(architecture)", expected: layers, actual: method.grids.count)
    }
    if let contradiction = method.contradiction { throw contradiction }
    guard kind.activation == .sign else { return }
    for (index, shape) in shapes.enumerated() {
      let largest = Self.largestSum(
        fanIn: shape.fanIn, kind.isDiscrete ? method.grid(index) : .binary,
        pixelMaximum: index == 0 ? input.pixelMaximum : nil, pooling: architecture.blocks[index].pooling)
      guard largest < 1 << 24 else {
        throw ArchitectureError.largeSum("\(architecture)", layer: index + 1, largest: largest)
      }
    }
  }

  /// The largest possible sum of integers in a block of the deployed network, over its inputs, the weights of a grid and the window
  /// of average or sum pooling: `I · max |w| · M`, and four times that where pooling adds.
  ///
  /// - Parameter pixelMaximum: `M` in the first block; nil of signs, where it is 1.
  package static func largestSum(fanIn: Int, _ grid: WeightGrid, pixelMaximum: Int?, pooling: PoolingKind?) -> Int {
    let weight = grid.integers.map(\.magnitude).max().map { Int($0) } ?? 0
    return fanIn * weight * (pixelMaximum ?? 1) * (pooling?.addends ?? 1)
  }
}

/// The activation that follows batch normalization in the real network, from which the discrete ones start.
public enum RealActivation: String, CaseIterable, Sendable, Codable {
  /// The paper's activation.
  case tanh
  /// `max(x, 0)`, the activation in the authors' later experiments.
  case relu
}

/// The images that a network reads: their shape, and the range of their pixels.
public struct ImageInput: Sendable, Equatable, Codable {
  /// The channels and the size.
  public var image: ImageShape
  /// `M`, the largest value of a pixel; the smallest is 0.
  public var pixelMaximum: Int

  /// - Precondition: `pixelMaximum ≥ 1`.
  public init(image: ImageShape, pixelMaximum: Int) {
    precondition(pixelMaximum >= 1, "ImageInput: pixels up to \(pixelMaximum)")
    (self.image, self.pixelMaximum) = (image, pixelMaximum)
  }
}
