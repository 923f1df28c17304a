import Networks

extension PackedFile {
  /// What a layer of a file's networks takes, all networks together.
  package struct LayerSize: Sendable, Equatable {
    /// The layer in the architecture's notation, with the pooling after it.
    package let name: String
    package let weights: Int
    /// Weights that are 0.
    package let zeros: Int
    /// Values that a weight can have.
    package let values: Int
    /// Bytes of the weights in the file, and of the thresholds or scores after them.
    package let weightBytes, outputBytes: Int
    /// Multiplications and additions for one image.
    package let multiplyAdds: Int
    /// Thresholds, and the bytes of one; none in the last layer.
    package let thresholds, thresholdBytes: Int
    /// The largest size that a sum of these weights can have, with any inputs.
    package let largestSum: Int
    /// Bits of the narrowest number, in two's complement, that holds every sum and every part of one.
    package let accumulatorBits: Int
  }

  /// What each layer takes.
  package var layerSizes: [LayerSize] {
    let names = layout.architecture.blockNames
    return layout.layers.enumerated().map { index, form in
      let layers = networks.map { $0.layers[index] }
      let largest = layers.map(\.largestReachableSum).max() ?? 0
      return LayerSize(
        name: names[index], weights: form.weights * networks.count,
        zeros: layers.reduce(0) { $0 + $1.zeros }, values: form.grid.count,
        weightBytes: form.weightBytes * networks.count, outputBytes: form.outputBytes * networks.count,
        multiplyAdds: form.multiplyAdds * networks.count, thresholds: form.isLast ? 0 : form.outputs * networks.count,
        thresholdBytes: form.isLast ? 0 : form.width.rawValue, largestSum: largest,
        accumulatorBits: Int.bitWidth - largest.leadingZeroBitCount + 1)
    }
  }
}

extension Architecture {
  /// Each linear layer's part of the notation, with the pooling after it: `32C5-P2`.
  fileprivate var blockNames: [String] {
    var names: [String] = []
    for element in description.split(separator: "-") {
      if element.first?.isNumber == true { names.append("\(element)") } else { names[names.count - 1] += "-\(element)" }
    }
    return names
  }
}

extension PackedLayer {
  /// How many weights are 0.
  fileprivate var zeros: Int {
    guard let zero = discrete.grid.integers.firstIndex(of: 0) else { return 0 }
    return discrete.indices.count { $0 == zero }
  }

  /// `max_o Σ_i |w_io|` times the largest input, four times that where pooling adds.
  fileprivate var largestReachableSum: Int {
    let sizes = discrete.grid.integers.map { Int($0.magnitude) }
    var sums = [Int](repeating: 0, count: channels)
    for (at, index) in discrete.indices.enumerated() { sums[at % channels] += sizes[Int(index)] }
    return (sums.max() ?? 0) * (pixelMaximum ?? 1) * (pooling?.addends ?? 1)
  }
}
