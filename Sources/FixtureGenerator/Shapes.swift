import BuiltInDatasets
import Datasets

/// 32×32 colour images of ten kinds of shapes, in CIFAR's files: the shape is the class, or shape and colour are.
enum Shapes {
  /// Images of 10 classes: five training files, one test file.
  static let (batch, test10, validation10) = (200, 200, 100)
  /// Images of 100 classes.
  static let (training100, test100, validation100) = (1000, 200, 100)
  private static let (firstSet10, firstSet100) = (10, 16)

  static func fixture() -> Fixture {
    Fixture(
      name: .shapes, title: "Shapes, 32×32 colour, in the binary files of CIFAR-10 and CIFAR-100",
      files: [
        FixtureFile(name: "cifar-10-binary.tar.gz", gzip: archive10()),
        FixtureFile(name: "cifar-100-binary.tar.gz", gzip: archive100()),
      ],
      sets: [
        FixtureManifest.Part(
          form: "cifar-10", classes: 10, train: 5 * batch - validation10, validation: validation10, test: test10,
          rule: "The last \(validation10) images of the training files are for validation."),
        FixtureManifest.Part(
          form: "cifar-100", classes: 100, train: training100 - validation100, validation: validation100, test: test100,
          rule: "The last \(validation100) images of the training file are for validation."),
      ])
  }

  private static func archive10() -> [UInt8] {
    func records(_ count: Int, set: Int) -> [UInt8] {
      FixtureRandom.labels(set: set, count: count, classes: 10).enumerated().flatMap { number, label in
        var random = FixtureRandom(set: set, image: number)
        return [UInt8(label)] + image(Shape.allCases[label], color: Colors.random(&random), using: &random)
      }
    }
    var tar = TarArchive(folder: "cifar-10-batches-bin")
    tar.append(lines(Shape.allCases.map(\.rawValue)), name: "batches.meta.txt")
    for index in 0..<5 {
      tar.append(records(batch, set: firstSet10 + index), name: "data_batch_\(index + 1).bin")
    }
    tar.append(records(test10, set: firstSet10 + 5), name: "test_batch.bin")
    return tar.finish()
  }

  private static func archive100() -> [UInt8] {
    func records(_ count: Int, set: Int) -> [UInt8] {
      FixtureRandom.labels(set: set, count: count, classes: 100).enumerated().flatMap { number, fine in
        var random = FixtureRandom(set: set, image: number)
        let (shape, (_, isWarm, color)) = (fine / 10, palette[fine % 10])
        let varied = color.map { min(255, max(0, $0 + random.uniform(-15...15))) }
        return [UInt8(2 * shape + (isWarm ? 0 : 1)), UInt8(fine)]
          + image(Shape.allCases[shape], color: varied, using: &random)
      }
    }
    var tar = TarArchive(folder: "cifar-100-binary")
    tar.append(records(training100, set: firstSet100), name: "train.bin")
    tar.append(records(test100, set: firstSet100 + 1), name: "test.bin")
    let names = Shape.allCases.map(\.rawValue)
    tar.append(lines(names.flatMap { ["warm_\($0)", "cold_\($0)"] }), name: "coarse_label_names.txt")
    tar.append(lines(names.flatMap { name in palette.map { "\($0.name)_\(name)" } }), name: "fine_label_names.txt")
    return tar.finish()
  }

  private static let palette: [(name: String, isWarm: Bool, color: [Double])] = [
    ("red", true, [225, 30, 30]), ("orange", true, [245, 135, 20]), ("yellow", true, [240, 230, 40]),
    ("pink", true, [250, 130, 190]), ("brown", true, [115, 65, 25]), ("green", false, [35, 165, 45]),
    ("cyan", false, [40, 215, 220]), ("blue", false, [35, 60, 220]), ("purple", false, [135, 40, 175]),
    ("white", false, [240, 240, 240]),
  ]

  private static func lines(_ names: [String]) -> [UInt8] { Array(names.map { $0 + "\n" }.joined().utf8) }

  private static func image(_ shape: Shape, color: [Double], using random: inout FixtureRandom) -> [UInt8] {
    var canvas = Canvas(channels: 3, size: 32)
    canvas.fill(Colors.background(besides: color, contrast: 200, size: 32, using: &random))
    // A line behind the shape as a distraction.
    let ends = (0..<2).map { _ in Point(x: random.uniform(0...32), y: random.uniform(0...32)) }
    canvas.stroke([Polyline(ends)], width: 1.5, softness: 1, color: Colors.random(&random))

    let radius = random.uniform(10...14)
    let reach = 0.9 * (16 - radius)
    let place = Affine(
      width: radius * random.uniform(0.85...1), height: radius, shear: random.uniform(-0.12...0.12),
      halfTangent: random.uniform(-0.15...0.15),
      offset: Point(x: 16 + random.uniform(-reach...reach), y: 16 + random.uniform(-reach...reach)))
    let depth = shape.depth
    let back = place.inverse
    canvas.paint(color) { fade(depth(back($0)) * radius, over: 1.2) }
    return canvas.bytes(levels: 16, noise: 60, oneIn: 24, using: &random)
  }
}

/// What the images show.
enum Shape: String, CaseIterable {
  case disc, ring, crescent, square, frame, triangle, star, cross, bars, arrow

  /// How deep a point is inside the shape of radius 1 around the origin; negative outside.
  var depth: (Point) -> Double {
    switch self {
    case .disc: return { 0.95 - $0.length }
    case .ring: return { min(0.95 - $0.length, $0.length - 0.55) }
    case .crescent:
      return { min(0.95 - $0.length, ($0 - Point(x: 0.42, y: 0)).length - 0.75) }
    case .square: return polygon([(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)])
    case .frame:
      let outer = Shape.square.depth
      let inner = polygon([(-0.45, -0.45), (0.45, -0.45), (0.45, 0.45), (-0.45, 0.45)])
      return { min(outer($0), -inner($0)) }
    case .triangle: return polygon([(0, -0.95), (0.9, 0.75), (-0.9, 0.75)])
    case .star:
      // Radii 1 and 0.42 at every 36 degrees.
      return polygon([
        (0, -1), (0.2469, -0.3398), (0.9511, -0.309), (0.3994, 0.1298), (0.5878, 0.809), (0, 0.42), (-0.5878, 0.809),
        (-0.3994, 0.1298), (-0.9511, -0.309), (-0.2469, -0.3398),
      ])
    case .cross:
      let (a, b) = (0.28, 0.95)
      return polygon([
        (-a, -b), (a, -b), (a, -a), (b, -a), (b, a), (a, a), (a, b), (-a, b), (-a, a), (-b, a), (-b, -a), (-a, -a),
      ])
    case .bars:
      let left = polygon([(-0.75, -0.9), (-0.25, -0.9), (-0.25, 0.9), (-0.75, 0.9)])
      return { max(left($0), left(Point(x: -$0.x, y: $0.y))) }
    case .arrow:
      return polygon([
        (-0.95, -0.25), (0.1, -0.25), (0.1, -0.75), (0.95, 0), (0.1, 0.75), (0.1, 0.25), (-0.95, 0.25),
      ])
    }
  }

  private func polygon(_ corners: [(Double, Double)]) -> (Point) -> Double {
    let outline = Polyline(corners.map { Point(x: $0, y: $1) }, isClosed: true)
    return { p in
      let distance = outline.squaredDistance(to: p).squareRoot()
      return outline.encloses(p) ? distance : -distance
    }
  }
}
