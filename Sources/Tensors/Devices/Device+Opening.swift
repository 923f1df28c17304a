import Synchronization

/// Devices are opened one at a time: drivers prepare themselves when they are first called, and not all of them let two threads call then.
private let opening = Mutex(())

extension Device {
  /// A device by its name: `cpu`, or another one, which is opened and tested: `opencl`, `opencl:N`, `cuda` or `cuda:N`, the N-th device that
  /// OpenCL or CUDA lists.
  ///
  /// - Parameter threads: of the processor, for what other devices leave to it.
  /// - Throws: `DeviceError`, in particular if the device computes other bits than the processor.
  public init(named name: String, threads: Int) throws(DeviceError) {
    switch try DevicePlace(named: name) {
    case .processor: self = .processor(threads: threads)
    case .openCL(let index): self = try .openCL(index, threads: threads)
    case .cuda(let index): self = try .cuda(index, threads: threads)
    }
  }

  /// A device of OpenCL that computes the same bits as the processor.
  ///
  /// - Parameters:
  ///   - index: its number in OpenCL's list.
  ///   - text: the formulas; tests plant faults in it.
  ///   - options: of OpenCL's compiler.
  /// - Throws: `DeviceError`
  package static func openCL(
    _ index: Int, threads: Int, text: DeviceText = DeviceText(), options: String = openCLOptions
  ) throws(DeviceError) -> Device {
    let label = "opencl:\(index)"
    let driver = try opening.withLock { _ throws(DeviceError) in
      let places = try OpenCLDriver.devices()
      try require(index, below: places.count, label)
      return try OpenCLDriver(places[index], label: label, text: text, options: options)
    }
    return try tested(driver, label, threads: threads)
  }

  /// Division and square root are rounded correctly, and nothing is quick and inexact.
  package static let openCLOptions = "-cl-std=CL1.2 -cl-fp32-correctly-rounded-divide-sqrt"

  /// A device of CUDA that computes the same bits as the processor.
  private static func cuda(_ index: Int, threads: Int) throws(DeviceError) -> Device {
    let label = "cuda:\(index)"
    let driver = try opening.withLock { _ throws(DeviceError) in
      let library = try CUDALibrary()
      try require(index, below: CUDADriver.count(library), label)
      return try CUDADriver(library, index, label: label, text: DeviceText())
    }
    return try tested(driver, label, threads: threads)
  }

  private static func require(_ index: Int, below count: Int, _ label: String) throws(DeviceError) {
    if index >= count { throw .missing(device: label, found: count == 0 ? "none" : "\(count) in all") }
  }

  private static func tested(
    _ driver: some DeviceDriver, _ label: String, threads: Int
  ) throws(DeviceError) -> Device {
    let device = Device(Workers(count: threads), Accelerator(driver, label: label))
    try DeviceSelfTest.run(on: device, label: label)
    return device
  }
}

// MARK: - List

extension Device {
  /// A device that the system lists, or a kind of devices that it has none of.
  public struct Listed: Sendable {
    /// Its name for `init(named:threads:)`.
    public let name: String
    /// What its driver says it is; nil if there is none.
    public let identity: DeviceIdentity?
    /// The device, opened; or why it cannot be used, in particular because its self-test found other bits than the processor's.
    public let device: Result<Device, DeviceError>
  }

  /// Every device but the processor, opened and tested.
  ///
  /// - Parameter threads: of the processor, for what other devices leave to it.
  public static func others(threads: Int) -> [Listed] {
    // CUDA first: in a process that has PoCL's compiler, CUDA's crashes.
    let cuda = list("cuda", threads: threads) { () throws(DeviceError) in
      let library = try CUDALibrary()
      var identities: [DeviceIdentity] = []
      for index in 0..<(try CUDADriver.count(library)) {
        identities.append(try CUDADriver.identity(library, index, label: "cuda:\(index)"))
      }
      return identities
    }
    let openCL = list("opencl", threads: threads) { () throws(DeviceError) in
      try OpenCLDriver.devices().map(\.identity)
    }
    return openCL + cuda
  }

  private static func list(
    _ kind: String, threads: Int, _ identities: () throws(DeviceError) -> [DeviceIdentity]
  ) -> [Listed] {
    do throws(DeviceError) {
      let identities = try opening.withLock { _ throws(DeviceError) in try identities() }
      if identities.isEmpty { throw .missing(device: kind, found: "none") }
      return identities.enumerated().map { index, identity in
        let name = "\(kind):\(index)"
        let device = Result { () throws(DeviceError) in try Device(named: name, threads: threads) }
        return Listed(name: name, identity: identity, device: device)
      }
    } catch {
      return [Listed(name: kind, identity: nil, device: .failure(error))]
    }
  }
}
