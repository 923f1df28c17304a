import Foundation

/// A library that is opened when the program runs, so that the program needs it neither to be built nor to start.
struct SharedLibrary: @unchecked Sendable {
  private let handle: UnsafeMutableRawPointer
  private let device: String

  /// The first of these libraries that can be opened.
  ///
  /// - Parameter device: what needs it, such as "opencl", for error messages.
  /// - Throws: `DeviceError.missing` if none can be opened.
  init(_ names: [String], for device: String) throws(DeviceError) {
    guard let handle = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else {
      throw .missing(device: device, found: "no \(names.joined(separator: " or "))")
    }
    (self.handle, self.device) = (handle, device)
  }

  /// The function with a name, which must have the type `Function`.
  ///
  /// - Throws: `DeviceError.missing` if there is none.
  func function<Function>(_ name: String) throws(DeviceError) -> Function {
    guard let symbol = dlsym(handle, name) else { throw .missing(device: device, found: "a library without \(name)") }
    return unsafeBitCast(symbol, to: Function.self)
  }
}
