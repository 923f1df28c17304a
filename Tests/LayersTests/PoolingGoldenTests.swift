import Layers
import Tensors
import TestSupport
import Testing

@Suite("Layers: pooling, straight-through signs and dropout of distributions, values from outside")
struct PoolingGoldenTests {
  /// Runs the cases of `kinds` whose noise, if any, is of `Scalar`'s stream.
  private func run<Scalar: Real>(
    _ kinds: String..., count: Int, within tolerance: Tolerance,
    _ make: (LayerCase) throws -> any Layer<Scalar>
  ) throws {
    let cases = try kinds.flatMap { try LayerCase.all(of: $0, in: "pooling") }
      .filter { $0.scalar == nil || $0.scalar == "\(Scalar.self)" }
    for golden in cases { try golden.check(make(golden), within: tolerance) }
    #expect(cases.count == count)
  }

  private func all<Scalar: Real>(_: Scalar.Type, within tolerance: Tolerance) throws {
    try run("maxOfValues", count: 6, within: tolerance) { _ in Pooling<Scalar>(.max) }
    try run("maxOfGaussians", count: 5, within: tolerance) { _ in Pooling<Scalar>(.max) }
    try run("maxOfBernoullis", count: 6, within: tolerance) { _ in Pooling<Scalar>(.max) }
    try run("averageOfValues", "averageOfGaussians", "averageOfBernoullis", count: 15, within: tolerance) { _ in
      Pooling<Scalar>(.average)
    }
    try run("sumOfValues", "sumOfGaussians", "sumOfBernoullis", count: 15, within: tolerance) { _ in
      Pooling<Scalar>(.sum)
    }
    try run("relu", count: 1, within: tolerance) { _ in ReLU<Scalar>() }
    try run("straightThroughSign", count: 1, within: tolerance) { _ in StraightThroughSign<Scalar>() }
    try run("straightThrough", count: 2, within: tolerance) {
      BernoulliReparameterization<Scalar>(
        temperature: Scalar(try $0.setting("temperature")), estimator: .straightThrough)
    }
    try run("dropoutOfGaussians", "dropoutOfBernoullis", count: 4, within: tolerance) {
      Dropout<Scalar>(rate: Scalar(try $0.setting("rate")))
    }
  }

  @Test("outputs and gradients are the oracle's, in Double")
  func double() throws { try all(Double.self, within: .goldenDouble) }

  @Test("and in Float")
  func float() throws { try all(Float.self, within: .goldenFloat) }
}
