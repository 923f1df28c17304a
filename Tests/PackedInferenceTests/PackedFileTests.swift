import Files
import Foundation
import Layers
import Networks
import PackedInference
import Tensors
import TestSupport
import Testing
import Verification
import WeightDistributions

@Suite("Packed files: what is read is what was written, and nothing else is read")
struct PackedFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(
    "every hidden sign and score of a network that was read is that of the one written",
    arguments: PackedNetworkTests.cases)
  func roundTrip(_ each: PackedNetworkTests.Case) throws {
    for (index, grid) in PackedNetworkTests.grids.enumerated() where each.kind.isDiscrete || index == 0 {
      let random = try NetworkToPack<Float>(
        each.architecture, each.kind, grids: [grid], image: each.image, pixelMaximum: each.pixelMaximum, images: 9,
        seed: UInt64(index + 40))
      let networks = try (each.kind.isDiscrete ? Extent.of([nil, 1, 2], debug: [nil, 1]) : [nil]).map {
        try PackedNetwork(random.network, sampling: $0.map { (5, $0) }, on: .single)
      }
      let file = try PackedFile(networks, metadata: #"{"grid":"ä"}"#)
      let path = folder.file("network.signetpk")
      try file.write(to: path)
      let read = try PackedFile(reading: path)
      #expect(read.metadata == file.metadata && read.digest == file.digest && read.bytes == file.bytes)
      #expect(read.layerSizes == file.layerSizes && read.networks.count == networks.count)
      random.images.pixels.withUnsafeBufferPointer { pixels in
        guard let base = pixels.baseAddress else { return }
        for (found, expected) in zip(read.networks, networks) {
          let scores = (found.outputs(base, count: 9, on: .single), expected.outputs(base, count: 9, on: .single))
          #expect(
            zip(scores.0.scalars, scores.1.scalars).allSatisfy { $0.bits == $1.bits },
            "\(grid.name)")
          #expect(found.hiddenSigns(base, count: 9) == expected.hiddenSigns(base, count: 9), "\(grid.name)")
        }
      }
    }
  }

  @Test("weights take at most 2 % more bits than log2 K each, and come back", arguments: 2...16)
  func density(values: Int) throws {
    let group = DigitGroup(values: values)
    let bits = Double(group.bits) / Double(group.digits)
    #expect(bits >= log2(Double(values)) && bits <= 1.02 * log2(Double(values)))
    #expect(group.count <= 1 << UInt64(group.bits))
    var numbers = TestNumbers(seed: UInt64(values))
    for count in [1, 2, 3, 10, 11, 12, 257, 1000] {
      let indices = (0..<count).map { _ in UInt8(numbers.below(values)) }
      let bytes = group.packed(indices)
      #expect(bytes.count == group.byteCount(of: count))
      #expect(try group.unpacked(bytes[...], count: count) == indices)
      #expect(
        try group.unpacked(group.packed(.init(repeating: UInt8(values - 1), count: count))[...], count: count)
          .allSatisfy { $0 == values - 1 })
    }
  }

  @Test("numbers that are too large, and digits and bits after the last weight, are refused")
  func digits() {
    func fault(_ values: Int, _ bytes: [UInt8], count: Int) -> String {
      do throws(DigitGroup.Fault) {
        return "\(try DigitGroup(values: values).unpacked(bytes[...], count: count))"
      } catch { return "\(error.byte): expected \(error.expected), found \(error.found)" }
    }
    #expect(fault(3, [0, 242], count: 10) == "[0, 0, 0, 0, 0, 2, 2, 2, 2, 2]")
    #expect(fault(3, [0, 243], count: 10) == "1: expected a number below 243, 5 digits to the base 3, found 243")
    #expect(fault(3, [0, 3], count: 6) == "1: expected zeros after the last weight, found other digits")
    #expect(fault(2, [0b1000], count: 3) == "0: expected zeros after the last weight, found other bits")
    #expect(fault(5, [125], count: 3) == "0: expected a number below 125, 3 digits to the base 5, found 125")
  }

  /// A convolution and two dense layers.
  static func smallNetwork(_ architecture: Architecture = "2C3-P2-5-3") throws -> Network<Float> {
    try NetworkToPack<Float>(
      architecture, image: ImageShape(channels: 1, height: 4, width: 5), pixelMaximum: 3, images: 1, seed: 7
    ).network
  }

  /// A small file: two such networks with sampled weights.
  static func small() throws -> [UInt8] {
    let network = try smallNetwork()
    return try PackedFile((1...2).map { try PackedNetwork(network, sampling: (1, $0), on: .single) }, metadata: "{}")
      .bytes
  }

  /// The error of a file with these bytes.
  private func error(_ bytes: [UInt8]) throws -> PackedFileError {
    let path = try folder.write(bytes, to: "damaged")
    do throws(PackedFileError) { _ = try PackedFile(reading: path) } catch {
      #expect(error.position.path == path && (0...bytes.count).contains(error.position.offset), "\(error)")
      #expect(!error.isInputOutput && !error.description.contains { $0.isNewline })
      return error
    }
    Issue.record("\(bytes.count) bytes were read")
    return .foreign(at: .init(path: path, offset: 0))
  }

  @Test("a file that ends early says where, and one that goes on, too")
  func lengths() throws {
    let bytes = try Self.small()
    for length in 0..<bytes.count {
      guard case .truncated(let at, _, let expected, let actual) = try error(Array(bytes[..<length])) else {
        Issue.record("\(length) of \(bytes.count) bytes")
        continue
      }
      #expect(at.offset == length && expected > actual)
    }
    #expect(
      try "\(error(Array(bytes[..<200]))))".contains(
        "at byte 200: expected \(bytes.count) bytes of a file with this head, found the end after 200 bytes"))
    #expect(
      try "\(error(bytes + [0]))".contains(
        "at byte \(bytes.count): expected the end after \(bytes.count) bytes, found \(bytes.count + 1) bytes"))
  }

  @Test("a flipped bit anywhere is an error")
  func flippedBits() throws {
    let bytes = try Self.small()
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 1 << UInt8(index % 8)
      _ = try error(damaged)
      // With a checksum that fits, what is checked is the contents, and the digest of the integers.
      if index < bytes.count - 4 { try checkResummed(Self.resummed(damaged), index) }
    }
  }

  /// A file with a checksum that fits is refused at one of its bytes, or it is a sound file of that contents.
  private func checkResummed(_ bytes: [UInt8], _ index: Int) throws {
    let path = try folder.write(bytes, to: "damaged")
    do throws(PackedFileError) {
      let file = try PackedFile(reading: path)
      // What changes no integer: the metadata, the form of the images, the denominators.
      #expect(file.bytes == bytes, "byte \(index)")
    } catch { #expect((0...bytes.count).contains(error.position.offset) && !error.isInputOutput, "\(error)") }
  }

  static func resummed(_ bytes: [UInt8]) -> [UInt8] {
    let rest = bytes.dropLast(4)
    let sum = PackedFile.checksum(rest)
    return rest + (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * UInt32($0))) }
  }

  @Test("a planted damage of the head is told at its byte", arguments: damages)
  func planted(_ damage: Damage) throws {
    var bytes = try Self.small()
    bytes.replaceSubrange(damage.at..<damage.at + damage.bytes.count, with: damage.bytes)
    let text = try "\(error(bytes))"
    #expect(text.contains(damage.words), "\(text)")
  }

  @Test("a wrong checksum, digest, threshold and score are told at their bytes")
  func contents() throws {
    let bytes = try Self.small()
    let head = 54 + 3 * 14 - 2
    func text(_ at: Int, _ new: [UInt8], isResummed: Bool = true) throws -> String {
      var bytes = bytes
      bytes.replaceSubrange(at..<at + new.count, with: new)
      return try "\(error(isResummed ? Self.resummed(bytes) : bytes))"
    }
    // The first layer: 18 weights in 4 bytes, 2 thresholds of a byte, a byte of flips.
    #expect(
      try text(head, [250], isResummed: false).contains("at byte \(bytes.count - 4): expected the bytes' checksum"))
    #expect(
      try text(head, [250]).contains("at byte \(head): expected a number below 243, 5 digits to the base 3, found 250"))
    #expect(
      try text(head + 4, [30]).contains(
        "at byte \(head + 4): expected a threshold from -26 to 27, or -128 for a constant sign, found 30"))
    #expect(
      try text(head + 6, [4]).contains("at byte \(head + 6): expected zeros after the last weight, found other bits"))
    #expect(
      try text(head, [bytes[head] == 0 ? 1 : 0]).contains("at byte \(bytes.count - 36): expected the integers' digest"))
    // The last score of the last network.
    #expect(
      try text(bytes.count - 40, [0, 0, 128, 127]).contains(
        "at byte \(bytes.count - 40): expected a finite number, found inf"))
    // The factor stands before the three shifts. From 2^-63 up to 2^64 it is another number, which only the digest notices.
    func factor(_ factor: Float) throws -> String { try text(bytes.count - 52, bits(factor)) }
    for sound in [
      Float(sign: .plus, exponent: -63, significand: 1), Float(sign: .plus, exponent: 64, significand: 1).nextDown,
    ] {
      #expect(try factor(sound).contains("at byte \(bytes.count - 36): expected the integers' digest"), "\(sound)")
    }
    for (other, words) in [
      (0, "0.0"), (-1, "-1.0"), (Float.leastNonzeroMagnitude, "1e-45"), (5e-20, "5e-20"), (2e19, "2e+19"),
      (Float.infinity, "inf"),
    ] as [(Float, String)] {
      let expected = other.isFinite ? "a factor of the scores of at least 2^-63 and below 2^64" : "a finite number"
      #expect(
        try factor(other).contains("at byte \(bytes.count - 52): expected \(expected), found \(words)"), "\(other)")
    }
  }

  /// A float32 in a file.
  private func bits(_ number: Float) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
  }

  @Test("a missing file, a directory and an empty file are told apart")
  func missing() throws {
    #expect(throws: PackedFileError.file(.missing(path: folder.file("none")))) {
      try PackedFile(reading: folder.file("none"))
    }
    do { _ = try PackedFile(reading: folder.path) } catch { #expect(error.isInputOutput, "\(error)") }
    #expect(try "\(error([]))".contains("at byte 0: expected 40 bytes of the head, found the end after 0 bytes"))
    #expect(!PackedFile.isPacked(folder.path) && !PackedFile.isPacked(folder.file("none")))
    #expect(PackedFile.isPacked(try folder.write(Self.small(), to: "small")))
  }

  @Test("networks of different forms, too many, and scores that are not finite are no file")
  func forms() throws {
    func network(_ architecture: Architecture, _ grid: WeightGrid = .ternary) throws -> PackedNetwork<Float> {
      try PackedNetwork(
        NetworkToPack<Float>(
          architecture, grids: [grid], image: ImageShape(channels: 1, height: 2, width: 2), images: 1, seed: 1
        ).network, on: .single)
    }
    let one = try network("3-2")
    #expect(
      throws: PackingError.format(
        expected: "networks of one architecture, with the same images and grids", found: "others")
    ) {
      try PackedFile([one, network("4-2")])
    }
    #expect(throws: PackingError.self) { try PackedFile([one, network("3-2", .quinary)]) }
    #expect(throws: PackingError.format(expected: "1 to 4096 networks", found: "0")) { try PackedFile([]) }
    for (shift, isSound) in [(Float.infinity, false), (-.infinity, false), (.nan, false), (3e38, true)] {
      var other = try NetworkToPack<Float>(
        "3-2", image: ImageShape(channels: 1, height: 2, width: 2), images: 1, seed: 1
      ).network
      let last = other.blocks[1].parameters.map { $0.name == "linear.bias" ? Tensor([2], [0, shift]) : $0.tensor }
      other.blocks[1].setParameters(last, on: .single)
      let networks = [one, try PackedNetwork(other, on: .single)]
      if isSound {
        #expect(try PackedFile(networks).networks.count == 2)
      } else {
        #expect(throws: PackingError.format(expected: "finite numbers for the scores", found: "others")) {
          try PackedFile(networks)
        }
      }
    }
    // (1 − p) / (1000 · 255 · √5) is 2^-72.
    let tiny = try PackedNetwork(
      NetworkToPack<Float>(
        "2", grids: ["-1/1000,0,1/1000"], image: ImageShape(channels: 1, height: 2, width: 2),
        dropout: 1.0.nextDown, seed: 1
      ).network, on: .single)
    #expect {
      try PackedFile([tiny])
    } throws: {
      "\($0)".hasPrefix("expected a factor of the scores of at least 2^-63 and below 2^64, found 1.9")
    }
  }

  @Test("the paper's network for MNIST takes less than 1/18 of its weights in float32")
  func ratio() throws {
    let (architecture, weights) = Extent.of(
      ("1200-1200-10" as Architecture, 784 * 1200 + 1200 * 1200 + 1200 * 10),
      debug: ("300-300-10", 784 * 300 + 300 * 300 + 300 * 10))
    let random = try NetworkToPack<Float>(
      architecture, image: ImageShape(channels: 1, height: 28, width: 28), images: 1, seed: 3)
    let bytes = try PackedFile([PackedNetwork(random.network, on: .single)]).bytes.count
    #expect(bytes * 18 <= 4 * weights, "\(bytes) bytes")
  }
}
