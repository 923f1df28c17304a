import Tensors
import TestSupport
import Testing
import Verification

@Suite("Elementwise operations")
struct ElementwiseTests {
  // Above the grain of every loop, so that threads share the work.
  let x: Tensor<Double>
  let y: Tensor<Double>
  let z: Tensor<Double>

  init() {
    var numbers = TestNumbers(seed: 4)
    (x, y, z) = (numbers.tensor(211, 157), numbers.tensor(211, 157), numbers.tensor(211, 157))
  }

  private func expect(_ what: String, _ actual: Tensor<Double>, _ scalar: (Int) -> Double) throws {
    try requireSameBits(what, actual, expected: Tensor(x.shape, (0..<x.count).map(scalar)))
  }

  @Test("maps apply the function to each scalar, with any number of threads", arguments: threadCounts)
  func maps(threads: Int) throws {
    let device = Device.processor(threads: threads)
    try expect("map", x.map(on: device) { $0 * 3 - 1 }) { x.scalars[$0] * 3 - 1 }
    try expect("map of two", x.map(with: y, on: device) { $0 - $1 }) { x.scalars[$0] - y.scalars[$0] }
    try expect("map of three", x.map(with: y, z, on: device) { $0 - $1 / $2 }) {
      x.scalars[$0] - y.scalars[$0] / z.scalars[$0]
    }
  }

  @Test("a function of row and column writes each scalar, with any number of threads", arguments: threadCounts)
  func places(threads: Int) throws {
    let device = Device.processor(threads: threads)
    try expect("matrix", Tensor(x.shape, on: device) { i, j in x[i, j] * Double(i) - Double(j) }) {
      x.scalars[$0] * Double($0 / 157) - Double($0 % 157)
    }
    // The columns are those of all axes but the first.
    let blocks = Tensor<Double>([2, 211, 157], on: device) { i, j in Double(i) - Double(j) }
    let expected = [0.0, 1].flatMap { i in (0..<x.count).map { i - Double($0) } }
    try requireSameBits("three axes", blocks, expected: Tensor([2, 211, 157], expected))
    #expect(blocks.columns == x.count && Tensor<Double>([3], repeating: 0).columns == 1)
  }

  @Test("the kernels' functions do not depend on threads", arguments: ElementaryFunction.allCases)
  func functions(function: ElementaryFunction) throws {
    let positive = x.map(on: .single) { abs($0) }
    let expected = positive.applying(function, on: .single)
    let float = Tensor<Float>(x.shape, positive.scalars.map { Float($0) })
    for threads in threadCounts {
      let device = Device.processor(threads: threads)
      try requireSameBits("\(function)", positive.applying(function, on: device), expected: expected)
      try requireSameBits(
        "\(function)", float.applying(function, on: device), expected: float.applying(function, on: .single))
    }
    // Each scalar by itself has the same bits as in the array: no dependence on the neighbours.
    for i in stride(from: 0, to: x.count, by: 1009) {
      let one = Tensor([1], [positive.scalars[i]]).applying(function, on: .single)
      #expect(one.scalars[0].bitPattern == expected.scalars[i].bitPattern)
    }
  }

  @Test("the square root is the correctly rounded one of IEEE 754")
  func squareRoot() throws {
    let ends = [3 * Double.leastNonzeroMagnitude, .leastNormalMagnitude, 6.25e-50, 1e300, .infinity]
    let numbers = [0, -0.0, 1, 4, 2, 0.3] + ends + x.scalars.map { abs($0) }
    let doubles = Tensor([numbers.count], numbers), floats = Tensor([numbers.count], numbers.map { Float($0) })
    try requireSameBits(
      "Double", doubles.applying(.squareRoot, on: .single),
      expected: Tensor(doubles.shape, numbers.map { $0.squareRoot() }))
    try requireSameBits(
      "Float", floats.applying(.squareRoot, on: .single),
      expected: Tensor(floats.shape, floats.scalars.map { $0.squareRoot() }))
    #expect(Tensor([1], [-1.0]).applying(.squareRoot, on: .single).scalars[0].isNaN)
  }

  @Test("an update sees each parameter once with its gradient and index", arguments: threadCounts)
  func update(threads: Int) throws {
    var parameters = x
    parameters.update(
      gradient: y, on: Device.processor(threads: threads),
      ParameterUpdate { p, g, elements in
        for i in 0..<elements.count { p[i] -= g[i] * Double(elements.lowerBound + i) }
      })
    try expect("update", parameters) { x.scalars[$0] - y.scalars[$0] * Double($0) }
  }

  private func firstNotFinite<Scalar: TensorScalar>(_: Scalar.Type) {
    let finite: [Scalar] = [0, -0.0, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude]
    #expect(Tensor([5], finite).firstNotFinite() == nil)
    for (place, number) in [(0, Scalar.infinity), (2, -.infinity), (3, .nan), (4, .signalingNaN)] {
      var scalars = finite
      scalars[place] = number
      scalars[4] += .infinity
      #expect(Tensor([5], scalars).firstNotFinite() == place, "\(number)")
    }
  }

  @Test("the first number that is not finite is found")
  func notFinite() {
    firstNotFinite(Float.self)
    firstNotFinite(Double.self)
  }

  @Test("a tensor is a value: a changed copy leaves the original as it was")
  func values() {
    var copy = x
    copy[3, 4] = 7
    #expect(copy[3, 4] == 7 && x[3, 4] != 7)
    #expect(copy.reshaped([157, 211]).shape == [157, 211] && copy.columns == 157)
  }
}
