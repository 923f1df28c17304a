/// Why a device cannot be used.
public enum DeviceError: Error, Equatable, CustomStringConvertible {
  /// The text is not the name of a device.
  case name(String)
  /// There is no such device: what was looked for, and what was found instead.
  case missing(device: String, found: String)
  /// The device lacks what the arithmetic needs.
  case lacks(device: String, what: String)
  /// The device's own compiler refused the formulas; the beginning of what it says.
  case compilation(device: String, log: String)
  /// A call of the device's library failed.
  case call(device: String, function: String, code: Int)
  /// The self-test found other bits than the processor's.
  case differs(device: String, test: String, index: Int, expected: String, found: String)

  public var description: String {
    switch self {
    case .name(let name): "expected cpu, opencl, opencl:N, cuda or cuda:N, found \(name)"
    case .missing(let device, let found): "\(device): expected a device, found \(found)"
    case .lacks(let device, let what): "\(device): expected \(what), which results depend on, found none"
    case .compilation(let device, let log): "\(device): its compiler refused the formulas: \(log)"
    case .call(let device, let function, let code): "\(device): \(function) failed with code \(code)"
    case .differs(let device, let test, let index, let expected, let found):
      "\(device): self-test, \(test)[\(index)]: expected \(expected), found \(found)"
    }
  }
}

extension DeviceError {
  /// Ends the program if a call failed after the device had been opened, which is beyond the program's power.
  static func require(_ label: String, _ function: String, _ status: Int32) {
    if status != 0 { fatalError("\(DeviceError.call(device: label, function: function, code: Int(status)))") }
  }
}
