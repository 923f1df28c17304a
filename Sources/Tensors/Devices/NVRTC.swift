/// CUDA's compiler, a library that comes with its toolkit.
struct NVRTC {
  private typealias Program = OpaquePointer
  private typealias Status = Int32

  private let create:
    @convention(c) (
      UnsafeMutablePointer<Program?>, UnsafePointer<CChar>, UnsafePointer<CChar>?, Int32, UnsafeRawPointer?,
      UnsafeRawPointer?
    ) -> Status
  private let compile: @convention(c) (Program, Int32, UnsafePointer<UnsafePointer<CChar>?>?) -> Status
  private let destroy: @convention(c) (UnsafeMutablePointer<Program?>) -> Status
  private let logSize, codeSize: @convention(c) (Program, UnsafeMutablePointer<Int>) -> Status
  private let log, code: @convention(c) (Program, UnsafeMutablePointer<CChar>) -> Status

  init() throws(DeviceError) {
    let library = try SharedLibrary(
      ["libnvrtc.so.13", "libnvrtc.so.12"], for: "cuda",
      remedy: "CUDA's toolkit has it: install that, or name the library's folder in LD_LIBRARY_PATH")
    create = try library.function("nvrtcCreateProgram")
    compile = try library.function("nvrtcCompileProgram")
    destroy = try library.function("nvrtcDestroyProgram")
    (logSize, log) = (try library.function("nvrtcGetProgramLogSize"), try library.function("nvrtcGetProgramLog"))
    (codeSize, code) = (try library.function("nvrtcGetPTXSize"), try library.function("nvrtcGetPTX"))
  }

  /// What the text compiles to, in PTX with the 0 at its end. Nothing is contracted; whatever has no annotation runs on the device.
  ///
  /// - Throws: `DeviceError.compilation`
  func ptx(_ text: DeviceText, capability: (major: Int, minor: Int), label: String) throws(DeviceError) -> [CChar] {
    var program: Program?
    let status = create(&program, text.text, "signet.cu", 0, nil, nil)
    guard status == 0, let handle = program else {
      throw .call(device: label, function: "nvrtcCreateProgram", code: Int(status))
    }
    defer { _ = destroy(&program) }
    let options = [
      "--gpu-architecture=compute_\(capability.major)\(capability.minor)", "--fmad=false", "-default-device",
    ]
    let outcome = withStrings(options) { compile(handle, Int32(options.count), $0) }
    guard outcome == 0 else {
      let log = String(decoding: contents(of: handle, logSize, log).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw .compilation(device: label, log: String(log.prefix(400)))
    }
    return contents(of: handle, codeSize, code)
  }

  private func contents(
    of program: Program, _ size: (Program, UnsafeMutablePointer<Int>) -> Status,
    _ contents: (Program, UnsafeMutablePointer<CChar>) -> Status
  ) -> [CChar] {
    var count = 0
    guard size(program, &count) == 0 else { return [0] }
    var bytes = [CChar](repeating: 0, count: max(1, count))
    guard contents(program, &bytes) == 0 else { return [0] }
    return bytes
  }

  private func withStrings<Result>(
    _ strings: [String], _ pointers: [UnsafePointer<CChar>?] = [],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
  ) -> Result {
    guard let first = strings.first else { return pointers.withUnsafeBufferPointer { body($0.baseAddress) } }
    return first.withCString { withStrings(Array(strings.dropFirst()), pointers + [$0], body) }
  }
}
