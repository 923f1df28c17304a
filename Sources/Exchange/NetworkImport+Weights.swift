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
    let (values, outer): ([Double], Double) = (grid.values, Self.size(of: grid.values))
    func nearest(_ value: Double) -> Double { values.min { abs($0 - value) < abs($1 - value) } ?? 0 }
    /// The first weight that is none of the grid's values times the scale. Scales are products of single precision.
    func firstOffGrid(_ scale: Double) -> Int? {
      weights.firstIndex { !(abs(nearest($0 / scale) - $0 / scale) <= 1e-5 * outer) }
    }
    // The largest weight may be any of the values: a layer need not have the outermost one.
    let scales = Self.scales(of: values, largest: Self.size(of: weights))
    guard let scale = scales.first(where: { firstOffGrid($0) == nil }) else {
      let at = firstOffGrid(scales[0]) ?? 0
      let (i, o) = (at / layer.outputs, at % layer.outputs)
      throw .notOnGrid(
        path: arrays.path, array: name, index: layer.place(layout, i, o), value: weights[at], grid: grid.name,
        scale: scales[0])
    }
    return (weights.map { nearest($0 / scale) }, scale)
  }

  /// The scales at which the largest weight has the size of one of the grid's values, the smallest scale first.
  private static func scales(of values: [Double], largest: Double) -> [Double] {
    if largest == 0 { return [1] }
    return Set(values.map(abs)).subtracting([0]).map { largest / $0 }.sorted()
  }

  private static func size(of values: [Double]) -> Double { values.reduce(0) { Swift.max($0, abs($1)) } }
}
