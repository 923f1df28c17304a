import Tensors
import TestSupport
import Testing
import Verification

@Suite("Convolutions")
struct ConvolutionTests {
  /// One sample, one channel, one pixel; not square; kernels larger than the image; lengths around and beyond a vector.
  static let smallCases: [ConvolutionCase] = [
    .init(1, .same, 1, 1, (1, 1), 1), .init(1, .valid, 3, 5, (2, 3), 4), .init(3, .same, 1, 1, (1, 1), 1),
    .init(3, .same, 2, 3, (4, 5), 6), .init(3, .valid, 2, 3, (4, 5), 6), .init(3, .valid, 1, 2, (3, 3), 1),
    .init(3, .same, 1, 1, (1, 40), 2), .init(3, .same, 1, 2, (40, 1), 3), .init(3, .valid, 2, 1, (3, 19), 17),
    .init(5, .same, 1, 2, (2, 3), 3), .init(5, .valid, 2, 1, (5, 9), 15), .init(5, .same, 3, 4, (7, 6), 33),
    .init(7, .same, 1, 1, (2, 1), 2), .init(7, .valid, 1, 3, (8, 7), 2), .init(7, .same, 2, 2, (9, 17), 5),
  ]

  /// Each exceeds what the kernels compute at once: terms of a window, rows of weights, images together, positions of an
  /// image, and most of these.
  static let largeCases: [ConvolutionCase] = [
    .init(5, .same, 2, 33, (3, 4), 9), .init(1, .same, 1, 290, (2, 3), 290), .init(3, .same, 37, 1, (6, 5), 2),
    .init(3, .valid, 23, 2, (10, 9), 3), .init(3, .same, 1, 1, (57, 58), 1), .init(3, .same, 3, 2, (31, 29), 3),
    .init(3, .same, 13, 34, (8, 8), 2),
  ]

  private func check<Scalar: TensorScalar>(_ given: ConvolutionCase, as _: Scalar.Type) {
    let expected = TextbookConvolution(given: given).results(as: Scalar.self)
    for threads in threadCounts {
      let actual = ConvolutionResults<Scalar>(given, on: Device.processor(threads: threads))
      let what = "\(Scalar.self), \(given), \(threads) threads"
      let faults = actual.faults(what, expected: expected)
      #expect(faults.isEmpty, "\(faults.values.map(\.description).joined(separator: "\n"))")
    }
  }

  @Test("outputs and gradients are chains of fused multiply-adds, with any number of threads", arguments: smallCases)
  func small(given: ConvolutionCase) {
    check(given, as: Float.self)
    check(given, as: Double.self)
  }

  @Test("and so they are when computed in several blocks", arguments: largeCases)
  func large(given: ConvolutionCase) {
    check(given, as: Float.self)
    check(given, as: Double.self)
  }

  private func checkInfinity<Scalar: TensorScalar>(as _: Scalar.Type) {
    let convolution = Convolution(kernel: 3, padding: .same)
    let x = Tensor<Scalar>([1, 1, 2, 2], repeating: 1)
    var weights = Tensor<Scalar>([9, 1], repeating: 1)
    weights[0, 0] = .infinity
    // Only the last pixel's window has its first element within the image.
    let y = convolution(x, weights, on: .single).scalars
    #expect(y[0].isNaN && y[1].isNaN && y[2].isNaN && y[3] == .infinity)
    // The first weight meets the last pixel of x alone, all other terms are of padding.
    let dy = Tensor<Scalar>([1, 1, 2, 2], [.infinity, 1, 1, 1])
    let dWeights = convolution.weightGradient(x, dy, on: .single)
    #expect(dWeights[0, 0].isNaN && dWeights[4, 0] == .infinity)
    #expect(convolution.weightGradient(x, Tensor([1, 1, 2, 2], repeating: 1), on: .single)[0, 0] == 1)
  }

  @Test("padding is a term: 0 · ∞ is NaN")
  func infinity() {
    checkInfinity(as: Float.self)
    checkInfinity(as: Double.self)
  }

  @Test(
    "gradients agree with difference quotients",
    arguments: smallCases.filter { $0.rows * $0.outputs * $0.images <= 400 })
  func gradients(given: ConvolutionCase) throws {
    if let fault = given.gradientCheck.fault() { throw fault }
  }
}

extension ConvolutionCase {
  fileprivate var gradientCheck: GradientCheck {
    GradientCheck(
      "Convolution \(self)", [.init("x", x()), .init("weights", weights())],
      function: { [convolution($0[0], $0[1], on: .single)] },
      pullback: { values, cotangents in
        [
          convolution.inputGradient(cotangents[0], values[1], on: .single),
          convolution.weightGradient(values[0], cotangents[0], on: .single),
        ]
      })
  }
}

@Suite("The comparison of convolutions rejects anything else")
struct ConvolutionFaultTests {
  private let given = ConvolutionCase(3, .same, 3, 2, (4, 5), 2)

  /// The finding is of the results that are spoilt.
  private typealias Fault = Planted<Void, TextbookConvolution, Set<String>>

  private static func fault(
    _ what: String, in results: Set<String> = ["y", "∂x", "∂weights"],
    _ plant: @escaping @Sendable (inout TextbookConvolution) -> Void
  ) -> Fault {
    Fault(what, in: (), finding: results, plant)
  }

  private let faults: [Fault] = [
    Self.fault("kernel flipped") { $0.weight = { ($0, 2 - $1, 2 - $2) } },
    Self.fault("kernel flipped in one direction") { $0.weight = { ($0, $1, 2 - $2) } },
    Self.fault("kernel transposed") { $0.weight = { ($0, $2, $1) } },
    Self.fault("channels mixed") { $0.weight = { (1 - $0, $1, $2) } },
    Self.fault("channel innermost") {
      $0.weight = {
        let row = ($1 * 3 + $2) * 2 + $0
        return (row / 9, row / 3 % 3, row % 3)
      }
    },
    Self.fault("padding off by one row") { $0.shift.y = 1 },
    Self.fault("padding off by one column") { $0.shift.x = -1 },
    Self.fault("chains in descending order") { $0.isReversed = true },
    Self.fault("multiplications not fused") { $0.isFused = false },
    Self.fault("each image's gradient summed apart", in: ["∂weights"]) { $0.addsImages = true },
  ]

  private func checkFaults<Scalar: TensorScalar>(as _: Scalar.Type) {
    let expected = ConvolutionResults<Scalar>(given, on: .single)
    #expect(TextbookConvolution(given: given).results().faults("none", expected: expected).isEmpty)
    for fault in faults {
      var wrong = TextbookConvolution(given: given)
      fault.plant(&wrong)
      let found = wrong.results().faults(fault.what, expected: expected)
      #expect(Set(found.keys) == fault.finding, "\(fault.what)")
      #expect(found.values.allSatisfy { $0.kind == .bits }, "\(fault.what)")
    }
  }

  @Test("every planted fault is found in each result that it affects")
  func rejects() {
    checkFaults(as: Float.self)
    checkFaults(as: Double.self)
  }
}
