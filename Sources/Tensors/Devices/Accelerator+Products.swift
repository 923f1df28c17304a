// What `MatrixProduct.swift` and `Convolution.swift` do on a processor, by the kernels of Kernels/Device/ProductKernels.inc.

/// How many rows and columns of a product a group of threads computes: TILE of the kernels.
package enum ProductTile: Int, CaseIterable, Sendable {
  case large = 128
  case middle = 64
  case small = 32

  func groups(rows: Int, columns: Int) -> Int {
    (rows + rawValue - 1) / rawValue * ((columns + rawValue - 1) / rawValue)
  }

  /// The tile that was the fastest for such a product on an H200 (Performance.md): the larger it is, the less has to be read for it, and
  /// the fewer multiprocessors have one.
  static func suiting(rows: Int, columns: Int, multiprocessors: Int) -> ProductTile {
    if 2 * large.groups(rows: rows, columns: columns) >= 3 * multiprocessors { return .large }
    return 2 * middle.groups(rows: rows, columns: columns) >= multiprocessors ? .middle : .small
  }
}

/// Where the elements of a sequence are in memory: `device_places` of the kernels.
private struct Places {
  /// The lengths of the inner two digits, and what each digit is multiplied by.
  let lengths: [Int]

  /// Elements `stride` apart.
  static func apart(_ stride: Int) -> Places { Places(middle: 1, low: 1, strides: (stride, 0, 0)) }

  /// Indices of three digits, of which the inner ones stay below `middle` and `low`.
  init(middle: Int, low: Int, strides: (high: Int, middle: Int, low: Int)) {
    lengths = [middle, low, strides.high, strides.middle, strides.low]
  }
}

extension Accelerator {
  /// `op(A) · op(B)`, given whether each is transposed.
  func product<Scalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>, transposing: (a: Bool, b: Bool)) -> Tensor<Scalar> {
    let (m, k) = transposing.a ? (a.columns, a.rows) : (a.rows, a.columns)
    let n = transposing.b ? b.rows : b.columns
    return product(
      rows: m, columns: n, depth: k, a: memory(of: a), b: memory(of: b), [m, n],
      [
        .apart(transposing.a ? 1 : a.columns), .apart(transposing.a ? a.columns : 1),
        .apart(transposing.b ? 1 : b.columns), .apart(transposing.b ? b.columns : 1), .apart(n), .apart(1),
      ])
  }

  func convolve<Scalar>(_ shape: ConvolutionShape, _ x: Tensor<Scalar>, _ weights: Tensor<Scalar>) -> Tensor<Scalar> {
    let pixels = shape.outputHeight * shape.outputWidth
    return product(
      rows: shape.outputs, columns: shape.images * pixels, depth: shape.rows, a: memory(of: weights),
      b: padded(x, shape.padding), [shape.images, shape.outputs, shape.outputHeight, shape.outputWidth],
      [
        .apart(1), .apart(shape.outputs), shape.windowElements, shape.windowPositions, .apart(pixels),
        shape.outputPixels,
      ])
  }

  func convolveForWeights<Scalar>(
    _ shape: ConvolutionShape, _ x: Tensor<Scalar>, _ dy: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let pixels = shape.outputHeight * shape.outputWidth
    return product(
      rows: shape.rows, columns: shape.outputs, depth: shape.images * pixels, a: padded(x, shape.padding),
      b: memory(of: dy), [shape.rows, shape.outputs],
      [
        shape.windowElements, shape.windowPositions, shape.outputPixels, .apart(pixels), .apart(shape.outputs),
        .apart(1),
      ])
  }

  /// `w'[(o,ky,kx),c] = w[(c,k−1−ky,k−1−kx),o]`.
  func flipped<Scalar>(_ weights: Tensor<Scalar>, channels: Int, elements: Int) -> Tensor<Scalar> {
    let flipped: Output<Scalar> = tensor([weights.columns * elements, channels])
    launch(
      "flip_kernels", threads: weights.count,
      sizes(weights.count, channels, elements, weights.columns) + operands([weights]) + memories([flipped]))
    return flipped.tensor
  }

  /// - Parameter places: of A's rows and terms, of B's terms and columns, of C's rows and columns.
  private func product<Scalar>(
    rows: Int, columns: Int, depth: Int, a: DeviceMemory, b: DeviceMemory, _ shape: Shape, _ places: [Places]
  ) -> Tensor<Scalar> {
    let c: Output<Scalar> = tensor(shape)
    let tile = tile ?? .suiting(rows: rows, columns: columns, multiprocessors: driver.multiprocessors)
    driver.launch(
      "product_\(tile.rawValue)", groups: tile.groups(rows: rows, columns: columns),
      [.words(words([rows, columns, depth] + places.flatMap(\.lengths))), .memory(a), .memory(b), .result(c.memory)],
      mayOverlap: true)
    return c.tensor
  }

  /// Images with zeros around them.
  private func padded<Scalar>(_ x: Tensor<Scalar>, _ padding: Int) -> DeviceMemory {
    guard padding > 0 else { return memory(of: x) }
    let (height, width) = (x.shape[2], x.shape[3])
    let padded: Output<Scalar> = tensor([x.shape[0], x.shape[1], height + 2 * padding, width + 2 * padding])
    launch(
      "pad", threads: padded.tensor.count,
      sizes(padded.tensor.count, height, width, padding) + operands([x]) + memories([padded]))
    return padded.memory
  }
}

extension ConvolutionShape {
  private var paddedHeight: Int { height + 2 * padding }
  private var paddedWidth: Int { width + 2 * padding }

  /// Elements `(c, ky, kx)` of a window of padded images.
  fileprivate var windowElements: Places {
    Places(middle: kernel, low: kernel, strides: (paddedHeight * paddedWidth, paddedWidth, 1))
  }
  /// Positions `(n, i, j)` of windows in padded images.
  fileprivate var windowPositions: Places {
    Places(
      middle: outputHeight, low: outputWidth, strides: (channels * paddedHeight * paddedWidth, paddedWidth, 1))
  }
  /// Pixels `(n, i, j)` of one output channel.
  fileprivate var outputPixels: Places {
    Places(middle: 1, low: outputHeight * outputWidth, strides: (outputSize, 0, 1))
  }
}
