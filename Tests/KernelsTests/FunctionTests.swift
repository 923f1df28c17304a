import Foundation
import Kernels
import Testing

@Suite("Elementary functions: special values, places and lengths")
struct FunctionTests {
  struct Special: Sendable {
    let function: String
    let x: Double
    let y: Double
  }

  static let specials: [Special] = {
    let infinity = Double.infinity
    let table: [String: [(Double, Double)]] = [
      "exp": [(0, 1), (-0.0, 1), (infinity, infinity), (-infinity, 0), (1e9, infinity), (-1e9, 0)],
      "log": [(0, -infinity), (-0.0, -infinity), (1, 0), (infinity, infinity), (-infinity, .nan), (-1e-40, .nan)],
      "log1p": [(0, 0), (-0.0, -0.0), (-1, -infinity), (infinity, infinity), (-infinity, .nan), (-1.5, .nan)],
      "erf": [(0, 0), (-0.0, -0.0), (infinity, 1), (-infinity, -1), (1e9, 1), (-1e9, -1)],
      "erfc": [(0, 1), (-0.0, 1), (infinity, 0), (-infinity, 2), (1e9, 0), (-1e9, 2)],
      "tanh": [(0, 0), (-0.0, -0.0), (infinity, 1), (-infinity, -1), (1e9, 1), (-1e9, -1)],
      "sinpi": [
        (0, 0), (-0.0, -0.0), (1, 0), (-1, -0.0), (2, 0), (-2, -0.0), (0.5, 1), (1.5, -1), (-0.5, -1), (0x1p30, 0),
        (-0x1p100, -0.0), (infinity, .nan), (-infinity, .nan),
      ],
      "cospi": [
        (0, 1), (-0.0, 1), (1, -1), (-1, -1), (2, 1), (0.5, 0), (-0.5, 0), (1.5, 0), (-1.5, 0), (0x1p30, 1),
        (-0x1p100, 1), (infinity, .nan), (-infinity, .nan),
      ],
    ]
    let quietNaN = Double(bitPattern: 0x7ff8_0000_0000_0000)
    let finite = table.flatMap { name, pairs in
      pairs.map { Special(function: name, x: $0.0, y: $0.1.isNaN ? quietNaN : $0.1) }
    }
    let payloads: [UInt64] = [
      0x7ff8_0000_0000_0000, 0xfff8_0000_0000_0000, 0x7ff0_0000_2000_0000, 0xffff_ffff_e000_0000,
    ]
    return finite
      + table.keys.flatMap { name in
        payloads.map { Special(function: name, x: Double(bitPattern: $0), y: quietNaN) }
      }
  }()

  @Test("special values have the documented bits, in Float by both paths and in Double")
  func specialValues() throws {
    var count = 0
    for special in Self.specials {
      let function = try #require(ElementaryFunction.all.first { $0.name == special.function })
      // By bits: a conversion would change the NaN's payload.
      let x = special.x.isNaN ? Float(bitPattern: narrowNaN(special.x.bitPattern)) : Float(special.x)
      let y = special.y.isNaN ? Float(bitPattern: 0x7fc0_0000) : Float(special.y)
      #expect(firstMismatch(function.name, at: [x], expected: [y], got: function([x])) == nil)
      #expect(firstMismatch(function.name, at: [x], expected: [y], got: function.accurately([x])) == nil)
      #expect(firstMismatch(function.name, at: [special.x], expected: [special.y], got: function([special.x])) == nil)
      count += 1
    }
    #expect(count == 94)
  }

  private func narrowNaN(_ bits: UInt64) -> UInt32 {
    UInt32(bits >> 63) << 31 | 0x7f80_0000 | UInt32(bits >> 29 & 0x7f_ffff)
  }

  @Test("results do not depend on length, position, alignment or working in place", arguments: ElementaryFunction.all)
  func lengthsAndPlaces(function: ElementaryFunction) {
    let rare: [Float] = [.nan, -.infinity, .leastNonzeroMagnitude * 714, -.leastNonzeroMagnitude]
    let x = sampleFloats(from: 0x3d80_0000, count: 40, step: 0x0011_3579) + rare
    let single = x.map { function([$0])[0] }
    let singleDouble = x.map { function([Double($0)])[0] }
    var count = 0
    for length in 0...33 {
      for start in [0, 1, x.count - length] {
        let part = Array(x[start..<start + length])
        let expected = Array(single[start..<start + length])
        #expect(firstMismatch(function.name, at: part, expected: expected, got: function(part)) == nil)
        var inPlace = part
        inPlace.withUnsafeMutableBufferPointer { function.float($0.baseAddress, $0.baseAddress, length) }
        #expect(firstMismatch(function.name, at: part, expected: expected, got: inPlace) == nil)
        let doubles = part.map(Double.init)
        let expectedDoubles = Array(singleDouble[start..<start + length])
        #expect(firstMismatch(function.name, at: doubles, expected: expectedDoubles, got: function(doubles)) == nil)
        count += 1
      }
    }
    #expect(count == 102)
  }

  @Test("arrays at any multiple of four bytes give the same bits, and nothing is written outside")
  func alignment() {
    let x = sampleFloats(from: 0x3d80_0000, count: 64, step: 0x0011_3579)
    for function in ElementaryFunction.all {
      let expected = function(x)
      for offset in 0..<17 {
        let length = 33
        var source = [Float](repeating: 7, count: 64)
        var target = [Float](repeating: 7, count: 64)
        source.replaceSubrange(offset..<offset + length, with: x[..<length])
        source.withUnsafeBufferPointer { from in
          target.withUnsafeMutableBufferPointer { to in
            function.float(from.baseAddress.map { $0 + offset }, to.baseAddress.map { $0 + (16 - offset) }, length)
          }
        }
        let (first, end) = (16 - offset, 16 - offset + length)
        let what = "\(function.name), offset \(offset)"
        let (arguments, right) = (Array(x[..<length]), Array(expected[..<length]))
        #expect(firstMismatch(what, at: arguments, expected: right, got: Array(target[first..<end])) == nil)
        #expect((target[..<first] + target[end...]).allSatisfy { $0 == 7 }, "\(what): written outside")
      }
    }
  }
}

/// Floats whose bit patterns go up by `step`, around the end of the 32 bits.
func sampleFloats(from first: UInt32, count: Int, step: UInt32) -> [Float] {
  var bits = first
  return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
    var i = 0
    while i < count {
      buffer[i] = Float(bitPattern: bits)
      bits &+= step
      i += 1
    }
    initialized = count
  }
}
