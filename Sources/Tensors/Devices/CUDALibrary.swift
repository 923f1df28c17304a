/// The functions of CUDA's driver that are used.
struct CUDALibrary: Sendable {
  typealias Status = Int32
  typealias Handle = OpaquePointer

  let initialize: @convention(c) (UInt32) -> Status
  let driverVersion: @convention(c) (UnsafeMutablePointer<Int32>) -> Status
  let deviceCount: @convention(c) (UnsafeMutablePointer<Int32>) -> Status
  let device: @convention(c) (UnsafeMutablePointer<Int32>, Int32) -> Status
  let deviceName: @convention(c) (UnsafeMutablePointer<CChar>, Int32, Int32) -> Status
  let deviceMemory: @convention(c) (UnsafeMutablePointer<Int>, Int32) -> Status
  let deviceAttribute: @convention(c) (UnsafeMutablePointer<Int32>, Int32, Int32) -> Status
  let retainContext: @convention(c) (UnsafeMutablePointer<Handle?>, Int32) -> Status
  let releaseContext: @convention(c) (Int32) -> Status
  let setContext: @convention(c) (Handle) -> Status
  let synchronize: @convention(c) () -> Status
  let allocate: @convention(c) (UnsafeMutablePointer<UInt64>, Int) -> Status
  let free: @convention(c) (UInt64) -> Status
  let write: @convention(c) (UInt64, UnsafeRawPointer, Int) -> Status
  let read: @convention(c) (UnsafeMutableRawPointer, UInt64, Int) -> Status
  let copy: @convention(c) (UInt64, UInt64, Int) -> Status
  let loadModule: @convention(c) (UnsafeMutablePointer<Handle?>, UnsafeRawPointer) -> Status
  let unloadModule: @convention(c) (Handle) -> Status
  let function: @convention(c) (UnsafeMutablePointer<Handle?>, Handle, UnsafePointer<CChar>) -> Status
  let createStream: @convention(c) (UnsafeMutablePointer<Handle?>, UInt32) -> Status
  let destroyStream: @convention(c) (Handle) -> Status
  let createEvent: @convention(c) (UnsafeMutablePointer<Handle?>, UInt32) -> Status
  let destroyEvent: @convention(c) (Handle) -> Status
  let record: @convention(c) (Handle, Handle?) -> Status
  let wait: @convention(c) (Handle?, Handle, UInt32) -> Status
  let query: @convention(c) (Handle) -> Status
  let launch:
    @convention(c) (
      Handle, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, OpaquePointer?,
      UnsafeMutablePointer<UnsafeMutableRawPointer?>, UnsafeRawPointer?
    ) -> Status

  /// The system's driver.
  init() throws(DeviceError) {
    let library = try SharedLibrary(["libcuda.so.1"], for: "cuda")
    initialize = try library.function("cuInit")
    driverVersion = try library.function("cuDriverGetVersion")
    deviceCount = try library.function("cuDeviceGetCount")
    device = try library.function("cuDeviceGet")
    deviceName = try library.function("cuDeviceGetName")
    deviceMemory = try library.function("cuDeviceTotalMem_v2")
    deviceAttribute = try library.function("cuDeviceGetAttribute")
    retainContext = try library.function("cuDevicePrimaryCtxRetain")
    releaseContext = try library.function("cuDevicePrimaryCtxRelease_v2")
    setContext = try library.function("cuCtxSetCurrent")
    synchronize = try library.function("cuCtxSynchronize")
    allocate = try library.function("cuMemAlloc_v2")
    free = try library.function("cuMemFree_v2")
    write = try library.function("cuMemcpyHtoD_v2")
    read = try library.function("cuMemcpyDtoH_v2")
    copy = try library.function("cuMemcpyDtoD_v2")
    loadModule = try library.function("cuModuleLoadData")
    unloadModule = try library.function("cuModuleUnload")
    function = try library.function("cuModuleGetFunction")
    createStream = try library.function("cuStreamCreate")
    destroyStream = try library.function("cuStreamDestroy_v2")
    createEvent = try library.function("cuEventCreate")
    destroyEvent = try library.function("cuEventDestroy_v2")
    record = try library.function("cuEventRecord")
    wait = try library.function("cuStreamWaitEvent")
    query = try library.function("cuEventQuery")
    launch = try library.function("cuLaunchKernel")
  }
}
