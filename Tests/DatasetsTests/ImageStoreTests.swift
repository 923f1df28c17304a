import Datasets
import TestSupport
import Testing

@Suite("Image store: pieces in memory and in a temporary file")
struct ImageStoreTests {
  /// 23 images of 5 bytes in pieces of 4: with room for one piece, two, or all.
  @Test("every image comes back, wherever its piece lies", arguments: [0, 1, 20, 21, 40, 1 << 20])
  func images(memoryLimit: Int) throws {
    var store = ImageStore(imageSize: 5, imagesPerPiece: 4, memoryLimit: memoryLimit)
    func image(_ i: Int) -> [UInt8] { (0..<5).map { UInt8(truncatingIfNeeded: i * 37 + $0 * 11) } }
    func append(_ i: Int) throws {
      let bytes = image(i)
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 5, alignment: 1)
      defer { buffer.deallocate() }
      buffer.copyBytes(from: bytes)
      try store.append(UnsafeRawBufferPointer(buffer))
    }
    for i in 0..<23 { try append(i) }
    let copy = store
    try append(23)
    #expect(copy.count == 23 && store.count == 24)
    for i in (0..<23).reversed() {
      #expect(copy.withImage(i) { Array($0) } == image(i))
      #expect(store.withImage(i) { Array($0) } == image(i))
    }
    #expect(store.withImage(23) { Array($0) } == image(23))
  }

  @Test("all of CIFAR stays in memory unless told otherwise, and not all of SVHN")
  func limit() {
    #expect(60_000 * 3072 < ImageStore.memoryLimit && ImageStore.memoryLimit < (73_257 + 531_131) * 3072)
  }

  @Test(
    "a piece has at most 1024 images and 4 MB, or one larger image",
    arguments: [(1, 1024), (3072, 1024), (4096, 1024), (4097, 1023), (1 << 21, 2), ((1 << 21) + 1, 1), (1 << 24, 1)])
  func pieces(imageSize: Int, images: Int) {
    #expect(ImageStore(imageSize: imageSize).imagesPerPiece == images)
  }

  @Test("an unwritable directory and a full disk are reported")
  func unwritable() throws {
    do throws(DataError) {
      _ = try TemporaryFile(in: "/proc/none")
      Issue.record("a file in /proc/none")
    } catch {
      #expect(error.isInputOutput)
      #expect("\(error)".contains("/proc/none") && "\(error)".contains("temporary file"))
    }
  }

  @Test("a temporary file has no name")
  func nameless() throws {
    let folder = try TemporaryFolder()
    let file = try TemporaryFile(in: folder.path)
    #expect(try file.append([1, 2, 3]) == 0)
    #expect(try file.append([4]) == 3)
    #expect(try folder.names.isEmpty)
    var bytes: [UInt8] = [0, 0, 0]
    bytes.withUnsafeMutableBytes { file.read(at: 1, into: $0) }
    #expect(bytes == [2, 3, 4])
  }
}
