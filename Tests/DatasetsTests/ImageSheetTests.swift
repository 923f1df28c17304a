import BuiltInDatasets
import Datasets
import Fixtures
import Foundation
import TestSupport
import Testing

@Suite struct ImageSheetTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test("a PNG of one white pixel has the bytes that the standard prescribes")
  func png() {
    let bytes = PNG.encode([255], width: 1, height: 1, channels: 1)
    #expect(Array(bytes[..<8]) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    // IHDR: 13 bytes, 1×1, 8 bits, grey; its CRC-32 as any encoder writes it.
    #expect(
      Array(bytes[8..<33])
        == [0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55])
    // IEND is the same in every PNG.
    #expect(bytes.suffix(12) == [0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82])
    #expect(PNG.encode([1, 2, 3], width: 1, height: 1, channels: 3)[25] == 2)
  }

  /// Expects that a PNG's rows are these, each after a byte that says that it is not filtered.
  private func expectRows(_ rows: [[UInt8]], of png: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws
  {
    let data = Deflate.compress(rows.flatMap { [0] + $0 }, as: .zlib)
    // Behind signature and IHDR the length, the name, the data and a CRC-32; then IEND.
    try #require(png.count == 33 + 12 + data.count + 12, sourceLocation: sourceLocation)
    #expect(Array(png[33..<41]) == [0, 0, 0, UInt8(data.count)] + Array("IDAT".utf8), sourceLocation: sourceLocation)
    #expect(Array(png[41..<41 + data.count]) == data, sourceLocation: sourceLocation)
  }

  @Test("a PNG has its pixels row by row, grey ones and colored ones")
  func rows() throws {
    try expectRows([[1, 2], [3, 4], [5, 6]], of: PNG.encode(Array(1...6), width: 2, height: 3, channels: 1))
    try expectRows(
      [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]], of: PNG.encode(Array(1...12), width: 2, height: 2, channels: 3))
  }

  /// Images of these pixels, with these labels or all of label 0.
  private func sheet(
    path: String = "", channels: Int = 1, height: Int, width: Int, pixels: [UInt8], labels: [UInt8]? = nil
  ) -> ImageSheet {
    let labels = labels ?? [UInt8](repeating: 0, count: pixels.count / (channels * height * width))
    return ImageSheet(
      path: path,
      LabelledImages(
        pixels: pixels, labels: labels, channels: channels, height: height, width: width, classes: 10,
        pixelMaximum: 255))
  }

  @Test("text art: two rows to a character, images side by side, the largest pixel the fullest, the mean of channels")
  func textArt() {
    // A full and an empty image of 3×2 pixels, the third row alone.
    let sheet = self.sheet(height: 3, width: 2, pixels: [9, 9, 9, 0, 9, 0] + [0, 0, 0, 0, 0, 9], labels: [1, 3])
    #expect(sheet.textArt(images: 2) == ["@=    ", "@    @"])
    #expect(sheet.textArt(images: 1) == ["@=", "@ "])
    #expect(sheet.histogram == [0, 1, 0, 1])
    let ramp = self.sheet(height: 1, width: 10, pixels: Array(0..<10))
    #expect(ramp.textArt(images: 1) == [" .:-=+*#%@"])
    // A red, a green, a blue and a white pixel: each color is a third of white.
    let colored = self.sheet(
      channels: 3, height: 1, width: 4, pixels: [9, 0, 0, 9] + [0, 9, 0, 9] + [0, 0, 9, 9])
    #expect(colored.textArt(images: 1) == ["---@"])
  }

  @Test("the darkest and the brightest pixel are those of all images, not only of the hundred that can be shown")
  func extremes() {
    let pixels = [UInt8](repeating: 5, count: 100) + [3, 9]
    let sheet = self.sheet(path: "a", height: 1, width: 1, pixels: pixels)
    #expect(sheet.darkest == 3 && sheet.brightest == 9)
    #expect(InspectedFile.images(sheet).text(images: 0).hasPrefix("a\n102 images, 1×1×1, pixels 3 to 9\n"))
  }

  @Test("a PNG of higher than wide images has room for their height, and frames between them")
  func sheet() throws {
    let images = LabelledImages(
      pixels: Array(0..<18), labels: [0, 1, 2], channels: 1, height: 3, width: 2, classes: 3, pixelMaximum: 255)
    let sheet = ImageSheet(path: "", images)
    #expect((sheet.count, sheet.height, sheet.width, sheet.maximum) == (3, 3, 2, 17))
    // Two beside each other, the third below: 2 · 3 + 1 wide, 2 · 4 + 1 high, big-endian in IHDR.
    let png = sheet.png(images: 3, columns: 2)
    #expect(Array(png[16..<24]) == [0, 0, 0, 7, 0, 0, 0, 9])
    // Of pixels 0 to 17 each is 15 times as bright; between them lies grey.
    let g: UInt8 = 128
    let frame = [UInt8](repeating: g, count: 7)
    try expectRows(
      [
        frame, [g, 0, 15, g, 90, 105, g], [g, 30, 45, g, 120, 135, g], [g, 60, 75, g, 150, 165, g], frame,
        [g, 180, 195, g, g, g, g], [g, 210, 225, g, g, g, g], [g, 240, 255, g, g, g, g], frame,
      ], of: png)
  }

  @Test("a PNG of colored images has three numbers a pixel, of two channels the first one, grey")
  func colors() throws {
    let g: UInt8 = 128
    func png(channels: Int, _ pixels: [UInt8]) -> [UInt8] {
      let images = LabelledImages(
        pixels: pixels, labels: [0], channels: channels, height: 1, width: 2, classes: 2, pixelMaximum: 255)
      return ImageSheet(path: "", images).png(images: 1, columns: 1)
    }
    // Channel after channel in memory, with 255 the largest; pixel after pixel in the file.
    let (frame, colored) = ([UInt8](repeating: g, count: 12), png(channels: 3, [1, 255, 3, 4, 5, 6]))
    try expectRows([frame, [g, g, g, 1, 3, 5, 255, 4, 6, g, g, g], frame], of: colored)
    try expectRows([[g, g, g, g], [g, 7, 255, g], [g, g, g, g]], of: png(channels: 2, [7, 255, 9, 10]))
  }

  @Test("a file in words: its images and pixels, how many of each label, and the first images with their labels")
  func text() {
    let one = self.sheet(path: "a", height: 2, width: 1, pixels: [9, 0], labels: [1])
    #expect(
      InspectedFile.images(one).text(images: 1) == """
        a
        1 image, 1×2×1, pixels 0 to 9
        1 class
        0  0
        1  1  ########################################
        the first image: 1
        =
        """)
    let many = InspectedFile.labels(path: "b", [2, 0, 2])
    #expect(
      many.text(images: 5) == """
        b
        3 labels
        0  1  ####################
        1  0
        2  2  ########################################
        """)
    // However rare a label is, it has a bar.
    let rare = InspectedFile.labels(path: "b", [UInt8](repeating: 0, count: 1000) + [2]).text(images: 5)
    let bar = String(repeating: "#", count: 40)
    #expect(rare == "b\n1001 labels\n0  1000  \(bar)\n1     0\n2     1  #")
    #expect(InspectedFile.labels(path: "b", [0]).text(images: 5).hasPrefix("b\n1 label\n"))
    #expect(InspectedFile.labels(path: "b", [0], columns: 3).text(images: 5).hasPrefix("b\n1 label, column 0 of 3\n"))
  }

  @Test("as many images as fit into 80 columns, and the labels of as many")
  func columns() {
    let labels = Array(0..<10 as Range<UInt8>)
    let sheet = self.sheet(height: 1, width: 10, pixels: [UInt8](repeating: 0, count: 100), labels: labels)
    #expect(sheet.textArt(images: 100)[0].count == 6 * 10 + 5 * 2)
    // Of images that are wider than that, one.
    let wide = self.sheet(height: 1, width: 90, pixels: [UInt8](repeating: 9, count: 180), labels: [3, 4])
    #expect(wide.textArt(images: 2) == [String(repeating: "@", count: 90)])
    #expect(InspectedFile.images(wide).text(images: 2).contains("\nthe first image: 3\n@"))
    for (wanted, shown) in [(100, "0, 1, 2, 3, 4, 5"), (2, "0, 1")] {
      let text = InspectedFile.images(sheet).text(images: wanted)
      #expect(text.contains("\nthe first images: \(shown)\n"), "\(text)")
    }
  }

  @Test("images get the labels of the file beside them, compressed or not; a directory gives all files")
  func labels() throws {
    try folder.write(Gzip.compress(idx([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8])), to: "a-images-idx3-ubyte.gz")
    try folder.write(idx([2], [4, 5]), to: "a-labels-idx1-ubyte")
    try folder.write(idx([1, 2, 2], [1, 2, 3, 4]), to: "b-images-idx3-ubyte")
    let files = try InspectedFile.read(path: folder.path)
    let labels = files.map { file -> [UInt8]? in
      if case .images(let sheet) = file { return sheet.labels }
      return []
    }
    #expect(labels == [[4, 5], nil])
    if case .labels(_, let labels, 1) = try InspectedFile.read(path: folder.path + "/a-labels-idx1-ubyte")[0] {
      #expect(labels == [4, 5])
    } else {
      Issue.record("a file of labels was read as images")
    }
    let path = try folder.write(idx([3], [4, 5, 6]), to: "b-labels-idx1-ubyte")
    for images in [folder.file("b-images-idx3-ubyte"), folder.path] {
      expectError(.countMismatch(at: .init(path: path, offset: 4), images: 1, labels: 3)) {
        _ = try InspectedFile.read(path: images)
      }
    }
    // The other files can be read, these labels among them, which belong to no images.
    var errors: [DataError] = []
    let others = try InspectedFile.read(path: folder.path) { errors.append($0) }
    #expect(others.map(\.path) == [folder.file("a-images-idx3-ubyte.gz"), path] && errors.count == 1)
  }

  @Test("IDX files of each form that training reads: images with channels, wider labels beside them, labels in columns")
  func idxForms() throws {
    let images = try folder.write(idx([2, 2, 1, 2], Array(1...8), magic: 0x804), to: "t-images.idx4-ubyte")
    try folder.write(idx([2], [0, 0, 0, 7, 0, 0, 0, 9], magic: 0xc01), to: "t-labels.idx1-int")
    // Labels in several columns are not taken for the images', since the choice is the user's.
    let columns = try folder.write(
      idx([2, 2], [0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 1], magic: 0xc02), to: "t-labels-idx2-int")
    for (path, files) in [(images, [images]), (folder.path, [images, columns])] {
      let found = try InspectedFile.read(path: path)
      guard found.map(\.path) == files, case .images(let sheet) = found[0] else {
        Issue.record("\(found)")
        continue
      }
      #expect([sheet.count, sheet.channels, sheet.height, sheet.width] == [2, 2, 1, 2] && sheet.labels == [7, 9])
      #expect(sheet.darkest == 1 && sheet.brightest == 8)
    }
    guard case .labels(columns, [3, 4], 2)? = try InspectedFile.read(path: columns).first else {
      Issue.record("not the first of two columns")
      return
    }
    let wide = try folder.write(idx([1], [1, 0], magic: 0xb01), to: "u-labels-idx1-short")
    expectError(
      .unexpected(at: .init(path: wide, offset: 8), expected: "a label from 0 to 255", actual: "256")
    ) { _ = try InspectedFile.read(path: wide) }
  }

  @Test("the drawn sets' files in CIFAR's and SVHN's formats: each member of an archive, and a single file")
  func publishersForms() throws {
    func sheets(_ set: String) throws -> [ImageSheet] {
      let directory = try #require(Fixtures.directory(of: set))
      return try InspectedFile.read(path: directory).compactMap {
        if case .images(let sheet) = $0 { sheet } else { nil }
      }
    }
    let shapes = try sheets("shapes")
    let names = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin", "train.bin", "test.bin"]
    #expect(shapes.map { $0.path.split(separator: "/").last.map(String.init) } == names)
    #expect(shapes.allSatisfy { [$0.channels, $0.height, $0.width] == [3, 32, 32] })
    let known = try Dataset.shapes()
    expectSame(shapes[5].labels ?? [], known.test.labels)
    #expect(shapes[5].png(images: 4, columns: 2) == ImageSheet(path: "", known.test).png(images: 4, columns: 2))
    #expect(shapes[7].labels.map { Set($0).count > 10 } == true)

    let numbers = try sheets("numbers")
    #expect(
      numbers.map { $0.path.split(separator: "/").last } == ["extra_32x32.mat", "test_32x32.mat", "train_32x32.mat"])
    #expect(numbers[1].labels == (try Dataset.numbers().test.labels))

    let pixels = [UInt8](repeating: 7, count: 3072)
    let alone = try folder.write([9] + pixels, to: "mine.bin")
    if case .images(let sheet) = try InspectedFile.read(path: alone)[0] {
      #expect(sheet.labels == [9] && sheet.darkest == 7 && sheet.brightest == 7)
    } else {
      Issue.record("images were read as labels")
    }
    // Archives are of the published sets, whose classes are known.
    let damaged = try folder.write(tar([TarEntry(name: "a/test_batch.bin", data: [10] + pixels)]), to: "a.tar")
    expectError(.labelOutOfRange(at: .init(path: damaged, offset: 512), classes: 10, actual: 10)) {
      _ = try InspectedFile.read(path: damaged)
    }
  }

  @Test(
    "files of CIFAR records have as many labels as training reads from a file of that name, each from 0 to 255",
    arguments: [
      ("data_batch_12.bin", 1), ("test_batch.bin", 1), ("val_batch.bin", 1), ("mine.bin", 1), ("data_batch_a.bin", 1),
      ("train.bin", 2), ("validation.bin", 2), ("valid.bin", 2), ("val.bin", 2), ("test.bin", 2), ("t10k.bin", 2),
    ])
  func ownRecords(name: String, labels: Int) throws {
    // The last of a record's labels is its class.
    let record = [UInt8](repeating: 255, count: labels - 1) + [200] + [UInt8](repeating: 7, count: 3072)
    let path = try folder.write(record + record, to: name)
    guard case .images(let sheet)? = try InspectedFile.read(path: path).first else {
      Issue.record("no images")
      return
    }
    #expect(sheet.labels == [200, 200] && sheet.darkest == 7 && sheet.brightest == 7)
  }

  @Test("other formats and directories without images are errors")
  func errors() throws {
    let path = try folder.write([0x50, 0x4b, 3, 4, 0, 0])
    expectError(
      .unexpected(
        at: .init(path: path, offset: 0),
        expected: "IDX of 1 to 4 dimensions (bytes 0, 0, 8 or 9 or 11 or 12, dimensions)",
        actual: "the bytes 80, 75, 3, 4")
    ) {
      _ = try InspectedFile.read(path: path)
    }
    let endings = [
      "*images-idx3-ubyte.gz", "*images-idx3-ubyte", "*images.idx3-ubyte.gz", "*images.idx3-ubyte",
      "*images-idx4-ubyte.gz", "*images-idx4-ubyte", "*images.idx4-ubyte.gz", "*images.idx4-ubyte", "*.tar.gz", "*.tar",
      "*.bin", "*.mat", "*.npy", "*.npy.gz", "*.npz",
    ]
    expectError(.setMissing(directory: folder.path, names: endings, folders: [""]), hasByte: false) {
      _ = try InspectedFile.read(path: folder.path)
    }
  }
}
