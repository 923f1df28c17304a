import BuiltInDatasets
import CZlib
import Datasets
import Files
import FixtureGenerator
import Fixtures
import Foundation
import Tensors
import TestSupport
import Testing

private func directory(_ name: FixtureName) throws -> String { try #require(Fixtures.directory(of: name.rawValue)) }

/// The bytes of a zlib stream's contents.
private func inflated(_ bytes: [UInt8], count: Int) throws -> [UInt8] {
  var contents = [UInt8](repeating: 0, count: count)
  var length = UInt(count)
  try #require(uncompress(&contents, &length, bytes, UInt(bytes.count)) == Z_OK)
  try #require(length == count)
  return contents
}

private func word(_ bytes: some RandomAccessCollection<UInt8>) -> Int {
  bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
}

@Suite struct FixtureTests {
  @Test("drawn again, each fixture has the contents that its manifest says", arguments: FixtureName.allCases)
  func regenerated(name: FixtureName) throws {
    let fixture = Fixture.named(name)
    let manifest = try FixtureManifest(path: "\(directory(name))/manifest.json")
    #expect(manifest.name == name.rawValue && manifest.title == fixture.title && manifest.sets == fixture.sets)
    #expect(manifest.files.map(\.name) == fixture.files.map(\.name))
    for (told, file) in zip(manifest.files, fixture.files) {
      let contents = file.decompressed
      #expect(contents.count == told.decompressedBytes)
      #expect(hexadecimal(sha256: contents) == told.decompressedSha256, "\(name) \(file.name)")
    }
    // Of other stored files, the manifest has their sizes and digests, beside those of the same contents.
    let stored = fixture.files.indices.map { Array($0 % 2 == 0 ? "abc".utf8 : "".utf8) }
    let other = fixture.manifest(stored: stored)
    for (index, (told, file)) in zip(manifest.files, other.files).enumerated() {
      #expect(file.name == told.name && file.bytes == (index % 2 == 0 ? 3 : 0))
      // Of FIPS 180-4's first example, and of nothing.
      let start = index % 2 == 0 ? "ba7816bf8f01cfea" : "e3b0c44298fc1c14"
      #expect(file.sha256.hasPrefix(start) && file.sha256.count == 64)
      #expect(file.decompressedBytes == told.decompressedBytes && file.decompressedSha256 == told.decompressedSha256)
    }
  }

  @Test(
    "the files have the manifest's digests, hold the same contents, and stay below a megabyte",
    arguments: FixtureName.allCases)
  func stored(name: FixtureName) throws {
    let folder = try directory(name)
    let manifest = try FixtureManifest(path: "\(folder)/manifest.json")
    let listed = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(Set(listed) == Set(manifest.files.map(\.name) + ["manifest.json"]))
    for (told, file) in zip(manifest.files, Fixture.named(name).files) {
      let path = "\(folder)/\(told.name)"
      let bytes = Array(try Data(contentsOf: URL(filePath: path)))
      #expect(bytes.count == told.bytes && bytes.count < 1_000_000)
      #expect(hexadecimal(sha256: bytes) == told.sha256)
      if told.name.hasSuffix(".mat") {
        // Header, then elements of type 15 whose contents begin with their own type 14 and length.
        var contents = Array(bytes[..<128])
        var offset = 128
        while offset < bytes.count {
          #expect(word(bytes[offset..<offset + 4]) == 15)
          let length = word(bytes[offset + 4..<offset + 8])
          let stream = Array(bytes[offset + 8..<offset + 8 + length])
          let start = contents.count
          let head = file.decompressed[start..<start + 8]
          contents += try inflated(stream, count: 8 + word(head.suffix(4)))
          offset += 8 + length
        }
        #expect(contents == file.decompressed)
      } else {
        #expect(try StoredFile(path: path, limit: 1 << 24).bytes == file.decompressed)
      }
    }
  }

  @Test("written again, a fixture is the same; a file with other contents is kept, and nothing is written beside it")
  func kept() throws {
    let fixture = Fixture.named(.glyphs)
    let folder = try TemporaryFolder()
    let names = fixture.files.map(\.name) + ["manifest.json"]
    for _ in 1...2 {
      var written: [String] = []
      try fixture.write(to: folder.path) { path, _ in written.append(path) }
      #expect(written == names.map(folder.file))
    }
    for name in [names[0], "manifest.json"] {
      let other = try TemporaryFolder()
      let path = try other.write([1, 2], to: name)
      #expect(throws: FileWriteError.cannotWrite(path: path, reason: "a file with other contents, which is kept")) {
        try fixture.write(to: other.path) { _, _ in }
      }
      #expect(try other.names == [name])
      #expect(try other.bytes(of: name) == [1, 2])
    }
  }

  @Test("glyphs are read as MNIST is, balanced in every part, and a nearest neighbour knows most but not all of them")
  func glyphs() throws {
    let data = try Dataset.mnist(directory: directory(.glyphs), validation: 200)
    #expect((data.train.count, data.validation.count, data.test.count) == (1000, 200, 300))
    for part in [data.train, data.validation, data.test] {
      #expect(ImageSheet.histogram(of: part.labels) == [Int](repeating: part.count / 10, count: 10))
    }
    let images = (0..<1000).map { Array(data.train.pixels[(784 * $0)..<(784 * $0 + 784)]) }
    #expect(Set(images).count == 1000)
    let train = Tensor<Double>([1000, 784], data.train.pixels.map(Double.init))
    let test = Tensor<Double>([100, 784], data.test.pixels.prefix(784 * 100).map(Double.init))
    // |a − b|² is |b|² − 2 a b and what all neighbours of a have in common; all are whole numbers.
    let squares = train.map(on: .single) { $0 * $0 }
    let norms = Tensor.product(squares, Tensor([784, 1], repeating: 1), on: .single).scalars
    let products = Tensor.product(test, train, transposing: .second, on: .single).scalars
    var errors = 0
    for index in 0..<100 {
      let distances = zip(norms, products[(1000 * index)...]).map { $0 - 2 * $1 }
      let nearest = try #require(distances.indices.min { distances[$0] < distances[$1] })
      if data.train.labels[nearest] != data.test.labels[index] { errors += 1 }
    }
    #expect((1...40).contains(errors), "\(errors) of 100")
  }

  @Test("shapes are records of CIFAR-10 and CIFAR-100 in tar archives with valid headers")
  func shapes() throws {
    let fixture = Fixture.named(.shapes)
    let ten = try members(fixture.files[0].decompressed)
    let folder = "cifar-10-batches-bin/"
    #expect(
      ten.map(\.name) == [folder, folder + "batches.meta.txt"] + (1...5).map { "\(folder)data_batch_\($0).bin" }
        + [folder + "test_batch.bin"])
    #expect(String(decoding: ten[1].contents, as: UTF8.self).hasPrefix("disc\nring\n"))
    for member in ten.dropFirst(2) {
      #expect(member.contents.count == 200 * 3073)
      let labels = stride(from: 0, to: member.contents.count, by: 3073).map { member.contents[$0] }
      #expect(ImageSheet.histogram(of: labels) == [Int](repeating: 20, count: 10))
    }

    let hundred = try members(fixture.files[1].decompressed)
    #expect(
      hundred.map(\.name)
        == ["", "train.bin", "test.bin", "coarse_label_names.txt", "fine_label_names.txt"].map {
          "cifar-100-binary/" + $0
        })
    let names = hundred[3...].map { String(decoding: $0.contents, as: UTF8.self).split(separator: "\n") }
    #expect(names.map(\.count) == [20, 100])
    for (member, count) in zip(hundred[1...2], [1000, 200]) {
      #expect(member.contents.count == count * 3074)
      let starts = stride(from: 0, to: member.contents.count, by: 3074)
      let fine = starts.map { member.contents[$0 + 1] }
      #expect(ImageSheet.histogram(of: fine) == [Int](repeating: count / 100, count: 100))
      // The coarse class follows from the fine one, and its name has the same shape.
      let pairs = Set(starts.map { [Int(member.contents[$0]), Int(member.contents[$0 + 1])] })
      #expect(pairs.count == 100 && Set(pairs.map { $0[0] }).count == 20)
      for pair in pairs {
        #expect(names[0][pair[0]].split(separator: "_")[1] == names[1][pair[1]].split(separator: "_")[1])
      }
    }
  }

  @Test("numbers are MAT-files with X of 32×32×3×N bytes and y of N labels from 1 to 10")
  func numbers() throws {
    let counts = ["train": 600, "extra": 300, "test": 200]
    for file in Fixture.named(.numbers).files {
      let count = try #require(counts[String(file.name.prefix { $0 != "_" })])
      let bytes = file.decompressed
      #expect(Array(bytes[124..<128]) == [0, 1, 0x49, 0x4d])
      #expect(String(decoding: bytes[..<19], as: UTF8.self) == "MATLAB 5.0 MAT-file")
      // X: miMATRIX, flags, four dimensions, the name in a small element, the values.
      #expect(word(bytes[128..<132]) == 14)
      let dimensions: [Int] = (0..<4).map { word(bytes[(160 + 4 * $0)..<(164 + 4 * $0)]) }
      #expect(dimensions == [32, 32, 3, count] as [Int])
      #expect(Array(bytes[176..<184]) == [1, 0, 1, 0, UInt8(ascii: "X"), 0, 0, 0])
      #expect(word(bytes[184..<188]) == 2 && word(bytes[188..<192]) == 3072 * count)
      let y = 192 + 3072 * count
      #expect(word(bytes[y..<y + 4]) == 14 && y + 8 + word(bytes[y + 4..<y + 8]) == bytes.count)
      #expect(word(bytes[y + 32..<y + 36]) == count && word(bytes[y + 36..<y + 40]) == 1)
      let values = bytes[(y + 56)...]
      let labels: [UInt8] =
        word(bytes[y + 48..<y + 52]) == 2
        ? Array(values.prefix(count))
        : (0..<count).map { i in
          UInt8(Double(bitPattern: UInt64(word(values.dropFirst(8 * i).prefix(8)))))
        }
      #expect(ImageSheet.histogram(of: labels) == [0] + [Int](repeating: count / 10, count: 10))
    }
  }

  /// The members of a tar archive; each header's sum of bytes must hold.
  private func members(_ archive: [UInt8]) throws -> [(name: String, contents: ArraySlice<UInt8>)] {
    func text(_ range: Range<Int>) -> String { String(decoding: archive[range].prefix { $0 != 0 }, as: UTF8.self) }
    var members: [(name: String, contents: ArraySlice<UInt8>)] = []
    var offset = 0
    while archive[offset] != 0 {
      let header = archive[offset..<offset + 512]
      let sum = header.enumerated().reduce(0) { $0 + ((148..<156).contains($1.0) ? 32 : Int($1.1)) }
      #expect(Int(text(offset + 148..<offset + 154), radix: 8) == sum)
      #expect(text(offset + 257..<offset + 263) == "ustar")
      let size = try #require(Int(text(offset + 124..<offset + 136), radix: 8))
      let contents = archive[offset + 512..<offset + 512 + size]
      members.append((text(offset..<offset + 100), ArraySlice(Array(contents))))
      offset += 512 + (size + 511) / 512 * 512
    }
    #expect(archive[offset...].allSatisfy { $0 == 0 } && archive.count - offset >= 1024)
    return members
  }
}
