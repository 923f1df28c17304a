import Exchange
import Layers
import Networks
import PackedInference
import Tensors
import TestSupport
import Testing
import Verification
import WeightDistributions

// Which of our numbers become of theirs.

extension ImportTests {
  @Test("Keras's ':0' at an array's end says nothing")
  func kerasNames() throws {
    let (own, arrays) = try Self.foreign(.keras)
    var named = ForeignNetwork()
    for (name, array) in arrays.arrays { named.set("\(name):0", array.shape, array.values) }
    #expect(try imported(named, .keras).network.digest == own.digest)
  }

  /// The numbers of the first layer's batch normalization.
  private func normalization(_ network: Network<Float>) throws -> [[Float]] {
    let own = try #require(network.blocks[0].normalization)
    return [own.scale, own.shift, own.running.mean, own.running.inverseDeviation].map(\.scalars)
  }

  @Test(
    "the epsilon is the library's own unless another is given",
    arguments: [(.torch, 1e-5), (.keras, 1e-3)] as [(NetworkImport.Layout, Double)])
  func epsilon(layout: NetworkImport.Layout, epsilon: Double) throws {
    let own = try network("2-10", .real)
    var arrays = ForeignNetwork()
    for (index, block) in own.blocks.enumerated() {
      arrays.setWeights(
        "l\(index).weight", block.parameters[0].tensor, layout, image: index == 0 ? (2, 6, 7) : nil)
    }
    arrays.set("norm.running_mean", [2], [0, 0])
    arrays.set("norm.running_var", [2], [0, 3])
    func deviations(_ epsilon: Double?) throws -> [Float] {
      let made = try NetworkImport(arrays.file(), layout, as: own.specification, epsilon: epsilon)
      return try normalization(made.network(on: .single).network)[3]
    }
    #expect(try deviations(nil) == [Float(1 / epsilon.squareRoot()), Float(1 / (3 + epsilon).squareRoot())])
    #expect(try deviations(0.25) == [2, Float(1 / 3.25.squareRoot())])
  }

