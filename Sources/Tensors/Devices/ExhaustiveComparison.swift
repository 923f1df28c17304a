import Synchronization

extension Device {
  /// Compares the elementary functions of a device other than the processor with the processor's at all 2³² floats, by checksums of 64 bits
  /// of 2²² results each; NaN equals NaN.
  ///
  /// - Parameter progress: is called with the share of the floats that have been compared.
  /// - Throws: `DeviceError.differs` with the first argument at which a result differs.
  package func compareFunctionsExhaustively(progress: (Double) -> Void) throws(DeviceError) {
    guard let accelerator = accelerator(for: Float.self) else { return }
    // So many at a time that the allocator keeps their memory.
    let count = 1 << 22
    for first in stride(from: 0, to: 1 << 32, by: count) {
      let arguments = Tensor<Float>([count]) { x in
        forEachRange(of: count) { for i in $0 { x[i] = Float(bitPattern: UInt32(first + i)) } }
      }
      let there = arguments.moved(to: self)
      for function in ElementaryFunction.allCases {
        let (found, expected) = (there.applying(function, on: self), arguments.applying(function, on: processor))
        let (sum, expectedSum) = (accelerator.checksum(found), checksum(expected))
        guard sum != expectedSum else { continue }
        try DeviceSelfTest.compare([found], [expected], "\(function) of all floats", name, from: first)
        // The results are the same.
        throw .differs(
          device: name, test: "checksum of \(function)", index: first, expected: "\(expectedSum)", found: "\(sum)")
      }
      progress(Double(first + count) / 0x1p32)
    }
  }

  /// What the kernel `checksum` computes.
  private func checksum(_ numbers: Tensor<Float>) -> UInt64 {
    let sum = Atomic<UInt64>(0)
    numbers.withUnsafePointer { x in
      forEachRange(of: numbers.count) { range in
        var part: UInt64 = 0
        for i in range {
          var mixed = UInt64(i) << 32 | UInt64(x[i].isNaN ? 0x7FC0_0000 : x[i].bitPattern)
          mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
          mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
          part &+= mixed ^ mixed >> 31
        }
        sum.wrappingAdd(part, ordering: .relaxed)
      }
    }
    return sum.load(ordering: .relaxed)
  }
}

extension Accelerator {
  fileprivate func checksum(_ numbers: Tensor<Float>) -> UInt64 {
    let sums = DeviceMemory(8 << 12, of: self)
    let threads = sums.bytes / 8
    launch("checksum", threads: threads, sizes(numbers.count, threads) + operands([numbers]) + [.result(sums)])
    var parts = [UInt64](repeating: 0, count: threads)
    parts.withUnsafeMutableBytes { driver.read(sums.handle, into: $0) }
    return parts.reduce(0, &+)
  }
}
