import Datasets
import TestSupport
import Testing

/// Tar archives, by way of the small CIFAR-100 in them.
@Suite struct TarTests {
  let folder: TemporaryFolder
  let cifar = SmallCIFAR.hundred([2, 1])
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path + "/cifar-100-binary.tar.gz"
  }

  private func position(_ offset: Int) -> DataError.Position { .init(path: path, offset: offset, isDecompressed: true) }

  private func read(_ archive: [UInt8]) throws -> Dataset {
    try folder.write(Gzip.compress(archive, level: 1), to: "cifar-100-binary.tar.gz")
    return try Dataset.cifar100(directory: folder.path, validation: 1)
  }

  /// Puts an entry before the others and expects an error of its place.
  private func refuse(
    _ entry: TarEntry, _ error: DataError, mentions words: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expectError(error, mentions: ["(decompressed)"] + words, sourceLocation: sourceLocation) {
      _ = try read(tar([entry] + cifar.entries))
    }
  }

  private var train: [UInt8] { cifar.files["train.bin"]! }
  private var test: TarEntry { TarEntry(name: "cifar-100-binary/test.bin", data: cifar.files["test.bin"]!) }

  @Test("ustar, GNU tar, a pax path and size, GNU's long name, a prefix and a leading ./ all name the member")
  func names() throws {
    let name = "cifar-100-binary/train.bin"
    let ways: [[TarEntry]] = [
      [TarEntry(name: name, data: train)],
      [TarEntry(name: name, data: train, magic: "ustar  \0")],
      // What is not wanted is passed over, also if it is longer than a read.
      [TarEntry(name: "other", data: Array(repeating: 1, count: 200_000)), TarEntry(name: name, data: train)],
      [TarEntry(name: "./\(name)", data: train)],
      [TarEntry(name: "train.bin", data: train, prefix: "cifar-100-binary")],
      [pax([("path", name), ("mtime", "1.5")]), TarEntry(name: "short", data: train)],
      [pax([("size", "\(train.count)")]), TarEntry(name: name, data: train, size: 0)],
      [pax([("comment", "of all")], type: "g"), TarEntry(name: name, data: train)],
      [TarEntry(name: "././@LongLink", data: Array((name + "\0").utf8), type: "L"), TarEntry(name: "x", data: train)],
      [TarEntry(name: name, data: train, type: "\0")],
      // GNU tar keeps a time where ustar has the prefix, and where a link leads is not its name.
      [TarEntry(name: name, data: train, magic: "ustar  \0", prefix: "13726347246")],
      [
        TarEntry(name: "././@LongLink", data: Array("/usr/share/images\0".utf8), type: "K"),
        TarEntry(name: "link", type: "2"), TarEntry(name: name, data: train),
      ],
    ]
    for way in ways {
      let data = try read(tar(way + [test]))
      #expect(data.train.labels + data.validation.labels == cifar.labels[0])
    }
  }

  @Test(
    "absolute, climbing and empty names are refused, even of members that are not wanted",
    arguments: ["/etc/passwd", "../x", "a/../../x", "cifar-100-binary/..", ""])
  func unsafeNames(name: String) {
    refuse(TarEntry(name: name), .unsafeName(at: position(0), name: name), mentions: ["within the archive's folder"])
    if !name.isEmpty {
      let attributes = pax([("path", name)])
      refuse(attributes, .unsafeName(at: position(1024), name: name))
    }
  }

  @Test(
    "a wanted member that is a link, a device, a folder, a pipe or something else is refused and named",
    arguments: [
      ("1", "a hard link"), ("2", "a symbolic link"), ("3", "a device"), ("4", "a device"), ("5", "a folder"),
      ("6", "a named pipe"), ("7", "an entry of type \"7\""),
    ] as [(Character, String)])
  func kinds(type: Character, kind: String) throws {
    let name = "cifar-100-binary/train.bin"
    refuse(
      TarEntry(name: name, type: type), .notAFile(at: position(0), name: name, kind: kind),
      mentions: ["train.bin as a regular file", kind])
    // Another member may be any of these; it is passed over.
    #expect(try read(tar([TarEntry(name: "other", type: type)] + cifar.entries)).test.count == 1)
  }

  @Test("sparse files are refused, GNU tar's and pax's")
  func sparse() {
    refuse(TarEntry(name: "s", type: "S"), .notAFile(at: position(0), name: "s", kind: "a sparse file"))
    let attributes = pax([("GNU.sparse.major", "1")])
    expectError(.notAFile(at: position(1024), name: "s", kind: "a sparse file")) {
      _ = try read(tar([attributes, TarEntry(name: "s")]))
    }
  }

  @Test("a link with data is refused")
  func dataOfLink() {
    refuse(
      TarEntry(name: "l", data: [1], type: "2"),
      .unexpected(at: position(0), expected: "no data of a symbolic link", actual: "1 bytes"))
  }

  @Test("a header with a wrong checksum is reported with both sums")
  func checksum() {
    let good = TarEntry(name: "x").header
    let sum = good.reduce(0) { $0 + Int($1) } - good[148..<156].reduce(0) { $0 + Int($1) } + 256
    refuse(
      TarEntry(name: "x", checksumError: 1),
      .checksum(at: position(148), name: "tar header checksum", expected: "\(sum + 1)", actual: "\(sum)"))
  }

  @Test("a header of another format is reported")
  func magic() {
    refuse(
      TarEntry(name: "x", magic: "posix\0  "),
      .unexpected(at: position(257), expected: "a tar header's ustar", actual: #""posix\0\20\20""#))
  }

  @Test(
    "a size that is not a number, from its first digit on or from a later one",
    arguments: [(124, "90000000000"), (130, "00000090000"), (134, "00000000009")])
  func badNumber(place: Int, digits: String) throws {
    var archive = tar(cifar.entries)
    archive[place] = 0x39  // 9 is no octal digit
    archive[148..<156] = ArraySlice("0000000\0".utf8)
    let sum = archive[..<512].reduce(0) { $0 + Int($1) } - 7 * 0x30 + 256
    archive[148..<155] = ArraySlice(
      (String(repeating: "0", count: 7 - String(sum, radix: 8).count) + String(sum, radix: 8)).utf8)
    expectError(
      .unexpected(at: position(124), expected: "an octal number", actual: "\"\(digits)\\0\"")
    ) { _ = try read(archive) }
  }

  @Test("a size over the limit is refused before anything of it is read")
  func hugeSize() {
    let size = 1 << 32
    refuse(
      TarEntry(name: "x", size: size),
      .unexpected(
        at: position(0), expected: "data that end within \(1 << 29) bytes", actual: "a size of \(size)"))
    expectError(
      .unexpected(
        at: position(1024), expected: "data that end within \(1 << 29) bytes", actual: "a size of \(Int.max)")
    ) { _ = try read(tar([pax([("size", "\(Int.max)")]), TarEntry(name: "x")] + cifar.entries)) }
    refuse(
      pax([("size", "9223372036854775808")]),
      .unexpected(at: position(512), expected: "one size of an entry", actual: "9223372036854775808"))
  }

  @Test("a size beyond the end, in a member that is wanted and in one that is not")
  func sizeBeyondEnd() {
    for name in ["x", "cifar-100-binary/test.bin"] {
      expectError(.truncated(at: position(1536), expected: 512 + 3_072_000, actual: 1536)) {
        _ = try read(TarEntry(name: name, size: 3_072_000).bytes + tarEnd)
      }
    }
  }

  @Test("an archive cut anywhere is refused")
  func cut() throws {
    let archive = tar(cifar.entries)
    for length in stride(from: 1, to: archive.count, by: 211) {
      do throws(DataError) {
        try { () throws(DataError) in
          do { _ = try read(Array(archive[..<length])) } catch let error as DataError { throw error } catch {
            Issue.record(error)
          }
        }()
        Issue.record("no error after \(length) bytes")
      } catch {
        let isTruncated = if case .truncated = error { true } else { false }
        #expect(isTruncated, "\(error)")
      }
    }
  }

  @Test("a second member with the same name is refused, even if the name is written in another way")
  func duplicate() {
    let archive = cifar.entries
    let offset = archive.flatMap(\.bytes).count
    for name in ["cifar-100-binary/test.bin", "./cifar-100-binary//test.bin"] {
      expectError(.duplicateMember(at: position(offset), name: "cifar-100-binary/test.bin"), mentions: ["a second"]) {
        _ = try read(tar(archive + [TarEntry(name: name, data: test.data)]))
      }
    }
  }

  @Test("a missing member is reported at the end")
  func missing() {
    expectError(
      .missingMember(at: position(512 + 3584 + 1024), name: "cifar-100-binary/train.bin"), mentions: ["without it"]
    ) { _ = try read(tar([test])) }
    // The same name elsewhere is another member.
    expectError(.missingMember(at: position(512 + 3584 + 1024), name: "cifar-100-binary/train.bin")) {
      _ = try read(tar([TarEntry(name: "other/test.bin", data: test.data)]))
    }
  }

  @Test("after the end there may only be zeros, however many")
  func trailing() throws {
    let archive = tar(cifar.entries)
    #expect(try read(archive + [UInt8](repeating: 0, count: 100_001)).test.count == 1)
    for count in [0, 1, 20_000] {
      expectError(.trailingBytes(at: position(archive.count + count), expected: archive.count, actual: nil)) {
        _ = try read(archive + [UInt8](repeating: 0, count: count) + [1])
      }
    }
  }

  @Test("one block of zeros is not the end")
  func loneZeros() {
    expectError(
      .unexpected(at: position(512), expected: "a second block of zeros", actual: "other bytes")
    ) { _ = try read([UInt8](repeating: 0, count: 512) + tar(cifar.entries)) }
  }

  @Test("attributes without an entry, too many, repeated, for all entries, or broken")
  func attributes() {
    let name = "cifar-100-binary/train.bin"
    expectError(
      .unexpected(
        at: position(1536), expected: "the entry that the attributes belong to", actual: "the archive's end")
    ) { _ = try read(tar([pax([("path", name)])])) }
    refuse(
      TarEntry(name: "x", data: [UInt8](repeating: 0x20, count: 65_537), type: "x"),
      .unexpected(at: position(0), expected: "at most 65536 bytes of attributes", actual: "65537"))
    refuse(
      pax([("path", "a"), ("path", "b")]),
      .unexpected(at: position(521), expected: "one name of an entry", actual: "a second"))
    refuse(
      pax([("path", name)], type: "g"),
      .unexpected(at: position(512), expected: "no path of all entries", actual: name))
    for text in ["9 a=bcdef", "99 a=b\n", "a=b\n", "6 =bc\n", "6 abc\n", "7 a=\0b\n", "0 ", "2 "] {
      refuse(
        TarEntry(name: "x", data: Array(text.utf8), type: "x"),
        .corrupt(at: position(512), format: "pax header", message: quoted(text)), mentions: ["pax header"])
    }
  }

  private func quoted(_ text: String) -> String {
    let escaped = text.utf8.map {
      (0x21...0x7e).contains($0) ? String(UnicodeScalar($0)) : "\\" + String($0, radix: 16)
    }
    return "\"\(escaped.joined())\""
  }

  @Test("a wrong gzip checksum is found even after all members were read")
  func gzipChecksum() throws {
    var file = Gzip.compress(tar(cifar.entries))
    file[file.count - 5] ^= 1
    try folder.write(file, to: "cifar-100-binary.tar.gz")
    #expect {
      _ = try Dataset.cifar100(directory: folder.path, validation: 1)
    } throws: { error in
      if case .checksum(_, "CRC-32", _, _) = error as? DataError { true } else { false }
    }
  }

  @Test("a bomb stops at the archive's limit")
  func bomb() throws {
    let mebibyte = Gzip.compress([UInt8](repeating: 0, count: 1 << 20))
    let head = Gzip.compress(tarEnd)
    try folder.write(head + (0..<512).flatMap { _ in mebibyte }, to: "cifar-100-binary.tar.gz")
    expectError(.tooLarge(at: position(1 << 29), limit: 1 << 29, dimensions: [])) {
      _ = try Dataset.cifar100(directory: folder.path, validation: 1)
    }
  }
}
