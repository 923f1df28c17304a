import Foundation
import Kernels
import Testing
import Verification

@Suite("Elementary functions: values from outside, samples, planted faults")
struct FunctionGoldenTests {
  struct Golden: Decodable {
    struct Case: Decodable {
      let x: String
      let y: String
    }
    let functions: [String: [Case]]
  }

  private func golden(_ name: String) throws -> Golden {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: root.appendingPathComponent("Golden/ops/\(name)"))
    return try JSONDecoder().decode(Golden.self, from: data)
  }

  private func bits<Pattern: FixedWidthInteger>(_ text: String, as _: Pattern.Type) throws -> Pattern {
    try #require(Pattern(text.dropFirst(2), radix: 16), "no bit pattern: \(text)")
  }

  @Test("the floats hardest to round have the values that MPFR and mpmath give, by both paths")
  func hardFloats() throws {
    let golden = try golden("functions-float-hard.json")
    var count = 0
    for function in ElementaryFunction.all {
      let cases = try #require(golden.functions[function.name])
      let x = try cases.map { Float(bitPattern: try bits($0.x, as: UInt32.self)) }
      let y = try cases.map { Float(bitPattern: try bits($0.y, as: UInt32.self)) }
      #expect(firstMismatch(function.name, at: x, expected: y, got: function(x)) == nil)
      #expect(firstMismatch(function.name, at: x, expected: y, got: function.accurately(x)) == nil)
      count += x.count
    }
    #expect(count == 240)
  }

  /// Found by a search of all floats; the values by mpmath with 200 bits. Each lies just below the middle of two floats, and what the
  /// fast path computes (of `exp`, the one that looks up roots), before it is lowered, above it.
  @Test("floats whose values would be rounded the wrong way without the lower end of the fast path's interval")
  func lowerEnds() throws {
    let cases: [(name: String, x: Float, y: Float)] = [
      ("log", 0x1.827a74p-7, -0x1.1c2b1ep+2), ("log", 0x1.2f1fd6p+3, 0x1.1fcbcep+1),
      ("erfc", 0x1.0b827ep-3, 0x1.b4f6cp-1),
      ("exp", 0x1.01753ap-9, 0x1.0080dap+0), ("exp", 0x1.d59666p-9, 0x1.00eb36p+0),
      ("exp", 0x1.11f832p-8, 0x1.01128ap+0),
      ("erfc", 0x1.949006p-16, 0x1.fffc6ep-1), ("erfc", 0x1.0b328ap-16, 0x1.fffda4p-1),
      ("erfc", 0x1.e21b82p-22, 0x1.ffffeep-1),
    ]
    for (name, x, y) in cases {
      let function = try #require(ElementaryFunction.all.first { $0.name == name })
      #expect(firstMismatch(name, at: [x], expected: [y], got: function([x])) == nil)
      #expect(firstMismatch(name, at: [x], expected: [y], got: function.accurately([x])) == nil)
    }
  }

  @Test("the fast path agrees with the accurate path over the whole range", arguments: ElementaryFunction.all)
  func sample(function: ElementaryFunction) {
    let chunks = Extent.of(20, debug: 2)
    // An odd step, so that all chunks together visit different floats, each chunk the whole range.
    let step: UInt32 = 0x9e37_79b1
    for chunk in 0..<chunks {
      let x = sampleFloats(from: step &* UInt32(chunk * 65_536), count: 65_536, step: step)
      let mismatch = firstMismatch(function.name, at: x, expected: function.accurately(x), got: function(x))
      #expect(mismatch == nil)
    }
  }

  @Test("a result off by one ulp, a zero of the wrong sign, another NaN and a missing element are each caught")
  func plantedFaults() {
    let exp = ElementaryFunction.all[0]
    let x: [Float] = [-1, 0, 0.5, 2]
    let right = exp(x)
    #expect(firstMismatch("exp", at: x, expected: right, got: exp.accurately(x)) == nil)
    for i in x.indices {
      for wrong in [right[i].nextUp, right[i].nextDown, -right[i], .nan, .infinity] {
        var got = right
        got[i] = wrong
        #expect(firstMismatch("exp", at: x, expected: right, got: got)?.hasPrefix("exp[\(i)] at \(x[i])") == true)
      }
    }
    #expect(firstMismatch("zero", at: [0], expected: [0.0], got: [-0.0]) != nil)
    #expect(firstMismatch("NaN", at: [0], expected: [Double.nan], got: [-Double.nan]) != nil)
    #expect(firstMismatch("exp", at: x, expected: right, got: Array(right.dropLast())) != nil)
  }
}
