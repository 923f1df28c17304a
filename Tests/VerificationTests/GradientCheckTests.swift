import Tensors
import TestSupport
import Testing
import Verification

/// Faults in functions and pullbacks that are no layer's: each is found, told apart and named.
@Suite("The gradient check, by planted faults in plain functions")
struct GradientCheckTests {
  typealias Tensors = GradientCheck.Tensors

  /// `y = a x² + sum b`, elementwise, and its gradients.
  private static func check(_ count: Int = 6) -> GradientCheck {
    var numbers = TestNumbers(seed: 4)
    return GradientCheck(
      "square",
      [
        .init("a", numbers.tensor(count)), .init("x", numbers.tensor(count), hint: "2 a x"),
        .init("b", numbers.tensor(2)),
      ],
      function: { v in
        let b = v[2].scalars[0] + v[2].scalars[1]
        return [Tensor([count], (0..<count).map { v[0].scalars[$0] * v[1].scalars[$0] * v[1].scalars[$0] + b })]
      },
      pullback: { v, dy in
        let (a, x, dy) = (v[0].scalars, v[1].scalars, dy[0].scalars)
        let sum = dy.reduce(0, +)
        return [
          Tensor([count], (0..<count).map { dy[$0] * x[$0] * x[$0] }),
          Tensor([count], (0..<count).map { dy[$0] * 2 * a[$0] * x[$0] }), Tensor([2], [sum, sum]),
        ]
      })
  }

  /// The finding is of a kind, and says some words.
  typealias Fault = Planted<Void, GradientCheck, (kind: GradientFault.Kind, words: String)>

  /// Writes through shared memory, as a kernel with a wrong pointer could.
  private static func overwrite(_ x: Tensor<Double>) {
    x.withUnsafePointer { UnsafeMutablePointer(mutating: $0)[1] *= 1 + 1e-15 }
  }

  private static func changing(
    _ check: inout GradientCheck, _ change: @escaping (Tensors, Tensors, inout Tensors) -> Void
  ) {
    let sound = check.pullback
    check.pullback = {
      var gradients = sound($0, $1)
      change($0, $1, &gradients)
      return gradients
    }
  }

  private static func scaled(_ x: Tensor<Double>, _ factor: Double) -> Tensor<Double> {
    x.map(on: .single) { $0 * factor }
  }

  static let faults: [Fault] = [
    Fault(
      "a forward pass that gives other bits the second time", in: (), finding: (.notRepeatable, "square, outputs: ")
    ) { check in
      let sound = check.function
      var calls = 0.0
      check.function = {
        calls += 1
        return [scaled(sound($0)[0], 1 + calls * 1e-15)]
      }
    },
    Fault("a backward pass that gives other bits the second time", in: (), finding: (.notRepeatable, "square, a[")) {
      check in
      var calls = 0.0
      changing(&check) { _, _, gradients in
        calls += 1
        gradients[0] = scaled(gradients[0], 1 + calls * 1e-15)
      }
    },
    Fault("a forward pass that changes its input", in: (), finding: (.inputChanged, "square, x[1]: ")) { check in
      let sound = check.function
      check.function = {
        overwrite($0[1])
        return sound($0)
      }
    },
    Fault("a backward pass that changes its input", in: (), finding: (.inputChanged, "square, a[1]: ")) { check in
      changing(&check) { values, _, _ in overwrite(values[0]) }
    },
    Fault("a backward pass that changes its cotangents", in: (), finding: (.inputChanged, "cotangents")) { check in
      // 0 stays 0; the first cotangent that is not is 1.
      changing(&check) { _, cotangents, _ in overwrite(cotangents[0]) }
    },
    Fault("an output that is not finite", in: (), finding: (.notFinite, "square, output 0[0]: inf")) { check in
      let sound = check.function
      check.function = { [scaled(sound($0)[0], .infinity)] }
    },
    Fault("a gradient that is not finite", in: (), finding: (.notFinite, "square, x[0]: ")) { check in
      changing(&check) { $2[1] = scaled($2[1], .nan) }
    },
    Fault("a gradient too few", in: (), finding: (.shape, "2 gradients for 3 variables")) { check in
      changing(&check) { $2.removeLast() }
    },
    Fault("a gradient of another shape", in: (), finding: (.shape, "square, x: a gradient of shape [6, 1] for [6]")) {
      check in
      changing(&check) { $2[1] = $2[1].reshaped([6, 1]) }
    },
    Fault("something that does not come from the cotangent", in: (), finding: (.notZero, "square, b[0]: ")) { check in
      changing(&check) { $2[2] = $2[2].map(on: .single) { $0 + 1e-300 } }
    },
    Fault("not linear in the cotangent", in: (), finding: (.linearity, "square, a[0]: ")) { check in
      changing(&check) { $2[0] = scaled($2[0], $1[0].scalars.reduce(0) { max($0, abs($1)) }) }
    },
    Fault("not linear in the cotangent, of the last variable", in: (), finding: (.linearity, "square, b[0]: ")) {
      check in
      changing(&check) { $2[2] = scaled($2[2], $1[0].scalars.reduce(0) { max($0, abs($1)) }) }
    },
    Fault("the factor 2 left out", in: (), finding: (.value, "]/∂x[")) { check in
      changing(&check) { $2[1] = scaled($2[1], 0.5) }
    },
    Fault("one number wrong in the sixth digit", in: (), finding: (.value, "/∂a[4]: ")) { check in
      changing(&check) { _, _, gradients in
        var x = gradients[0].scalars
        x[4] *= 1 + 1e-6
        gradients[0] = Tensor([6], x)
      }
    },
    Fault("a gradient left out", in: (), finding: (.value, "/∂b[")) { check in
      changing(&check) { $2[2] = scaled($2[2], 0) }
    },
  ]

