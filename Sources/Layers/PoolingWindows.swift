import Tensors

/// The 2×2 windows of images `(N, C, H, W)`, two pixels apart, in row-major order: a line of windows covers two rows of pixels.
///
/// **Ours**: an odd last row or column belongs to no window, and its gradient is 0.
struct PoolingWindows {
  /// The images' shape.
  let shape: Shape
  /// The number of windows in a column and in a line.
  let (height, width): (Int, Int)

  /// - Precondition: four axes, and `H ≥ 2`, `W ≥ 2`.
  init(_ shape: Shape) {
    precondition(
      shape.count == 4 && shape[2] >= 2 && shape[3] >= 2,
      "Pooling: images of shape \(shape); expected (N, C, H, W) with H and W at least 2")
    self.shape = shape
    (height, width) = (shape[2] / 2, shape[3] / 2)
  }

  /// `(N, C, ⌊H/2⌋, ⌊W/2⌋)`.
  var outputShape: Shape { [shape[0], shape[1], height, width] }
  /// The number of lines of all images and channels.
  var lines: Int { shape[0] * shape[1] * height }
  /// The number of windows.
  var count: Int { lines * width }
  /// The number of pixels in a row.
  var rowLength: Int { shape[3] }

  /// The index of the first pixel of a line's upper row; the lower row begins `rowLength` later.
  func pixel(ofLine line: Int) -> Int { (line / height * shape[2] + line % height * 2) * rowLength }

  /// A number for each window: `fill(y, top, bottom)` writes a line of `width` of them, given the line's two rows of pixels.
  @inline(__always)
  func reducing<Scalar: TensorScalar>(
    _ x: Tensor<Scalar>, on workers: Workers,
    _ fill: (_ y: UnsafeMutablePointer<Scalar>, _ top: UnsafePointer<Scalar>, _ bottom: UnsafePointer<Scalar>) -> Void
  ) -> Tensor<Scalar> {
    x.withUnsafePointer { x in
      Tensor(outputShape) { y in
        workers.forEachRange(of: lines, grain: Swift.max(1, 4096 / width)) {
          for line in $0 {
            let top = x + pixel(ofLine: line)
            fill(y + line * width, top, top + rowLength)
          }
        }
      }
    }
  }

  /// A number for each pixel: `fill(top, bottom, g, start)` writes a line's two rows, given the line of `g`, which has a number
  /// for each window, and the index of the upper row's first pixel. Pixels outside all windows get 0.
  @inline(__always)
  func spreading<Scalar: TensorScalar>(
    _ g: Tensor<Scalar>, on workers: Workers,
    _ fill: (
      _ top: UnsafeMutablePointer<Scalar>, _ bottom: UnsafeMutablePointer<Scalar>, _ g: UnsafePointer<Scalar>,
      _ start: Int
    ) -> Void
  ) -> Tensor<Scalar> {
    precondition(g.shape == outputShape, "Pooling: a gradient of shape \(g.shape) for \(outputShape)")
    return g.withUnsafePointer { g in
      Tensor(shape) { y in
        workers.forEachRange(of: lines, grain: Swift.max(1, 4096 / width)) {
          for line in $0 {
            let start = pixel(ofLine: line)
            fill(y + start, y + (start + rowLength), g + line * width, start)
            clearRest(ofLine: line, y)
          }
        }
      }
    }
  }

  /// Writes 0 to the pixels to the right of and below a line that belong to no window.
  func clearRest<Scalar: TensorScalar>(ofLine line: Int, _ y: UnsafeMutablePointer<Scalar>) {
    let start = pixel(ofLine: line)
    if rowLength % 2 == 1 {
      y[start + rowLength - 1] = 0
      y[start + 2 * rowLength - 1] = 0
    }
    if shape[2] % 2 == 1 && line % height == height - 1 {
      (y + (start + 2 * rowLength)).update(repeating: 0, count: rowLength)
    }
  }
}
