import Tensors

/// Encodes tensors as NumPy's NPY files of version 1.0: little-endian, in C order.
///
/// Source: *NEP 1, a simple file format for NumPy arrays*.
package enum NPYWriter {
  /// The bytes of a file that holds `tensor`.
  package static func bytes<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) -> [UInt8] { bytes(StoredTensor(tensor)) }

  /// The bytes of a file that holds `tensor`.
  ///
  /// - Precondition: NumPy has its type.
  package static func bytes(_ tensor: StoredTensor) -> [UInt8] {
    guard let type = tensor.type.numpyName else { preconditionFailure("NPYWriter: the type \(tensor.type.rawValue)") }
    var bytes = head(type, tensor.shape)
    tensor.withLittleEndianBytes { bytes.append(contentsOf: $0) }
    return bytes
  }

  /// The bytes of a file that holds a text, an array of no axes.
  package static func bytes(text: String) -> [UInt8] {
    var bytes = head("<U\(max(text.unicodeScalars.count, 1))", [])
    for scalar in text.unicodeScalars { bytes.append(integer: scalar.value) }
    if text.isEmpty { bytes.append(integer: UInt32(0)) }
    return bytes
  }

  private static func head(_ type: String, _ shape: Shape) -> [UInt8] {
    let sizes = shape.map { "\($0)," }.joined(separator: " ")
    let facts = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
    // The header is padded so that the values begin at a multiple of 64 bytes.
    let padding = 63 - (10 + facts.utf8.count) % 64
    let header = Array(facts.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")]
    precondition(header.count < 1 << 16, "NPYWriter: a shape of \(shape.count) dimensions")
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count & 255), UInt8(header.count >> 8)] + header
  }
}
