import Synchronization

/// A device of CUDA.
final class CUDADriver: DeviceDriver {
  let identity: DeviceIdentity
  let multiprocessors: Int
  private let library: CUDALibrary
  private let label: String
  private let device: Int32
  private nonisolated(unsafe) let context, module: OpaquePointer
  /// The kernels that have been called.
  private let kernels = Mutex<[String: CUDAKernel]>([:])
  private let overlap: Mutex<CUDAOverlap>

  /// The number of devices.
  static func count(_ library: CUDALibrary) throws(DeviceError) -> Int {
    try check("cuda", "cuInit", library.initialize(0))
    var count: Int32 = 0
    try check("cuda", "cuDeviceGetCount", library.deviceCount(&count))
    return Int(count)
  }

  /// A device's name, memory and driver.
  static func identity(_ library: CUDALibrary, _ index: Int, label: String) throws(DeviceError) -> DeviceIdentity {
    var (device, version, memory): (Int32, Int32, Int) = (0, 0, 0)
    try check(label, "cuDeviceGet", library.device(&device, Int32(index)))
    var name = [CChar](repeating: 0, count: 256)
    try check(label, "cuDeviceGetName", library.deviceName(&name, 256, device))
    try check(label, "cuDeviceTotalMem", library.deviceMemory(&memory, device))
    try check(label, "cuDriverGetVersion", library.driverVersion(&version))
    let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return DeviceIdentity(name: text, memory: memory, driver: "CUDA \(version / 1000).\(version % 1000 / 10)")
  }

  /// Opens a device and compiles the formulas for it.
  init(_ library: CUDALibrary, _ index: Int, label: String, text: DeviceText) throws(DeviceError) {
    (self.library, self.label) = (library, label)
    overlap = Mutex(CUDAOverlap(library, label: label))
    identity = try Self.identity(library, index, label: label)
    var (device, major, minor, multiprocessors): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    try Self.check(label, "cuDeviceGet", library.device(&device, Int32(index)))
    self.device = device
    try Self.check(label, "cuDeviceGetAttribute", library.deviceAttribute(&multiprocessors, 16, device))
    self.multiprocessors = Int(multiprocessors)
    // The compute capability's two numbers.
    try Self.check(label, "cuDeviceGetAttribute", library.deviceAttribute(&major, 75, device))
    try Self.check(label, "cuDeviceGetAttribute", library.deviceAttribute(&minor, 76, device))
    let ptx = try NVRTC().ptx(text, capability: (Int(major), Int(minor)), label: label)
    var (context, module): (OpaquePointer?, OpaquePointer?)
    try Self.check(label, "cuDevicePrimaryCtxRetain", library.retainContext(&context, device))
    guard let context else { throw .call(device: label, function: "cuDevicePrimaryCtxRetain", code: 0) }
    self.context = context
    try Self.check(label, "cuCtxSetCurrent", library.setContext(context))
    try Self.check(label, "cuModuleLoadData", library.loadModule(&module, ptx))
    guard let module else { throw .call(device: label, function: "cuModuleLoadData", code: 0) }
    self.module = module
  }

  deinit {
    _ = library.setContext(context)
    _ = library.synchronize()
    overlap.withLock { $0.destroy() }
    _ = library.unloadModule(module)
    _ = library.releaseContext(device)
  }

  // MARK: - Memory

  func allocate(_ bytes: Int) -> UInt? {
    enter()
    var memory: UInt64 = 0
    return library.allocate(&memory, bytes) == 0 ? UInt(memory) : nil
  }

  func release(_ memory: UInt) {
    finish()
    require("cuMemFree", library.free(UInt64(memory)))
  }

  func isBusy(_ memory: UInt) -> Bool {
    overlap.withLock { $0.isUsing(memory) }
  }

  func write(_ bytes: UnsafeRawBufferPointer, into memory: UInt) {
    guard let base = bytes.baseAddress else { return }
    enter()
    overlap.withLock { $0.join(reading: [], writing: [memory]) }
    require("cuMemcpyHtoD", library.write(UInt64(memory), base, bytes.count))
  }

  func read(_ memory: UInt, into bytes: UnsafeMutableRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    enter()
    overlap.withLock { $0.join(reading: [memory], writing: []) }
    require("cuMemcpyDtoH", library.read(base, UInt64(memory), bytes.count))
  }

  func copy(_ source: UInt, into target: UInt, bytes: Int) {
    enter()
    overlap.withLock { $0.join(reading: [source], writing: [target]) }
    require("cuMemcpyDtoD", library.copy(UInt64(target), UInt64(source), bytes))
  }

  // MARK: - Kernels

  func launch(_ name: String, groups: Int, _ arguments: [DeviceLaunch.Argument], mayOverlap: Bool) {
    enter()
    let kernel = kernels.withLock { kernels in
      let kernel = kernels[name] ?? loaded(name)
      kernels[name] = kernel
      return kernel
    }
    // The arguments one after the other, each at a multiple of 8 bytes, and where each of them is.
    var (values, places): ([UInt64], [Int]) = ([], [])
    for argument in arguments {
      places.append(values.count)
      switch argument {
      case .size(let size): values.append(UInt64(size))
      case .number(let number): values.append(UInt64(number.bitPattern))
      case .memory(let memory), .result(let memory): values.append(UInt64(memory.handle))
      case .words(let words):
        for first in stride(from: 0, to: words.count, by: 2) {
          values.append(UInt64(words[first]) | (first + 1 < words.count ? UInt64(words[first + 1]) << 32 : 0))
        }
      }
    }
    // What is joined, launched and noted belongs together.
    let status = overlap.withLock { overlap in
      overlap.join(arguments)
      let stream = mayOverlap ? overlap.stream() : nil
      let status = values.withUnsafeMutableBytes { values in
        var pointers = places.map { place in values.baseAddress.map { $0 + 8 * place } }
        return library.launch(
          kernel.handle, UInt32(groups), 1, 1, UInt32(DeviceLaunch.group), 1, 1, 0, stream, &pointers, nil)
      }
      if let stream { overlap.began(arguments, on: stream) }
      return status
    }
    require(name, status)
    withExtendedLifetime(arguments) {}
  }

  func finish() {
    enter()
    overlap.withLock {
      require("cuCtxSynchronize", library.synchronize())
      $0.ended()
    }
  }

  private func loaded(_ name: String) -> CUDAKernel {
    var handle: OpaquePointer?
    require("cuModuleGetFunction", library.function(&handle, module, name))
    guard let handle else { fatalError("\(label): no kernel \(name)") }
    return CUDAKernel(handle: handle)
  }

  /// Makes the device the calling thread's.
  private func enter() { require("cuCtxSetCurrent", library.setContext(context)) }

  private func require(_ function: String, _ status: Int32) {
    DeviceError.require(label, function, status)
  }

  private static func check(_ label: String, _ function: String, _ status: Int32) throws(DeviceError) {
    if status != 0 { throw .call(device: label, function: function, code: Int(status)) }
  }
}

private struct CUDAKernel: @unchecked Sendable {
  let handle: OpaquePointer
}
