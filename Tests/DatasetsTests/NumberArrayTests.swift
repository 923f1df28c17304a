import Datasets
import Files
import TestSupport
import Testing

@Suite("Arrays of numbers in NPY and NPZ files") struct NumberArrayTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ entries: [ZipEntry]) throws -> [NumberArray] {
    try NumberArray.archive(reading: try folder.write(zipArchive(entries), to: "a.npz"))
  }

  @Test("numbers of every type, stored or deflated, in either byte order", arguments: [false, true])
  func types(isDeflated: Bool) throws {
    func one(_ type: String, _ bytes: [UInt8]) throws -> [Double] {
      try read([ZipEntry(name: "a/b.npy", data: npy(type, [1], bytes), isDeflated: isDeflated)]).flatMap(\.values)
    }
    #expect(try one("<f4", [0, 0, 0x80, 0x3f]) == [1] && one(">f4", [0x3f, 0x80, 0, 0]) == [1])
    #expect(try one("<f8", [0, 0, 0, 0, 0, 0, 0, 0xc0]) == [-2])
    #expect(try one("|i1", [0xff]) == [-1] && one("|u1", [0xff]) == [255] && one("|b1", [1]) == [1])
    #expect(try one("<i2", [0xfe, 0xff]) == [-2] && one("<u2", [0xfe, 0xff]) == [65534])
    #expect(try one(">i4", [0x80, 0, 0, 0]) == [-0x1p31] && one("<u4", [0, 0, 0, 0x80]) == [0x1p31])
    let high = [UInt8](repeating: 0, count: 7) + [0x80]
    #expect(try one("<i8", high) == [-0x1p63] && one("<u8", high) == [0x1p63])
  }

  @Test("arrays keep their names and shapes; one of no axes is a number, and one without numbers is empty")
  func shapes() throws {
    let arrays = try read([
      ZipEntry(name: "layer/w.npy", data: npy("|u1", [2, 3], [1, 2, 3, 4, 5, 6])),
      ZipEntry(name: "n.npy", data: npy("|u1", [], [9]), isLong: false),
      ZipEntry(name: "e.npy", data: npy("<f4", [0, 4], [])),
    ])
    #expect(
      arrays == [
        NumberArray(name: "layer/w", shape: [2, 3], values: [1, 2, 3, 4, 5, 6]),
        NumberArray(name: "n", shape: [], values: [9]), NumberArray(name: "e", shape: [0, 4], values: []),
      ])
    let path = try folder.write(npy("<f4", [1], [0, 0, 0x80, 0x3f]), to: "one.npy")
    #expect(try NumberArray(npy: path) == NumberArray(name: "", shape: [1], values: [1]))
    // NumPy pads headers with spaces; one of more than 255 bytes has a length whose second byte counts.
    var long = npy("|u1", [2], [7, 8])
    let length = Int(long[8]) + 640
    long.replaceSubrange(8..<10, with: [UInt8(length & 255), UInt8(length >> 8)])
    long.insert(contentsOf: [UInt8](repeating: 0x20, count: 640), at: long.count - 3)
    let read = try NumberArray(npy: folder.write(long, to: "long.npy"))
    #expect(read == NumberArray(name: "", shape: [2], values: [7, 8]))
  }

  @Test("names that climb, that come twice or are no array's, wrong sizes and bombs are refused")
  func refused() throws {
    func expect(_ words: String, _ entries: [ZipEntry], sourceLocation: SourceLocation = #_sourceLocation) {
      do {
        _ = try read(entries)
        Issue.record("no error of \(words)", sourceLocation: sourceLocation)
      } catch {
        #expect(
          error is DataError && "\(error)".contains(words) && "\(error)".hasPrefix(folder.path), "\(error)",
          sourceLocation: sourceLocation)
      }
    }
    let one = npy("|u1", [1], [1])
    for name in ["../a.npy", "/a.npy", "a/../../b.npy"] {
      expect("a name within the archive's folder, found \(name)", [ZipEntry(name: name, data: one)])
    }
    expect("names end in .npy, found '..'", [ZipEntry(name: "..", data: one)])
    expect("names end in .npy, found 'a.txt'", [ZipEntry(name: "a.txt", data: one)])
    expect("a second", [ZipEntry(name: "a.npy", data: one), ZipEntry(name: "a.npy", data: one)])
    expect("expected ", [ZipEntry(name: "a.npy", data: npy("|u1", [3], [1, 2]))])
    expect("expected ", [ZipEntry(name: "a.npy", data: npy("|u1", [1], [1, 2]))])
    expect(
      "expected an array of integers, float32 or float64", [ZipEntry(name: "a.npy", data: npy("<f2", [1], [0, 0]))])
    // Another first byte, a small letter, and versions 0.0, 4.0 and 1.1.
    for magic in [
      [0x92, 78, 85, 77, 80, 89, 1, 0], [0x93, 78, 85, 77, 80, 121, 1, 0], [0x93, 78, 85, 77, 80, 89, 0, 0],
      [0x93, 78, 85, 77, 80, 89, 4, 0], [0x93, 78, 85, 77, 80, 89, 1, 1],
    ] as [[UInt8]] {
      let found = magic.map { "\($0)" }.joined(separator: ", ")
      expect(
        "at byte 0: expected an NPY file of version 1.0, 2.0 or 3.0, found the bytes \(found)",
        [ZipEntry(name: "a.npy", data: magic + one.dropFirst(8))])
    }
    expect("Fortran order", [ZipEntry(name: "a.npy", data: npy("|u1", [1, 1], [1], order: "True"))])
    // More numbers than a network has, also where their product overflows, and however little the file holds.
    for shape in [[1 << 28], [1 << 20, 1 << 20], [1 << 62, 1 << 62, 4]] {
      expect(
        "at most \(NumberArray.Limit.numbers)", [ZipEntry(name: "a.npy", data: npy("|u1", shape, []), isDeflated: true)]
      )
    }
    // Zeros that deflate to a thousandth, and a header that claims a thousand times more.
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    #expect(
      try read([ZipEntry(name: "a.npy", data: npy("|u1", [1 << 20], zeros), isDeflated: true)])[0].values.count == 1
        << 20)
    expect("expected ", [ZipEntry(name: "a.npy", data: npy("|u1", [1 << 26], zeros), isDeflated: true)])
  }
}
