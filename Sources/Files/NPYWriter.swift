import Tensors

/// Encodes tensors as NumPy's NPY files of version 1.0: little-endian, in C order.
///
/// Source: *NEP 1, a simple file format for NumPy arrays*.
package enum NPYWriter {
  /// The bytes of a file that holds `tensor`.
  package static func bytes<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) -> [UInt8] {
    let sizes = tensor.shape.map { "\($0)," }.joined(separator: " ")
    let facts = "{'descr': '<f\(Scalar.byteWidth)', 'fortran_order': False, 'shape': (\(sizes)), }"
    // The header is padded so that the values begin at a multiple of 64 bytes.
    let padding = 63 - (10 + facts.utf8.count) % 64
    let header = Array(facts.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")]
    precondition(header.count < 1 << 16, "NPYWriter: a shape of \(tensor.shape.count) dimensions")
    var bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count & 255), UInt8(header.count >> 8)] + header
    tensor.withLittleEndianBytes { bytes.append(contentsOf: $0) }
    return bytes
  }
}
