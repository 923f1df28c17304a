import Layers
import Networks
import PackedInference
import Testing
import WeightDistributions

@Suite("C export of small networks: borders, and the memory that is needed")
struct SmallCExportTests {
  @Test("of a convolution behind another, whose images have borders of zeros")
  func borders() throws {
    let network = try NetworkToPack<Float>(
      "3C3-4C5-3", image: ImageShape(channels: 1, height: 4, width: 5), images: 40, seed: 8)
    let program = try CProgram(network.network.cSource(testing: network.images))
    #expect(try program.difference(from: Predictor(network.network, on: .single), on: network.images) == nil)
  }

  @Test("the scratch buffer holds what the layer that needs most reads, gathers and writes, in words of 4 bytes")
  func scratch() throws {
    let network = try NetworkToPack<Float>(
      "5C3-P2-6C3V-A2-7-3", grids: [.quinary], image: ImageShape(channels: 3, height: 12, width: 12), seed: 1)
    let source = try network.network.cSource(testing: network.images)
    // The first layer takes most: for each of 4 pixels that are pooled, 8 planes of 3 · 3 · 3 bits in a word; and its output, 6 rows of
    // 6 · 5 bits in 6 words and one more.
    #expect(source.scratchBytes == 4 * (4 * 8 + 7))
    // Here the second one: its input of 8 rows of 8 bits in 2 words and one more, a patch of 9 bits in a word and one more, and 8 · 36 bits.
    let other = try NetworkToPack<Float>("1C1-8C3-3", image: ImageShape(channels: 1, height: 6, width: 6), seed: 1)
    #expect(try other.network.cSource(testing: other.images).scratchBytes == 4 * (3 + 2 + 9))
  }
}
