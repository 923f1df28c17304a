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

  @Option(
    help: ArgumentHelp(
      "Only this device, opencl[:N] or cuda[:N], which must compute the processor's bits.", valueName: "device"))
  var device: String?

  @Flag(
    help: "Also compare every elementary function with the processor's at all 2³² floats, by checksums. Takes minutes.")
  var exhaustive = false

  @Flag(help: "Print the text that devices compile, OpenCL C and CUDA C++ in one, and test nothing.")
  var text = false

  @Flag(name: .shortAndLong, help: "Do not show progress.")
  var quiet = false

  func validate() throws {
    if text && exhaustive { throw ValidationError("--text: expected no --exhaustive, found both") }
    if text && device != nil { throw ValidationError("--text: expected no --device, found both") }
    guard let device else { return }
    guard let place = try? DevicePlace(named: device), place != .processor else {
      throw ValidationError("--device: expected opencl, opencl:N, cuda or cuda:N, found \(device)")
    }
  }

  func run() throws {
    if text { return try StandardOutput.print(DeviceText().text) }
    let threads = Device.availableThreads
    var opened: [Device] = []
    if let device {
      opened = [try Device(named: device, threads: threads)]
      try StandardOutput.print(line(opened[0]))
    } else {
      try StandardOutput.print("cpu: \(counted(threads, "thread", "threads"))")
      for listed in Device.others(threads: threads) {
        switch listed.device {
        case .success(let device):
          opened.append(device)
          try StandardOutput.print(line(device))
        case .failure(let problem):
          try StandardOutput.print(line("\(problem)", listed.identity))
        }
      }
    }
    if exhaustive { for device in opened { try compareExhaustively(device) } }
  }

  private func line(_ device: Device) -> String { line("\(device.name): the processor's bits", device.identity) }

  private func line(_ verdict: String, _ identity: DeviceIdentity?) -> String {
    guard let identity else { return verdict }
    return "\(verdict) (\(identity.name), \(fixed(Double(identity.memory) / 1e9, places: 1)) GB, \(identity.driver))"
  }

  private func compareExhaustively(_ device: Device) throws {
    let progress = ProgressLine(isQuiet: quiet)
    defer { progress.clear() }
    try device.compareFunctionsExhaustively {
      progress.show("\(device.name): \(fixed(100 * $0, places: 1)) % of all floats")
    }
    progress.clear()
    let functions = ElementaryFunction.allCases.map(\.rawValue).joined(separator: ", ")
    try StandardOutput.print("\(device.name): the processor's bits at all 2³² floats: \(functions)")
  }
}
