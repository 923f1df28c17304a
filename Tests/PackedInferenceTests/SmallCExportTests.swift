import Layers
import Networks
import PackedInference
import Tensors
import TestSupport
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

  @Test("of a convolution of pixels in several channels, wider than high, whose wrong rows and borders are noticed")
  func channels() throws {
    let network = try NetworkToPack<Float>(
      "24C3-3", image: ImageShape(channels: 2, height: 4, width: 5), images: 40, seed: 8)
    let source = try network.network.cSource(testing: network.images)
    let predictor = Predictor(network.network, on: .single)
    #expect(try CProgram(source).difference(from: predictor, on: network.images) == nil)
    for planted in [
      ("(c * 4u + row) * 5u", "(c * 3u + row) * 5u"), ("row < 4u", "row < 3u"), ("column < 5u", "column < 4u"),
    ] {
      let faulty = try CProgram(source, planted: planted)
      #expect(try faulty.difference(from: predictor, on: network.images) != nil, "\(planted)")
    }
  }

  @Test("of rows whose counts would not fit into bytes, if all signs are those of an output's weights, or none")
  func longRows() throws {
    let random = try NetworkToPack<Float>(
      "1024-2", grids: [.binary], image: ImageShape(channels: 1, height: 1, width: 2), images: 3, seed: 1)
    let weights = try #require(
      random.network.blocks[1].linear.discreteWeights(sampledFrom: nil, on: .single)?.values(on: .single)
        as Tensor<Float>?)
    try #require(weights.shape == [1024, 2])
    // A byte of each of 32 words has 8 · 32 = 256 bits together.
    for sign in [1, -1] as [Float] {
      var network = random.network
      network.blocks[0].setParameters(
        network.blocks[0].parameters.map { parameter in
          switch parameter.name {
          case "normalization.scale", "normalization.runningMean":
            Tensor<Float>([1024], [Float](repeating: 0, count: 1024))
          case "normalization.runningInverseDeviation": Tensor<Float>([1024], [Float](repeating: 1, count: 1024))
          case "normalization.shift": Tensor<Float>([1024], (0..<1024).map { sign * weights.scalars[$0 * 2] })
          default: parameter.tensor
          }
        }, on: .single)
      let program = try CProgram(network.cSource(testing: random.images))
      #expect(try program.difference(from: Predictor(network, on: .single), on: random.images) == nil, "\(sign)")
    }
  }

  @Test(
    "of rows that are read three words at a time: the code goes on to the next words only if there are any",
    arguments: [(96, 0), (160, 1), (192, 1)])
  func wordsInThrees(units: Int, advances: Int) throws {
    let network = try NetworkToPack<Float>(
      Architecture("\(units)-3"), image: ImageShape(channels: 1, height: 2, width: 2), images: 20, seed: 3)
    let source = try network.network.cSource(testing: network.images)
    // The function that counts the second layer's rows.
    let parts = source.source.split(separator: "static int32_t net_sum2(", maxSplits: 1)
    let body = try #require(parts.last?.split(separator: "return", maxSplits: 1).first)
    #expect(parts.count == 2 && body.ranges(of: "x += 3;").count == advances, "\(body)")
    let program = try CProgram(source)
    #expect(try program.difference(from: Predictor(network.network, on: .single), on: network.images) == nil)
  }

  @Test("comments tell the images' shape and largest pixel, and what each layer makes of what it reads")
  func comments() throws {
    let network = try NetworkToPack<Float>(
      "5C3-P2-6C3V-A2-7-3", image: ImageShape(channels: 3, height: 12, width: 14), pixelMaximum: 16, images: 1, seed: 1)
    let packed = try PackedNetwork(network.network, on: .single)
    let source = packed.cSource()
    #expect(
      source.header.contains("/* An image: 3 x 12 x 14 bytes (channels, rows, columns), each from 0 to 16. */\n"))
    #expect(
      source.source.split(separator: "\n").filter { $0.hasPrefix("/* Layer ") } == [
        "/* Layer 1: 3x3 convolution of 3 x 12 x 14, 504 pixels of 5 bits, max pooling to 5 x 6 x 7 signs. */",
        "/* Layer 2: 3x3 convolution of 5 x 6 x 7, 210 signs, sum pooling to 6 x 2 x 2 signs. */",
        "/* Layer 3: dense, 24 signs to 7 signs. */", "/* Layer 4: dense, 7 signs to 3 scores. */",
      ])
    // From a packed file comes the same source.
    let folder = try TemporaryFolder()
    let path = folder.file("network.signetpk")
    try PackedFile([packed]).write(to: path)
    let read = try PackedFile(reading: path).networks[0].cSource()
    #expect(read.source == source.source && read.header == source.header)
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
