import Datasets
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

  @Test("images are selected in the order asked for, repeated ones too")
  func selecting() {
    let chosen = five.selecting([4, 0, 4])
    #expect(chosen.pixels == [16, 17, 18, 19, 0, 1, 2, 3, 16, 17, 18, 19])
    #expect(chosen.labels == [5, 9, 5])
    #expect(five.selecting(Array(0..<5)) == five)
  }
}
