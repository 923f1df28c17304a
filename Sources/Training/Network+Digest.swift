import Crypto
import Datasets
import Files
import Layers
import Tensors

extension Network {
  /// The SHA-256 of all parameters and statistics, in hexadecimal.
  ///
  /// For each layer in order and each parameter in order: the layer's index and the parameter's name as text, the shape as
  /// 64-bit integers, the scalars' bits; all least significant byte first.
  public var digest: String {
    var hash = SHA256()
    for (index, layer) in layers.enumerated() {
      for parameter in layer.parameters {
        hash.update(data: Array("\(index).\(parameter.name)".utf8))
        for length in parameter.tensor.shape { hash.update(data: littleEndianBytes(UInt64(length))) }
        parameter.tensor.withLittleEndianBytes { hash.update(bufferPointer: $0) }
      }
    }
    return hexadecimal(hash.finalize())
  }
}
