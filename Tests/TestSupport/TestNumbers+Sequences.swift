import Verification

extension TestNumbers {
  /// A number in `0..<bound`.
  package mutating func next(below bound: Int) -> Int { Int(bits() % UInt64(bound)) }

  /// `count` bytes below `bound`.
  package mutating func bytes(_ count: Int, below bound: Int = 256) -> [UInt8] {
    (0..<count).map { _ in UInt8(next(below: bound)) }
  }

  /// A number from 0 to below 1.
  package mutating func uniform() -> Double { Double(bits() >> 11) * 0x1p-53 }

  /// An approximately normal number with mean 0 and standard deviation 1.
  package mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + uniform() } }
}