  @Test("weights of scale s and a bias b make of a mean m ours of (m − b) / s; without a mean it is −b / s")
  func scaledBias() throws {
    let own = try network("2-10", .discreteSign, grids: [.binary])
    var arrays = ForeignNetwork()
    for (index, block) in own.blocks.enumerated() {
      let weights = try #require(
        block.linear.discreteWeights(sampledFrom: nil, on: .single)?.values(on: .single) as Tensor<Float>?)
      arrays.setWeights("l\(index).weight", weights, .torch, image: index == 0 ? (2, 6, 7) : nil, times: 0.25)
    }
    arrays.set("l0.bias", [2], [1, -2])
    // A missing scale is 1, a missing shift 0.
    #expect(
      try normalization(imported(arrays, as: own.specification).network) == [[1, 1], [0, 0], [-4, 8], [0.25, 0.25]])
    // With the epsilon 0.01, deviations are 1/2 and 2.
    arrays.set("norm.running_mean", [2], [3, 0.5])
    arrays.set("norm.running_var", [2], [0.24, 3.99])
    #expect(
      try normalization(imported(arrays, as: own.specification).network) == [[1, 1], [0, 0], [8, 10], [0.5, 0.125]])
    arrays.set("norm.weight", [2], [-1, 2])
    arrays.set("norm.bias", [2], [0.75, -3])
    #expect(
      try normalization(imported(arrays, as: own.specification).network)
        == [[-1, 2], [0.75, -3], [8, 10], [0.5, 0.125]])
  }

  @Test("a weight may be off the grid by rounding, not by more")
  func nearlyOnGrid() throws {
    let own = try network("10", .discreteSign)
    func imported(_ weight: Double) throws -> Double {
      var arrays = ForeignNetwork()
      arrays.set("l.weight", [10, 84], [weight] + (1..<840).map { Double($0 % 3 - 1) })
      let weights = try #require(
        try self.imported(arrays, as: own.specification).network.blocks[0].linear.discreteWeights(
          sampledFrom: nil, on: .single))
      return Double((weights.values(on: .single) as Tensor<Float>).scalars[0])
    }
    for (weight, nearest) in [(0.999995, 1), (-0.999995, -1), (5e-6, 0)] as [(Double, Double)] {
      #expect(try imported(weight) == nearest)
    }
    for weight in [0.9999, -0.99, 0.02, 0.5] {
      #expect(
        throws: ImportError.notOnGrid(
          path: "net.npz", array: "l.weight", index: 0, value: weight, grid: "ternary", scale: 1)
      ) { try imported(weight) }
    }
  }

  @Test(
    "a layer need not have the grid's outermost value: its weights are on the grid at any scale at which they all are",
    arguments: [
      (WeightGrid.quaternaryPlus, [-0.5, 0, 0.5], 3), (.quaternaryMinus, [-0.5, 0, 0.5], 1), ("-1,0,1/2", [0, 0.5], 1),
      (.quaternaryPlus, [-0.5, 0, 0.5, 1], 0.25),
    ] as [(WeightGrid, [Double], Double)])
  func innerValues(grid: WeightGrid, values: [Double], scale: Double) throws {
    let own = try network("10", .discreteSign, grids: [grid])
    let expected = (0..<840).map { values[$0 % values.count] }
    var arrays = ForeignNetwork()
    arrays.set("l.weight", [10, 84], expected.map { $0 * scale })
    let (found, outputScale) = try imported(arrays, as: own.specification)
    let weights = try #require(
      found.blocks[0].linear.discreteWeights(sampledFrom: nil, on: .single)?.values(on: .single) as Tensor<Float>?)
    #expect((0..<840).map { Double(weights.scalars[$0 % 84 * 10 + $0 / 84]) } == expected)
    #expect(outputScale == scale * 85.0.squareRoot())
    // Planted: a weight between two of the values.
    arrays.set("l.weight", [10, 84], [0.3 * scale] + expected.dropFirst().map { $0 * scale })
    #expect(throws: ImportError.self) { try imported(arrays, as: own.specification) }
  }

  @Test(
    "our scores times the factor are the library's outputs: its last weights times the hidden signs, and its bias",
    arguments: [NetworkKind.discreteSign, .straightThrough])
  func outputs(kind: NetworkKind) throws {
    let own = try network("6-10", kind)
    var numbers = TestNumbers(seed: 8)
    func signs(_ count: Int) -> [Double] { (0..<count).map { _ in numbers.bits() % 2 == 0 ? 1 : -1 } }
    let (first, last) = (signs(6 * 84), signs(60))
    let bias = (0..<10).map { Double($0) - 4.5 }
    // Latent weights count by their signs alone.
    let size = kind == .straightThrough ? 1 : 0.5
    var arrays = ForeignNetwork()
    arrays.set("l0.weight", [6, 84], first)
    arrays.set("l1.weight", [10, 6], last.map { $0 / 2 })
    arrays.set("l1.bias", [10], bias)
    let (network, factor) = try imported(arrays, as: own.specification)
    let packed = try PackedNetwork(network, on: .single)
    let pixels = numbers.bytes(4 * 84)
    let (hidden, scores) = try pixels.withUnsafeBufferPointer { pixels in
      let base = try #require(pixels.baseAddress)
      return (packed.hiddenSigns(base, count: 4)[0], packed.outputs(base, count: 4, on: .single))
    }
    for image in 0..<4 {
      for o in 0..<10 {
        let sum = (0..<6).reduce(bias[o]) { $0 + size * last[o * 6 + $1] * Double(hidden.scalars[image * 6 + $1]) }
        #expect(abs(Double(scores.scalars[image * 10 + o]) * factor - sum) < 1e-4, "image \(image), class \(o)")
      }
    }
  }
}
