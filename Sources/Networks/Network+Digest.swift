import Files
import Layers
import Tensors

extension Network {
  /// The SHA-256 of all parameters and statistics, in hexadecimal.
  ///
  /// It covers, for each parameter in order, its name as text, such as `block2.normalization.scale`, the shape as 64-bit integers,
  /// and the scalars' bits, all least significant byte first.
  public var digest: String {
    var digest = MessageDigest(.sha256)
    for parameter in parameters {
      digest.update(Array(parameter.name.utf8))
      for length in parameter.tensor.shape { digest.update(littleEndianBytes(UInt64(length))) }
      parameter.tensor.withLittleEndianBytes { digest.update($0) }
    }
    return hexadecimal(bytes: digest.finalized())
  }
}
