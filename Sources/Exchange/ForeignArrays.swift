import Datasets
import Files
import Tensors

/// The arrays of a file that another library wrote, by name.
package struct ForeignArrays: Sendable {
  package let path: String
  package let arrays: [String: NumberArray]

  /// Reads a safetensors file, or an NPZ file if its name ends in `.npz`. Neither need be trusted.
  ///
  /// - Parameter ignored: names of arrays that in an NPZ file need not be numbers; only that they are there is known then.
  /// - Throws: `SafetensorsError`; `DataError`
  package init(reading path: String, ignoring ignored: Set<String> = []) throws {
    self.path = path
    if path.hasSuffix(".npz") {
      let read = try NumberArray.archive(reading: path, ignoring: ignored)
      arrays = Dictionary(uniqueKeysWithValues: read.map { ($0.name, $0) })
    } else {
      let file = try SafetensorsFile(reading: path, types: StoredTensor.NumberType.allCases)
      arrays = Dictionary(
        uniqueKeysWithValues: file.tensors.map {
          ($0.key, NumberArray(name: $0.key, shape: $0.value.shape, values: $0.value.reals))
        })
    }
  }

  package init(path: String, _ arrays: [NumberArray]) {
    self.path = path
    self.arrays = Dictionary(arrays.map { ($0.name, $0) }) { _, last in last }
  }
}

extension StoredTensor {
  /// The numbers; integers beyond 2⁵³ are rounded.
  fileprivate var reals: [Double] {
    switch self {
    case .float(let tensor): tensor.scalars.map { Double($0) }
    case .double(let tensor): tensor.scalars
    case .numbers(let numbers):
      stride(from: 0, to: numbers.bytes.count, by: numbers.type.width).map { at in
        let word = numbers.bytes[at..<at + numbers.type.width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return numbers.type.real(word)
      }
    }
  }
}

extension StoredTensor.NumberType {
  /// The number of these bits.
  fileprivate func real(_ word: UInt64) -> Double {
    switch self {
    case .float: Double(Float(bitPattern: UInt32(truncatingIfNeeded: word)))
    case .double: Double(bitPattern: word)
    case .half: Self.half(word)
    case .brainFloat: Double(Float(bitPattern: UInt32(truncatingIfNeeded: word) << 16))
    case .boolean: word == 0 ? 0 : 1
    case .uint8, .uint16, .uint32, .uint64: Double(word)
    case .int8: Double(Int8(truncatingIfNeeded: word))
    case .int16: Double(Int16(truncatingIfNeeded: word))
    case .int32: Double(Int32(truncatingIfNeeded: word))
    case .int64: Double(Int64(truncatingIfNeeded: word))
    }
  }

  /// IEEE 754's binary16, for which not every platform has a type.
  private static func half(_ word: UInt64) -> Double {
    let (exponent, fraction) = (Int(word >> 10 & 31), Double(word & 1023))
    let sign: Double = word >> 15 & 1 == 1 ? -1 : 1
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
  }
}
