/// The IDX form of `values`; `magic` and `dimensions` may lie.
public func idx(_ dimensions: [UInt32], _ values: [UInt8], magic: UInt32? = nil) -> [UInt8] {
  let words = [magic ?? 0x800 + UInt32(dimensions.count)] + dimensions
  return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * UInt32($0))) } } + values
}
