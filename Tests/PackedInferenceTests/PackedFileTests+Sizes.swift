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

  @Test("a file has metadata of up to 2²⁰ bytes and a notation of up to 4096 characters, so that it can be read again")
  func longTexts() throws {
    let path = folder.file("network.signetpk")
    let network = try PackedNetwork(Self.smallNetwork(), on: .single)
    let longest = String(repeating: "a", count: 1 << 20)
    try PackedFile([network], metadata: longest).write(to: path)
    #expect(try PackedFile(reading: path).metadata.utf8.count == 1 << 20)
    #expect(throws: PackingError.format(expected: "metadata of at most 1048576 bytes", found: "1048577")) {
      try PackedFile([network], metadata: longest + "a")
    }
    // A network of many small layers.
    func packed(_ characters: Int) throws -> PackedFile {
      let convolutions = String(repeating: "1C1V-", count: 818)
      let architecture = try Architecture(convolutions + (characters == 4096 ? "10-3-2" : "3-3-3-2"))
      #expect(architecture.description.utf8.count == characters)
      return try PackedFile([PackedNetwork(Self.smallNetwork(architecture), on: .single)])
    }
    try packed(4096).write(to: path)
    #expect(try PackedFile(reading: path).layerSizes.count == 821)
    #expect(throws: PackingError.format(expected: "an architecture of at most 4096 characters", found: "4097")) {
      try packed(4097)
    }
  }

  /// A file without anything after its head, of a network that reads 4096×4096 pixels and halves their height and width twelve times.
  private func head(channels: Int) throws -> String {
    func word(_ number: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
    let notation = "\(channels)C1" + String(repeating: "-P2-1C1", count: 12) + "-2"
    var bytes = Array("SIGNETPK".utf8)
    // The version, one network, the image, its largest pixel, and no metadata.
    for number in [1, 1, 1, 4096, 4096, 1, notation.utf8.count, 0] { bytes += word(number) }
    bytes += notation.utf8
    // Of each layer: two values, a digit in a bit, bytes of a threshold; a denominator of 1; −1 and 1.
    for layer in 1...14 { bytes += [2, 1, 1, layer == 14 ? 0 : 1] + word(1) + [255, 255, 1, 0] }
    return try folder.write(bytes, to: "head")
  }

  @Test("a layer has at most 2²⁶ outputs, whatever file says that it has more")
  func manyOutputs() throws {
    let sound = try head(channels: 4)
    let cutOff = #expect(throws: PackedFileError.self) { try PackedFile(reading: sound) }
    #expect(cutOff?.description.contains(" bytes of a file with this head, found the end after ") == true)
    let large = try head(channels: 5)
    let error = #expect(throws: PackedFileError.self) { try PackedFile(reading: large) }
    #expect(
      error?.description
        == "\(large): at byte 40: expected networks that can be packed, found expected at most 67108864 outputs of a "
        + "layer, found 83886080 of layer 1")
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
