import Networks
import PackedInference
import Testing
import Training

@Suite("C export of every architecture and grid: classes and scores' bits are those of the evaluation in Float")
struct CExportArchitectureTests {
  @Test(
    "on random images",
    arguments: PackedNetworkTests.cases + [
      PackedNetworkTests.Case(architecture: "1200-5"),
      PackedNetworkTests.Case(architecture: "33C3-A2-40C5-P2-10", image: ImageShape(channels: 1, height: 9, width: 12)),
    ])
  func architectures(_ each: PackedNetworkTests.Case) throws {
    for (index, grid) in PackedNetworkTests.grids.enumerated() where each.kind.isDiscrete || index == 0 {
      let network = try NetworkToPack<Float>(
        each.architecture, each.kind, grids: [grid], image: each.image, pixelMaximum: each.pixelMaximum, images: 23,
        dropout: index % 2 == 0 ? 0 : 0.2, seed: UInt64(index + 1))
      let program = try CProgram(network.network.cSource(testing: network.images))
      let difference = try program.difference(
        from: Predictor(network.network, on: .single), on: network.images)
      #expect(difference == nil, "\(grid.name): \(difference ?? "")")
    }
  }
}
