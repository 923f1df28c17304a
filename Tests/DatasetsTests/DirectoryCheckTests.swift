import Datasets
import Files
import Foundation
import TestSupport
import Testing

@Suite struct DirectoryCheckTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func verdicts() throws -> [String] {
    try DirectoryCheck(directory: folder.path).verdicts.map { "\($0.set ?? "-") \($0.file) \($0.status.rawValue)" }
  }

  @Test("the digests of a file, computed in one pass, are those of RFC 1321 and FIPS 180-4 for abc")
  func digests() throws {
    let digests = try FileDigests(path: folder.write(Array("abc".utf8)))
    #expect(digests.bytes == 3)
    #expect(digests.md5 == "900150983cd24fb0d6963f7d28e17f72")
    #expect(digests.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(digests.digits(like: .md5("")) == digests.md5 && digests.digits(like: .sha256("")) == digests.sha256)
  }

  @Test("wrong contents, missing files and unknown files are distinguished; wrong lengths are reported as such")
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
    #expect(verification.okCount == 0 && verification.wrongCount == 2)
    #expect(
      verification.counts.map(\.description) == [
        "mnist: 0 of 4 known files are here", "svhn: 0 of 3 known files are here",
      ])
    #expect(verification.verdicts[3].expected?.hasPrefix("SHA-256 f7ae60f9") == true)
    #expect(verification.verdicts[4].expected == "182040794 bytes" && verification.verdicts[4].found == "3 bytes")
  }

  @Test("a set's own subdirectory is searched for that set alone; other directories are not searched")
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

  @Test("for CIFAR's extracted files all lengths are known, and the digests of the files to train on")
  func extracted() throws {
    let prefix = "cifar-10-batches-bin/"
    try FileManager.default.createDirectory(atPath: folder.path + "/" + prefix, withIntermediateDirectories: false)
    try folder.write([1], to: prefix + "data_batch_2.bin")
    try folder.write([1], to: prefix + "test_batch.bin")
    try folder.write([1], to: prefix + "batches.meta.txt")
    let check = try DirectoryCheck(directory: folder.path)
    // The archive, which is not here, is not missing.
    #expect(
      check.verdicts.map { "\($0.file.dropFirst(prefix.count)) \($0.status.rawValue)" } == [
        "data_batch_1.bin missing", "data_batch_2.bin wrong contents", "data_batch_3.bin missing",
        "data_batch_4.bin missing", "data_batch_5.bin missing", "test_batch.bin wrong contents",
        "batches.meta.txt unknown",
      ])
    #expect(check.verdicts[5].expected == "30730000 bytes" && check.verdicts[5].found == "1 bytes")
    #expect(check.counts.map(\.description) == ["cifar-10 in cifar-10-batches-bin: 0 of 5 known files are here"])
  }

  /// A set of an archive and two files from it, one of which has no known digest.
  @Test("an archive and its files are counted where they are; a file without a known digest is unknown")
  func archiveAndFiles() throws {
    let (archive, first) = (Array("archive".utf8), Array("first".utf8))
    let entry = CatalogueEntry(
      name: "set", form: Catalogue.cifar10.form, title: "", homepage: "", licence: nil, citation: "",
      files: [
        .init(
          name: "x.tar.gz", bytes: archive.count, digest: .sha256(hexadecimal(sha256: archive)),
          decompressedSHA256: nil,
          addresses: [])
      ],
      extracted: [
        .init(name: "a.bin", bytes: first.count, sha256: hexadecimal(sha256: first)),
        .init(name: "b.bin", bytes: 3, sha256: nil),
      ])
    func check() throws -> [String] {
      let check = try DirectoryCheck(directory: folder.path, entries: [entry])
      return check.verdicts.map { "\($0.set ?? "-") \($0.file) \($0.status.rawValue)" }
        + check.counts.map(\.description)
    }
    try folder.write(first, to: "a.bin")
    #expect(try check() == ["set a.bin ok", "set b.bin missing", "set: 1 of 1 known files are here"])
    try folder.write([1, 2, 3], to: "b.bin")
    let unknown = ", and 1 file whose digest is not known"
    #expect(try check() == ["set a.bin ok", "set b.bin unknown", "set: 1 of 1 known files are here\(unknown)"])
    try folder.write([1, 2], to: "b.bin")
    try folder.write(archive, to: "x.tar.gz")
    #expect(
      try check() == [
        "set x.tar.gz ok", "set a.bin ok", "set b.bin wrong contents", "set: 2 of 2 known files are here",
      ])
    for name in ["x.tar.gz", "a.bin", "b.bin"] { try FileManager.default.removeItem(atPath: folder.path + "/" + name) }
    try folder.write([1], to: "x.tar")
    #expect(try check() == ["set x.tar unknown", "set: 0 of 1 known files are here\(unknown)"])
  }

  /// A set of two files, compressed and not, that hold `contents`.
  private func entry(_ name: String, _ contents: String, isPlainKnown: Bool = true) -> CatalogueEntry {
    let bytes = Array(contents.utf8)
    let stored = Gzip.compress(bytes)
    return CatalogueEntry(
      name: name, form: Catalogue.mnist.form, title: "", homepage: "", licence: nil, citation: "",
      files: ["a.gz", "b.gz"].map {
        CatalogueEntry.File(
          name: $0, bytes: stored.count, digest: .sha256(hexadecimal(sha256: stored)),
          decompressedSHA256: isPlainKnown ? hexadecimal(sha256: bytes) : nil, addresses: [])
      })
  }

  @Test("right files are ok, compressed or not; of two sets with the same names, the digests decide")
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
    #expect(
      unknown.counts.map(\.description) == [
        "third: 1 of 2 known files are here, and 1 file whose digest is not known"
      ])
    // Under the compressed file's name what that holds is right, too: readers go by the contents.
    try folder.write(Array("abc".utf8), to: "b.gz")
    #expect(try statuses() == ["first a.gz ok", "first b.gz ok", "first b wrong contents"])
    // A file that is here twice, compressed and not, counts once.
    for name in ["a", "b"] { try folder.write(Array("abc".utf8), to: name) }
    let twice = try DirectoryCheck(directory: folder.path, entries: entries)
    #expect(twice.verdicts.map(\.status) == [.ok, .ok, .ok, .ok])
    #expect(twice.counts.map(\.description) == ["first: 2 of 2 known files are here"])
    for name in ["b", "b.gz"] { try FileManager.default.removeItem(atPath: folder.file(name)) }
    let one = try DirectoryCheck(directory: folder.path, entries: entries)
    #expect(one.verdicts.map(\.status) == [.ok, .ok, .missing])
    #expect(one.counts.map(\.description) == ["first: 1 of 2 known files are here"])
  }

  @Test("of two sets with the same names and as many right files, the one with fewer wrong files is meant")
  func fewestWrong() throws {
    try folder.write(Array("klm".utf8), to: "a")
    let entries = [entry("first", "abc"), entry("second", "xyz", isPlainKnown: false)]
    let check = try DirectoryCheck(directory: folder.path, entries: entries)
    #expect(
      check.verdicts.map { "\($0.set ?? "-") \($0.file) \($0.status.rawValue)" } == [
        "second b.gz missing", "second a unknown",
      ])
    #expect(DirectoryCheckError(check, of: "place")?.withoutDigest == 1)
  }

  @Test("a directory is in order if it has a right file, and none with wrong contents; one of unknown digests is not")
  func order() throws {
    func error(_ files: [(name: String, contents: String)], isPlainKnown: Bool = true) throws -> String? {
      for name in try folder.names { try FileManager.default.removeItem(atPath: folder.file(name)) }
      for (name, contents) in files { try folder.write(Array(contents.utf8), to: name) }
      let check = try DirectoryCheck(directory: folder.path, entries: [entry("set", "abc", isPlainKnown: isPlainKnown)])
      return DirectoryCheckError(check, of: "place")?.description
    }
    let expected = "place: expected the files of known data sets, found"
    #expect(try error([("a", "abc")]) == nil && error([("a", "abc"), ("b", "abc"), ("notes", "abz")]) == nil)
    #expect(try error([]) == "\(expected) none" && error([("notes", "abc")]) == "\(expected) none")
    #expect(try error([("a", "abc")], isPlainKnown: false) == "\(expected) only 1 file whose digest is not known")
    #expect(
      try error([("a", "abc"), ("b", "abc"), ("notes", "abc")], isPlainKnown: false)
        == "\(expected) only 2 files whose digests are not known")
    #expect(
      try error([("a", "abc"), ("b.gz", "abz")], isPlainKnown: false) == "\(expected) 1 of 1 with wrong contents")
    #expect(try error([("a", "abz")]) == "\(expected) 1 of 1 with wrong contents")
    #expect(try error([("a", "abc"), ("b", "abz")]) == "\(expected) 1 of 2 with wrong contents")
  }

  @Test("a link that leads nowhere is an error that names it")
  func danglingLink() throws {
    let path = folder.path + "/test_32x32.mat"
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "gone")
    expectError(.danglingLink(path: path, target: "gone"), hasByte: false) {
      _ = try DirectoryCheck(directory: folder.path)
    }
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
    let members = Catalogue.entries.flatMap(\.extracted)
    #expect(members.count == 8 && Set(members.compactMap(\.sha256)).count == 5)
    #expect(
      members.compactMap(\.sha256).allSatisfy { $0.count == 64 && $0.allSatisfy { "0123456789abcdef".contains($0) } })
    #expect(Catalogue.entry(named: "svhn")?.files.count == 3 && Catalogue.entry(named: "imagenet") == nil)
  }

  @Test("sizes and digests of MNIST are those that TensorFlow Datasets has, of Fashion-MNIST its authors'")
  func namesakes() {
    func facts(_ entry: CatalogueEntry) -> [String] {
      entry.files.map { "\($0.name.prefix(12)) \($0.bytes) \($0.digest.hexadecimal)" }
    }
    #expect(
      facts(Catalogue.mnist) == [
        "train-images 9912422 440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "train-labels 28881 3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "t10k-images- 1648877 8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "t10k-labels- 4542 f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
      ])
    #expect(
      facts(Catalogue.fashionMNIST) == [
        "train-images 26421880 8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "train-labels 29515 25c81989df183df01b3e8a0aad5dffbe",
        "t10k-images- 4422102 bef4ecab320f06d8554ea6380940ec79",
        "t10k-labels- 5148 bb300cfdad3c16e7a12a480ee83cd310",
      ])
  }

  @Test("digests by MD5 are those of the publishers and of torchvision; CIFAR's files are as long as their records")
  func publishedDigests() {
    func digests(_ entry: CatalogueEntry) -> [String] { entry.files.map { "\($0.name) \($0.digest.hexadecimal)" } }
    #expect(digests(Catalogue.cifar10) == ["cifar-10-binary.tar.gz c32a1d4ab5d03f1284b67883e8d87530"])
    #expect(digests(Catalogue.cifar100) == ["cifar-100-binary.tar.gz 03b5dce01913d631647c71ecec9e9cb8"])
    #expect(
      digests(Catalogue.svhn) == [
        "train_32x32.mat e26dedcc434d2e4c54c9b2d4a06d8373", "test_32x32.mat eb5a983be6a315427106f1b164d9cef3",
        "extra_32x32.mat a93ce644f1a588dc4d68dda5feec44a7",
      ])
    func lengths(_ entry: CatalogueEntry) -> [String] { entry.extracted.map { "\($0.name) \($0.bytes)" } }
    // 10,000 records of a label and 3,072 pixels; of two labels in CIFAR-100, which has 50,000 to train.
    let names = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]
    #expect(lengths(Catalogue.cifar10) == names.map { "\($0) 30730000" })
    #expect(lengths(Catalogue.cifar100) == ["train.bin 153700000", "test.bin 30740000"])
  }
}
