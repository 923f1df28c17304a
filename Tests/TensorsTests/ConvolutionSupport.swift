import Tensors
import TestSupport
import Verification

/// The operands of one convolution and of its gradients.
struct ConvolutionCase: Sendable, CustomStringConvertible {
  let kernel: Int
  let padding: Convolution.Padding
  let images, channels, height, width, outputs: Int

  init(
    _ kernel: Int, _ padding: Convolution.Padding, _ images: Int, _ channels: Int, _ size: (Int, Int), _ outputs: Int
  ) {
    self.kernel = kernel
    self.padding = padding
    self.images = images
    self.channels = channels
    (height, width) = size
    self.outputs = outputs
  }

  var description: String { "\(images)×\(channels)×\(height)×\(width), k \(kernel), \(padding), \(outputs) outputs" }
  var convolution: Convolution { Convolution(kernel: kernel, padding: padding) }
  /// Rows of the weights.
  var rows: Int { channels * kernel * kernel }
  var zeros: Int { padding == .same ? (kernel - 1) / 2 : 0 }
  var outputHeight: Int { height + 2 * zeros - kernel + 1 }
  var outputWidth: Int { width + 2 * zeros - kernel + 1 }

  func x<Scalar: TensorScalar>(as _: Scalar.Type = Scalar.self) -> Tensor<Scalar> {
    numbers(1, images, channels, height, width)
  }
  func weights<Scalar: TensorScalar>(as _: Scalar.Type = Scalar.self) -> Tensor<Scalar> { numbers(2, rows, outputs) }
  func dy<Scalar: TensorScalar>(as _: Scalar.Type = Scalar.self) -> Tensor<Scalar> {
    numbers(3, images, outputs, outputHeight, outputWidth)
  }

  private func numbers<Scalar: TensorScalar>(_ seed: UInt64, _ shape: Int...) -> Tensor<Scalar> {
    var numbers = TestNumbers(seed: seed)
    let flat: Tensor<Scalar> = numbers.tensor(shape.reduce(1, *))
    return flat.reshaped(shape)
  }
}

/// A convolution's outputs and its gradients.
struct ConvolutionResults<Scalar: TensorScalar> {
  var y, dx, dWeights: Tensor<Scalar>

  /// Signet's.
  init(_ given: ConvolutionCase, on device: Device) {
    let (x, weights, dy): (Tensor<Scalar>, Tensor<Scalar>, Tensor<Scalar>) = (given.x(), given.weights(), given.dy())
    y = given.convolution(x, weights, on: device)
    dx = given.convolution.inputGradient(dy, weights, on: device)
    dWeights = given.convolution.weightGradient(x, dy, on: device)
  }

  init(y: Tensor<Scalar>, dx: Tensor<Scalar>, dWeights: Tensor<Scalar>) {
    self.y = y
    self.dx = dx
    self.dWeights = dWeights
  }

  /// What differs from the expected results, each as `requireSameBits` says it.
  func faults(_ what: String, expected: ConvolutionResults) -> [String: Deviation] {
    var faults: [String: Deviation] = [:]
    for (name, tensor) in [("y", \Self.y), ("∂x", \Self.dx), ("∂weights", \Self.dWeights)] {
      do {
        try requireSameBits("\(what), \(name)", self[keyPath: tensor], expected: expected[keyPath: tensor])
      } catch {
        faults[name] = error as? Deviation
      }
    }
    return faults
  }
}

/// The formulas as loops that read like them, each output one chain of `addingProduct` from 0; and, for planted faults, with
/// one thing wrong.
struct TextbookConvolution {
  /// Which weight stands for `(c, ky, kx)`.
  typealias Weight = (_ c: Int, _ ky: Int, _ kx: Int) -> (c: Int, ky: Int, kx: Int)

  let given: ConvolutionCase
  var weight: Weight = { ($0, $1, $2) }
  /// Pixels by which the windows are off.
  var shift = (y: 0, x: 0)
  /// Whether a chain's terms are added from the last to the first.
  var isReversed = false
  /// Whether each term's product is rounded before it is added.
  var isFused = true
  /// Whether the weights' gradient is a sum of each image's chain.
  var addsImages = false