  @Test("an error is a share of its entry, or of a thousandth of the largest entry if that is more")
  func floor() throws {
    func check(_ error: Double) -> GradientCheck {
      GradientCheck(
        "two slopes", [.init("x", Tensor([2], [1, 1]))],
        function: { v in [Tensor([2], [1000 * v[0].scalars[0], 0.001 * v[0].scalars[1]])] },
        pullback: { _, dy in [Tensor([2], [1000 * dy[0].scalars[0], (0.001 + error) * dy[0].scalars[1]])] })
    }
    // A thousandth of 1000 is 1, of which a ten-millionth is allowed.
    let results = try check(5e-8).results()
    #expect(results.count == 1 && abs(results[0].error - 5e-8) < 1e-9)
    #expect(throws: GradientFault.self) { try check(5e-7).results() }
  }

  @Test("a planted fault is found, told apart and named", arguments: faults)
  func fault(_ fault: Fault) throws {
    var check = Self.check()
    #expect(check.fault() == nil)
    fault.plant(&check)
    let found = try #require(check.fault())
    #expect(found.kind == fault.finding.kind && found.description.contains(fault.finding.words), "\(found)")
  }

  @Test("random directions find the same faults in a Jacobian that is too large, and name the direction")
  func directions() throws {
    var check = Self.check(200)
    let results = try check.results()
    let count = GradientCheck.directions
    #expect(results.map(\.comparisons) == [count * count, count * count, count * 2])
    #expect(try Self.check(6).results().map(\.comparisons) == [36, 36, 12])
    Self.changing(&check) { $2[1] = Self.scaled($2[1], 1 + 1e-6) }
    let found = try #require(check.fault())
    #expect(found.kind == .value)
    #expect(found.description.hasPrefix("square, ∂output along direction "))
    #expect(found.description.contains("/∂x along direction "))
  }

  @Test("a failure names both derivatives, the error, what is allowed, step, seed and the term to look at")
  func message() throws {
    var check = Self.check()
    check.seed = 77
    Self.changing(&check) { $2[1] = Self.scaled($2[1], 2) }
    let found = try #require(check.fault()).description
    for words in [": analytic ", ", numeric ", ", relative error ", ", allowed 1e-07 of ", ", step 0."] {
      #expect(found.contains(words), "\(words) in \(found)")
    }
    #expect(found.hasSuffix(", seed 77; see 2 a x"), "\(found)")
  }

  @Test("the step follows a variable's size and its function's: none of these is right with a step of 0.001")
  func steps() throws {
    // The fifth derivative is that of a wave of length 2π/1000; sin from its own series, so that no library is under test.
    func wave(_ x: Double, _ derivative: Bool) -> Double {
      var (term, sum) = (derivative ? 1.0 : x, 0.0)
      for n in stride(from: derivative ? 0 : 1, to: 60, by: 2) {
        sum += term
        term *= -x * x / Double((n + 1) * (n + 2))
      }
      return sum
    }
    let numbers = [[0.1, -0.02, 0.05], [-0.1, -0.02, -0.05]]
    for (scale, x) in [1e-6, 1, 1e6].flatMap({ scale in numbers.map { (scale, $0) } }) {
      let frequency = 40 / scale
      let check = GradientCheck(
        "wave", [.init("x", Tensor([3], x.map { $0 * scale }))],
        function: { [$0[0].map(on: .single) { wave($0 * frequency, false) }] },
        pullback: { [$0[0].map(with: $1[0], on: .single) { wave($0 * frequency, true) * frequency * $1 }] })
      let results = try check.results()
      #expect(results[0].error < 1e-7 && results[0].step < 1e-2 * scale, "\(scale): \(results[0])")
    }
  }
}
