// Plane geometry using only + − × ÷ √, so that every machine draws the same images. The y axis points down.

struct Point {
  var x, y: Double

  static func + (a: Point, b: Point) -> Point { Point(x: a.x + b.x, y: a.y + b.y) }
  static func - (a: Point, b: Point) -> Point { Point(x: a.x - b.x, y: a.y - b.y) }
  static func * (a: Double, b: Point) -> Point { Point(x: a * b.x, y: a * b.y) }

  var squaredLength: Double { x * x + y * y }
  var length: Double { squaredLength.squareRoot() }
}

/// `p ↦ (a x + b y, c x + d y) + offset`.
struct Affine {
  var a, b, c, d: Double
  var offset: Point

  func callAsFunction(_ p: Point) -> Point { Point(x: a * p.x + b * p.y, y: c * p.x + d * p.y) + offset }

  /// Scales, shears along x, rotates by `2 arctan t` (`cos = (1 − t²)/(1 + t²)`, `sin = 2t/(1 + t²)`), and translates.
  init(width: Double, height: Double, shear: Double, halfTangent t: Double, offset: Point) {
    let (cosine, sine) = ((1 - t * t) / (1 + t * t), 2 * t / (1 + t * t))
    // The columns before rotation: (width, 0) and (shear · height, height).
    (a, c) = (cosine * width, sine * width)
    b = cosine * shear * height - sine * height
    d = sine * shear * height + cosine * height
    self.offset = offset
  }

  /// The inverse map; the determinant must not be 0.
  var inverse: Affine {
    let determinant = a * d - b * c
    var inverse = self
    (inverse.a, inverse.b) = (d / determinant, -b / determinant)
    (inverse.c, inverse.d) = (-c / determinant, a / determinant)
    inverse.offset = Point(x: 0, y: 0)
    inverse.offset = Point(x: 0, y: 0) - inverse(offset)
    return inverse
  }
}

/// Line segments.
struct Polyline {
  private var segments: [(start: Point, along: Point, squaredLength: Double)] = []

  init(_ points: [Point], isClosed: Bool = false) {
    let ends = isClosed ? points.dropFirst() + points.prefix(1) : points.dropFirst()
    for (start, end) in zip(points, ends) {
      segments.append((start, end - start, (end - start).squaredLength))
    }
  }

  /// The squared distance from `p` to the nearest segment.
  func squaredDistance(to p: Point) -> Double {
    var least = Double.infinity
    for (start, along, squaredLength) in segments {
      let v = p - start
      let t = squaredLength > 0 ? min(1, max(0, (v.x * along.x + v.y * along.y) / squaredLength)) : 0
      least = min(least, (v - t * along).squaredLength)
    }
    return least
  }

  /// Whether a ray from `p` crosses the segments an odd number of times.
  func encloses(_ p: Point) -> Bool {
    var isInside = false
    for (start, along, _) in segments where (start.y > p.y) != (start.y + along.y > p.y) {
      if p.x < start.x + (p.y - start.y) / along.y * along.x { isInside.toggle() }
    }
    return isInside
  }
}

/// A smooth curve through `points` (a cubic Catmull–Rom spline), as points with `steps` per piece.
func curve(_ points: [Point], isClosed: Bool = false, steps: Int = 5) -> [Point] {
  let count = points.count
  func point(_ i: Int) -> Point {
    isClosed ? points[(i + count) % count] : points[min(max(i, 0), count - 1)]
  }
  var curve: [Point] = []
  for i in 0..<(isClosed ? count : count - 1) {
    let (p0, p1, p2, p3) = (point(i - 1), point(i), point(i + 1), point(i + 2))
    for step in 0..<steps {
      let t = Double(step) / Double(steps)
      let cubic = 3 * (p1 - p2) + p3 - p0
      let square = 2 * p0 - 5 * p1 + 4 * p2 - p3
      let value = 2 * p1 + t * (p2 - p0 + t * (square + t * cubic))
      curve.append(0.5 * value)
    }
  }
  curve.append(isClosed ? points[0] : points[count - 1])
  return curve
}
