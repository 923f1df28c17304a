import Files
import PackedInference
import Training

/// What a packed file holds and how large it is, layer by layer.
package struct PackReport: Encodable {
  /// A linear layer, of all networks of the file together.
  package struct Layer: Encodable {
    package let layer: String
    package let weights: Int
    /// The share of weights that are 0.
    package let zeros: Double
    /// Bytes in the file, and of the weights in single precision.
    package let bytes, float32Bytes: Int
    /// Bits of the file for each weight.
    package let bitsPerWeight: Double
    /// Multiplications and additions for one image.
    package let multiplyAdds: Int
    package let thresholds: Int
    /// Bits of a threshold; 0 in the last layer.
    package let thresholdBits: Int
    package let largestSum: Int
    package let accumulatorBits: Int
  }

  package let path: String
  package let record: PackedModel.Record
  package let architecture: String
  package let networks: Int
  package let layers: [Layer]
  /// Weights of all layers, the share of them that are 0, and their bytes in single precision.
  package let weights: Int
  package let zeros: Double
  package let float32Bytes: Int
  package let multiplyAdds: Int
  /// Bytes of the file.
  package let bytes: Int
  /// Float32 bytes for each byte of the file.
  package let ratio: Double
  /// The digest of the integers.
  package let integersSHA256: String

  /// - Parameters:
  ///   - path: where the file is.
  ///   - bytes: its size.
  package init(_ model: PackedModel, at path: String, bytes: Int) {
    let sizes = model.file.layerSizes
    func sum(_ part: (PackedFile.LayerSize) -> Int) -> Int { sizes.reduce(0) { $0 + part($1) } }
    (self.path, self.bytes, record) = (path, bytes, model.record)
    architecture = "\(model.file.networks[0].architecture)"
    (networks, integersSHA256) = (model.file.networks.count, model.file.digest)
    layers = sizes.map { size in
      Layer(
        layer: size.name, weights: size.weights, zeros: Double(size.zeros) / Double(size.weights),
        bytes: size.weightBytes + size.outputBytes, float32Bytes: 4 * size.weights,
        bitsPerWeight: Double(8 * size.weightBytes) / Double(size.weights), multiplyAdds: size.multiplyAdds,
        thresholds: size.thresholds, thresholdBits: 8 * size.thresholdBytes, largestSum: size.largestSum,
        accumulatorBits: size.accumulatorBits)
    }
    weights = sum(\.weights)
    zeros = Double(sum(\.zeros)) / Double(weights)
    (float32Bytes, multiplyAdds) = (4 * weights, sum(\.multiplyAdds))
    ratio = Double(float32Bytes) / Double(bytes)
  }

  /// A row for each layer, one for the file, and how large it is beside the weights in single precision.
  package func table() -> String {
    let header = [
      "layer", "weights", "zeros", "bytes", "float32 bytes", "multiply-adds", "thresholds", "largest |sum|",
      "accumulator",
    ]
    let rows = layers.map { layer in
      [
        layer.layer, "\(layer.weights)", percent(layer.zeros), "\(layer.bytes)", "\(layer.float32Bytes)",
        "\(layer.multiplyAdds)", layer.thresholds == 0 ? "" : "\(layer.thresholds) × int\(layer.thresholdBits)",
        "\(layer.largestSum)", "\(layer.accumulatorBits) bits",
      ]
    }
    let total = [
      "file", "\(weights)", percent(zeros), "\(bytes)", "\(float32Bytes)", "\(multiplyAdds)",
      "\(layers.reduce(0) { $0 + $1.thresholds })", "\(layers.map(\.largestSum).max() ?? 0)",
      "\(layers.map(\.accumulatorBits).max() ?? 0) bits",
    ]
    let what = record.words(ofNetworks: networks)
    let size =
      bytes > float32Bytes
      ? "\(fixed(Double(bytes) / Double(float32Bytes), places: 1)) times" : "1/\(fixed(ratio, places: 1)) of"
    let table = alignedTable([header] + rows + [total], rightAligned: Set(1..<header.count))
    let line = oneLine("\(path): \(what), \(size) the weights' bytes in float32")
    return withNote("\(table)\n\n\(line)", record.dataNote)
  }
}
