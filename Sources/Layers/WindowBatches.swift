import Tensors

// Loops over batches of windows whose pixels are first gathered: the arithmetic then runs over adjacent numbers in one piece
// of memory, which vectorises, unlike loops over every second pixel of two rows.

/// Where a batch's pixels are: `topLeft[i]` is that of window `i`.
struct WindowPixels<Scalar: TensorScalar> {
  let topLeft, topRight, bottomLeft, bottomRight: UnsafeMutablePointer<Scalar>
}

extension WindowPixels {
  /// Places the four arrays one after the other in `memory`, which has room for `4 · capacity` numbers.
  @inline(__always)
  init(_ memory: UnsafeMutablePointer<Scalar>, capacity: Int) {
    let bottom = memory + 2 * capacity
    self.init(topLeft: memory, topRight: memory + capacity, bottomLeft: bottom, bottomRight: bottom + capacity)
  }
}

extension PoolingWindows {
  /// Calls `body` for batches of at most `capacity` windows that together cover each window once, with the first window's
  /// index, the number of windows, and memory for `memory` numbers.
  @inline(__always)
  func forEachBatch<Scalar: TensorScalar>(
    of capacity: Int, memory: Int, on workers: Workers,
    _ body: (_ first: Int, _ count: Int, UnsafeMutablePointer<Scalar>) -> Void
  ) {
    workers.forEachRange(of: count, grain: 4 * capacity) { range in
      withUnsafeTemporaryAllocation(of: Scalar.self, capacity: memory) {
        guard let memory = $0.baseAddress else { return }
        for first in stride(from: range.lowerBound, to: range.upperBound, by: capacity) {
          body(first, min(capacity, range.upperBound - first), memory)
        }
      }
    }
  }

  /// Copies the pixels of windows `first ..< first + count` of `x`.
  @inline(__always)
  func gather<Scalar: TensorScalar>(
    _ first: Int, _ count: Int, _ x: UnsafePointer<Scalar>, into pixels: WindowPixels<Scalar>
  ) {
    forEachPiece(first, count) { place, pixel, count in
      split(x + pixel, pixels.topLeft + place, pixels.topRight + place, count)
      split(x + (pixel + rowLength), pixels.bottomLeft + place, pixels.bottomRight + place, count)
    }
  }

  /// Copies the pixels back, and writes 0 to those to the right and below that belong to no window.
  @inline(__always)
  func scatter<Scalar: TensorScalar>(
    _ first: Int, _ count: Int, _ pixels: WindowPixels<Scalar>, into x: UnsafeMutablePointer<Scalar>
  ) {
    forEachPiece(first, count) { place, pixel, count in
      merge(pixels.topLeft + place, pixels.topRight + place, x + pixel, count)
      merge(pixels.bottomLeft + place, pixels.bottomRight + place, x + (pixel + rowLength), count)
    }
    // The batch with a line's last window clears the rest of that line.
    for line in first / width..<(first + count) / width { clearRest(ofLine: line, x) }
  }

  /// Calls `body` for each piece of a line in windows `first ..< first + count`, with the piece's place among them, the index of
  /// its first pixel, and its number of windows.
  @inline(__always)
  private func forEachPiece(_ first: Int, _ count: Int, _ body: (_ place: Int, _ pixel: Int, _ count: Int) -> Void) {
    var (line, column, place) = (first / width, first % width, 0)
    while place < count {
      let piece = min(width - column, count - place)
      body(place, pixel(ofLine: line) + 2 * column, piece)
      place += piece
      line += 1
      column = 0
    }
  }
}

/// `even[j] = x[2j]`, `odd[j] = x[2j + 1]`.
@inline(__always)
private func split<Scalar: TensorScalar>(
  _ x: UnsafePointer<Scalar>, _ even: UnsafeMutablePointer<Scalar>, _ odd: UnsafeMutablePointer<Scalar>, _ count: Int
) {
  for j in 0..<count {
    even[j] = x[2 * j]
    odd[j] = x[2 * j + 1]
  }
}

/// `x[2j] = even[j]`, `x[2j + 1] = odd[j]`.
@inline(__always)
private func merge<Scalar: TensorScalar>(
  _ even: UnsafePointer<Scalar>, _ odd: UnsafePointer<Scalar>, _ x: UnsafeMutablePointer<Scalar>, _ count: Int
) {
  for j in 0..<count {
    x[2 * j] = even[j]
    x[2 * j + 1] = odd[j]
  }
}