  func results<Scalar: TensorScalar>(as _: Scalar.Type = Scalar.self) -> ConvolutionResults<Scalar> {
    ConvolutionResults(
      y: output(given.x(), given.weights()), dx: inputGradient(given.dy(), given.weights()),
      dWeights: weightGradient(given.x(), given.dy()))
  }

  private func chain<Scalar: TensorScalar>(_ count: Int, _ term: (Int) -> (Scalar, Scalar)) -> Scalar {
    var sum: Scalar = 0
    for index in 0..<count {
      let (a, b) = term(isReversed ? count - 1 - index : index)
      sum = isFused ? sum.addingProduct(a, b) : sum + a * b
    }
    return sum
  }

  /// `(c, ky, kx)` of a row.
  private func element(_ row: Int) -> (c: Int, ky: Int, kx: Int) {
    let k = given.kernel
    return (row / (k * k), row / k % k, row % k)
  }

  private func row(_ e: (c: Int, ky: Int, kx: Int)) -> Int {
    let weight = weight(e.c, e.ky, e.kx)
    return (weight.c * given.kernel + weight.ky) * given.kernel + weight.kx
  }

  /// An image's pixel, 0 beyond the edges.
  private func pixel<Scalar: TensorScalar>(_ x: Tensor<Scalar>, _ n: Int, _ c: Int, _ i: Int, _ j: Int) -> Scalar {
    let (height, width) = (x.shape[2], x.shape[3])
    guard i >= 0, i < height, j >= 0, j < width else { return 0 }
    return x.scalars[((n * x.shape[1] + c) * height + i) * width + j]
  }

  /// A tensor whose scalar at `(n, c, i, j)` is `scalar(n, c, i, j)`.
  private func fill<Scalar: TensorScalar>(_ shape: Shape, _ scalar: (Int, Int, Int, Int) -> Scalar) -> Tensor<Scalar> {
    var scalars: [Scalar] = []
    for n in 0..<shape[0] {
      for c in 0..<shape[1] {
        for i in 0..<shape[2] {
          for j in 0..<shape[3] { scalars.append(scalar(n, c, i, j)) }
        }
      }
    }
    return Tensor(shape, scalars)
  }

  private func output<Scalar: TensorScalar>(_ x: Tensor<Scalar>, _ w: Tensor<Scalar>) -> Tensor<Scalar> {
    let p = given.zeros
    return fill([given.images, given.outputs, given.outputHeight, given.outputWidth]) { n, o, i, j in
      chain(given.rows) {
        let e = element($0)
        return (w[row(e), o], pixel(x, n, e.c, i + e.ky - p + shift.y, j + e.kx - p + shift.x))
      }
    }
  }

  private func inputGradient<Scalar: TensorScalar>(_ dy: Tensor<Scalar>, _ w: Tensor<Scalar>) -> Tensor<Scalar> {
    let (k, q) = (given.kernel, given.kernel - 1 - given.zeros)
    return fill([given.images, given.channels, given.height, given.width]) { n, c, i, j in
      chain(given.outputs * k * k) {
        let e = element($0)
        let weight = row((c, k - 1 - e.ky, k - 1 - e.kx))
        return (w[weight, e.c], pixel(dy, n, e.c, i + e.ky - q + shift.y, j + e.kx - q + shift.x))
      }
    }
  }

  private func weightGradient<Scalar: TensorScalar>(_ x: Tensor<Scalar>, _ dy: Tensor<Scalar>) -> Tensor<Scalar> {
    let (p, width, positions) = (given.zeros, given.outputWidth, given.outputHeight * given.outputWidth)
    var gradient = Tensor<Scalar>([given.rows, given.outputs], repeating: 0)
    for r in 0..<given.rows {
      let e = element(r)
      for o in 0..<given.outputs {
        func sum(_ images: Range<Int>) -> Scalar {
          chain(images.count * positions) {
            let (n, i, j) = (images.lowerBound + $0 / positions, $0 % positions / width, $0 % width)
            return (
              pixel(x, n, e.c, i + e.ky - p + shift.y, j + e.kx - p + shift.x),
              dy.scalars[(n * given.outputs + o) * positions + i * width + j]
            )
          }
        }
        gradient[row(e), o] =
          addsImages ? (0..<given.images).reduce(0) { $0 + sum($1..<$1 + 1) } : sum(0..<given.images)
      }
    }
    return gradient
  }
}
