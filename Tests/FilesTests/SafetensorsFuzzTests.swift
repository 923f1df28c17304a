import Files
import Foundation
import Tensors
import TestSupport
import Testing
import Verification

/// Damaged files: an error or tensors that fill their file, never a trap, never more than a second.
@Suite("Safetensors: damaged files")
struct SafetensorsFuzzTests {
  private static let environment = ProcessInfo.processInfo.environment["SIGNET_FUZZ"].flatMap { Int($0) }
  /// Files of each set of types: a tenth of `SIGNET_FUZZ` (`ci/fuzz`), both sets together.
  private static let count = environment.map { $0 / 20 } ?? 3000

  static let whole = SafetensorsTests.referenceBytes

  /// Changes bits, bytes or digits, cuts, or repeats a piece; half of all changes fall on the header.
  private func mutate(_ bytes: [UInt8], _ numbers: inout TestNumbers) -> [UInt8] {
    func below(_ bound: Int) -> Int { numbers.next(below: bound) }
    let reach = below(2) == 0 ? bytes.count : 240
    var mutated = bytes
    switch below(5) {
    case 0: mutated[below(reach)] ^= 1 << UInt8(below(8))
    case 1: for _ in 0...below(4) { mutated[below(reach)] = UInt8(below(256)) }
    case 2: mutated.removeLast(below(reach))
    case 3:
      let start = below(reach)
      mutated.insert(contentsOf: bytes[start...].prefix(1 + below(60)), at: below(reach))
    default:
      let digits = bytes.indices.filter { (8..<240).contains($0) && (0x30...0x39).contains(bytes[$0]) }
      for _ in 0...below(3) { mutated[digits[below(digits.count)]] = UInt8(0x30 + below(10)) }
    }
    return mutated
  }

  @Test(
    "damaged files: an error that names a byte of the file, or tensors that are all of its data",
    arguments: [StoredTensor.NumberType.real, StoredTensor.NumberType.allCases])
  func mutations(types: [StoredTensor.NumberType]) throws {
    let folder = try TemporaryFolder()
    var numbers = TestNumbers(seed: 8)
    var (refused, read, slowest) = (0, 0, 0.0)
    for index in 0..<Self.count {
      let mutated = mutate(Self.whole, &numbers)
      let path = try folder.write(mutated)
      let start = threadSeconds()
      do throws(SafetensorsError) {
        let file = try SafetensorsFile(reading: path, types: types)
        let size = file.tensors.values.reduce(0) { $0 + $1.byteCount }
        let header = mutated.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(8 + header + size == mutated.count)
        read += 1
        // What was read can be written, and read again.
        do {
          try file.write(to: path)
          #expect(try SafetensorsFile(reading: path, types: types).isIdentical(to: file))
        } catch { Issue.record(error) }
      } catch {
        #expect(error.position.path == path && !error.isInputOutput)
        #expect((0...mutated.count).contains(error.position.offset), "\(error)")
        #expect(!error.description.contains { $0.isNewline })
        refused += 1
      }
      let seconds = threadSeconds() - start
      slowest = max(slowest, seconds)
      #expect(seconds < 1, "\(index) took \(seconds) s")
    }
    #expect(
      refused + read == Self.count && refused > Self.count * 2 / 3 && read > Self.count / 15,
      "\(refused) refused, \(read) read")
    if Self.environment != nil {
      print(
        "fuzz: safetensors of \(types.count) types: \(Self.count) files, \(refused) refused, \(read) read, "
          + "slowest \(Int(slowest * 1e3)) ms")
    }
  }
}
