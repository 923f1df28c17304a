import Datasets
import Exchange
import Files
import Layers
import Networks
import Tensors
import TestSupport
import Testing
import Training
import Verification
import WeightDistributions

@Suite("Networks that other libraries trained")
struct ImportTests {
  static let architecture: Architecture = "3C3V-P2-5-10"

  /// A real network with batch normalization at random, and its arrays in a layout.
  static func foreign(_ layout: NetworkImport.Layout) throws -> (own: Network<Float>, arrays: ForeignNetwork) {
    var own = try network(architecture, .real)
    var numbers = TestNumbers(seed: 5)
    func vector(_ count: Int, _ range: ClosedRange<Double>) -> [Double] {
      (0..<count).map { _ in
        // What single precision has.
        Double(Float(range.lowerBound + (range.upperBound - range.lowerBound) * Double(numbers.bits() >> 11) / 0x1p53))
      }
    }
    var arrays = ForeignNetwork()
    let (dot, leaves) =
      layout == .torch
      ? (".", ["weight", "bias", "running_mean", "running_var"])
      : ("/", ["gamma", "beta", "moving_mean", "moving_variance"])
    let kernel = layout == .torch ? "weight" : "kernel"
    let images: [(c: Int, h: Int, w: Int)?] = [(2, 6, 7), (3, 2, 2), nil]
    for (index, block) in own.blocks.enumerated() {
      let count = block.linear.parameters[0].tensor.shape[1]
      arrays.setWeights(
        "linear\(index)\(dot)\(kernel)", block.linear.parameters[0].tensor, layout, image: images[index],
        kernel: index == 0 ? 3 : nil)
      let bias = vector(count, -1...1)
      arrays.set("linear\(index)\(dot)bias", [count], bias)
      guard index < 2 else {
        own.blocks[index].setParameters(
          [block.parameters[0].tensor, Tensor([count], bias.map { Float($0) })], on: .single)
        continue
      }
      let (gamma, beta) = (vector(count, -1...1), vector(count, -1...1))
      let (mean, variance) = (vector(count, -2...2), vector(count, 0.1...3))
      for (leaf, values) in zip(leaves, [gamma, beta, mean, variance]) {
        arrays.set("norm\(index)\(dot)\(leaf)", [count], values)
      }
      if layout == .torch { arrays.set("norm\(index).num_batches_tracked", [], [12]) }
      let folded = [
        "scale": gamma, "shift": beta, "runningMean": zip(mean, bias).map { $0 - $1 },
        "runningInverseDeviation": variance.map { 1 / ($0 + 0.01).squareRoot() },
      ]
      own.blocks[index].setParameters(
        block.parameters.map { parameter in
          folded[String(parameter.name.split(separator: ".")[1])].map { Tensor([count], $0.map { Float($0) }) }
            ?? parameter.tensor
        }, on: .single)
    }
    return (own, arrays)
  }

  func imported(
    _ arrays: ForeignNetwork, _ layout: NetworkImport.Layout = .torch, as specification: NetworkSpecification? = nil,
    names: ForeignNamesFile? = nil, zeroUpTo: Double? = nil
  ) throws -> (network: Network<Float>, outputScale: Double) {
    try NetworkImport(
      arrays.file(), layout, as: try specification ?? network(Self.architecture, .real).specification, names: names,
      epsilon: 0.01, zeroUpTo: zeroUpTo
    ).network(on: .single)
  }

  @Test(
    "weights in either layout, with bias and batch normalization's own epsilon folded in, give our network to the bit",
    arguments: NetworkImport.Layout.allCases)
  func layouts(layout: NetworkImport.Layout) throws {
    let (own, arrays) = try Self.foreign(layout)
    let (network, scale) = try imported(arrays, layout)
    #expect(scale == 1 && network.digest == own.digest)
    for (found, expected) in zip(network.parameters, own.parameters) {
      #expect(found.name == expected.name && found.tensor == expected.tensor, "\(found.name)")
    }
    // Planted: the other library's flattening, and another epsilon.
    let other: NetworkImport.Layout = layout == .torch ? .keras : .torch
    #expect(throws: (any Error).self) { try imported(arrays, other) }
    let own5 = try NetworkImport(arrays.file(), layout, as: own.specification).network(on: .single).network
    #expect(own5.digest != own.digest)
  }

