/// A safetensors file of a header and data that may lie; `length` is the header's own where it is nil.
package func safetensors(_ header: String, _ data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
  let header = Array(header.utf8)
  return (0..<8).map { UInt8(truncatingIfNeeded: (length ?? UInt64(header.count)) >> (8 * UInt64($0))) } + header + data
}
