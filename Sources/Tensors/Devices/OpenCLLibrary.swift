/// The functions of OpenCL 1.2 that are used, from the loader that finds the drivers of all makers.
struct OpenCLLibrary: Sendable {
  typealias Handle = OpaquePointer
  typealias Status = Int32

  let platformIDs: @convention(c) (UInt32, UnsafeMutablePointer<Handle?>?, UnsafeMutablePointer<UInt32>?) -> Status
  let deviceIDs:
    @convention(c) (Handle, UInt64, UInt32, UnsafeMutablePointer<Handle?>?, UnsafeMutablePointer<UInt32>?) -> Status
  let platformInfo: @convention(c) (Handle, UInt32, Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> Status
  let deviceInfo: @convention(c) (Handle, UInt32, Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> Status
  let createContext:
    @convention(c) (
      UnsafeRawPointer?, UInt32, UnsafePointer<Handle?>, UnsafeRawPointer?, UnsafeRawPointer?,
      UnsafeMutablePointer<Status>
    ) -> Handle?
  let createQueue: @convention(c) (Handle, Handle, UInt64, UnsafeMutablePointer<Status>) -> Handle?
  let createProgram:
    @convention(c) (
      Handle, UInt32, UnsafeMutablePointer<UnsafePointer<CChar>?>, UnsafePointer<Int>?, UnsafeMutablePointer<Status>
    ) -> Handle?
  let buildProgram:
    @convention(c) (
      Handle, UInt32, UnsafePointer<Handle?>, UnsafePointer<CChar>, UnsafeRawPointer?, UnsafeRawPointer?
    ) -> Status
  let buildInfo:
    @convention(c) (Handle, Handle, UInt32, Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> Status
  let createKernel: @convention(c) (Handle, UnsafePointer<CChar>, UnsafeMutablePointer<Status>) -> Handle?
  let setArgument: @convention(c) (Handle, UInt32, Int, UnsafeRawPointer?) -> Status
  let createBuffer: @convention(c) (Handle, UInt64, Int, UnsafeRawPointer?, UnsafeMutablePointer<Status>) -> Handle?
  let read:
    @convention(c) (
      Handle, Handle, UInt32, Int, Int, UnsafeMutableRawPointer, UInt32, UnsafeRawPointer?, UnsafeRawPointer?
    ) -> Status
  let write:
    @convention(c) (
      Handle, Handle, UInt32, Int, Int, UnsafeRawPointer, UInt32, UnsafeRawPointer?, UnsafeRawPointer?
    ) -> Status
  let copy:
    @convention(c) (Handle, Handle, Handle, Int, Int, Int, UInt32, UnsafeRawPointer?, UnsafeRawPointer?) -> Status
  let launch:
    @convention(c) (
      Handle, Handle, UInt32, UnsafePointer<Int>?, UnsafePointer<Int>, UnsafePointer<Int>, UInt32, UnsafeRawPointer?,
      UnsafeRawPointer?
    ) -> Status
  let finish: @convention(c) (Handle) -> Status
  let releaseMemory, releaseKernel, releaseProgram, releaseQueue, releaseContext: @convention(c) (Handle) -> Status

  /// The system's loader.
  init() throws(DeviceError) {
    let library = try SharedLibrary(
      ["libOpenCL.so.1", "/System/Library/Frameworks/OpenCL.framework/OpenCL"], for: "opencl")
    platformIDs = try library.function("clGetPlatformIDs")
    deviceIDs = try library.function("clGetDeviceIDs")
    platformInfo = try library.function("clGetPlatformInfo")
    deviceInfo = try library.function("clGetDeviceInfo")
    createContext = try library.function("clCreateContext")
    createQueue = try library.function("clCreateCommandQueue")
    createProgram = try library.function("clCreateProgramWithSource")
    buildProgram = try library.function("clBuildProgram")
    buildInfo = try library.function("clGetProgramBuildInfo")
    createKernel = try library.function("clCreateKernel")
    setArgument = try library.function("clSetKernelArg")
    createBuffer = try library.function("clCreateBuffer")
    read = try library.function("clEnqueueReadBuffer")
    write = try library.function("clEnqueueWriteBuffer")
    copy = try library.function("clEnqueueCopyBuffer")
    launch = try library.function("clEnqueueNDRangeKernel")
    finish = try library.function("clFinish")
    releaseMemory = try library.function("clReleaseMemObject")
    releaseKernel = try library.function("clReleaseKernel")
    releaseProgram = try library.function("clReleaseProgram")
    releaseQueue = try library.function("clReleaseCommandQueue")
    releaseContext = try library.function("clReleaseContext")
  }
}
