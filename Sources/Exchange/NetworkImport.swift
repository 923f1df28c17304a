import Datasets
import Files
import Layers
import Networks
import Tensors
import WeightDistributions

/// A network that another library trained, rebuilt from its arrays (`Exchange.md`).
///
/// Weights are put into our order, a bias before batch normalization goes into the mean, and batch normalization's own ε into our
/// inverse deviation: `r = 1/√(variance + ε)`, in Double, rounded once.
package struct NetworkImport: Sendable {
  /// The order of the numbers in weights.
  package enum Layout: String, CaseIterable, Sendable {
    /// `(O, I)` and `(O, C, k, k)`; images are flattened channel by channel.
    case torch
    /// `(I, O)` and `(k, k, C, O)`; images are flattened pixel by pixel.
    case keras

    /// The ε of the library's batch normalization, unless it is told another one.
    package var epsilon: Double { self == .torch ? 1e-5 : 1e-3 }
  }

  let arrays: ForeignArrays
  let layout: Layout
  let epsilon: Double
  let specification: NetworkSpecification
  /// The layers' shapes.
  let layers: [Layer]
  let names: [ForeignNames]
  /// Weights up to this size are 0, others ± the layer's scale; nil takes weights as they are.
  let zeroUpTo: Double?

  /// A layer of the architecture.
  struct Layer: Sendable {
    let map: LinearMap
    /// The image that it reads, and whether a dense layer flattens it.
    let input: ImageShape
    let isFlattening: Bool
    let inputs, outputs: Int
    let isLast: Bool
  }

  /// - Parameters:
  ///   - names: each layer's arrays; nil finds them by their shapes.
  ///   - epsilon: batch normalization's ε; nil takes the library's own.
  ///   - zeroUpTo: makes latent ternary weights of real ones: those of at most this size are 0.
  /// - Throws: `ImportError`; what `NetworkSpecification.validate()` throws.
  package init(
    _ arrays: ForeignArrays, _ layout: Layout, as specification: NetworkSpecification, names: ForeignNamesFile? = nil,
    epsilon: Double? = nil, zeroUpTo: Double? = nil
  ) throws {
    try specification.validate()
    (self.arrays, self.layout, self.specification) = (arrays, layout, specification)
    self.epsilon = epsilon ?? layout.epsilon
    self.zeroUpTo = zeroUpTo
    layers = try Self.layers(of: specification)
    let matched = try names?.layers ?? arrays.names(matching: layers.map { ($0.shape(layout), $0.outputs) })
    guard matched.count == layers.count else {
      throw ImportError.names(
        path: names?.path ?? arrays.path, expected: "names of \(layers.count) layers", found: "\(matched.count)")
    }
    self.names = matched
    let read = Set(
      matched.flatMap { [$0.weight, $0.bias, $0.gamma, $0.beta, $0.mean, $0.variance] }.compactMap(\.self))
    let unused = arrays.arrays.keys.filter {
      !read.contains($0) && names?.ignored?.contains($0) != true && !$0.hasSuffix("num_batches_tracked")
    }
    if let first = unused.min() { throw ImportError.unused(path: arrays.path, array: first) }
    for name in names?.ignored ?? [] {
      if arrays.arrays[name] == nil { throw ImportError.noArray(path: arrays.path, array: name) }
      if read.contains(name) {
        throw ImportError.names(
          path: names?.path ?? arrays.path, expected: "ignored arrays that no layer reads", found: quoted(name))
      }
    }
  }

  private static func layers(of specification: NetworkSpecification) throws -> [Layer] {
    let architecture = specification.architecture
    var (image, isImage) = (specification.input.image, true)
    return try zip(architecture.blocks, architecture.shapes(of: image)).enumerated().map { index, part in
      let (block, shape) = part
      defer {
        isImage = isImage && block.map != .dense
        let side = shape.output
        let pool = block.pooling == nil ? 1 : 2
        image =
          side.count == 3
          ? ImageShape(channels: side[0], height: side[1] / pool, width: side[2] / pool)
          : ImageShape(channels: block.outputs, height: 1, width: 1)
      }
      return Layer(
        map: block.map, input: image, isFlattening: block.map == .dense && isImage, inputs: shape.fanIn,
        outputs: block.outputs, isLast: index == architecture.blocks.count - 1)
    }
  }

  /// The network.
  ///
  /// - Throws: `ImportError`; `NetworkFileError`
  package func network(on device: Device) throws -> (network: Network<Float>, outputScale: Double) {
    var tensors: [String: StoredTensor] = [:]
    var outputScale = 1.0
    for (index, layer) in layers.enumerated() {
      let block = Network<Float>.blockName(index)
      let (weights, scale) = try weights(index)
      let linear = Tensor<Float>([layer.inputs, layer.outputs], weights.map { Float($0) })
      if specification.kind.isDiscrete {
        let method = specification.method
        let distribution = WeightDistribution<Float>(
          grid: method.grid(index), parameterization: method.parameterization, fromMapped: linear, on: device)
        tensors["\(block).linear.logits"] = StoredTensor(distribution.logits)
      } else {
        tensors["\(block).linear.weights"] = StoredTensor(linear)
      }
      let bias = try vector(names[index].bias, layer.outputs) ?? Array(repeating: 0, count: layer.outputs)
      guard layer.isLast else {
        for (name, values) in try normalization(index, bias: bias, scale: scale) {
          tensors["\(block).normalization.\(name)"] = .float(Tensor([layer.outputs], values.map { Float($0) }))
        }
        continue
      }
      let last = names[index]
      if let name = last.mean ?? last.variance ?? last.gamma ?? last.beta {
        throw ImportError.lastNormalization(path: arrays.path, array: name)
      }
      tensors["\(block).linear.bias"] = .float(Tensor([layer.outputs], bias.map { Float($0 / scale) }))
      // Ours divide the last sums of networks with discrete weights, and know no scale of a layer.
      outputScale = specification.kind == .real ? 1 : scale * outputDivisor(fanIn: layer.inputs)
    }
    let network = try Network<Float>(specification, tensors: tensors, from: arrays.path, on: device)
    try network.requireFinite(from: arrays.path)
    return (network, outputScale)
  }

  /// Batch normalization of `scale · u + bias` as one of `u`, by the names of our parameters.
  private func normalization(
    _ index: Int, bias: [Double], scale: Double
  ) throws(ImportError) -> [(String, [Double])] {
    let (names, count) = (names[index], layers[index].outputs)
    let gamma = try vector(names.gamma, count) ?? Array(repeating: 1, count: count)
    let beta = try vector(names.beta, count) ?? Array(repeating: 0, count: count)
    let mean = try vector(names.mean, count)
    let variance = try vector(names.variance, count)
    guard (mean == nil) == (variance == nil) else {
      throw .missing(
        path: arrays.path, layer: index + 1,
        what: mean == nil ? "a mean beside the variance" : "a variance beside the mean"
      )
    }
    if let name = names.variance, let at = variance?.firstIndex(where: { $0 < 0 }) {
      throw .notFinite(path: arrays.path, array: name, index: at, value: variance?[at] ?? 0)
    }
    // Without batch normalization, a bias is a mean to subtract.
    let deviations = variance.map { $0.map { 1 / ($0 + epsilon).squareRoot() } } ?? Array(repeating: 1, count: count)
    return [
      ("scale", gamma), ("shift", beta),
      ("runningMean", zip(mean ?? Array(repeating: 0, count: count), bias).map { ($0 - $1) / scale }),
      ("runningInverseDeviation", deviations.map { $0 * scale }),
    ]
  }

  /// A finite vector of a length; nil without a name.
  private func vector(_ name: String?, _ count: Int) throws(ImportError) -> [Double]? {
    guard let name else { return nil }
    return try values(name, [count])
  }

  /// The finite numbers of an array of a shape.
  func values(_ name: String, _ shape: [Int]) throws(ImportError) -> [Double] {
    guard let array = arrays.arrays[name] else {
      throw .noArray(path: arrays.path, array: name)
    }
    guard array.shape == shape else {
      throw .wrongShape(path: arrays.path, array: name, expected: shape, actual: array.shape)
    }
    if let at = array.values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(path: arrays.path, array: name, index: at, value: array.values[at])
    }
    return array.values
  }
}
