import Layers
import Tensors
import WeightDistributions

/// What a network is built from: everything but its parameters.
public struct NetworkSpecification: Sendable, Equatable {
  /// What the network reads.
  public var input: ImageInput
  /// The layers.
  public var architecture: Architecture
  /// Which of the method's networks it is.
  public var kind: NetworkKind
  /// The choices that the method leaves open.
  public var method: Method
  /// Dropout before each dense layer and convolution; 0 is none.
  public var dropout: [Double]
  /// What follows batch normalization in the real network.
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

  /// Checks that architecture, input, dropout rates and method fit together, and that the integers which the deployed network
  /// of a kind with sign activations sums are exact in Float: their largest possible sum stays below 2²⁴ (`Method.md` §6).
  ///
  /// - Throws: `ArchitectureError` or `MethodError`.
  public func validate() throws {
    let layers = architecture.blocks.count
    let shapes = try architecture.shapes(of: input.image)
    guard dropout.count == layers else {
      throw ArchitectureError.dropout("\(architecture)", expected: layers, actual: dropout.count)
    }
    guard method.grids.count == 1 || method.grids.count == layers else {
      throw ArchitectureError.grids("\(architecture)", expected: layers, actual: method.grids.count)
    }
    if let contradiction = method.contradiction { throw contradiction }
    guard kind.activation == .sign else { return }
    for (index, shape) in shapes.enumerated() {
      let largest = largestSum(index, fanIn: shape.fanIn)
      guard largest < 1 << 24 else {
        throw ArchitectureError.largeSum("\(architecture)", layer: index + 1, largest: largest)
      }
    }
  }

  /// The largest sum of integers that block `index` of the deployed network may come to, over its inputs, weights and the window
  /// of a pooling that adds.
  private func largestSum(_ index: Int, fanIn: Int) -> Int {
    let grid = kind.isDiscrete ? method.grid(index) : .binary
    let weight = grid.integers.map(\.magnitude).max() ?? 0
    let pooled = architecture.blocks[index].pooling.map { $0 == .max ? 1 : 4 } ?? 1
    return fanIn * Int(weight) * (index == 0 ? input.pixelMaximum : 1) * pooled
  }
}

/// What follows batch normalization in the real network, from which the discrete ones start.
public enum RealActivation: String, CaseIterable, Sendable, Codable {
  /// The paper's.
  case tanh
  /// `max(x, 0)`, that of the authors' later experiments.
  case relu
}

/// The images that a network reads: their shape, and the range of their pixels.
public struct ImageInput: Sendable, Equatable, Codable {
  /// Channels and size.
  public var image: ImageShape
  /// `M`, the largest value of a pixel; the least is 0.
  public var pixelMaximum: Int

  /// - Precondition: `pixelMaximum ≥ 1`.
  public init(image: ImageShape, pixelMaximum: Int) {
    precondition(pixelMaximum >= 1, "ImageInput: pixels up to \(pixelMaximum)")
    (self.image, self.pixelMaximum) = (image, pixelMaximum)
  }
}
