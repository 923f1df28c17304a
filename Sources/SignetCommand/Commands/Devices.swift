import ArgumentParser
import Files
import Tensors

struct Devices: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the devices for --device, and test whether they compute the processor's bits.",
    discussion: """
      Each device is opened and has to compute the operations that compilers and devices may get wrong exactly as the processor does. \
      One that does not is refused by every command, with exit code \(ExitStatus.unavailable.rawValue).
      """)

  @Flag(help: "Print the text that devices compile, OpenCL C and CUDA C++ in one, and test nothing.")
  var text = false

  func run() throws {
    if text { return try StandardOutput.print(DeviceText().text) }
    let processor = "cpu: \(Device.availableThreads) \(Device.availableThreads == 1 ? "thread" : "threads")"
    try StandardOutput.print(([processor] + Device.others().map(line)).joined(separator: "\n"))
  }

  private func line(_ device: Device.Listed) -> String {
    let verdict = device.problem.map { "\($0)" } ?? "\(device.name): the processor's bits"
    guard let identity = device.identity else { return verdict }
    return "\(verdict) (\(identity.name), \(fixed(Double(identity.memory) / 1e9, places: 1)) GB, \(identity.driver))"
  }
}
