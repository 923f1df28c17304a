/// Which device: the processor, or one of those that OpenCL or CUDA lists.
package enum DevicePlace: Equatable, Sendable {
  case processor
  case openCL(Int)
  case cuda(Int)

  /// The place that a name stands for: `cpu`, `opencl`, `opencl:N`, `cuda` or `cuda:N`.
  ///
  /// - Throws: `DeviceError.name`
  package init(named name: String) throws(DeviceError) {
    let parts = name.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, let index = parts.count == 1 ? 0 : Int(parts[1]), index >= 0 else { throw .name(name) }
    switch parts.first {
    case Device.processorName[...] where parts.count == 1: self = .processor
    case "opencl": self = .openCL(index)
    case "cuda": self = .cuda(index)
    default: throw .name(name)
    }
  }
}
