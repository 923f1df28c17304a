import Networks
import PackedInference
import Tensors
import TestSupport
import Testing
import Training
import Verification
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

  @Test("of 10,000 random small networks with extreme batch normalization")
  func randomNetworks() throws {
    var numbers = TestNumbers(seed: 7)
    func some<Value>(_ values: [Value]) -> Value { values[numbers.below(values.count)] }
    for number in 1...Extent.of(10_000, debug: 500) {
      let image = ImageShape(channels: 1 + numbers.below(3), height: 2 + numbers.below(5), width: 2 + numbers.below(5))
      let hidden = ["", "5-", "9-6-", "3C3-", "2C1-P2-", "4C3-A2-3-", "3C3-S2-", "2C3-P2-5C1-"]
      let architecture = try Architecture(some(hidden) + "\(1 + numbers.below(11))")
      let kind = some([NetworkKind.discreteSign, .straightThrough])
      let network = try NetworkToPack<Float>(
        architecture, kind, grids: [some(Self.grids + ["-1,0,70,100"])], image: image,
        pixelMaximum: some([1, 2, 16, 100, 255]), images: 1 + numbers.below(9), dropout: some([0, 0.1, 0.5]),
        seed: UInt64(number))
      let difference = try network.difference(batch: 1 + numbers.below(9))
      try #require(
        difference == nil, "network \(number): \(architecture) \(kind.rawValue) on \(image): \(difference ?? "")")
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
}
