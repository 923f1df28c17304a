import RandomStreams
import Tensors
import Testing

/// Fixed seeds, so these cannot fail by chance: a failure is a change of the numbers.
@Suite("Distributions of the random numbers")
struct DistributionTests {
  let count = 100_000
  let stream = RandomStream(seed: 2026, purpose: .reparameterization, epoch: 1, step: 2, layer: 3)

  /// Raw moments `E xᵏ`, `k` = 1 … 4, by Double sums.
  private func moments<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> [Double] {
    var sums = [0.0, 0, 0, 0]
    for scalar in x.scalars {
      let x = Double(scalar)
      sums[0] += x
      sums[1] += x * x
      sums[2] += x * x * x
      sums[3] += x * x * x * x
    }
    return sums.map { $0 / Double(x.count) }
  }

  /// Each moment lies within five standard deviations, `√((E x²ᵏ − (E xᵏ)²) / n)`, of what the distribution has.
  private func expect<Scalar: TensorScalar>(
    _ what: String, _ x: Tensor<Scalar>, _ exact: [Double], deviations: [Double]
  ) {
    for (k, (actual, (exact, deviation))) in zip(moments(x), zip(exact, deviations)).enumerated() {
      let bound = 5 * deviation / Double(count).squareRoot()
      #expect(abs(actual - exact) <= bound, "\(what): E x^\(k + 1) is \(actual), not \(exact) ± \(bound)")
    }
  }

  private func check<Scalar: TensorScalar>(_: Scalar.Type) {
    let uniform: Tensor<Scalar> = stream.uniform([count], on: .single)
    // E u^k = 1 / (k + 1).
    let means = [1.0 / 2, 1.0 / 3, 1.0 / 4, 1.0 / 5]
    let squares = [1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9]
    expect("uniform", uniform, means, deviations: zip(squares, means).map { ($0 - $1 * $1).squareRoot() })
    let normal: Tensor<Scalar> = stream.normal([count], on: .single)
    // E x² = 1, x⁴ 3, x⁶ 15, x⁸ 105.
    expect("normal", normal, [0, 1, 0, 3], deviations: [1, 2.0.squareRoot(), 15.0.squareRoot(), 96.0.squareRoot()])
    // Neighbours are of one Box–Muller pair; their product has mean 0 and variance 1.
    let products = stride(from: 0, to: count, by: 2).map { Double(normal.scalars[$0]) * Double(normal.scalars[$0 + 1]) }
    let correlation = products.reduce(0, +) / Double(products.count)
    #expect(abs(correlation) <= 5 / Double(products.count).squareRoot())
    let logistic: Tensor<Scalar> = stream.logistic([count], on: .single)
    // E L² = π²/3, L⁴ = 7π⁴/15, L⁶ = 31π⁶/21, L⁸ = 127π⁸/15.
    let pi2 = Double.pi * Double.pi
    let even = [pi2 / 3, 7 * pi2 * pi2 / 15, 31 * pi2 * pi2 * pi2 / 21, 127 * pi2 * pi2 * pi2 * pi2 / 15]
    expect(
      "logistic", logistic, [0, even[0], 0, even[1]],
      deviations: [
        even[0].squareRoot(), (even[1] - even[0] * even[0]).squareRoot(), even[2].squareRoot(),
        (even[3] - even[1] * even[1]).squareRoot(),
      ])
  }

  @Test("uniform, normal and logistic numbers have the first four moments of their distributions")
  func moments() {
    check(Float.self)
    check(Double.self)
  }

  @Test("a permutation holds every index once", arguments: [0, 1, 2, 3, 20, 1000])
  func permutations(count: Int) {
    for epoch in 0..<20 {
      let order = RandomStream(seed: 3, purpose: .shuffle, epoch: epoch).permutation(count)
      #expect(order.sorted() == Array(0..<count))
    }
  }

  /// χ² with 23 degrees of freedom exceeds 57.1, or stays below 5.7, once in 10,000 draws each.
  @Test("all 24 orders of four come about equally often")
  func orders() {
    var counts: [[Int]: Int] = [:]
    for seed in 0..<2400 {
      counts[RandomStream(seed: UInt64(seed), purpose: .shuffle).permutation(4), default: 0] += 1
    }
    #expect(counts.count == 24)
    let chiSquare = counts.values.reduce(0.0) { $0 + Double(($1 - 100) * ($1 - 100)) / 100 }
    #expect(chiSquare < 57.1)
    // Too even would be no randomness either.
    #expect(chiSquare > 5.7)
  }
}
