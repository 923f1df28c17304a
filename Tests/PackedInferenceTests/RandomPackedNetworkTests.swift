import Networks
import TestSupport
import Testing
import Training
import Verification

@Suite("Packed random small networks: every hidden sign and every score's bits are those of the evaluation in Scalar")
struct RandomPackedNetworkTests {
  @Test("10,000 of them, with extreme batch normalization")
  func randomNetworks() throws {
    var numbers = TestNumbers(seed: 7)
    func some<Value>(_ values: [Value]) -> Value { values[numbers.below(values.count)] }
    for number in 1...Extent.of(10_000, debug: 500) {
      let image = ImageShape(channels: 1 + numbers.below(3), height: 2 + numbers.below(5), width: 2 + numbers.below(5))
      let hidden = ["", "5-", "9-6-", "3C3-", "2C1-P2-", "4C3-A2-3-", "3C3-S2-", "2C3-P2-5C1-"]
      let architecture = try Architecture(some(hidden) + "\(1 + numbers.below(11))")
      let kind = some([NetworkKind.discreteSign, .straightThrough])
      let network = try NetworkToPack<Float>(
        architecture, kind, grids: [some(PackedNetworkTests.grids + ["-1,0,70,100"])], image: image,
        pixelMaximum: some([1, 2, 16, 100, 255]), images: 1 + numbers.below(9), dropout: some([0, 0.1, 0.5]),
        seed: UInt64(number))
      let difference = try network.difference(batch: 1 + numbers.below(9))
      try #require(
        difference == nil, "network \(number): \(architecture) \(kind.rawValue) on \(image): \(difference ?? "")")
    }
  }
}
