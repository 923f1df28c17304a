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
    if device == nil { try StandardOutput.print("cpu: \(counted(threads, "thread", "threads"))") }
    let place = try device.map { try DevicePlace(named: $0) }
    let listed = place.map { Device.others(at: $0, threads: threads) } ?? Device.others(threads: threads)
    if device != nil { for device in listed { _ = try device.device.get() } }
    for device in listed { try StandardOutput.print(line(device)) }
    guard exhaustive else { return }
    for device in listed {
      if case .success(let device) = device.device { try compareExhaustively(device) }
    }
  }

  private func line(_ listed: Device.Listed) -> String {
    let verdict =
      switch listed.device {
      case .success(let device): "\(device.name): the processor's bits"
      case .failure(let problem): "\(problem)"
      }
    guard let identity = listed.identity else { return verdict }
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
