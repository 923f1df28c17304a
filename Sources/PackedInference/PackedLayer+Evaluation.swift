internal import Kernels
import Layers
import Networks
import Tensors

extension PackedLayer {
  /// Which kernel multiplies.
  var productStage: StageWatch.Stage { bytes == nil ? .bits : .bytes }

  /// The image that the layer gives, after pooling.
  var outputImage: ImageShape {
    ImageShape(
      channels: channels, height: pooling == nil ? height : height / 2, width: pooling == nil ? width : width / 2)
  }

  /// Images of bytes as the layer reads them, `wordsOfImage` words an image.
  func bits(ofPixels pixels: UnsafePointer<UInt8>, count: Int, _ image: ImageShape) -> [UInt64] {
    var bits = [UInt64](repeating: 0, count: count * wordsOfImage)
    bits.withUnsafeMutableBufferPointer { bits in
      guard let base = bits.baseAddress else { return }
      for n in 0..<count {
        let (from, to) = (pixels + n * image.pixels, base + n * wordsOfImage)
        if bytes != nil {
          placeBytes(of: from, image, into: UnsafeMutableRawPointer(to))
        } else if map == .dense {
          signet_bit_planes(from, image.pixels, planes, input.words, to)
        } else {
          placeRows(of: from, image, into: to)
        }
      }
    }
    return bits
  }

  /// The bytes of one image, for a convolution with zeros around them.
  private func placeBytes(of pixels: UnsafePointer<UInt8>, _ image: ImageShape, into maps: UnsafeMutableRawPointer) {
    guard input.padding > 0 else { return maps.copyMemory(from: pixels, byteCount: image.pixels) }
    let (width, padding) = (image.width, input.padding)
    for c in 0..<image.channels {
      for y in 0..<image.height {
        (maps + (c * paddedHeight + y + padding) * paddedWidth + padding).copyMemory(
          from: pixels + (c * image.height + y) * width, byteCount: width)
      }
    }
  }

