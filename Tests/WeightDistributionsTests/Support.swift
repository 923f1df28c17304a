import Tensors
import Testing
import Verification
import WeightDistributions

/// A parameterization of the distributions over a grid.
struct Family: CustomTestStringConvertible, Sendable {
  let parameterization: WeightParameterization
  let grid: WeightGrid

  /// Every one that there is.
  static let all = WeightParameterization.allCases.flatMap { parameterization in
    WeightGrid.all.filter { parameterization.supports($0) }.map {
      Family(parameterization: parameterization, grid: $0)
    }
  }

  var testDescription: String { "\(parameterization.rawValue) \(grid.name)" }

  /// Distributions of the family with these parameters.
  func weights<Scalar: Real>(_ parameters: Tensor<Scalar>, on workers: Workers = .single) -> WeightDistribution<Scalar>
  {
    WeightDistribution(grid: grid, parameterization: parameterization, logits: parameters, on: workers)
  }

  /// Random parameters within ±`limit`.
  func parameters<Scalar: Real>(_ inputs: Int, _ outputs: Int, limit: Double = 5) -> Tensor<Scalar> {
    var numbers = TestNumbers(seed: UInt64(inputs * 1000 + outputs))
    return numbers.tensor(parameterization.count(of: grid), inputs, outputs, in: -limit...limit)
  }

  /// A prior that is not uniform: in proportion 1, 2, … in ascending order.
  var prior: [Double] {
    let total = grid.count * (grid.count + 1) / 2
    return (1...grid.count).map { Double($0) / Double(total) }
  }
}

extension Tensor {
  /// The planes of the outermost axis in another order, each times a factor.
  func planes(_ order: [(plane: Int, factor: Scalar)]) -> Tensor {
    Tensor(
      [order.count] + shape.dropFirst(),
      order.flatMap { entry in scalars[entry.plane * columns..<(entry.plane + 1) * columns].map { $0 * entry.factor } })
  }

  /// The scalars of one plane.
  func plane(_ k: Int) -> [Scalar] { Array(scalars[k * columns..<(k + 1) * columns]) }
}

/// `requireSameBits`, which is slow, only where memory differs.
func requireSameMemory<Scalar: Real>(
  _ what: String, _ actual: Tensor<Scalar>, expected: Tensor<Scalar>
) throws {
  let same = actual.scalars.withUnsafeBytes { actual in
    expected.scalars.withUnsafeBytes { actual.elementsEqual($0) }
  }
  if !same || actual.shape != expected.shape { try requireSameBits(what, actual, expected: expected) }
}
