import Foundation
import Kernels
import Tensors
import Testing
import Verification

/// The device under test, such as `opencl`; nil if there is none to test.
let testedDevice = ProcessInfo.processInfo.environment["SIGNET_TEST_DEVICE"]

@Suite("A device computes the processor's bits", .enabled(if: testedDevice != nil))
struct DeviceTests {
  private static let device = try? Device(named: testedDevice ?? "", threads: 2)

  /// Requires that a computation gives the same bits on the device as on the processor; NaN equals NaN.
  private func compare(
    _ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ compute: (Device) -> [Tensor<Float>]
  ) throws {
    let device = try #require(Self.device)
    let (found, expected) = (compute(device), compute(.single))
    try #require(found.map(\.shape) == expected.map(\.shape), sourceLocation: sourceLocation)
    for (output, (a, b)) in zip(found, expected).enumerated() {
      let index = zip(a.scalars, b.scalars).enumerated().first {
        $1.0.bitPattern != $1.1.bitPattern && !($1.0.isNaN && $1.1.isNaN)
      }?.offset
      if let index {
        Issue.record(
          "\(what), output \(output)[\(index)]: expected \(b.scalars[index]), found \(a.scalars[index])",
          sourceLocation: sourceLocation)
      }
    }
  }

  /// The same with tiles of every size.
  private func compareTiles(
    _ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ compute: (Device) -> [Tensor<Float>]
  ) throws {
    for tile in ProductTile.allCases {
      try compare("\(what), tile \(tile)", sourceLocation: sourceLocation) { compute($0.with(tile: tile)) }
    }
  }

  /// Numbers for operands: of both signs, or positive, as variances are.
  private func tensors(_ count: Int, _ shape: Shape, positive: Bool, seed: UInt64) -> [Tensor<Float>] {
    var numbers = TestNumbers(seed: seed)
    return (0..<count).map { _ in
      let tensor: Tensor<Float> = numbers.tensor(shape.reduce(1, *), in: positive ? 1e-3...2 : -2...2)
      return tensor.reshaped(shape)
    }
  }

  @Test("every pass", arguments: 0..<UInt32(SIGNET_PASS_COUNT))
  func pass(number: UInt32) throws {
    let pass = try #require(Pass(rawValue: number))
    let shape = signet_pass_shape(pass)
    for (positive, size) in [(false, [35, 3, 2, 5]), (true, [3, 5, 7, 3]), (true, [600, 7])] {
      let inputs = tensors(shape.inputs, size, positive: positive, seed: UInt64(number))
      let channels = tensors(shape.channels, [size[1]], positive: positive, seed: UInt64(number) + 100)
      let constants: [Float] = Array(repeating: 0.7, count: shape.constants)
      try compare("\(pass)") { outputs(of: pass, inputs, channels: channels, constants: constants, on: $0) }
      try compare("sums of \(pass)") { sums(of: pass, inputs, channels: channels, constants: constants, on: $0) }
    }
  }

  @Test("every pass over windows", arguments: 0..<UInt32(SIGNET_WINDOW_PASS_COUNT))
  func windows(number: UInt32) throws {
    let pass = try #require(WindowPass(rawValue: number))
    let shape = signet_window_shape(pass)
    for images in [[2, 3, 4, 6], [2, 1, 5, 7], [1, 2, 2, 3], [3, 2, 3, 2]] {
      let output = [images[0], images[1], images[2] / 2, images[3] / 2]
      for positive in [false, true] {
        let windows = tensors(shape.windows, images, positive: positive, seed: 1)
        let numbers = tensors(shape.numbers, output, positive: positive, seed: 2)
        try compare("\(pass) of \(images)") {
          let result = overWindows(
            pass, images: images, windows: windows, numbers: numbers,
            constants: Array(repeating: 0.25, count: shape.constants), on: $0)
          return result.windows + result.numbers
        }
      }
    }
  }

  @Test("weight distributions and Adam", arguments: [2, 3, 5, 16])
  func weights(kinds: Int) throws {
    let parameterizations: [ParameterizationKernel] =
      [3, 5].contains(kinds) ? [.logits, .hierarchical, .zeroAnchored] : [.logits]
    for parameterization in parameterizations {
      for weight in [0, 0.125] as [Float] {
        let pass = WeightPass(
          parameterization: parameterization, values: (0..<kinds).map { Float($0) - 1 },
          logPrior: weight == 0 ? [] : (0..<kinds).map { -1 - Float($0) }, divergenceWeight: weight)
        let planes = parameterization == .logits ? kinds : kinds - 1
        let parameters = tensors(1, [planes, 7, 43], positive: false, seed: 3)[0]
        let gradients = tensors(2, [7, 43], positive: false, seed: 4)
        try compare("\(parameterization), \(kinds) values") {
          let moments = pass.moments(of: parameters, on: $0)
          let gradient = pass.gradient(
            of: parameters, mean: moments.mean, variance: moments.variance, dMean: gradients[0],
            dVariance: gradients[1], on: $0)
          let divergence = weight == 0 ? [] : [pass.divergence(of: parameters, on: $0)]
          return [moments.mean, moments.variance, gradient, pass.probabilities(of: parameters, on: $0)] + divergence
            + steps(pass, parameters, moments, gradients, on: $0)
        }
      }
    }
  }

