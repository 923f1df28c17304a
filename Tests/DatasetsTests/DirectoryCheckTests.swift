import Datasets
import Foundation
import Testing

@Suite struct DirectoryCheckTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func verdicts() throws -> [String] {
    try DirectoryCheck(directory: folder.path).verdicts.map { "\($0.set ?? "-") \($0.file) \($0.status.rawValue)" }
  }

  @Test("digests of a file, in one pass: those of RFC 1321 and FIPS 180-4 for abc")
  func digests() throws {
    let digests = try FileDigests(path: folder.write(Array("abc".utf8)))
    #expect(digests.bytes == 3)
    #expect(digests.md5 == "900150983cd24fb0d6963f7d28e17f72")
    #expect(digests.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(digests.digits(like: .md5("")) == digests.md5 && digests.digits(like: .sha256("")) == digests.sha256)
  }

  @Test("wrong contents, missing and unknown files are told apart; other lengths are told as such")
  func verdictsOfFiles() throws {
    try folder.write([1, 2, 3], to: "train_32x32.mat")
    try folder.write([UInt8](repeating: 0, count: 4542), to: "t10k-labels-idx1-ubyte.gz")
    try folder.write([1], to: "notes.txt")
    try folder.write([1], to: ".hidden")
    #expect(
      try verdicts() == [
        "mnist train-images-idx3-ubyte.gz missing", "mnist train-labels-idx1-ubyte.gz missing",
        "mnist t10k-images-idx3-ubyte.gz missing", "mnist t10k-labels-idx1-ubyte.gz wrong contents",
        "svhn train_32x32.mat wrong contents", "svhn test_32x32.mat missing", "svhn extra_32x32.mat missing",
        "- notes.txt unknown",
      ])
    let verification = try DirectoryCheck(directory: folder.path)
    #expect(verification.okCount == 0 && verification.wrongCount == 7)
    #expect(verification.verdicts[3].expected?.hasPrefix("SHA-256 f7ae60f9") == true)
    #expect(verification.verdicts[4].expected == "182040794 bytes" && verification.verdicts[4].found == "3 bytes")
  }

  @Test("a set's own subdirectory is looked at, for that set alone; other directories are not")
  func subdirectories() throws {
    for name in ["fashion-mnist", "other"] {
      try FileManager.default.createDirectory(atPath: "\(folder.path)/\(name)", withIntermediateDirectories: false)
      try folder.write([1], to: "\(name)/t10k-labels-idx1-ubyte.gz")
      try folder.write([1], to: "\(name)/t10k-images-idx3-ubyte")
    }
    #expect(
      try verdicts() == [
        "fashion-mnist fashion-mnist/train-images-idx3-ubyte.gz missing",
        "fashion-mnist fashion-mnist/train-labels-idx1-ubyte.gz missing",
        "fashion-mnist fashion-mnist/t10k-labels-idx1-ubyte.gz wrong contents",
        "fashion-mnist fashion-mnist/t10k-images-idx3-ubyte unknown",
      ])
  }

  /// A set of two files, compressed and not, that hold `contents`.
  private func entry(_ name: String, _ contents: String, isPlainKnown: Bool = true) -> CatalogueEntry {
    let bytes = Array(contents.utf8)
    let stored = Gzip.compress(bytes)
    return CatalogueEntry(
      name: name, title: "", homepage: "", licence: nil, citation: "",
      files: ["a.gz", "b.gz"].map {
        CatalogueEntry.File(
          name: $0, bytes: stored.count, digest: .sha256(hexadecimal(sha256: stored)),
          decompressedSHA256: isPlainKnown ? hexadecimal(sha256: bytes) : nil, addresses: [])
      })
  }

  @Test("right files are ok, compressed or not; of two sets with the same names the one is meant whose digests hold")
  func rightFiles() throws {
    let entries = [entry("first", "abc"), entry("second", "xyz")]
    func statuses() throws -> [String] {
      try DirectoryCheck(directory: folder.path, entries: entries).verdicts
        .map { "\($0.set ?? "-") \($0.file) \($0.status.rawValue)" }
    }
    try folder.write(Gzip.compress(Array("xyz".utf8)), to: "a.gz")
    try folder.write(Array("xyz".utf8), to: "b")
    #expect(try statuses() == ["second a.gz ok", "second b ok"])
    try folder.write(Array("abz".utf8), to: "b")
    #expect(try statuses() == ["second a.gz ok", "second b wrong contents"])
    try folder.write(Gzip.compress(Array("abc".utf8)), to: "a.gz")
    #expect(try statuses() == ["first a.gz ok", "first b wrong contents"])
    let unknown = try DirectoryCheck(
      directory: folder.path, entries: [entry("third", "abc", isPlainKnown: false)])
    #expect(unknown.verdicts.map(\.status) == [.ok, .unknown] && unknown.okCount == 1 && unknown.wrongCount == 0)
  }

  @Test("a directory that is not there is a missing file")
  func absent() {
    let path = folder.path + "/absent"
    expectError(.fileMissing(path: path, lookedFor: [path])) { _ = try DirectoryCheck(directory: path) }
  }

  @Test("the catalogue's names are unique, its digests and addresses well formed")
  func catalogue() {
    #expect(Catalogue.entries.map(\.name) == ["mnist", "fashion-mnist", "cifar-10", "cifar-100", "svhn"])
    let files = Catalogue.entries.flatMap(\.files)
    #expect(files.count == 13 && Set(files.map(\.digest.hexadecimal)).count == 13)
    for file in files {
      let digits = file.digest.algorithm == "MD5" ? 32 : 64
      for digest in [file.digest.hexadecimal, file.decompressedSHA256].compactMap({ $0 }) {
        #expect(digest.allSatisfy { "0123456789abcdef".contains($0) })
      }
      #expect(file.digest.hexadecimal.count == digits && file.decompressedSHA256?.count ?? 64 == 64)
      #expect(file.bytes > 4000 && !file.addresses.isEmpty)
      #expect(file.addresses.allSatisfy { $0.hasPrefix("http") && $0.hasSuffix("/" + file.name) })
    }
    #expect(Catalogue.entry(named: "svhn")?.files.count == 3 && Catalogue.entry(named: "imagenet") == nil)
  }
}
