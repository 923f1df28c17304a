import Datasets
import Foundation
import TestSupport
import Testing

/// One rule of all commands: where a set's files are looked for, and which of several are taken.
@Suite struct DataSearchTests {
  let folder: TemporaryFolder
  private static let names = ["train-images", "train-labels", "t10k-images", "t10k-labels"]

  init() throws { folder = try TemporaryFolder() }

  private func make(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
  }

  /// The published names of MNIST, with this hyphen and ending.
  private func mnist(_ hyphen: String, _ ending: String) -> [String] {
    Self.names.map { "\($0)\(hyphen)idx\($0.hasSuffix("images") ? 3 : 1)-ubyte\(ending)" }
  }

  /// A small set in MNIST's form, that differs with `label`.
  private func write(_ label: UInt8, in prefix: String, _ hyphen: String = "-", _ ending: String = ".gz") throws {
    try make(prefix)
    let contents = [idx([2, 28, 28], [UInt8](repeating: 0, count: 2 * 784)), idx([2], [label, label])]
    for (index, name) in mnist(hyphen, ending).enumerated() {
      let bytes = contents[index % 2]
      try folder.write(ending.isEmpty ? bytes : Gzip.compress(bytes), to: prefix + name)
    }
  }

  private func read() throws -> Dataset { try Dataset.mnist(directory: folder.path, validation: 1) }

  @Test(
    "MNIST is found in each folder, under each of its names",
    arguments: ["", "MNIST/raw/", "mnist/", "mnist/MNIST/raw/"], [("-", ".gz"), ("-", ""), (".", ".gz"), (".", "")])
  func found(prefix: String, form: (hyphen: String, ending: String)) throws {
    try write(3, in: prefix, form.hyphen, form.ending)
    let data = try read()
    #expect(data.test.labels == [3, 3])
    #expect(data.fileDigests.map(\.name) == mnist(form.hyphen, form.ending).map { prefix + $0 })
  }

  @Test(
    "Fashion-MNIST is found in each folder, torchvision's among them",
    arguments: ["", "FashionMNIST/raw/", "fashion-mnist/", "fashion-mnist/FashionMNIST/raw/"])
  func fashion(prefix: String) throws {
    try write(3, in: prefix)
    let paths = mnist("-", ".gz").map { prefix + $0 }
    #expect(try DataSearch(Catalogue.fashionMNIST, in: folder.path).locate().paths == paths)
  }

  @Test("what is no regular file is no file of a set: a pipe is passed over, and a directory")
  func regularFiles() throws {
    try write(3, in: "MNIST/raw/")
    let pipe = folder.file("train-images-idx3-ubyte.gz")
    try #require(mkfifo(pipe, 0o600) == 0)
    try make("train-labels-idx1-ubyte.gz")
    try #require(try DataSearch(Catalogue.mnist, in: folder.path).locate().paths[0].hasPrefix("MNIST/raw/"))
    #expect(try InspectedFile.read(path: folder.path).allSatisfy { $0.path.hasPrefix(folder.file("MNIST/raw/")) })
  }

  @Test("of several folders and names, the first in the documented order is taken")
  func order() throws {
    let places = [
      ("", "-", ".gz"), ("", "-", ""), ("", ".", ".gz"), ("", ".", ""), ("MNIST/raw/", "-", ".gz"),
      ("mnist/", "-", ".gz"), ("mnist/MNIST/raw/", "-", ".gz"),
    ]
    for (label, place) in places.enumerated().reversed() {
      try write(UInt8(label), in: place.0, place.1, place.2)
      #expect(try read().test.labels == [UInt8(label), UInt8(label)], "\(place)")
    }
  }

  @Test("a folder with all files is preferred to one with some, and folders are not mixed")
  func complete() throws {
    try write(1, in: "")
    try write(2, in: "mnist/")
    try FileManager.default.removeItem(atPath: folder.path + "/" + mnist("-", ".gz")[3])
    #expect(try read().test.labels == [2, 2])
    try FileManager.default.removeItem(atPath: folder.path + "/mnist/" + mnist("-", ".gz")[0])
    let names = [("-", ".gz"), ("-", ""), (".", ".gz"), (".", "")].map { mnist($0.0, $0.1)[3] }
    expectError(.fileMissing(path: folder.path, lookedFor: names), mentions: names, hasByte: false) { _ = try read() }
  }

