import Layers
import Networks
import WeightDistributions

extension NetworkImport.Layer {
  /// The weights' shape in a library.
  func shape(_ layout: NetworkImport.Layout) -> [Int] {
    guard case .convolution(let convolution) = map else {
      return layout == .torch ? [outputs, inputs] : [inputs, outputs]
    }
    let k = convolution.kernel
    return layout == .torch ? [outputs, input.channels, k, k] : [k, k, input.channels, outputs]
  }

  /// Where our weight (i, o), with `i` in the order channel, row, column, stands in a library's array.
  func place(_ layout: NetworkImport.Layout, _ i: Int, _ o: Int) -> Int {
    guard layout == .keras else { return o * inputs + i }
    switch map {
    case .dense where !isFlattening: return i * outputs + o
    case .dense:
      let (c, pixels) = (input.channels, input.height * input.width)
      return (i % pixels * c + i / pixels) * outputs + o
    case .convolution(let convolution):
      let area = convolution.kernel * convolution.kernel
      return (i % area * input.channels + i / area) * outputs + o
    }
  }
}

extension NetworkImport {
  /// The weights of a layer in our order `(I, O)`: real ones as they are; those of a discrete network as values of its grid, with
  /// the scale that the library's have beside them.
  func weights(_ index: Int) throws(ImportError) -> (weights: [Double], scale: Double) {
    let (layer, name) = (layers[index], names[index].weight)
    let foreign = try values(name, layer.shape(layout))
    var weights: [Double] = []
    weights.reserveCapacity(foreign.count)
    for i in 0..<layer.inputs {
      for o in 0..<layer.outputs { weights.append(foreign[layer.place(layout, i, o)]) }
    }
    guard specification.kind.isDiscrete else { return (weights, 1) }
    let grid = specification.method.grid(index)
    if let zeroUpTo { weights = weights.map { abs($0) <= zeroUpTo ? 0 : $0 < 0 ? -1 : 1 } }
    let (largest, outer): (Double, Double) = (Self.size(of: weights), Self.size(of: grid.values))
    let scale: Double = largest == 0 ? 1 : largest / outer
    let values = grid.values
    for (at, weight) in weights.enumerated() {
      let value: Double = weight / scale
      let nearest: Double = values.min { abs($0 - value) < abs($1 - value) } ?? 0
      // Scales are products of single precision.
      guard abs(nearest - value) <= 1e-5 * outer else {
        let (i, o) = (at / layer.outputs, at % layer.outputs)
        throw .notOnGrid(
          path: arrays.path, array: name, index: layer.place(layout, i, o), value: weight, grid: grid.name, scale: scale
        )
      }
      weights[at] = nearest
    }
    return (weights, scale)
  }

  private static func size(of values: [Double]) -> Double { values.reduce(0) { Swift.max($0, abs($1)) } }
}
