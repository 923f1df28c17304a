import Crypto
import Files
import Layers
import Tensors

extension Network {
  /// The SHA-256 of all parameters and statistics, in hexadecimal.
  ///
  /// For each parameter in order: its name as text, such as `block2.normalization.scale`, the shape as 64-bit integers, the
  /// scalars' bits; all least significant byte first.
  public var digest: String {
    var hash = SHA256()
    for parameter in parameters {
      hash.update(data: Array(parameter.name.utf8))
      for length in parameter.tensor.shape { hash.update(data: littleEndianBytes(UInt64(length))) }
      parameter.tensor.withLittleEndianBytes { hash.update(bufferPointer: $0) }
    }
    return hexadecimal(hash.finalize())
  }
}