  private func message(_ change: (inout ForeignNetwork) -> Void) throws -> String {
    var (_, arrays) = try Self.foreign(.torch)
    change(&arrays)
    do {
      _ = try imported(arrays)
      return "no error"
    } catch let error as ImportError { return "\(error)" }
  }

  @Test("what is missing, superfluous, of another shape or not finite is named; what fits twice is not guessed")
  func refused() throws {
    #expect(try message { _ in } == "no error")
    let cases: [(String, (inout ForeignNetwork) -> Void)] = [
      ("net.npz: layer 2: expected weights of shape [5, 12], found none", { $0.arrays["linear1.weight"] = nil }),
      (
        "net.npz: layer 2: expected one weights of shape [5, 12], found 'linear1', 'twin' (--names chooses)",
        { $0.set("twin.weight", [5, 12], Array(repeating: 0, count: 60)) }
      ),
      (
        "net.npz: layer 1: expected one batch normalization of 3 channels, found 'norm0', 'twin' (--names chooses)",
        {
          $0.set("twin.running_mean", [3], [0, 0, 0])
          $0.set("twin.running_var", [3], [1, 1, 1])
        }
      ),
      (
        "net.npz: array 'extra': expected a layer that reads it, found none", { $0.set("extra", [2], [0, 0]) }
      ),
      ("net.npz: array 'linear0.bias': expected shape [3], found [4]", { $0.set("linear0.bias", [4], [0, 0, 0, 0]) }),
      ("net.npz: layer 1: expected a variance beside the mean, found none", { $0.arrays["norm0.running_var"] = nil }),
      (
        "net.npz: array 'norm0.running_var': expected finite numbers and no negative variance, found -1.0 at index 1",
        { $0.set("norm0.running_var", [3], [1, -1, 1]) }
      ),
      (
        "net.npz: array 'norm0.weight': expected finite numbers and no negative variance, found nan at index 2",
        { $0.set("norm0.weight", [3], [1, 1, .nan]) }
      ),
      (
        "net.npz: array 'norm2.running_mean': expected no batch normalization in the last layer, whose outputs are the scores, found one",
        { $0.set("norm2.running_mean", [10], Array(repeating: 0, count: 10)) }
      ),
      (
        "net.npz: array 'norm1.bias': expected a layer that reads it, found none",
        { $0.arrays["norm1.running_mean"] = nil }
      ),
    ]
    for (expected, change) in cases { #expect(try message(change) == expected) }
  }

  @Test(
    "binary and ternary weights with a scale become a sign network that computes the same, up to a factor of the scores",
    arguments: [[WeightGrid.binary], [.ternary], [.quinary], [.ternary, .quinary, .binary]],
    NetworkImport.Layout.allCases)
  func discrete(grids: [WeightGrid], layout: NetworkImport.Layout) throws {
    let own = try network("3C3-6-10", .discreteSign, grids: grids)
    var arrays = ForeignNetwork()
    for (index, block) in own.blocks.enumerated() {
      let weights = try #require(
        block.linear.discreteWeights(sampledFrom: nil, on: .single)?.values(on: .single) as Tensor<Float>?)
      let images: [(c: Int, h: Int, w: Int)?] = [(2, 6, 7), (3, 6, 7), nil]
      arrays.setWeights(
        "l\(index).weight", weights, layout, image: images[index], kernel: index == 0 ? 3 : nil, times: 0.25)
    }
    arrays.set("l2.bias", [10], (0..<10).map { Double($0) })
    let (network, scale) = try imported(arrays, layout, as: own.specification)
    for (found, expected) in zip(network.blocks, own.blocks) {
      #expect(
        found.linear.discreteWeights(sampledFrom: nil, on: .single)
          == expected.linear.discreteWeights(sampledFrom: nil, on: .single))
    }
    // Sums of theirs are a quarter of ours: so are means, and the last sums times √7, by which ours are divided.
    #expect(network.blocks[0].normalization?.running.inverseDeviation.scalars == [0.25, 0.25, 0.25])
    #expect(network.blocks[2].linear.bias?.scalars == (0..<10).map { Float($0 * 4) })
    #expect(scale == 0.25 * 7.0.squareRoot())
  }

  @Test("latent weights become ternary ones at a limit, and others that no grid has are refused")
  func latent() throws {
    let own = try network("10", .discreteSign)
    var arrays = ForeignNetwork()
    let latent = (0..<840).map { Double($0 % 7 - 3) / 10 }
    arrays.set("l.weight", [10, 84], latent)
    let weights = try #require(
      try imported(arrays, as: own.specification, zeroUpTo: 0.1).network.blocks[0].linear.discreteWeights(
        sampledFrom: nil, on: .single))
    let values: Tensor<Float> = weights.values(on: .single)
    for o in 0..<10 {
      for i in 0..<84 {
        let weight = latent[o * 84 + i]
        #expect(values.scalars[i * 10 + o] == (abs(weight) <= 0.1 ? 0 : weight < 0 ? -1 : 1))
      }
    }
    #expect(
      throws: ImportError.notOnGrid(
        path: "net.npz", array: "l.weight", index: 1, value: -0.2, grid: "ternary", scale: 0.3)
    ) { try imported(arrays, as: own.specification) }
  }

  @Test("outputs beyond the tolerance, not a number, or of another shape are found")
  func comparison() throws {
    let ours = Tensor<Float>([2, 3], [1, 2, 3, 4, 5, 6])
    func compare(
      _ values: [Double], _ shape: [Int] = [2, 3], scale: Double = 1, tolerance: Double = 0.01
    ) throws -> OutputComparison {
      try OutputComparison(
        ours, scale: scale, with: NumberArray(name: "", shape: shape, values: values), from: "o.npy",
        tolerance: tolerance)
    }
    #expect(try compare([1, 2, 3, 4, 5, 6]).largest == 0)
    #expect(try compare([3, 2, 1, 4, 5, 6], tolerance: 0.5).sameClasses == 1)
    let near = try compare([1, 2, 3.25, 4, 5, 6], tolerance: 0.125)
    #expect(near.images == 2 && near.largest == 0.25 && near.allowed == 0.75 && near.sameClasses == 2)
    // The largest in size is meant: here one below zero.
    let below = try compare([1, 2, 3, 4, 5, 6].map { -$0 }, scale: -1, tolerance: 0.125)
    #expect(below.largest == 0 && below.allowed == 0.75)
    #expect(try compare([2, 4, 6, 8, 10, 12], scale: 2).sameClasses == 2)
    #expect(
      throws: ImportError.output(
        path: "o.npy", image: 1, class: 2, expected: 7, actual: 6, allowed: 0.07)
    ) { try compare([1, 2, 3, 4, 5, 7]) }
    // With an infinite output everything would be within a share of the largest one.
    for (number, words) in [(Double.infinity, "inf"), (-.infinity, "-inf"), (.nan, "nan")] {
      #expect {
        try compare([9, 9, 9, 9, number, 9])
      } throws: {
        "\($0)" == "o.npy: image 1, class 1: expected a finite output, found \(words)"
      }
    }
    #expect(throws: ImportError.outputShape(path: "o.npy", expected: [2, 3], actual: [3, 2])) {
      try compare([1, 2, 3, 4, 5, 6], [3, 2])
    }
  }
}
