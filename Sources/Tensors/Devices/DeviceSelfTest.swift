internal import Kernels

/// What a device has to compute exactly as the processor does before it is believed: operations that a compiler or a device may get wrong,
/// and the hardest cases of the formulas.
struct DeviceSelfTest {
  /// A test's name, and what it computes.
  private typealias Test = (name: String, compute: @Sendable (Device) -> [Tensor<Float>])

  /// Compares a device with the processor, bit by bit.
  ///
  /// - Throws: `DeviceError.differs` with the first difference.
  static func run(on device: Device, label: String) throws(DeviceError) {
    for (name, compute) in arithmetic + functions + random + sums {
      try compare(compute(device), compute(.single), name, label)
    }
    for (function, cases) in hardCases {
      let arguments = Tensor([cases.count], cases.map { Float(bitPattern: $0.argument) })
      let results = Tensor([cases.count], cases.map { Float(bitPattern: $0.result) })
      try compare([arguments.applying(function, on: device)], [results], "hard cases of \(function)", label)
    }
  }

  /// - Parameter first: the index of the first number.
  static func compare(
    _ found: [Tensor<Float>], _ expected: [Tensor<Float>], _ test: String, _ label: String, from first: Int = 0
  ) throws(DeviceError) {
    for (found, expected) in zip(found, expected) {
      for (index, (a, b)) in zip(found.scalars, expected.scalars).enumerated()
      where a.bitPattern != b.bitPattern && !(a.isNaN && b.isNaN) {
        throw .differs(device: label, test: test, index: first + index, expected: text(b), found: text(a))
      }
    }
  }

  private static func text(_ x: Float) -> String { "\(x) (0x\(String(x.bitPattern, radix: 16)))" }

  // MARK: - Numbers

  /// Standard normal numbers.
  private static func numbers(_ shape: Shape, seed: UInt32) -> Tensor<Float> {
    Tensor(.normal, shape, key: SIMD2(seed, 0), from: SIMD4(0, 0, 0, 0), on: .single)
  }

  /// Such numbers, one after another of all magnitudes from the subnormal to the largest.
  private static let wide: Tensor<Float> = {
    let count = 2540
    let normal = numbers([1, count], seed: 1)
    return Tensor(
      [1, count],
      normal.scalars.enumerated().map { $1 * Float(sign: .plus, exponent: $0 / 10 - 148, significand: 1) })
  }()

  // MARK: - Tests

  private static let arithmetic: [Test] = [
    (
      "x y + z in two roundings",
      { device in
        let (x, factor) = (numbers([1, 1000], seed: 2), Float(1.1))
        // What is left of x y after −(x y) is added: 0, unless the product was not rounded.
        let z = Tensor<Float>([1000], x.scalars.map { -($0 * factor) })
        return [elementwise(.multiplyAdd, x, channels: [z], constants: [factor], on: device)]
      }
    ),
    (
      "division",
      { device in
        [3, 7.7, 0.1, 1e-20, -3e30].map { elementwise(.divided, wide, constants: [$0], on: device) }
      }
    ),
    ("square root", { [wide.map(on: .single) { $0.magnitude }.applying(.squareRoot, on: $0)] }),
    (
      "subnormal numbers",
      { device in
        let small = wide.map(on: .single) { $0.magnitude < 0x1p-100 ? $0 : $0 * 0x1p-130 }
        return [
          elementwise(.multiply, small, constants: [0.5], on: device), elementwise(.sum, small, small, on: device),
        ]
      }
    ),
  ]

  private static let functions: [Test] = ElementaryFunction.allCases.map { function in
    ("\(function)", { [wide.applying(function, on: $0)] })
  }

  private static let random: [Test] = [
    (
      "random numbers",
      { device in
        [Deviate.uniform, .logistic, .normal].map {
          Tensor($0, [1021], key: SIMD2(1, 2), from: SIMD4(.max, 4, 5, 6), on: device)
        }
      }
    )
  ]

  private static let sums: [Test] = [
    (
      "sums",
      { [numbers([77, 5], seed: 3).columnSums(on: $0), numbers([5, 77], seed: 3).rowSums(on: $0)] }
    ),
    (
      "matrix product",
      { device in
        // The last terms underflow: they give −0, to which nothing may be added.
        let (a, b) = (numbers([67, 50], seed: 4), numbers([50, 70], seed: 5))
        let tiny = (Tensor<Float>([2, 3], repeating: 1e-30), Tensor<Float>([3, 2], repeating: -1e-30))
        return ProductTile.allCases.map { device.with(tile: $0) }.flatMap {
          [Tensor.product(a, b, on: $0), Tensor.product(tiny.0, tiny.1, on: $0)]
        }
      }
    ),
    (
      "convolution",
      { device in
        let convolution = Convolution(kernel: 3, padding: .same)
        let (x, w, dy) = (numbers([2, 3, 6, 5], seed: 6), numbers([27, 4], seed: 7), numbers([2, 4, 6, 5], seed: 8))
        return ProductTile.allCases.map { device.with(tile: $0) }.flatMap {
          [
            convolution(x, w, on: $0), convolution.inputGradient(dy, w, on: $0),
            convolution.weightGradient(x, dy, on: $0),
          ]
        }
      }
    ),
  ]

  /// The hardest arguments in Float of each function, with the correctly rounded results (Golden/oracle/functions-float-hard.txt, whose
  /// lines are `hard NAME ARGUMENT RESULT …`).
  private static let hardCases: [(ElementaryFunction, [(argument: UInt32, result: UInt32)])] = {
    let lines = String(cString: signet_hard_cases()).split(separator: "\n").map { $0.split(separator: " ") }
    return ElementaryFunction.allCases.map { function in
      let cases = lines.filter { $0.count > 3 && $0[1] == function.rawValue }.map {
        (argument: UInt32($0[2].dropFirst(2), radix: 16) ?? 0, result: UInt32($0[3].dropFirst(2), radix: 16) ?? 0)
      }
      return (function, cases)
    }.filter { !$0.1.isEmpty }
  }()
}
