import Foundation
import Layers
import Networks
import PackedInference
import Tensors
import TestSupport
import Testing
import Verification
import WeightDistributions

/// Damaged packed files: a typed error or networks that can be evaluated, never a trap, never more than a second.
@Suite struct PackedFuzzTests {
  /// A file to damage.
  struct Target: CustomTestStringConvertible, Sendable {
    let architecture: Architecture
    let grids: [WeightGrid]
    /// Whether the checksum is set right after the damage, which then goes further.
    let isResummed: Bool
    var testDescription: String { "\(architecture), \(isResummed ? "with a checksum that fits" : "as it is")" }
  }

  static let targets = [false, true].flatMap { isResummed in
    [
      Target(architecture: "2C3-P2-5-3", grids: [.ternary, .quinary, "-1,-1/2,0,1/4,1"], isResummed: isResummed),
      Target(architecture: "7-3", grids: [.binary], isResummed: isResummed),
    ]
  }

  private static let environment = ProcessInfo.processInfo.environment["SIGNET_FUZZ"].flatMap { Int($0) }
  /// Files of each target: a tenth of `SIGNET_FUZZ` (`ci/fuzz`), all targets together.
  private static let count = (environment.map { $0 / 10 } ?? Extent.of(2000, debug: 400)) / targets.count

  @Test("damaged files give an error at one of their bytes, or networks, within a second", arguments: targets)
  func damaged(target: Target) throws {
    let folder = try TemporaryFolder()
    let image = ImageShape(channels: 1, height: 4, width: 5)
    let network = try NetworkToPack<Float>(
      target.architecture, grids: target.grids, image: image, pixelMaximum: 3, images: 1, seed: 2
    ).network
    let good = try PackedFile((1...2).map { try PackedNetwork(network, sampling: (1, $0), on: .single) }).bytes
    var mutations = Mutations(numbers: TestNumbers(seed: 23))
    var (refused, read, slowest) = (0, 0, 0.0)
    for index in 0..<Self.count {
      let mutated = mutations.apply(to: good)
      let bytes = target.isResummed && mutated.count > 4 ? PackedFileTests.resummed(mutated) : mutated
      let path = folder.file("damaged")
      try Data(bytes).write(to: URL(filePath: path))
      let start = threadSeconds()
      do throws(PackedFileError) {
        let file = try PackedFile(reading: path)
        #expect(file.bytes == bytes)
        for network in file.networks where network.input.image.pixels <= 1000 {
          let pixels = [UInt8](repeating: 1, count: network.input.image.pixels)
          pixels.withUnsafeBufferPointer { pixels in
            if let base = pixels.baseAddress { _ = network.outputs(base, count: 1, on: .single) }
          }
        }
        read += 1
      } catch {
        let text = "\(error)"
        #expect(
          error.position.path == path && (0...bytes.count).contains(error.position.offset) && !error.isInputOutput
            && !text.contains { $0.isNewline }, "\(index): \(text)")
        refused += 1
      }
      let seconds = threadSeconds() - start
      slowest = max(slowest, seconds)
      #expect(seconds < 1, "\(index) took \(seconds) s")
    }
    #expect(refused + read == Self.count && refused > Self.count / 2, "\(refused) refused, \(read) read")
    if Self.environment != nil {
      print(
        "fuzz: \(target.testDescription): \(Self.count) files, \(refused) refused, \(read) read, slowest \(Int(slowest * 1e3)) ms"
      )
    }
  }
}