  /// Two steps of Adam, with what they change.
  private func steps(
    _ pass: WeightPass<Float>, _ parameters: Tensor<Float>, _ moments: (mean: Tensor<Float>, variance: Tensor<Float>),
    _ gradients: [Tensor<Float>], on device: Device
  ) -> [Tensor<Float>] {
    var (parameters, mean, variance) = (parameters, moments.mean, moments.variance)
    let adam = AdamUpdate(
      step: AdamStep<Float>(
        rate: 3, correction: 1.5, decay: 1e-3, beta1: 0.9, complement1: 0.1, beta2: 0.999, complement2: 0.001,
        epsilon: 1e-8), moments: AdamMoments(count: parameters.count))
    for _ in 0..<2 {
      pass.step(
        &parameters, mean: &mean, variance: &variance, dMean: gradients[0], dVariance: gradients[1], adam, limit: 2,
        on: device)
    }
    var plain = gradients[0]
    plain.update(
      gradient: gradients[1], on: device,
      ParameterUpdate(AdamUpdate(step: adam.step, moments: AdamMoments(count: plain.count))).clipped(to: 1))
    return [parameters, mean, variance, adam.moments.first, adam.moments.second, plain]
  }

  @Test(
    "matrix products", arguments: [(1, 1, 1), (64, 64, 16), (65, 63, 17), (3, 200, 129), (130, 2, 5), (257, 140, 40)])
  func product(m: Int, n: Int, k: Int) throws {
    for transposition in Transposition.allCases {
      let (first, second) = (
        [.first, .both].contains(transposition) ? [k, m] : [m, k],
        [.second, .both].contains(transposition) ? [n, k] : [k, n]
      )
      let (a, b) = (
        tensors(1, first, positive: false, seed: 5)[0], tensors(1, second, positive: false, seed: 6)[0]
      )
      try compareTiles("\(transposition)") { [Tensor.product(a, b, transposing: transposition, on: $0)] }
    }
  }

  @Test("convolutions", arguments: [1, 3, 5], Convolution.Padding.allCases)
  func convolution(kernel: Int, padding: Convolution.Padding) throws {
    let convolution = Convolution(kernel: kernel, padding: padding)
    let x = tensors(1, [3, 2, 7, 6], positive: false, seed: 7)[0]
    let w = tensors(1, [2 * kernel * kernel, 5], positive: false, seed: 8)[0]
    let dy = tensors(1, convolution(x, w, on: .single).shape, positive: false, seed: 9)[0]
    try compareTiles("kernel \(kernel)") {
      [
        convolution(x, w, on: $0), convolution.inputGradient(dy, w, on: $0), convolution.weightGradient(x, dy, on: $0),
      ]
    }
  }

  @Test("sums of rows", arguments: [1, 15, 16, 17, 100, 784, 4095, 4096, 4097, 9001])
  func rowSums(columns: Int) throws {
    let x = tensors(1, [3, columns], positive: false, seed: 12)[0]
    try compare("\(columns) columns") { [x.rowSums(on: $0)] }
  }

  @Test("a tensor is a value, wherever its numbers are")
  func values() throws {
    let device = try #require(Self.device)
    let x = tensors(1, [4, 6], positive: true, seed: 10)[0]
    let y: Tensor<Float> = elementwise(.square, x, on: device)
    let expected: Tensor<Float> = elementwise(.square, x, on: .single)
    // A change on the processor, one on the device, and none of a copy or of another shape of the same numbers.
    var (onProcessor, onDevice) = (y, y)
    let reshaped = y.reshaped([24])
    onProcessor[1, 2] = 7
    let adam = AdamUpdate(
      step: AdamStep<Float>(
        rate: 1, correction: 1, decay: 0, beta1: 0.9, complement1: 0.1, beta2: 0.9, complement2: 0.1, epsilon: 1),
      moments: AdamMoments(count: 24))
    onDevice.update(gradient: x, on: device, ParameterUpdate(adam))
    #expect(y == expected && reshaped.scalars == expected.scalars && y.moved(to: device) == expected)
    #expect(onProcessor[1, 2] == 7 && onProcessor[1, 3] == expected[1, 3])
    #expect(onDevice != expected)
  }

  @Test("reading while threads compute gives each its own numbers")
  func threads() async throws {
    let device = try #require(Self.device)
    let x = tensors(1, [1000], positive: true, seed: 11)[0]
    await withTaskGroup(of: Bool.self) { group in
      for factor in 1...8 {
        group.addTask {
          let expected: Tensor<Float> = elementwise(.multiply, x, constants: [Float(factor)], on: .single)
          return (0..<50).allSatisfy { _ in
            let y: Tensor<Float> = elementwise(.multiply, x, constants: [Float(factor)], on: device)
            return y == expected
          }
        }
      }
      for await isSame in group { #expect(isSame) }
    }
  }
}
