import Tensors
import TestSupport
import Testing
import WeightDistributions

@Suite("Weight distributions: values from outside")
struct WeightGoldenTests {
  private func grid(of golden: LayerCase) throws -> WeightGrid {
    try #require(WeightGrid.all.first { $0.name == golden.grid ?? "ternary" }, "\(golden.name)")
  }

  private func moments<Scalar: Real>(_: Scalar.Type, within tolerance: Tolerance) throws -> Int {
    let cases = try LayerCase.all(of: "moments")
    for golden in cases {
      let weights = WeightDistribution<Scalar>(
        grid: try grid(of: golden), logits: try golden.input("logits"), on: .single)
      func close(_ name: String, _ actual: Tensor<Scalar>) throws {
        try requireClose(golden.what(name), actual, expected: golden.output(name), within: tolerance)
      }
      try close("probabilities", weights.probabilities(on: .single))
      try close("mean", weights.mean)
      try close("variance", weights.variance)
      let map = weights.mostProbable(on: .single)
      #expect(map.scalars == (try golden.output("map")).scalars.map { Scalar($0) })
      let gradient = weights.logitGradient(
        mean: try golden.cotangent("mean"), variance: try golden.cotangent("variance"), on: .single)
      try requireClose(
        golden.what("∂logits"), gradient, expected: golden.gradient("logits"), within: tolerance)
    }
    return cases.count
  }

  @Test("probabilities, moments, MAP and the logits' gradient are the oracle's")
  func moments() throws {
    #expect(try moments(Double.self, within: .goldenDouble) == 3 + 5)
    #expect(try moments(Float.self, within: .goldenFloat) == 3 + 5)
  }

  private func initialization<Scalar: Real>(_: Scalar.Type, within tolerance: Tolerance) throws -> Int {
    let cases = try LayerCase.all(of: "initialization", "rule")
    for golden in cases {
      let real: Tensor<Scalar> = try golden.input("weights")
      let grid = try grid(of: golden)
      let weights: WeightDistribution<Scalar>
      if golden.layer == "rule" {
        weights = WeightDistribution(grid: grid, fromMapped: real, on: .single)
      } else {
        let mapped = mapByEmpiricalDistribution(real, grid: grid, on: .single)
        try requireClose(golden.what("mapped"), mapped, expected: golden.output("mapped"), within: tolerance)
        weights = WeightDistribution(grid: grid, fromReal: real, on: .single)
      }
      try requireClose(golden.what("logits"), weights.logits, expected: golden.output("logits"), within: tolerance)
      try requireClose(
        golden.what("probabilities"), weights.probabilities(on: .single), expected: golden.output("probabilities"),
        within: tolerance)
    }
    return cases.count
  }

  @Test("the mapping by the empirical CDF and the probability rule are the oracle's")
  func initialization() throws {
    #expect(try initialization(Double.self, within: .goldenDouble) == 7 + 2 * 5)
    #expect(try initialization(Float.self, within: .goldenFloat) == 7 + 2 * 5)
  }
}
