/// The ten digits as strokes through points of the unit square.
enum DigitStrokes {
  private struct Stroke {
    enum Kind { case straight, smooth, ring }
    let kind: Kind
    let points: [(Double, Double)]
  }

  /// The strokes of `digit` as a pen would draw them: each point is moved a little, then `place` maps them to pixels.
  static func draw(_ digit: Int, wobble: Double, using random: inout FixtureRandom, place: Affine) -> [Polyline] {
    strokes[digit].map { stroke in
      let points = stroke.points.map { x, y in
        place(Point(x: x - 0.5 + random.uniform(-wobble...wobble), y: y - 0.5 + random.uniform(-wobble...wobble)))
      }
      switch stroke.kind {
      case .straight: return Polyline(points)
      case .smooth: return Polyline(curve(points))
      case .ring: return Polyline(curve(points, isClosed: true))
      }
    }
  }

  private static let strokes: [[Stroke]] = [
    [
      Stroke(
        kind: .ring,
        points: [
          (0.5, 0.04), (0.26, 0.2), (0.19, 0.5), (0.26, 0.8), (0.5, 0.96), (0.74, 0.8), (0.81, 0.5), (0.74, 0.2),
        ])
    ],
    [Stroke(kind: .straight, points: [(0.33, 0.24), (0.55, 0.05), (0.55, 0.95)])],
    [
      Stroke(
        kind: .smooth, points: [(0.22, 0.26), (0.35, 0.07), (0.64, 0.07), (0.76, 0.29), (0.6, 0.55), (0.2, 0.94)]),
      Stroke(kind: .straight, points: [(0.2, 0.94), (0.82, 0.94)]),
    ],
    [
      Stroke(kind: .smooth, points: [(0.24, 0.15), (0.5, 0.04), (0.73, 0.18), (0.68, 0.4), (0.42, 0.48)]),
      Stroke(kind: .smooth, points: [(0.42, 0.48), (0.72, 0.55), (0.78, 0.77), (0.5, 0.96), (0.2, 0.84)]),
    ],
    [Stroke(kind: .straight, points: [(0.64, 0.96), (0.64, 0.05), (0.17, 0.66), (0.85, 0.66)])],
    [
      Stroke(kind: .straight, points: [(0.76, 0.06), (0.3, 0.06), (0.26, 0.46)]),
      Stroke(
        kind: .smooth, points: [(0.26, 0.46), (0.54, 0.37), (0.78, 0.57), (0.73, 0.83), (0.46, 0.96), (0.2, 0.84)]),
    ],
    [
      Stroke(
        kind: .smooth,
        points: [
          (0.7, 0.07), (0.4, 0.24), (0.23, 0.56), (0.29, 0.85), (0.5, 0.96), (0.74, 0.83), (0.72, 0.6), (0.5, 0.5),
          (0.25, 0.67),
        ])
    ],
    [Stroke(kind: .straight, points: [(0.18, 0.06), (0.82, 0.06), (0.4, 0.96)])],
    [
      Stroke(kind: .ring, points: [(0.5, 0.48), (0.27, 0.28), (0.5, 0.05), (0.73, 0.28)]),
      Stroke(kind: .ring, points: [(0.5, 0.48), (0.22, 0.72), (0.5, 0.96), (0.78, 0.72)]),
    ],
    [
      Stroke(kind: .ring, points: [(0.73, 0.3), (0.5, 0.05), (0.26, 0.29), (0.5, 0.52)]),
      Stroke(kind: .smooth, points: [(0.74, 0.27), (0.71, 0.6), (0.52, 0.96)]),
    ],
  ]
}
