import BuiltInFiles
import Experiments
import Testing

@Suite("What systems do differently")
struct SystemTests {
  @Test("peak memory in Linux's status is in units of 1024 bytes")
  func status() {
    let lines = "VmPeak:\t  9999 kB\nVmHWM:\t   12345 kB\nVmRSS:\t     1 kB\n"
    #expect(PeakMemory.bytes(inStatus: lines) == 12345 * 1024)
    #expect(PeakMemory.bytes(inStatus: "VmRSS:\t 1 kB\n") == nil)
    #expect(PeakMemory.bytes(inStatus: "") == nil)
  }

  @Test("peak memory by getrusage is in bytes on Apple's systems, in units of 1024 bytes elsewhere")
  func resident() {
    #expect(PeakMemory.bytes(ofResident: 5000, on: .apple) == 5000)
    #expect(PeakMemory.bytes(ofResident: 5000, on: .other) == 5000 * 1024)
  }

  @Test("the process's own peak is more than a megabyte and less than a terabyte")
  func own() throws {
    let bytes = try #require(peakMemory)
    #expect(bytes > 1 << 20 && bytes < 1 << 40)
  }

  @Test("built-in files lie in a folder beside the program, whose name the system's build gives")
  func folders() {
    let (linux, apple) = (BuiltInFiles(module: "Golden", on: .other), BuiltInFiles(module: "Golden", on: .apple))
    #expect(linux.candidates(for: "ops").allSatisfy { $0.hasSuffix("/signet_Golden.resources/ops") })
    let places = apple.candidates(for: "ops")
    #expect(places[0].hasSuffix("/signet_Golden.bundle/ops"))
    #expect(places[1].hasSuffix("/signet_Golden.bundle/Contents/Resources/ops"))
  }
}
