import Files
import Tensors

extension StoredTensor {
  /// The numbers' bits: a NaN equals itself.
  var bits: [UInt64] {
    switch self {
    case .float(let tensor): tensor.scalars.map { UInt64($0.bitPattern) }
    case .double(let tensor): tensor.scalars.map(\.bitPattern)
    case .numbers(let numbers): numbers.bytes.map { UInt64($0) }
    }
  }

  var byteCount: Int { shape.reduce(type.width, *) }
}

extension SafetensorsFile {
  /// The same metadata, names, types, shapes and bits.
  func isIdentical(to other: SafetensorsFile) -> Bool {
    metadata == other.metadata && tensors.count == other.tensors.count
      && tensors.allSatisfy { name, tensor in
        guard let that = other.tensors[name] else { return false }
        return tensor.type == that.type && tensor.shape == that.shape && tensor.bits == that.bits
      }
  }
}
