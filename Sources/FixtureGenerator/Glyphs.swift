import BuiltInDatasets
import Datasets

/// 28×28 grey images of drawn digits, in MNIST's files.
enum Glyphs {
  static let (training, validation, test) = (1200, 200, 300)

  static func fixture() -> Fixture {
    var files: [FixtureFile] = []
    for (set, (prefix, count)) in [("train", training), ("t10k", test)].enumerated() {
      let labels = FixtureRandom.labels(set: set, count: count, classes: 10)
      let pixels = labels.enumerated().flatMap { image(of: $1, set: set, number: $0) }
      files.append(
        FixtureFile(name: "\(prefix)-images-idx3-ubyte.gz", gzip: IDXFile.bytes(pixels, shape: [count, 28, 28])))
      files.append(
        FixtureFile(name: "\(prefix)-labels-idx1-ubyte.gz", gzip: IDXFile.bytes(labels.map(UInt8.init), shape: [count]))
      )
    }
    return Fixture(
      name: .glyphs, title: "Drawn digits, 28×28 grey, in MNIST's files", files: files,
      sets: [
        FixtureManifest.Part(
          form: "mnist", classes: 10, train: training - validation, validation: validation, test: test,
          rule: "The last \(validation) images of the training file are for validation.")
      ])
  }

  private static func image(of digit: Int, set: Int, number: Int) -> [UInt8] {
    var random = FixtureRandom(set: set, image: number)
    let height = random.uniform(16...22)
    let place = Affine(
      width: height * random.uniform(0.7...1.05), height: height, shear: random.uniform(-0.25...0.25),
      halfTangent: random.uniform(-0.13...0.13),
      offset: Point(x: 14 + random.uniform(-2...2), y: 14 + random.uniform(-2...2)))
    let lines = DigitStrokes.draw(digit, wobble: 0.05, using: &random, place: place)
    var canvas = Canvas(channels: 1, size: 28)
    canvas.stroke(
      lines, width: random.uniform(1.4...3.4), softness: random.uniform(1...2), color: [random.uniform(150...255)])
    return canvas.bytes(levels: 16, noise: 120, oneIn: 12, using: &random)
  }
}
