import Tensors
import TestSupport
import Testing
import Verification

@Suite("Passes: each element meets its own channel, and sums of outputs are those of stored ones")
struct PassTests {
  /// Rows, channels and pixels: runs end within channels, at their ends, and beyond several of them.
  static let shapes: [(rows: Int, channels: Int, pixels: Int)] = [
    (1, 1, 1), (3, 1, 700), (5, 3, 1), (2, 700, 1), (40, 513, 1), (17, 7, 3), (33, 5, 128), (2, 3, 1025), (4, 512, 2),
  ]

  private func operands<Scalar: TensorScalar>(
    _ shape: (rows: Int, channels: Int, pixels: Int), _: Scalar.Type
  ) -> (x: [Tensor<Scalar>], channels: [Tensor<Scalar>]) {
    var numbers = TestNumbers(seed: UInt64(shape.rows + shape.channels))
    let (count, dimensions) = (
      shape.rows * shape.channels * shape.pixels,
      shape.pixels == 1 ? [shape.rows, shape.channels] : [shape.rows, shape.channels, 1, shape.pixels]
    )
    func tensor(_ shape: Shape, _ count: Int) -> Tensor<Scalar> {
      let numbers: Tensor<Scalar> = numbers.tensor(count)
      return numbers.reshaped(shape)
    }
    return (
      (0..<4).map { _ in tensor(dimensions, count) }, (0..<3).map { _ in tensor([shape.channels], shape.channels) }
    )
  }

  /// `f(element, channel)` of each element.
  private func expected<Scalar: TensorScalar>(
    _ x: Tensor<Scalar>, _ channels: Int, _ f: (_ i: Int, _ c: Int) -> Scalar
  ) -> Tensor<Scalar> {
    let pixels = x.columns / channels
    return Tensor(x.shape, (0..<x.count).map { f($0, $0 / pixels % channels) })
  }

  private func normalize<Scalar: TensorScalar>(_: Scalar.Type) throws {
    for shape in Self.shapes {
      let (x, channels) = operands(shape, Scalar.self)
      let (mean, factor, shift) = (channels[0].scalars, channels[1].scalars, channels[2].scalars)
      let scalars = x[0].scalars
      let expected = expected(x[0], shape.channels) { (scalars[$0] - mean[$1]) * factor[$1] + shift[$1] }
      for threads in [1, 3] {
        let y: Tensor<Scalar> = elementwise(
          .normalize, x[0], channels: channels, on: Device.processor(threads: threads))
        try requireSameBits("normalize \(shape)", y, expected: expected)
      }
    }
  }

  @Test("channel operands")
  func channels() throws {
    try normalize(Float.self)
    try normalize(Double.self)
  }

  private func sums<Scalar: TensorScalar>(_: Scalar.Type) throws {
    for shape in Self.shapes {
      let (x, channels) = operands(shape, Scalar.self)
      let (g, h, m, v) = (x[0].scalars, x[1].scalars, x[2].scalars, x[3].scalars)
      let mean = channels[0].scalars
      let terms = [
        x[0], expected(x[0], shape.channels) { g[$0] * (m[$0] - mean[$1]) },
        expected(x[0], shape.channels) { i, _ in h[i] * v[i] },
      ]
      for threads in [1, 3] {
        let sums = columnSums(
          of: .gaussianNormalizationSums, x[0], x[1], x[2], x[3], channels: [channels[0]],
          on: Device.processor(threads: threads))
        #expect(sums.count == 3)
        for (sum, term) in zip(sums, terms) {
          try requireSameBits("sums \(shape)", sum, expected: term.columnSums(on: .single))
        }
      }
    }
  }

  @Test("sums over rows of three outputs at once")
  func columns() throws {
    try sums(Float.self)
    try sums(Double.self)
  }

  @Test("constants, and passes with several outputs")
  func outputs() throws {
    var numbers = TestNumbers(seed: 5)
    let (m, v, u): (Tensor<Double>, Tensor<Double>, Tensor<Double>) = (
      numbers.tensor(1500), numbers.tensor(1500), numbers.tensor(1500)
    )
    let keep = 0.3
    let (y, w) = elementwise(.dropoutMoments, m, v, u, constants: [keep], on: .single)
    for i in 0..<1500 {
      #expect(y.scalars[i] == (u.scalars[i] < keep ? m.scalars[i] : 0))
      #expect(w.scalars[i] == (u.scalars[i] < keep ? v.scalars[i] : 0))
    }
  }
}
