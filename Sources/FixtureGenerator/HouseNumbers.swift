import BuiltInDatasets
import Datasets

/// 32×32 colour images of digits with neighbours on both sides, in SVHN's files.
enum HouseNumbers {
  /// The numbers of images, and how many of each class are for validation.
  static let parts = [("train", 600, 12), ("extra", 300, 6), ("test", 200, 0)]
  private static let firstSet = 20

  static func fixture() -> Fixture {
    let files = parts.enumerated().map { index, part in
      let (name, count, _) = part
      let set = firstSet + index
      let digits = FixtureRandom.labels(set: set, count: count, classes: 10)
      let images = digits.enumerated().map { image(of: $1, set: set, number: $0) }
      // X[row, column, channel, image], the first index fastest.
      var x: [UInt8] = []
      for image in images {
        for channel in 0..<3 {
          for column in 0..<32 { for row in 0..<32 { x.append(image[(channel * 32 + row) * 32 + column]) } }
        }
      }
      let y = digits.map { UInt8($0 == 0 ? 10 : $0) }
      let file = MAT5File([
        .bytes(name: "X", dimensions: [32, 32, 3, count], values: x),
        .doubles(name: "y", dimensions: [count, 1], values: y, areStoredAsBytes: name != "extra"),
      ])
      return FixtureFile(name: "\(name)_32x32.mat", mat5: file)
    }
    let validation = parts.reduce(0) { $0 + $1.2 * 10 }
    return Fixture(
      name: .numbers, title: "House numbers as drawn digits between others, 32×32 colour, in SVHN's files",
      files: files,
      sets: [
        FixtureManifest.Part(
          form: "svhn", classes: 10, train: parts[0].1 + parts[1].1 - validation, validation: validation,
          test: parts[2].1,
          rule: "Of each class the last \(parts[0].2) of train_32x32.mat and the last \(parts[1].2) of extra_32x32.mat "
            + "are for validation.")
      ])
  }

  private static func image(of digit: Int, set: Int, number: Int) -> [UInt8] {
    var random = FixtureRandom(set: set, image: number)
    let ink = Colors.random(&random)
    var canvas = Canvas(channels: 3, size: 32)
    canvas.fill(Colors.background(besides: ink, contrast: 180, size: 32, using: &random))

    let height = random.uniform(19...27)
    var place = Affine(
      width: height * random.uniform(0.65...0.9), height: height, shear: random.uniform(-0.15...0.15),
      halfTangent: random.uniform(-0.07...0.07),
      offset: Point(x: 16 + random.uniform(-1.5...1.5), y: 16 + random.uniform(-1.5...1.5)))
    let middle = place.offset
    var lines = DigitStrokes.draw(digit, wobble: 0.03, using: &random, place: place)
    for side in [-1.0, 1.0] where !random.isOne(in: 3) {
      place.offset = middle + Point(x: side * height * random.uniform(0.68...0.85), y: random.uniform(-1...1))
      lines += DigitStrokes.draw(random.integer(below: 10), wobble: 0.03, using: &random, place: place)
    }
    canvas.stroke(lines, width: random.uniform(2...3.6), softness: random.uniform(1...2.5), color: ink)
    return canvas.bytes(levels: 16, noise: 60, oneIn: 24, using: &random)
  }
}
