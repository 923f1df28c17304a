/// An NPY file with the given `descr`, shape and bytes.
public func npy(_ descr: String, _ shape: [Int], _ values: [UInt8], order: String = "False", version: UInt8 = 1)
  -> [UInt8]
{
  let sizes = shape.map { "\($0)," }.joined(separator: " ")
  var text = Array("{'descr': '\(descr)', 'fortran_order': \(order), 'shape': (\(sizes)), }".utf8)
  let prefix = version == 1 ? 10 : 12
  text += [UInt8](repeating: 0x20, count: 63 - (prefix + text.count) % 64) + [0x0a]
  let length = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
  return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text + values
}
