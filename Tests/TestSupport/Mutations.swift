import Verification

/// Seeded damage to files.
package struct Mutations {
  package var numbers: TestNumbers

  package init(numbers: TestNumbers) { self.numbers = numbers }

  /// Numbers that are at the edges of what fields can hold.
  private static let edges: [UInt8] = [0, 1, 0x7f, 0x80, 0xff, 0x20, 0x30, 0x37]

  /// Changes bits, bytes, words or runs, cuts, repeats or moves a piece: once, mostly, or a few times.
  package mutating func apply(to bytes: [UInt8]) -> [UInt8] {
    var mutated = bytes
    for _ in 0...(numbers.next(below: 3) == 0 ? numbers.next(below: 6) : 0) { once(&mutated) }
    return mutated
  }

  private mutating func once(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return bytes = numbers.bytes(numbers.next(below: 40)) }
    let place = position(in: bytes)
    switch numbers.next(below: 9) {
    case 0: bytes[place] ^= 1 << UInt8(numbers.next(below: 8))
    case 1: bytes[place] = numbers.bytes(1)[0]
    case 2: bytes[place] = Self.edges[numbers.next(below: Self.edges.count)]
    case 3: bytes.removeLast(bytes.count - place)
    case 4: bytes.insert(contentsOf: bytes[place...].prefix(1 + numbers.next(below: 600)), at: position(in: bytes))
    case 5: bytes.removeSubrange(place..<min(bytes.count, place + 1 + numbers.next(below: 600)))
    case 6:
      let value = Self.edges[numbers.next(below: Self.edges.count)]
      for i in place..<min(bytes.count, place + 1 + numbers.next(below: 16)) { bytes[i] = value }
    case 7: bytes += numbers.bytes(1 + numbers.next(below: 40))
    default:
      // A word of any size: counts and lengths are such.
      let word = numbers.bytes(4)
      for (i, byte) in word.enumerated() where place + i < bytes.count { bytes[place + i] = byte }
    }
  }

  /// Half of all damage is near the beginning, where headers are.
  private mutating func position(in bytes: [UInt8]) -> Int {
    numbers.next(below: numbers.next(below: 2) == 0 ? min(bytes.count, 600) : bytes.count)
  }
}
