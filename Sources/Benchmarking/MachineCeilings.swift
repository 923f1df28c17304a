internal import Kernels
import Tensors

/// What the machine can do at most, measured beside a benchmark: it says how good a time is even where others use the machine.
package struct MachineCeilings: Sendable {
  /// Fused multiply-adds in single precision in registers, per millisecond, on all threads of the processor or on the whole device.
  package let multiplyAdds: Double
  /// Bytes read and written per millisecond, on all threads of the processor or on the whole device.
  package let bytes: Double

  package init(multiplyAdds: Double, bytes: Double) { (self.multiplyAdds, self.bytes) = (multiplyAdds, bytes) }

  /// Measures for a few milliseconds.
  init(_ device: Device) {
    if let (multiplyAdds, bytes) = device.acceleratorCeilings() {
      (self.multiplyAdds, self.bytes) = (multiplyAdds, bytes)
      return
    }
    multiplyAdds = Self.rate(of: signet_product_ceiling_work_float, on: device)
    var memory = Tensor<Float>([Self.elements], repeating: 1)
    let sweep = memory.withUnsafeMutablePointer { memory in
      nonisolated(unsafe) let memory = memory
      return ContinuousClock().measure {
        device.forEachRange(of: Self.elements) { signet_clip_float(memory + $0.lowerBound, 2, $0.count) }
      }
    }
    bytes = Double(2 * Self.elements * MemoryLayout<Float>.size) / (sweep / .milliseconds(1))
  }

  /// How much per millisecond of the arithmetic that `work` does for a number of turns, on all threads of a device together.
  static func rate(of work: (Int) -> Double, on device: Device) -> Double {
    let threads = device.threads
    var parts = [Double](repeating: 0, count: threads)
    let duration = parts.withUnsafeMutableBufferPointer { parts in
      nonisolated(unsafe) let parts = parts
      return ContinuousClock().measure {
        device.forEachRange(of: threads, grain: 1) { range in
          for thread in range { parts[thread] = work(turns) }
        }
      }
    }
    return parts.reduce(0, +) / (duration / .milliseconds(1))
  }

  /// Some 2 ms on one core of a server.
  private static let turns = 20_000
  /// 64 MiB, more than caches hold.
  private static let elements = 1 << 24
}