  @Test("a directory with a file's name is not taken for the file: some archives of MNIST have both")
  func directoryOfThatName() throws {
    for name in mnist("-", "") { try make(name) }
    try write(4, in: "", ".", "")
    #expect(try read().test.labels == [4, 4])
  }

  @Test("links to files and to folders are followed; one that leads nowhere is an error that says so")
  func links() throws {
    try write(5, in: "elsewhere/")
    let files = FileManager.default
    try files.createSymbolicLink(atPath: folder.path + "/mnist", withDestinationPath: "elsewhere")
    #expect(try read().test.labels == [5, 5])
    for name in mnist("-", ".gz") {
      try files.createSymbolicLink(atPath: "\(folder.path)/\(name)", withDestinationPath: "elsewhere/\(name)")
    }
    #expect(try read().fileDigests.map(\.name) == mnist("-", ".gz"))
    let name = mnist("-", ".gz")[1]
    try files.removeItem(atPath: folder.path + "/elsewhere/" + name)
    expectError(.danglingLink(path: "\(folder.path)/\(name)", target: "elsewhere/\(name)"), hasByte: false) {
      _ = try read()
    }
  }

  @Test("if the directory has nothing of the set, the error lists names and places")
  func nothing() {
    let names = ["cifar-10-binary.tar.gz", "cifar-10-binary.tar", "data_batch_1.bin"]
    let folders = ["", "cifar-10-batches-bin/", "cifar-10/", "cifar-10/cifar-10-batches-bin/"]
    let error = DataError.setMissing(directory: folder.path, names: names, folders: folders)
    expectError(error, mentions: names + folders.map { "./" + $0 }, hasByte: false) {
      _ = try Dataset.cifar10(directory: folder.path)
    }
    #expect(error.isInputOutput)
  }

  @Test("a missing directory, and a file in its place, are reported as such", arguments: [ENOENT, ENOTDIR])
  func noDirectory(errno: Int32) throws {
    let path = folder.path + "/absent"
    if errno == ENOTDIR { try folder.write([1], to: "absent") }
    let error = DataError.noDirectory(path: path, errno: errno)
    let word = errno == ENOENT ? "no such directory" : "a file"
    expectError(error, mentions: ["a directory", word], hasByte: false) { _ = try Dataset.mnist(directory: path) }
    expectError(error, hasByte: false) { _ = try Dataset.cifar10(directory: path) }
    expectError(error, hasByte: false) { _ = try Dataset.cifar100(directory: path) }
    expectError(error, hasByte: false) { _ = try Dataset.svhn(directory: path) }
    expectError(error, hasByte: false) { _ = try DirectoryCheck(directory: path) }
    #expect(error.isInputOutput)
  }

  @Test("CIFAR's archive and SVHN's files are found in the set's own folder")
  func ownFolder() throws {
    try make("cifar-100")
    try folder.write(Gzip.compress(tar(SmallCIFAR.hundred().entries)), to: "cifar-100/cifar-100-binary.tar.gz")
    let cifar = try Dataset.cifar100(directory: folder.path, validation: 2)
    #expect(cifar.fileDigests.map(\.name) == ["cifar-100/cifar-100-binary.tar.gz"])
    try make("svhn")
    let digits = SmallSVHN([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1], seed: 1).file
    for part in ["train", "extra", "test"] { try folder.write(digits, to: "svhn/\(part)_32x32.mat") }
    let svhn = try Dataset.svhn(directory: folder.path, validationOfTrain: 1, validationOfExtra: 0)
    #expect(svhn.fileDigests.map(\.name) == ["train", "extra", "test"].map { "svhn/\($0)_32x32.mat" })
  }

  @Test(
    "data verify and data inspect look at the same places as reading does", arguments: ["", "MNIST/raw/", "mnist/"])
  func agreement(prefix: String) throws {
    try write(6, in: prefix, ".", "")
    let paths = try read().fileDigests.map(\.name)
    #expect(try DirectoryCheck(directory: folder.path).verdicts.map(\.file) == paths)
    let inspected = try InspectedFile.read(path: folder.path)
    let sheets = inspected.compactMap { if case .images(let sheet) = $0 { sheet } else { nil } }
    #expect(Set(sheets.map(\.path)) == Set([paths[0], paths[2]].map { "\(folder.path)/\($0)" }))
    #expect(sheets.allSatisfy { $0.labels == [6, 6] })
    let search = DataSearch(Catalogue.mnist, in: folder.path)
    #expect(Catalogue.mnist.files.flatMap { search.candidates(for: $0) } == paths)
  }
}
