import Networks
import PackedInference
import Tensors
import TestSupport
import Testing
import Training
import WeightDistributions

@Suite("Packed networks: every hidden sign and every score's bits are those of the evaluation in Scalar")
struct PackedNetworkTests {
  /// A network to pack.
  struct Case: CustomTestStringConvertible {
    let architecture: Architecture
    var kind = NetworkKind.discreteSign
    var image = ImageShape(channels: 1, height: 8, width: 9)
    var pixelMaximum = 255
    var testDescription: String {
      "\(architecture) \(kind.rawValue) on \(image.channels)×\(image.height)×\(image.width)"
    }
  }

  static let cases = [
    Case(architecture: "10"), Case(architecture: "70-33-10"), Case(architecture: "128-64-3", pixelMaximum: 16),
    Case(architecture: "40-10", kind: .straightThrough), Case(architecture: "24-10", kind: .discreteSignFromTanh),
    Case(architecture: "4C3-6C3-20-10"), Case(architecture: "5C5V-P2-20-10"), Case(architecture: "6C3-A2-9C3-S2-12-10"),
    Case(architecture: "3C3-P2-4C3V-10", image: ImageShape(channels: 3, height: 11, width: 7), pixelMaximum: 31),
    Case(architecture: "70C3-P2-66C3-10", image: ImageShape(channels: 3, height: 6, width: 6)),
    Case(architecture: "2C9-10", kind: .straightThrough, image: ImageShape(channels: 2, height: 5, width: 4)),
  ]
  static let grids = WeightGrid.all + ["-1,-1/2,0,1/4,1", "-1,0,3"]

  @Test("of every architecture, with every grid, at batches of 1, 7 and 100", arguments: cases)
  func architectures(_ each: Case) throws {
    for (index, grid) in Self.grids.enumerated() where each.kind.isDiscrete || index == 0 {
      let network = try NetworkToPack<Float>(
        each.architecture, each.kind, grids: [grid], image: each.image, pixelMaximum: each.pixelMaximum, images: 107,
        dropout: index % 2 == 0 ? 0 : 0.2, seed: UInt64(index + 1))
      for batch in [1, 7, 100] {
        let difference = try network.difference(batch: batch)
        #expect(difference == nil, "\(grid.name), batch \(batch): \(difference ?? "")")
      }
      let sampled = each.kind.isDiscrete ? try network.difference(batch: 50, sampling: (seed: 3, member: 2)) : nil
      #expect(sampled == nil, "\(grid.name), sampled: \(sampled ?? "")")
    }
  }

  @Test("weights too large for bytes are multiplied with planes of the pixels' bits, which may take several words")
  func planes() throws {
    // Under a kernel lie 9 · 8 pixels.
    for (architecture, pixelMaximum) in [("3C3-P2-4-3", 255), ("5C3-4-3", 16), ("4-3", 16)]
      as [(Architecture, Int)]
    {
      let network = try NetworkToPack<Float>(
        architecture, grids: ["-1,0,65"], image: ImageShape(channels: 8, height: 5, width: 6),
        pixelMaximum: pixelMaximum, images: 9, seed: 6)
      let difference = try network.difference(batch: 4)
      #expect(difference == nil, "\(architecture): \(difference ?? "")")
    }
  }

  @Test(
    "networks whose activations are real are refused with the reason", arguments: [NetworkKind.real, .discreteTanh])
  func refused(_ kind: NetworkKind) throws {
    let network = try Network<Float>(
      NetworkSpecification(
        input: ImageInput(image: ImageShape(channels: 1, height: 2, width: 2), pixelMaximum: 255), architecture: "3-2",
        kind: kind, dropout: [0, 0]), seed: 1, on: .single)
    #expect(throws: PackingError.activation(kind)) { try PackedNetwork(network, on: .single) }
  }

  @Test(
    "running averages are fitted to inputs that are no pixels, too", arguments: [-257, -256, 0, 256, 257] as [Float])
  func otherInputs(_ input: Float) throws {
    let network = try Network<Float>(
      NetworkSpecification(
        input: ImageInput(image: ImageShape(channels: 1, height: 2, width: 2), pixelMaximum: 255), architecture: "3-2",
        kind: .discreteSign, dropout: [0, 0]), seed: 1, on: .single)
    /// The mean of the first layer's sums, in units of the largest pixel, which with a factor of 1 is the running mean.
    func sums(_ x: [Float]) throws -> [Float] {
      var network = network
      network.fitRunningAverages(to: [Tensor([2, 4], x + x)], factor: 1, on: .single)
      return try #require(network.blocks[0].parameters.first { $0.name == "normalization.runningMean" }).tensor.scalars
    }
    let ones = try sums([1, 1, 1, 1])
    for place in 0..<4 {
      // Sums are linear: w = (Σ w x with x = 1 − Σ w x with x = −1) / 2.
      var x: [Float] = [1, 1, 1, 1]
      x[place] = -1
      let weights = try zip(ones, sums(x)).map { ($0 - $1) / 2 }
      x[place] = input
      for (found, (one, weight)) in zip(try sums(x), zip(ones, weights)) {
        #expect(abs(found - (one + weight * (input - 1))) <= 1e-5, "place \(place)")
      }
    }
  }

  @Test(
    "a grid is as few terms of bits as can be",
    arguments: [
      ("binary", 1), ("ternary", 1), ("quaternary-symmetric", 2), ("quaternary-minus", 2), ("quaternary-plus", 2),
      ("quinary", 2), ("-1,0,3", 2), ("-1,-1/2,0,1/4,1", 3),
    ] as [(WeightGrid, Int)])
  func terms(_ grid: WeightGrid, count: Int) throws {
    // Of 5 · 4 weights between pixels, byte by byte, and 3 · 5 between signs.
    let network = try NetworkToPack<Float>(
      "5-3", grids: [grid], image: ImageShape(channels: 1, height: 2, width: 2), seed: 1)
    let packed = try PackedNetwork(network.network, on: .single)
    #expect(packed.multiplyAdds == 35 && packed.stageMultiplyAdds[.bits] == 15 * count)
    #expect(packed.stageMultiplyAdds[.bytes] == 20)
  }

  @Test("where pixels are planes of bits, each plane meets each term of the weights", arguments: [1, 2, 3, 16, 255])
  func planeProducts(pixelMaximum: Int) throws {
    func count(_ pixelMaximum: Int) throws -> Int? {
      let network = try NetworkToPack<Float>(
        "5-3", grids: ["-1,0,65"], image: ImageShape(channels: 1, height: 2, width: 2), pixelMaximum: pixelMaximum,
        seed: 1)
      let packed = try PackedNetwork(network.network, on: .single)
      #expect(packed.multiplyAdds == 35 && packed.stageMultiplyAdds[.bytes] == 0)
      return packed.stageMultiplyAdds[.bits]
    }
    // Pixels of one bit, as signs are: 35 products of bits for each term.
    let one = try #require(try count(1))
    try #require(one % 35 == 0 && one > 35)
    let bits = (1...8).first { pixelMaximum < 1 << $0 } ?? 0
    #expect(try count(pixelMaximum) == one / 35 * (20 * bits + 15))
  }
}
