/// An image being drawn: `C × H × W` values from 0 to 255.
struct Canvas {
  let channels, size: Int
  private var values: [Double]

  init(channels: Int, size: Int) {
    self.channels = channels
    self.size = size
    values = [Double](repeating: 0, count: channels * size * size)
  }

  /// Replaces each pixel's colour by `color` at its centre.
  mutating func fill(_ color: (Point) -> [Double]) {
    paint { (color($0), 1) }
  }

  /// Mixes a colour into each pixel, in the proportion that `coverage` gives for its centre.
  mutating func paint(_ color: [Double], coverage: (Point) -> Double) {
    paint { (color, coverage($0)) }
  }

  private mutating func paint(_ paint: (Point) -> (color: [Double], coverage: Double)) {
    for y in 0..<size {
      for x in 0..<size {
        let (color, coverage) = paint(Point(x: Double(x) + 0.5, y: Double(y) + 0.5))
        if coverage <= 0 { continue }
        for channel in 0..<channels {
          let index = (channel * size + y) * size + x
          values[index] += coverage * (color[channel] - values[index])
        }
      }
    }
  }

  /// Draws lines with a pen: full colour within `width / 2` of a line, fading over `softness` pixels.
  mutating func stroke(_ lines: [Polyline], width: Double, softness: Double, color: [Double]) {
    paint(color) { p in
      var least = Double.infinity
      for line in lines { least = min(least, line.squaredDistance(to: p)) }
      return fade(width / 2 - least.squareRoot(), over: softness)
    }
  }

  /// The pixels as bytes: one in `sparseness` gets noise of up to `noise`, and all are rounded to `levels` values, since
  /// fine noise would not compress.
  func bytes(levels: Int, noise: Double, oneIn sparseness: Int, using random: inout FixtureRandom) -> [UInt8] {
    values.map { value in
      let noisy = random.isOne(in: sparseness) ? value + random.uniform(-noise...noise) : value
      let level = Int(min(255, max(0, noisy)) / 255 * Double(levels - 1) + 0.5)
      return UInt8((level * 255 + (levels - 1) / 2) / (levels - 1))
    }
  }
}

/// How much of a pixel is covered if its centre is `depth` inside an edge that fades over `softness` pixels.
func fade(_ depth: Double, over softness: Double) -> Double { min(1, max(0, depth / softness + 0.5)) }

/// Colours and backgrounds.
enum Colors {
  static func random(_ random: inout FixtureRandom) -> [Double] { (0..<3).map { _ in random.uniform(10...245) } }

  /// The sum of the channels' differences.
  static func contrast(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 > $1.1 ? $1.0 - $1.1 : $1.1 - $1.0) }
  }

  /// A gradient between two colours that both differ from `color` by at least `minimum`, or as much as a hundred tries allow.
  static func background(
    besides color: [Double], contrast minimum: Double, size: Int, using random: inout FixtureRandom
  ) -> (Point) -> [Double] {
    func other(_ random: inout FixtureRandom) -> [Double] {
      var best = Colors.random(&random)
      for _ in 0..<100 where contrast(best, color) < minimum {
        let next = Colors.random(&random)
        if contrast(next, color) > contrast(best, color) { best = next }
      }
      return best
    }
    let (start, end) = (other(&random), other(&random))
    let direction = Point(x: random.uniform(-1...1), y: random.uniform(-1...1))
    let length = max(0.2, direction.length) * Double(size)
    return { p in
      let along = (p.x - Double(size) / 2) * direction.x + (p.y - Double(size) / 2) * direction.y
      let t = min(1, max(0, along / length + 0.5))
      return zip(start, end).map { $0 + t * ($1 - $0) }
    }
  }
}
