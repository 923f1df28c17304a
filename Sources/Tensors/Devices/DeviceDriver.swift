/// What a device other than the processor can do: hold memory, and run the kernels of `Kernels/Device`. Commands are carried out in the
/// order in which they are given; reading waits for those before it.
///
/// Whatever fails after the device has been opened is beyond the program's power, and ends it with the call's name and code.
protocol DeviceDriver: Sendable {
  /// The device's name, its memory in bytes and its driver's version, as the system has them.
  var identity: DeviceIdentity { get }

  /// How many groups of threads the device runs at once, if each multiprocessor runs one.
  var multiprocessors: Int { get }

  /// Memory for so many bytes; nil if there is none.
  func allocate(_ bytes: Int) -> UInt?
  func release(_ memory: UInt)
  /// Whether a command that may overlap with others still uses some memory: who takes it waits.
  func isBusy(_ memory: UInt) -> Bool
  func write(_ bytes: UnsafeRawBufferPointer, into memory: UInt)
  func read(_ memory: UInt, into bytes: UnsafeMutableRawBufferPointer)
  func copy(_ source: UInt, into target: UInt, bytes: Int)

  /// Runs a kernel in groups of `DeviceLaunch.group` threads.
  ///
  /// - Parameter mayOverlap: whether commands that use no result of this one, and change nothing that it reads, may run beside it.
  func launch(_ kernel: String, groups: Int, _ arguments: [DeviceLaunch.Argument], mayOverlap: Bool)

  /// Waits until every command has been carried out.
  func finish()
}

/// How a kernel is called.
enum DeviceLaunch {
  /// Threads of a group: GROUP of `Kernels/Device/Device.inc`.
  static let group = 256

  enum Argument {
    /// A number of elements, which kernels take in 64 bits.
    case size(Int)
    case number(Float)
    /// A structure of numbers of 32 bits.
    case words([UInt32])
    /// What the kernel only reads.
    case memory(DeviceMemory)
    /// What it writes, or reads and writes.
    case result(DeviceMemory)
  }
}

/// Which device something is.
public struct DeviceIdentity: Sendable, Equatable {
  /// The device's name according to its driver.
  public let name: String
  /// Bytes.
  public let memory: Int
  /// The driver or platform, with its version.
  public let driver: String
}

/// Some of a device's memory. What waits to be carried out may still use it when it is released, since its next user waits, too.
final class DeviceMemory: Sendable {
  let accelerator: Accelerator
  let handle: UInt
  let bytes: Int

  init(_ bytes: Int, of accelerator: Accelerator) {
    (self.accelerator, self.bytes) = (accelerator, bytes)
    handle = accelerator.take(bytes)
  }

  deinit { accelerator.giveBack(handle, bytes: bytes) }
}
