import Foundation

/// A library that is opened when the program runs, so that the program needs it neither to be built nor to start.
package struct SharedLibrary: @unchecked Sendable {
  private let handle: UnsafeMutableRawPointer
  private let device: String

  /// The first of these libraries that can be opened.
  ///
  /// - Parameters:
  ///   - device: what needs it, such as "opencl", for error messages.
  ///   - remedy: what to do if none can be opened.
  /// - Throws: `DeviceError.missing` if none can be opened.
  package init(_ names: [String], for device: String, remedy: String? = nil) throws(DeviceError) {
    guard let handle = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else {
      let found = "no \(names.joined(separator: " or "))"
      throw .missing(device: device, found: found + (remedy.map { "; \($0)" } ?? ""))
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
