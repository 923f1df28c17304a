import Tensors
import Testing

@Suite("Names of devices")
struct DeviceNameTests {
  @Test("cpu is the processor")
  func processor() throws {
    let device = try Device(named: "cpu", threads: 2)
    #expect(device.name == "cpu" && device.threads == 2 && device.identity == nil)
  }

  @Test("other names are refused", arguments: ["", "gpu", "cpu:0", "opencl:", "opencl:x", "opencl:-1", "opencl:0:0"])
  func unknown(name: String) {
    #expect(throws: DeviceError.name(name)) { try Device(named: name, threads: 1) }
  }

  @Test("a library that cannot be opened is an error that names each file that was looked for, and says what to do")
  func missingLibrary() {
    let names = ["libnone.so.2", "libnone.so.1"]
    let error = #expect(throws: DeviceError.self) { _ = try SharedLibrary(names, for: "cuda", remedy: "install it") }
    #expect(error?.description == "cuda: expected a device, found no libnone.so.2 or libnone.so.1; install it")
    let plain = #expect(throws: DeviceError.self) { _ = try SharedLibrary(names, for: "opencl") }
    #expect(plain?.description == "opencl: expected a device, found no libnone.so.2 or libnone.so.1")
  }

  @Test("a device that is not there is an error, whether or not there is a library that lists devices")
  func missing() {
    let error = #expect(throws: DeviceError.self) { try Device(named: "opencl:1000", threads: 1) }
    guard case .missing = error else {
      Issue.record("expected a missing device, found \(error.map { "\($0)" } ?? "none")")
      return
    }
  }
}
