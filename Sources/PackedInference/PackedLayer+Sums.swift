internal import Kernels
import Layers
import Networks
import Tensors

// The integer sums alone, as batch normalization needs them to fit its running averages.

extension PackedLayer {
  /// The integer sums for inputs in Scalar, shape `(N, O)` or `(N, O, H, W)`, before pooling.
  ///
  /// - Returns: nil if pixels are read and one is not `2p − M`: augmentation moves in zeros.
  /// - Precondition: signs are ±1.
  func sums(of x: Tensor<Scalar>, on device: Device) -> Tensor<Scalar>? {
    guard let bits = pixelMaximum.map({ bits(ofPixels: x, maximum: $0) }) ?? bits(ofSigns: x) else { return nil }
    let count = x.rows
    return Tensor(map == .dense ? [count, channels] : [count, channels, height, width]) { y in
      bits.withUnsafeBufferPointer { bits in
        guard let bits = bits.baseAddress else { return }
        device.forEachRange(of: count, grain: 8) { images in
          if map == .dense {
            denseSums(images, bits, into: y)
          } else {
            for n in images { sums(of: bits + n * wordsOfImage, into: y + n * channels * height * width) }
          }
        }
      }
    }
  }

  private func denseSums(
    _ images: Range<Int>, _ bits: UnsafePointer<UInt64>, into y: UnsafeMutablePointer<Scalar>
  ) {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: images.count * weights.outputs) { sums in
      guard let sums = sums.baseAddress else { return }
      product(rows: images.count, bits + images.lowerBound * wordsOfImage, into: sums)
      for (row, n) in images.enumerated() {
        convert(sums + row * weights.outputs, into: y + n * channels, count: channels)
      }
    }
  }

  @specialized(where Scalar == Float)
  private func convert(_ sums: UnsafePointer<Int32>, into y: UnsafeMutablePointer<Scalar>, count: Int) {
    for o in 0..<count { y[o] = Scalar(sums[o]) }
  }

  /// The sums of one image, channel by channel.
  private func sums(of maps: UnsafePointer<UInt64>, into y: UnsafeMutablePointer<Scalar>) {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: width * weights.outputs) { sums in
      guard let sums = sums.baseAddress else { return }
      for row in 0..<height {
        rowSums(maps, y: row, into: sums)
        transpose(sums, row: row, into: y)
      }
    }
  }

  @specialized(where Scalar == Float)
  private func transpose(_ sums: UnsafePointer<Int32>, row: Int, into y: UnsafeMutablePointer<Scalar>) {
    for o in 0..<channels {
      for x in 0..<width { y[(o * height + row) * width + x] = Scalar(sums[x * weights.outputs + o]) }
    }
  }

  /// The maps of the pixels that inputs `2p − M` came from.
  private func bits(ofPixels x: Tensor<Scalar>, maximum: Int) -> [UInt64]? {
    guard let pixels = pixels(of: x, maximum: maximum) else { return nil }
    let image = ImageShape(channels: input.channels, height: input.height, width: input.width)
    return pixels.withUnsafeBufferPointer { pixels in
      pixels.baseAddress.map { bits(ofPixels: $0, count: x.rows, image) }
    }
  }

  /// The pixels `p` of inputs `2p − M`; nil if there is anything else.
  @specialized(where Scalar == Float)
  private func pixels(of x: Tensor<Scalar>, maximum: Int) -> [UInt8]? {
    let largest = Scalar(maximum)
    var others = 0
    let pixels = [UInt8](unsafeUninitializedCapacity: x.count) { pixels, count in
      x.withUnsafePointer { x in
        for i in 0..<pixels.count {
          let pixel = x[i] >= -largest && x[i] <= largest ? UInt8((x[i] + largest) / 2) : 0
          pixels[i] = pixel
          others += 2 * Scalar(pixel) - largest == x[i] ? 0 : 1
        }
      }
      count = x.count
    }
    return others == 0 ? pixels : nil
  }

  /// The maps of inputs that are ±1: the channels of a pixel side by side.
  private func bits(ofSigns x: Tensor<Scalar>) -> [UInt64] {
    let rows = x.rows
    return [UInt64](unsafeUninitializedCapacity: rows * input.words) { bits, count in
      bits.initialize(repeating: 0)
      if let bits = bits.baseAddress { x.withUnsafePointer { setBits(ofSigns: $0, rows, bits) } }
      count = rows * input.words
    }
  }

  @specialized(where Scalar == Float)
  private func setBits(ofSigns x: UnsafePointer<Scalar>, _ rows: Int, _ bits: UnsafeMutablePointer<UInt64>) {
    let (channels, height, width) = (input.channels, input.height, input.width)
    for n in 0..<rows {
      let map = bits + n * input.words
      for c in 0..<channels {
        for y in 0..<height {
          let row = x + ((n * channels + c) * height + y) * width
          let first = input.bit(ofRow: y) + c
          for x in 0..<width {
            let bit = first + x * channels
            map[bit / 64] |= (row[x] < 0 ? 1 : 0) << UInt64(bit % 64)
          }
        }
      }
    }
  }
}
