import Layers

/// A layer as a C source has it: its tables, and the words that it reads and writes.
struct CLayer {
  /// What is counted for a term of the weights: columns of the layer's table of weights.
  struct Term {
    let factor: Int
    let sign, mask: Int?
  }

  /// What the names of its functions and tables begin with.
  let prefix: String
  /// From 1.
  let number: Int
  let layer: PackedLayer<Float>
  let terms: [Term]
  /// Columns of the table of weights: words for each word of inputs.
  let columns: Int
  let tables: [CTable]
  /// The columns of output pixels that differ in their border; 0 if all start alike and the thresholds say where.
  let columnKinds: Int

  /// 32-bit words of one row of inputs.
  let words: Int
  /// The largest number of 32-bit words that byte-wise counts can take: 10 times 3, with at most 24 a byte each.
  static let wordsPerTotal = 30

  init(_ prefix: String, _ number: Int, _ layer: PackedLayer<Float>) {
    (self.prefix, self.number, self.layer) = (prefix, number, layer)
    words = (layer.weights.inputs + 31) / 32
    var planes: [[UInt64]] = []
    func column(_ plane: [UInt64]?) -> Int? {
      guard let plane else { return nil }
      if let known = planes.firstIndex(of: plane) { return known }
      planes.append(plane)
      return planes.count - 1
    }
    terms = layer.weights.terms.map { Term(factor: $0.factor, sign: column($0.signs), mask: column($0.mask)) }
    columns = planes.count
    let weights = CTable(
      "\(prefix)_weights\(number)", .word, Self.interleaved(planes, layer.weights, outputs: layer.channels))
    let kinds = layer.startOf.max().map { Int($0) + 1 } ?? 1
    switch layer.output {
    case .scores(_, let shift):
      columnKinds = 0
      tables = [
        weights, CTable("\(prefix)_starts\(number)", signed: layer.starts.prefix(layer.channels).map { Int($0) }),
        CTable("\(prefix)_shifts\(number)", .word, shift.map { Int($0.bitPattern) }),
      ]
    case .signs(let thresholds, let flips):
      columnKinds = kinds == 1 ? 0 : Set(layer.startOf.prefix(layer.width)).count
      tables = [weights] + Self.rules(prefix, number, layer, thresholds, flips, columnKinds)
    }
  }

  /// Planes in 32-bit words: for each output, the planes' first words, then their second ones, and so on.
  private static func interleaved(_ planes: [[UInt64]], _ weights: PackedWeights, outputs: Int) -> [Int] {
    let words = (weights.inputs + 31) / 32
    var values: [Int] = []
    values.reserveCapacity(outputs * words * planes.count)
    for output in 0..<outputs {
      for word in 0..<words {
        for plane in planes {
          values.append(Int(UInt32(truncatingIfNeeded: plane[weights.at(output, word / 2)] >> (32 * (word % 2)))))
        }
      }
    }
    return values
  }

  /// The tables of the rules for the signs, and of where sums start.
  private static func rules(
    _ prefix: String, _ number: Int, _ layer: PackedLayer<Float>, _ thresholds: [Int32], _ flips: [UInt64],
    _ columnKinds: Int
  ) -> [CTable] {
    let channels = layer.channels
    // A sum is never below this threshold.
    var limits = thresholds.prefix(channels).map { max(Int($0), -layer.largestSum) }
    if columnKinds == 0 {
      let added = layer.pooling?.addends ?? 1
      for o in 0..<channels { limits[o] -= added * Int(layer.starts[o]) }
    }
    let words = (0..<(channels + 31) / 32).map { Int(UInt32(truncatingIfNeeded: flips[$0 / 2] >> (32 * ($0 % 2)))) }
    let rules = [
      CTable("\(prefix)_thresholds\(number)", signed: limits), CTable("\(prefix)_flips\(number)", .word, words),
    ]
    guard columnKinds > 0 else { return rules }
    let rows = (0..<layer.height).map { Int(layer.startOf[$0 * layer.width]) / columnKinds }
    let columns = (0..<layer.width).map { Int(layer.startOf[$0]) }
    let padded = layer.weights.outputs
    let starts = (0..<layer.starts.count / padded).flatMap { kind in
      layer.starts[kind * padded..<kind * padded + channels].map { Int($0) }
    }
    return rules + [
      CTable("\(prefix)_row_kinds\(number)", .byte, rows), CTable("\(prefix)_column_kinds\(number)", .byte, columns),
      CTable("\(prefix)_starts\(number)", signed: starts),
    ]
  }

  /// The words of an output's weights.
  var rowWords: Int { words * columns }
  /// The convolution's kernel; nil of a dense layer.
  var kernel: Int? {
    if case .convolution(let convolution) = layer.map { convolution.kernel } else { nil }
  }
  /// Pixels of a window of pooling, or 1.
  var window: Int { layer.pooling == nil ? 1 : 4 }
  /// Bits of a row of the input, padding included.
  var rowBits: Int { (layer.input.width + 2 * layer.input.padding) * layer.input.channels }

  /// The words of the scratch buffer that hold the layer's input. A convolution reads pixels where they are.
  var inputWords: Int {
    guard kernel != nil else { return layer.planes * words }
    // One more, so that 32 bits can be read from any bit on.
    return layer.pixelMaximum == nil ? ((layer.input.height + 2 * layer.input.padding) * rowBits + 31) / 32 + 1 : 0
  }

  /// The words of one patch: the inputs of one pixel of a convolution's output.
  var patchWords: Int {
    guard kernel != nil else { return 0 }
    return layer.pixelMaximum == nil ? words + 1 : layer.planes * words
  }

  /// What the layer does, for a comment.
  var description: String {
    let (c, h, w) = (layer.input.channels, layer.input.height, layer.input.width)
    let input = c * h * w
    let from = layer.pixelMaximum == nil ? "\(input) signs" : "\(input) pixels of \(layer.planes) bits"
    let linear = kernel.map { "\($0)x\($0) convolution of \(c) x \(h) x \(w)" } ?? "dense"
    let pooling = layer.pooling.map { ", \($0.rawValue) pooling" } ?? ""
    guard case .signs = layer.output else { return "Layer \(number): \(linear), \(from) to \(layer.channels) scores." }
    let image = layer.outputImage
    let to = kernel == nil ? "\(layer.channels) signs" : "\(image.channels) x \(image.height) x \(image.width) signs"
    return "Layer \(number): \(linear), \(from)\(pooling) to \(to)."
  }
}
