/// A device that OpenCL lists, before it is opened.
struct OpenCLPlace {
  let library: OpenCLLibrary
  let platform, device: OpaquePointer

  /// The device's name, memory and driver.
  var identity: DeviceIdentity {
    DeviceIdentity(
      name: text(Info.name.rawValue, of: device, library.deviceInfo), memory: Int(number(.globalMemory)),
      driver: text(Info.platformName, of: platform, library.platformInfo) + " "
        + text(Info.driverVersion.rawValue, of: device, library.deviceInfo))
  }

  var multiprocessors: Int { Int(number(.multiprocessors)) }

  /// What the arithmetic needs and the device does not claim to have; nil if nothing is missing.
  var lacking: String? {
    let (denormals, nearest, fused): (UInt64, UInt64, UInt64) = (1, 4, 32)
    let single = number(.singleArithmetic)
    if number(.doubleArithmetic) & (denormals | nearest | fused) != denormals | nearest | fused {
      return "doubles, in which the elementary functions are evaluated"
    }
    if single & denormals == 0 { return "subnormal numbers" }
    if single & nearest == 0 { return "rounding to nearest" }
    if number(.largestGroup) < UInt64(DeviceLaunch.group) { return "groups of \(DeviceLaunch.group) threads" }
    return number(.isLittleEndian) & 1 == 0 ? "little-endian numbers" : nil
  }

  /// The beginning of what the device's compiler says about a program.
  func buildLog(of program: OpaquePointer) -> String {
    let log = text(0x1183, of: program) { program, key, size, value, needed in
      library.buildInfo(program, device, key, size, value, needed)
    }
    return String(log.prefix(400))
  }

  private enum Info: UInt32 {
    case multiprocessors = 0x1002
    case largestGroup = 0x1004
    case singleArithmetic = 0x101B
    case globalMemory = 0x101F
    case isLittleEndian = 0x1026
    case name = 0x102B
    case driverVersion = 0x102D
    case doubleArithmetic = 0x1032

    static let platformName: UInt32 = 0x0902
  }

  /// A number of up to 64 bits; 0 if the device does not know it.
  private func number(_ key: Info) -> UInt64 {
    var value: UInt64 = 0
    return library.deviceInfo(device, key.rawValue, MemoryLayout<UInt64>.size, &value, nil) == 0 ? value : 0
  }

  private func text(
    _ key: UInt32, of handle: OpaquePointer,
    _ function: (OpaquePointer, UInt32, Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> Int32
  ) -> String {
    var size = 0
    guard function(handle, key, 0, nil, &size) == 0, size > 0 else { return "" }
    var bytes = [UInt8](repeating: 0, count: size)
    guard function(handle, key, size, &bytes, nil) == 0 else { return "" }
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
