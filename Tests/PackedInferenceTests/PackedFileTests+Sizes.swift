import Layers
import Networks
import PackedInference
import TestSupport
import Testing
import WeightDistributions

extension PackedFileTests {
  @Test("sizes: weights, zeros, bytes, multiply-adds, and the largest sum of the weights with its width")
  func sizes() throws {
    let network = try Self.smallNetwork()
    let sizes = try PackedFile([PackedNetwork(network, on: .single)]).layerSizes
    #expect(sizes.map(\.name) == ["2C3-P2", "5", "3"])
    #expect(sizes.map(\.weights) == [18, 40, 15] && sizes.map(\.weightBytes) == [4, 8, 3])
    #expect(sizes.map(\.outputBytes) == [3, 6, 16] && sizes.map(\.thresholds) == [2, 5, 0])
    #expect(sizes.map(\.multiplyAdds) == [18 * 20, 40, 15])
  }

  /// The zeros among a layer's weights, and the largest sum of the sizes of an output's weights.
  private func count(_ network: Network<Float>, _ layer: Int, _ member: Int?) throws -> (zeros: Int, largest: Int) {
    let packed = try PackedNetwork(network, sampling: member.map { (1, $0) }, on: .single)
    let weights = packed.integerLayers[layer].weights
    let outputs = weights.shape[1]
    let sizes = weights.indices.map { abs(weights.grid.integers[Int($0)]) }
    let sums = (0..<outputs).map { o in stride(from: o, to: sizes.count, by: outputs).reduce(0) { $0 + sizes[$1] } }
    return (sizes.count { $0 == 0 }, try #require(sums.max()))
  }

  @Test(
    "zeros are those of all networks, and the largest sum is that of the network with the largest, also of a window's four",
    arguments: [("2C3-P2-5-3", 1), ("2C3-A2-5-3", 4), ("2C3-S2-5-3", 4)] as [(Architecture, Int)],
    [[nil], [1], [1, 2], [2, 1], [1, 2, 3, 4, 5]] as [[Int?]])
  func sums(form: (architecture: Architecture, addends: Int), members: [Int?]) throws {
    let network = try Self.smallNetwork(form.architecture)
    let file = try PackedFile(
      members.map { try PackedNetwork(network, sampling: $0.map { (1, $0) }, on: .single) })
    for (index, size) in file.layerSizes.enumerated() {
      let counts = try members.map { try count(network, index, $0) }
      #expect(size.zeros == counts.reduce(0) { $0 + $1.zeros })
      // Pixels are up to 3.
      let largest = try #require(counts.map(\.largest).max()) * (index == 0 ? 3 * form.addends : 1)
      #expect(size.largestSum == largest)
      #expect(largest < 1 << (size.accumulatorBits - 1) && largest >= 1 << (size.accumulatorBits - 2))
    }
  }

  @Test("the times of the stages add up over layers and batches")
  func stageTimes() throws {
    let random = try NetworkToPack<Float>(
      "4C3-P2-5-3", image: ImageShape(channels: 1, height: 8, width: 8), images: 500, seed: 7)
    let network = try PackedNetwork(random.network, on: .single)
    let watch = StageWatch()
    random.images.pixels.withUnsafeBufferPointer { pixels in
      guard let base = pixels.baseAddress else { return }
      _ = network.outputs(base, count: 500, timedBy: watch)
      let many = watch.durations
      #expect(Set(many.keys) == Set(StageWatch.Stage.allCases))
      // Much less than before.
      _ = network.outputs(base, count: 1, timedBy: watch)
      for (stage, duration) in watch.durations {
        #expect(many[stage].map { duration >= $0 } == true, "\(stage)")
      }
    }
  }
}
