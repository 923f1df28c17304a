import Datasets
import TestSupport
import Testing

@Suite struct LabelledImagesTests {
  /// Image `i` holds `4i ..< 4i + 4`.
  let five = LabelledImages(
    pixels: Array(0..<20), labels: [9, 8, 7, 6, 5], channels: 2, height: 1, width: 2, classes: 10, pixelMaximum: 255)

  @Test("a range of images keeps pixels and labels together")
  func range() {
    let middle = five[1..<3]
    #expect(middle.pixels == Array(4..<12) && middle.labels == [8, 7] && middle.count == 2)
    #expect((middle.channels, middle.height, middle.width) == (2, 1, 2))
    #expect((middle.classes, middle.pixelMaximum, middle.imageSize) == (10, 255, 4))
    #expect(five[0..<5] == five)
    #expect(five[2..<2].count == 0 && five[2..<2].pixels.isEmpty)
  }

  @Test("images without labels keep the shape of their file, and another shape is refused")
  func unlabelled() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(npy("|u1", [2, 1, 2, 3], Array(0..<12)), to: "images.npy")
    let images = try LabelledImages(
      unlabelled: path, channels: 1, height: 2, width: 3, classes: 4, pixelMaximum: 11)
    #expect(images.pixels == Array(0..<12) && images.labels == [0, 0])
    #expect((images.channels, images.height, images.width) == (1, 2, 3))
    #expect((images.classes, images.pixelMaximum) == (4, 11))
    expectError(.wrongShape(at: .init(path: path, offset: 10), expected: [1, 3, 2], actual: [1, 2, 3])) {
      _ = try LabelledImages(unlabelled: path, channels: 1, height: 3, width: 2, classes: 4, pixelMaximum: 11)
    }
  }

  @Test("images are selected in the order asked for, repeated ones too")
  func selecting() {
    let chosen = five.selecting([4, 0, 4])
    #expect(chosen.pixels == [16, 17, 18, 19, 0, 1, 2, 3, 16, 17, 18, 19])
    #expect(chosen.labels == [5, 9, 5])
    #expect(five.selecting(Array(0..<5)) == five)
  }

  @Test("parts of parts share the bytes of the whole, and are equal to copies of them")
  func sharing() {
    func address(_ images: LabelledImages, _ index: Int) -> UnsafePointer<UInt8>? {
      images.withPixels(of: index) { $0.baseAddress }
    }
    let part = five[1..<5].selecting([3, 0])
    #expect(address(part, 0) == address(five, 4) && address(part, 1) == address(five, 1))
    let copy = LabelledImages(
      pixels: part.pixels, labels: part.labels, channels: 2, height: 1, width: 2, classes: 10, pixelMaximum: 255)
    #expect(copy == part && address(copy, 0) != address(part, 0))
  }

  @Test("images are unequal if a pixel, a label, the order or their description differs")
  func unequal() {
    var pixels = five.pixels
    pixels[19] += 1
    func other(
      _ pixels: [UInt8], _ labels: [UInt8] = [9, 8, 7, 6, 5], channels: Int = 2, width: Int = 2, classes: Int = 10,
      maximum: Int = 255
    ) -> LabelledImages {
      LabelledImages(
        pixels: pixels, labels: labels, channels: channels, height: 1, width: width, classes: classes,
        pixelMaximum: maximum)
    }
    #expect(other(five.pixels) == five)
    let others = [
      other(pixels), other(five.pixels, [9, 8, 7, 6, 4]), other(five.pixels, channels: 1, width: 4),
      other(five.pixels, classes: 11), other(five.pixels, maximum: 254), five.selecting([1, 0, 2, 3, 4]), five[0..<4],
    ]
    for images in others { #expect(images != five) }
  }

  @Test("pixels up to the maximum and labels below the number of classes are images; others are programmer errors")
  func values() async {
    func images(_ pixel: UInt8, _ label: UInt8) -> LabelledImages {
      LabelledImages(
        pixels: [0, pixel], labels: [0, label], channels: 1, height: 1, width: 1, classes: 3, pixelMaximum: 16)
    }
    #expect(images(16, 2).pixels == [0, 16] && images(16, 2).labels == [0, 2])
    await #expect(processExitsWith: .failure) {
      _ = LabelledImages(
        pixels: [0, 17], labels: [0, 2], channels: 1, height: 1, width: 1, classes: 3, pixelMaximum: 16)
    }
    await #expect(processExitsWith: .failure) {
      _ = LabelledImages(
        pixels: [0, 16], labels: [0, 3], channels: 1, height: 1, width: 1, classes: 3, pixelMaximum: 16)
    }
  }

  @Test("images have 1 to 256 classes and a largest pixel from 1 to 255, as in files; others are programmer errors")
  func forms() async {
    #expect(Self.image(classes: 256).classes == 256 && Self.image(maximum: 1).pixelMaximum == 1)
    await #expect(processExitsWith: .failure) { _ = LabelledImagesTests.image(classes: 257) }
    await #expect(processExitsWith: .failure) { _ = LabelledImagesTests.image(maximum: 256) }
    await #expect(processExitsWith: .failure) { _ = LabelledImagesTests.image(maximum: 0) }
    await #expect(processExitsWith: .failure) { _ = LabelledImagesTests.image(width: (1 << 16) + 1) }
    #expect(LabelledImages.allows(channels: 1, height: 1 << 12, width: 1 << 12, classes: 1, pixelMaximum: 255))
    #expect(!LabelledImages.allows(channels: 2, height: 1 << 12, width: 1 << 12, classes: 1, pixelMaximum: 255))
  }

  /// An image of zeros.
  private static func image(width: Int = 1, classes: Int = 2, maximum: Int = 255) -> LabelledImages {
    LabelledImages(
      pixels: Array(repeating: 0, count: width), labels: [0], channels: 1, height: 1, width: width, classes: classes,
      pixelMaximum: maximum)
  }

  @Test("a data set without images to train on, for validation or for test is a programmer error")
  func emptyPart() async {
    await #expect(processExitsWith: .failure) { LabelledImagesTests.dataset(0, 1, 1) }
    await #expect(processExitsWith: .failure) { LabelledImagesTests.dataset(1, 0, 1) }
    await #expect(processExitsWith: .failure) { LabelledImagesTests.dataset(1, 1, 0) }
    Self.dataset(1, 1, 1)
  }

  /// Makes a data set of so many images in each part.
  private static func dataset(_ train: Int, _ validation: Int, _ test: Int) {
    let images = LabelledImages(
      pixels: [0, 1], labels: [0, 1], channels: 1, height: 1, width: 1, classes: 2, pixelMaximum: 255)
    _ = Dataset(name: "parts", train: images[0..<train], validation: images[0..<validation], test: images[0..<test])
  }

  @Test("parts whose images differ in channels, height, width, largest pixel or classes are a programmer error")
  func otherForm() async {
    await #expect(processExitsWith: .failure) { LabelledImagesTests.dataset(channels: 2) }
    await #expect(processExitsWith: .failure) { LabelledImagesTests.dataset(height: 2) }
    await #expect(processExitsWith: .failure) { LabelledImagesTests.dataset(width: 2) }
    await #expect(processExitsWith: .failure) { LabelledImagesTests.dataset(maximum: 16) }
    await #expect(processExitsWith: .failure) { LabelledImagesTests.dataset(classes: 3) }
    Self.dataset()
  }

  /// Makes a data set of one image in each part, of which that for validation may have another form.
  private static func dataset(
    channels: Int = 1, height: Int = 1, width: Int = 1, maximum: Int = 255, classes: Int = 2
  ) {
    let usual = LabelledImages(
      pixels: [1], labels: [0], channels: 1, height: 1, width: 1, classes: 2, pixelMaximum: 255)
    let other = LabelledImages(
      pixels: Array(repeating: 1, count: channels * height * width), labels: [0], channels: channels, height: height,
      width: width, classes: classes, pixelMaximum: maximum)
    _ = Dataset(name: "parts", train: usual, validation: other, test: usual)
  }
}
