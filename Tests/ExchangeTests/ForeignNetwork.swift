import Datasets
import Exchange
import Tensors

/// A network's arrays as another library would have them.
struct ForeignNetwork {
  var arrays: [String: NumberArray] = [:]

  mutating func set(_ name: String, _ shape: [Int], _ values: [Double]) {
    arrays[name] = NumberArray(name: name, shape: shape, values: values)
  }

  /// Our weights `(I, O)` in a library's layout, index by index.
  ///
  /// - Parameter image: what a convolution reads, or a dense layer flattens; nil of a dense layer behind another.
  mutating func setWeights(
    _ name: String, _ weights: Tensor<Float>, _ layout: NetworkImport.Layout, image: (c: Int, h: Int, w: Int)?,
    kernel: Int? = nil, times scale: Double = 1
  ) {
    let (inputs, outputs) = (weights.shape[0], weights.shape[1])
    var values = [Double](repeating: 0, count: inputs * outputs)
    let (c, h, w) = kernel.map { (image?.c ?? 1, $0, $0) } ?? image.map { ($0.c, $0.h, $0.w) } ?? (inputs, 1, 1)
    for o in 0..<outputs {
      for channel in 0..<c {
        for y in 0..<h {
          for x in 0..<w {
            let value = Double(weights.scalars[((channel * h + y) * w + x) * outputs + o]) * scale
            switch layout {
            case .torch: values[((o * c + channel) * h + y) * w + x] = value
            case .keras: values[((y * w + x) * c + channel) * outputs + o] = value
            }
          }
        }
      }
    }
    let shape =
      kernel.map { layout == .torch ? [outputs, c, $0, $0] : [$0, $0, c, outputs] }
      ?? (layout == .torch ? [outputs, inputs] : [inputs, outputs])
    set(name, shape, values)
  }

  func file(_ path: String = "net.npz") -> ForeignArrays { ForeignArrays(path: path, Array(arrays.values)) }
}
