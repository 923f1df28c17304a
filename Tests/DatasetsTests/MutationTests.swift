import Datasets
import TestSupport
import Testing
import Verification

/// Damaged files: an error or the same contents, never a trap and never other contents.
@Suite struct MutationTests {
  /// Changes some bytes, or cuts, or repeats a piece.
  private func mutate(_ bytes: [UInt8], _ numbers: inout TestNumbers) -> [UInt8] {
    var mutated = bytes
    switch numbers.next(below: 4) {
    case 0: mutated[numbers.next(below: bytes.count)] ^= 1 << UInt8(numbers.next(below: 8))
    case 1:
      for _ in 0...numbers.next(below: 4) { mutated[numbers.next(below: bytes.count)] = numbers.bytes(1)[0] }
    case 2: mutated.removeLast(numbers.next(below: bytes.count))
    default:
      let start = numbers.next(below: bytes.count)
      let piece = bytes[start...].prefix(1 + numbers.next(below: 20))
      mutated.insert(contentsOf: piece, at: numbers.next(below: bytes.count))
    }
    return mutated
  }

  @Test("400 damaged gzip files of an IDX array, padded or not: a data error, or the array", arguments: [0, 40])
  func gzip(padding: Int) throws {
    let folder = try TemporaryFolder()
    var numbers = TestNumbers(seed: 5)
    let contents = idx([5, 4, 3], numbers.bytes(60, below: 4))
    let whole = Gzip.compress(contents) + [UInt8](repeating: 0, count: padding)
    var refused = 0
    var unharmed = 0
    for _ in 0..<400 {
      let path = try folder.write(mutate(whole, &numbers))
      do throws(DataError) {
        let array = try IDX(StoredFile(path: path, limit: 1000), rank: 3)
        // A plain file has no checksum, but it cannot be here: its magic number would be gzip's.
        #expect(array.file.bytes == contents && array.dimensions == [5, 4, 3])
        unharmed += 1
      } catch {
        #expect(error.position.path == path && !error.isInputOutput && !error.description.contains("\n"))
        #expect(error.position.offset >= 0)
        refused += 1
      }
    }
    // Only the header's time, flags and system are under no checksum, and the number of zeros after the end.
    let least = padding == 0 ? 300 : 200
    #expect(refused + unharmed == 400 && refused > least && unharmed > 0, "\(refused) refused, \(unharmed) unharmed")
  }

  @Test("400 damaged IDX files: a data error, or an array whose size fits its file")
  func plain() throws {
    let folder = try TemporaryFolder()
    var numbers = TestNumbers(seed: 6)
    let contents = idx([5, 4, 3], numbers.bytes(60))
    var refused = 0
    var read = 0
    for _ in 0..<400 {
      let mutated = mutate(contents, &numbers)
      let path = try folder.write(mutated)
      do throws(DataError) {
        let array = try IDX(StoredFile(path: path, limit: 1000), rank: 3)
        #expect(array.values.count == array.dimensions.reduce(1, *))
        #expect(array.values.elementsEqual(mutated[16...]))
        read += 1
      } catch {
        #expect(error.position.path == path && !error.isInputOutput && !error.description.contains("\n"))
        refused += 1
      }
    }
    #expect(refused + read == 400 && refused > 200 && read > 50, "\(refused) refused, \(read) read")
  }
}