  /// The planes of one image for a convolution: row by row, the channels of a pixel side by side.
  private func placeRows(of pixels: UnsafePointer<UInt8>, _ image: ImageShape, into maps: UnsafeMutablePointer<UInt64>)
  {
    let (c, w) = (image.channels, image.width)
    let words = (c * w + 63) / 64
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: c * w) { row in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: planes * words) { bits in
        guard let row = row.baseAddress, let bits = bits.baseAddress else { return }
        for y in 0..<image.height {
          for channel in 0..<c {
            for x in 0..<w { row[x * c + channel] = pixels[(channel * image.height + y) * w + x] }
          }
          signet_bit_planes(row, c * w, planes, words, bits)
          for plane in 0..<planes {
            signet_bit_places(1, c * w, bits + plane * words, maps + plane * input.words, input.bit(ofRow: y))
          }
        }
      }
    }
  }

  /// The signs of images, as the next layer reads them: a map an image.
  ///
  /// - Parameter bits: `wordsOfImage` words an image.
  func signs(of bits: [UInt64], count: Int, for next: BitMap, _ watch: StageWatch?) -> [UInt64] {
    guard case .signs(let thresholds, let flips) = output else { preconditionFailure("PackedLayer: no signs") }
    var signs = [UInt64](repeating: 0, count: count * next.words)
    signs.withUnsafeMutableBufferPointer { signs in
      bits.withUnsafeBufferPointer { bits in
        guard let to = signs.baseAddress, let from = bits.baseAddress else { return }
        if map == .dense {
          withUnsafeTemporaryAllocation(of: Int32.self, capacity: count * weights.outputs) { sums in
            guard let sums = sums.baseAddress else { return }
            watch.measure(productStage) { product(rows: count, from, into: sums) }
            watch.measure(.thresholds) { signet_bit_signs(count, weights.outputs, sums, thresholds, flips, to) }
          }
        } else {
          for n in 0..<count {
            convolve(from + n * wordsOfImage, thresholds, flips, into: to + n * next.words, next, watch)
          }
        }
      }
    }
    return signs
  }

  /// One image through a convolution, pooling and thresholds.
  private func convolve(
    _ maps: UnsafePointer<UInt64>, _ thresholds: [Int32], _ flips: [UInt64],
    into signs: UnsafeMutablePointer<UInt64>, _ next: BitMap, _ watch: StageWatch?
  ) {
    let (outputs, words) = (weights.outputs, (weights.outputs + 63) / 64)
    // Rows of pixels that one row of the output needs, and then pixels of it.
    let (rows, columns) = (pooling == nil ? 1 : 2, pooling == nil ? width : width / 2)
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: rows * width * outputs) { sums in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: rows * width * words) { bits in
        guard let sums = sums.baseAddress, let bits = bits.baseAddress else { return }
        for y in 0..<height / rows {
          for row in 0..<rows { rowSums(maps, y: y * rows + row, into: sums + row * width * outputs, watch) }
          if pooling == .sum { watch.measure(.pooling) { poolSums(sums) } }
          let pixels = pooling == .max ? rows * width : columns
          watch.measure(.thresholds) { signet_bit_signs(pixels, outputs, sums, thresholds, flips, bits) }
          if pooling == .max { watch.measure(.pooling) { poolMaximum(bits, words, flips) } }
          watch.measure(.packing) { signet_bit_places(columns, channels, bits, signs, next.bit(ofRow: y)) }
        }
      }
    }
  }

  /// The integer sums of one row of a convolution's pixels, `weights.outputs` a pixel.
  func rowSums(
    _ maps: UnsafePointer<UInt64>, y: Int, into sums: UnsafeMutablePointer<Int32>, _ watch: StageWatch? = nil
  ) {
    guard case .convolution(let convolution) = map else {
      preconditionFailure("PackedLayer: a dense layer has no rows")
    }
    if let bytes { return byteRowSums(maps, y: y, convolution.kernel, bytes.depth, into: sums, watch) }
    let (k, words) = (convolution.kernel, weights.words)
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: width * planes * words) { patches in
      guard let patches = patches.baseAddress else { return }
      watch.measure(.packing) {
        for plane in 0..<planes {
          signet_bit_patches(
            width, maps + plane * input.words, y * input.rowBits, input.channels, k, k * input.channels, input.rowBits,
            words, patches + plane * words, planes * words)
        }
      }
      watch.measure(productStage) { product(rows: width, patches, pixel: y * width, into: sums) }
    }
  }

  /// The same for weights in bytes.
  private func byteRowSums(
    _ maps: UnsafePointer<UInt64>, y: Int, _ kernel: Int, _ depth: Int, into sums: UnsafeMutablePointer<Int32>,
    _ watch: StageWatch?
  ) {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: width * depth / 8) { patches in
      guard let patches = patches.baseAddress else { return }
      watch.measure(.packing) {
        let image = UnsafeRawPointer(maps).assumingMemoryBound(to: UInt8.self)
        signet_byte_patches(
          width, image + y * paddedWidth, input.channels, paddedHeight * paddedWidth, paddedWidth, kernel, depth,
          UnsafeMutableRawPointer(patches).assumingMemoryBound(to: UInt8.self))
      }
      watch.measure(productStage) { product(rows: width, patches, pixel: y * width, into: sums) }
    }
  }

  /// The signs of the largest sums of 2×2 windows, in place: −1 where all are, or, where the sign falls as the sum grows, where one is.
  private func poolMaximum(_ bits: UnsafeMutablePointer<UInt64>, _ words: Int, _ flips: [UInt64]) {
    for x in 0..<width / 2 {
      for w in 0..<words {
        let (top, bottom) = (bits + 2 * x * words + w, bits + (width + 2 * x) * words + w)
        let (a, b, c, d) = (top[0], top[words], bottom[0], bottom[words])
        bits[x * words + w] = (a & b & c & d & ~flips[w]) | ((a | b | c | d) & flips[w])
      }
    }
  }

  /// The sums of 2×2 windows, in place.
  private func poolSums(_ sums: UnsafeMutablePointer<Int32>) {
    let outputs = weights.outputs
    for x in 0..<width / 2 {
      let (top, bottom) = (sums + 2 * x * outputs, sums + (width + 2 * x) * outputs)
      for o in 0..<outputs { sums[x * outputs + o] = top[o] + top[outputs + o] + bottom[o] + bottom[outputs + o] }
    }
  }

  /// The scores of images, `channels` an image.
  func scores(of bits: [UInt64], count: Int, into scores: UnsafeMutablePointer<Scalar>, _ watch: StageWatch?) {
    guard case .scores(let factor, let shift) = output else { preconditionFailure("PackedLayer: no scores") }
    let outputs = weights.outputs
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: count * outputs) { sums in
      guard let sums = sums.baseAddress else { return }
      watch.measure(productStage) {
        bits.withUnsafeBufferPointer { if let bits = $0.baseAddress { product(rows: count, bits, into: sums) } }
      }
      watch.measure(.thresholds) {
        for n in 0..<count {
          for o in 0..<channels { scores[n * channels + o] = Scalar(sums[n * outputs + o]) * factor + shift[o] }
        }
      }
    }
  }
}
