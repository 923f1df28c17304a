import Tensors

/// A layer's discrete weights: for each the index of its value in a grid, shape `(I, O)`.
public struct DiscreteWeights: Sendable, Equatable {
  /// The values that a weight may have.
  public let grid: WeightGrid
  /// `(I, O)`.
  public let shape: Shape
  /// An index into the grid's values for each weight, row-major.
  public let indices: [UInt8]

  /// - Precondition: there is one index for each element of `shape`, and each is below `grid.count`.
  public init(grid: WeightGrid, shape: Shape, indices: [UInt8]) {
    precondition(
      indices.count == shape.reduce(1, *), "DiscreteWeights: \(indices.count) indices for weights of shape \(shape)")
    precondition(
      indices.allSatisfy { $0 < grid.count }, "DiscreteWeights: an index is not below the \(grid.count) of \(grid.name)"
    )
    (self.grid, self.shape, self.indices) = (grid, shape, indices)
  }

  /// The weights in the grid's integer form, value times the grid's denominator, all exact.
  public func integers<Scalar: TensorScalar>(on device: Device) -> Tensor<Scalar> {
    looked(up: grid.integers.map { Scalar($0) }, on: device)
  }

  /// The integers in the order `(O, I)`.
  package var integersByOutput: [Int16] {
    let integers = grid.integers.map { Int16($0) }
    return indices.byOutput(inputs: shape[0], outputs: shape[1]).map { integers[Int($0)] }
  }

  /// The weights' values.
  public func values<Scalar: TensorScalar>(on device: Device) -> Tensor<Scalar> {
    looked(up: grid.values.map { Scalar($0) }, on: device)
  }

  private func looked<Scalar: TensorScalar>(up table: [Scalar], on device: Device) -> Tensor<Scalar> {
    let outputs = shape[1]
    return Tensor(shape, on: device) { i, o in table[Int(indices[i * outputs + o])] }.moved(to: device)
  }
}

extension Array {
  /// Groups of matrices `(I, O)` as groups of `(O, I)`.
  package func byOutput(groups: Int = 1, inputs: Int, outputs: Int) -> [Element] {
    var turned: [Element] = []
    turned.reserveCapacity(count)
    for group in 0..<groups {
      for o in 0..<outputs {
        for i in 0..<inputs { turned.append(self[(group * inputs + i) * outputs + o]) }
      }
    }
    return turned
  }
}
