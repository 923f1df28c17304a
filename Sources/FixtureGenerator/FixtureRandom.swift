import RandomStreams

/// The random numbers for drawing one image: each image has its own stream, so that no image depends on another.
struct FixtureRandom {
  /// Never change it: the fixtures' digests depend on it.
  private static let seed: UInt64 = 2019

  private let stream: RandomStream
  private var block = SIMD4<UInt32>()
  private var index = 0

  init(set: Int, image: Int) {
    stream = RandomStream(seed: Self.seed, purpose: .fixture, epoch: set, step: image)
  }

  mutating func word() -> UInt32 {
    if index & 3 == 0 { block = stream.block(index >> 2) }
    defer { index += 1 }
    return block[index & 3]
  }

  /// A number uniform between the bounds.
  mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (Double(word()) + 0.5) / 4_294_967_296 * (range.upperBound - range.lowerBound)
  }

  /// A number from 0 to `bound − 1`.
  mutating func integer(below bound: Int) -> Int { Int((UInt64(word()) * UInt64(bound)) >> 32) }

  /// True with probability `1 / count`.
  mutating func isOne(in count: Int) -> Bool { integer(below: count) == 0 }

  /// `count` labels in an order in which each run of `classes` images that begins at a multiple of `classes` has each class once,
  /// so that any part of the set is balanced.
  static func labels(set: Int, count: Int, classes: Int) -> [Int] {
    precondition(count % classes == 0, "\(count) images are no multiple of \(classes) classes")
    let first = 1 << 20  // after every image's own number
    return (0..<count / classes).flatMap { block in
      RandomStream(seed: seed, purpose: .fixture, epoch: set, step: first + block).permutation(classes)
    }
  }
}
