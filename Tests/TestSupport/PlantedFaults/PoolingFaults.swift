import Layers
import Tensors
import Verification
import VerificationSuites

/// Pooling of values over 2×2 windows, computed one window at a time.
struct PlainPooling: PlainOperation {
  /// The distance between windows; a pixel beyond the edge counts as 0.
  var stride = 2
  var shift = (rows: 0, columns: 0)
  /// Whether `x` replaces the largest so far.
  var replaces: @Sendable (_ x: Double, _ largest: Double) -> Bool = { $0 > $1 }
  /// The divisors of the average and of its gradient.
  var divisor = 4.0
  var backDivisor = 4.0
  /// Whether every pixel of a window gets the whole gradient.
  var passesToAll = false

  func write(_ fields: inout Fields, _ golden: GoldenCase) throws {
    let (x, dy) = (try golden.given("value"), try golden.coming("value"))
    let (height, width, rows, columns) = (x.shape[2], x.shape[3], dy.shape[2], dy.shape[3])
    let isMaximum = golden.operation == "maxOfValues"
    let isAverage = golden.operation == "averageOfValues"
    var (y, dx) = ([Double](), Array(repeating: 0.0, count: x.count))
    for at in 0..<dy.count {
      let (image, i, j) = (at / (rows * columns), at / columns % rows, at % columns)
      let window = [(0, 0), (0, 1), (1, 0), (1, 1)].compactMap { row, column -> Int? in
        let (r, c) = (i * stride + row + shift.rows, j * stride + column + shift.columns)
        return r < height && c < width ? (image * height + r) * width + c : nil
      }
      guard let first = window.first else { return y.append(0) }
      let largest = window.dropFirst().reduce(first) { replaces(x.scalars[$1], x.scalars[$0]) ? $1 : $0 }
      let sum = window.reduce(0) { $0 + x.scalars[$1] }
      y.append(isMaximum ? x.scalars[largest] : isAverage ? sum / divisor : sum)
      for pixel in window where !isMaximum || passesToAll || pixel == largest {
        dx[pixel] += isAverage ? dy.scalars[at] / backDivisor : dy.scalars[at]
      }
    }
    fields["value"] = Tensor(dy.shape, y)
    fields["∂value"] = Tensor(x.shape, dx)
  }
}

extension PlantedFault {
  package static let pooling: [PlantedFault] = {
    let (max, ties) = ("max-of-values-2x3x4x6", "max-of-values-ties")
    let (average, sum) = ("average-of-values-2x3x4x6", "sum-of-values-2x3x4x6")
    func fault(_ what: String, of golden: String, in field: String, _ plain: PlainPooling) -> PlantedFault {
      PlantedFault(what, of: golden, in: field, plain)
    }
    return [
      fault("the last at a tie", of: ties, in: "∂value", .init(replaces: { $0 >= $1 })),
      fault("the least", of: max, in: "value", .init(replaces: { $0 < $1 })),
      fault("the largest in size", of: max, in: "value", .init(replaces: { abs($0) > abs($1) })),
      fault("always the first", of: max, in: "value", .init(replaces: { _, _ in false })),
      fault("the gradient to all of a window", of: max, in: "∂value", .init(passesToAll: true)),
      fault("the window a column to the right", of: max, in: "value", .init(shift: (0, 1))),
      fault("the window a row down", of: average, in: "value", .init(shift: (1, 0))),
      fault("stride 1 for 2", of: sum, in: "value", .init(stride: 1)),
      fault("the average divided by 2", of: average, in: "value", .init(divisor: 2)),
      fault("a sum for the average", of: average, in: "value", .init(divisor: 1)),
      fault("the average's gradient not divided", of: average, in: "∂value", .init(backDivisor: 1)),
      PlantedFault("wrong sign of the sum's gradient", of: sum, in: "∂value") { fields, _ in
        fields.change("∂value") { -$0 }
      },
      PlantedFault("incomplete windows kept", of: "max-of-values-2x1x5x7", in: "value", as: .shape) { fields, _ in
        fields["value"] = Tensor([2, 1, 3, 4], repeating: 0)
      },
      PlantedFault("the sum's variance divided by 4", of: "sum-of-gaussians-2x3x4x6", in: "variance") { fields, _ in
        fields.change("variance") { $0 / 4 }
      },
      PlantedFault("mean and variance swapped", of: "average-of-gaussians-2x3x4x6", in: "mean") { fields, _ in
        fields.swap("mean", "variance")
      },
      PlantedFault("a deviation averaged, not a variance", of: "average-of-gaussians-2x3x4x6", in: "variance") {
        fields, _ in fields.change("variance") { $0.squareRoot() }
      },
      PlantedFault("the largest mean, without its spread", of: "max-of-gaussians-2x3x4x6", in: "mean") {
        fields, golden in
        let forward = Pooling<Double>(.max).forward(.value(try golden.given("mean")), GoldenCase.pass)
        fields["mean"] = forward.output.center
      },
      PlantedFault("the variance of values left 0", of: "sum-of-bernoullis-2x3x4x6", in: "variance") { fields, _ in
        fields.change("variance") { _ in 0 }
      },
      PlantedFault("the largest mean of ±1 Bernoullis", of: "max-of-bernoullis-2x3x4x6", in: "mean") {
        fields, golden in
        let forward = Pooling<Double>(.max).forward(.value(try golden.given("mean")), GoldenCase.pass)
        fields["mean"] = forward.output.center
      },
      PlantedFault("a NaN from 0 · ∞", of: "max-of-bernoullis-certain", in: "∂mean", as: .nan) { fields, _ in
        fields.change("∂mean", at: 0, to: 0 * .infinity)
      },
    ]
  }()
}
