import Synchronization

/// A device of OpenCL 1.2.
final class OpenCLDriver: DeviceDriver {
  let identity: DeviceIdentity
  let multiprocessors: Int
  private let library: OpenCLLibrary
  private nonisolated(unsafe) let context, queue, program: OpaquePointer
  /// The kernels that have been called, which hold their arguments: one call at a time.
  private let kernels = Mutex<[String: OpenCLKernel]>([:])
  private let label: String

  /// The devices of all platforms, in the system's order.
  static func devices() throws(DeviceError) -> [OpenCLPlace] {
    let library = try OpenCLLibrary()
    return list { library.platformIDs($0, $1, $2) }.flatMap { platform in
      list { library.deviceIDs(platform, allTypes, $0, $1, $2) }.map {
        OpenCLPlace(library: library, platform: platform, device: $0)
      }
    }
  }

  private static let allTypes: UInt64 = 0xFFFF_FFFF

  /// What a function lists that is first asked how many there are.
  private static func list(
    _ function: (UInt32, UnsafeMutablePointer<OpaquePointer?>?, UnsafeMutablePointer<UInt32>?) -> Int32
  ) -> [OpaquePointer] {
    var count: UInt32 = 0
    guard function(0, nil, &count) == 0, count > 0 else { return [] }
    var handles = [OpaquePointer?](repeating: nil, count: Int(count))
    guard function(count, &handles, nil) == 0 else { return [] }
    return handles.compactMap { $0 }
  }

  /// Opens a device and has it compile the formulas.
  ///
  /// - Parameters:
  ///   - label: how it was asked for, for error messages.
  ///   - text: the formulas; tests plant faults in it.
  ///   - options: the compiler's options.
  init(_ place: OpenCLPlace, label: String, text: DeviceText, options: String) throws(DeviceError) {
    (library, self.label) = (place.library, label)
    (identity, multiprocessors) = (place.identity, place.multiprocessors)
    if let lacking = place.lacking { throw .lacks(device: label, what: lacking) }
    var (device, status): (OpaquePointer?, Int32) = (place.device, 0)
    guard let context = library.createContext(nil, 1, &device, nil, nil, &status) else {
      throw .call(device: label, function: "clCreateContext", code: Int(status))
    }
    guard let queue = library.createQueue(context, place.device, 0, &status) else {
      throw .call(device: label, function: "clCreateCommandQueue", code: Int(status))
    }
    (self.context, self.queue) = (context, queue)
    let created = text.text.withCString { text in
      var text: UnsafePointer<CChar>? = text
      return place.library.createProgram(context, 1, &text, nil, &status)
    }
    guard let program = created else {
      throw .call(device: label, function: "clCreateProgramWithSource", code: Int(status))
    }
    self.program = program
    status = library.buildProgram(program, 1, &device, options, nil, nil)
    guard status == 0 else {
      throw .compilation(device: label, log: place.buildLog(of: program))
    }
  }

  deinit {
    for kernel in kernels.withLock({ $0.values.map(\.handle) }) { _ = library.releaseKernel(kernel) }
    _ = library.releaseProgram(program)
    _ = library.releaseQueue(queue)
    _ = library.releaseContext(context)
  }

  // MARK: - Memory

  func allocate(_ bytes: Int) -> UInt? {
    var status: Int32 = 0
    let buffer = library.createBuffer(context, 1, bytes, nil, &status)  // readable and writable
    return status == 0 ? buffer.map { UInt(bitPattern: $0) } : nil
  }

  func release(_ memory: UInt) {
    if let buffer = OpaquePointer(bitPattern: memory) { _ = library.releaseMemory(buffer) }
  }

  func isBusy(_ memory: UInt) -> Bool { false }

  func write(_ bytes: UnsafeRawBufferPointer, into memory: UInt) {
    guard let buffer = OpaquePointer(bitPattern: memory), let base = bytes.baseAddress else { return }
    check("clEnqueueWriteBuffer", library.write(queue, buffer, 1, 0, bytes.count, base, 0, nil, nil))
  }

  func read(_ memory: UInt, into bytes: UnsafeMutableRawBufferPointer) {
    guard let buffer = OpaquePointer(bitPattern: memory), let base = bytes.baseAddress else { return }
    check("clEnqueueReadBuffer", library.read(queue, buffer, 1, 0, bytes.count, base, 0, nil, nil))
  }

  func copy(_ source: UInt, into target: UInt, bytes: Int) {
    guard let from = OpaquePointer(bitPattern: source), let to = OpaquePointer(bitPattern: target) else { return }
    check("clEnqueueCopyBuffer", library.copy(queue, from, to, 0, 0, bytes, 0, nil, nil))
  }

  // MARK: - Kernels

  /// Commands run one after another.
  func launch(_ name: String, groups: Int, _ arguments: [DeviceLaunch.Argument], mayOverlap: Bool) {
    kernels.withLock { kernels in
      let kernel = kernels[name] ?? kernel(name)
      kernels[name] = kernel
      for (index, argument) in arguments.enumerated() { set(UInt32(index), of: kernel, to: argument) }
      var (threads, group) = (groups * DeviceLaunch.group, DeviceLaunch.group)
      // Arguments do not keep memory alive before the call is in the queue.
      withExtendedLifetime(arguments) {
        check(name, library.launch(queue, kernel.handle, 1, nil, &threads, &group, 0, nil, nil))
      }
    }
  }

  func finish() { check("clFinish", library.finish(queue)) }

  private func kernel(_ name: String) -> OpenCLKernel {
    var status: Int32 = 0
    guard let handle = library.createKernel(program, name, &status) else {
      fatalError("\(label): no kernel \(name): code \(status)")
    }
    return OpenCLKernel(handle: handle)
  }

  private func set(_ index: UInt32, of kernel: OpenCLKernel, to argument: DeviceLaunch.Argument) {
    func set<Value>(_ value: Value) -> Int32 {
      withUnsafeBytes(of: value) { library.setArgument(kernel.handle, index, $0.count, $0.baseAddress) }
    }
    let status =
      switch argument {
      case .size(let size): set(UInt64(size))
      case .number(let number): set(number)
      case .memory(let memory), .result(let memory): set(memory.handle)
      case .words(let words):
        words.withUnsafeBytes { library.setArgument(kernel.handle, index, $0.count, $0.baseAddress) }
      }
    check("clSetKernelArg", status)
  }

  private func check(_ function: String, _ status: Int32) {
    DeviceError.require(label, function, status)
  }
}

private struct OpenCLKernel: @unchecked Sendable {
  let handle: OpaquePointer
}
