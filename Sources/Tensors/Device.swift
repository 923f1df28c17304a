/// Where to compute. No result depends on it.
public struct Device: Sendable {
  /// The threads of the processor, which also do whatever the accelerator does not.
  @usableFromInline let workers: Workers
  /// The device that operations on whole tensors are carried out on, if it is another one.
  private let accelerator: Accelerator?

  init(_ workers: Workers, _ accelerator: Accelerator? = nil) {
    (self.workers, self.accelerator) = (workers, accelerator)
  }

  /// The processor, on so many threads including the caller's; on fewer if the system refuses to start that many.
  ///
  /// - Precondition: `threads ≥ 1`.
  public static func processor(threads: Int) -> Device { Device(Workers(count: threads)) }

  /// The calling thread alone.
  public static let single = Device(.single)

  /// The processor alone, for what is too small for another device.
  public var processor: Device { Device(workers) }

  /// The processor's name.
  package static let processorName = "cpu"

  /// The device's name: `cpu`, or that of another device, such as `opencl:0`.
  public var name: String { accelerator?.label ?? Self.processorName }

  /// What the driver of a device other than the processor says it is.
  public var identity: DeviceIdentity? { accelerator?.driver.identity }

  /// How long work takes, from when the device has nothing else to do until it has carried it out.
  package func duration(of work: () throws -> Void) rethrows -> Duration {
    accelerator?.driver.finish()
    return try ContinuousClock().measure {
      try work()
      accelerator?.driver.finish()
    }
  }

  /// What its driver calls the device; `cpu` for the processor.
  package var hardware: String { identity?.name ?? name }

  /// The device with tiles of one size for all products, for benchmarks; the processor as it is.
  package func with(tile: ProductTile) -> Device {
    Device(workers, accelerator.map { Accelerator($0.driver, label: $0.label, tile: tile) })
  }

  /// The accelerator; nil if the processor computes.
  ///
  /// - Precondition: with an accelerator, `Scalar` is `Float`; anything else ends the program with a message.
  func accelerator<Scalar: TensorScalar>(for scalar: Scalar.Type) -> Accelerator? {
    guard let accelerator else { return nil }
    guard Scalar.byteWidth == 4 else {
      fatalError("Device: \(accelerator.label) computes in Float only; \(Scalar.self) needs a processor")
    }
    return accelerator
  }

  /// The number of processors that this process may use: those that it may run on (`taskset`), but at most the quotas of its
  /// control groups, rounded up.
  public static let availableThreads = Workers.availableCount

  /// The number of the processor's threads, including the caller's.
  public var threads: Int { workers.count }

  /// Calls `body` with ranges that cover `0..<total` once, one range per thread of the processor.
  ///
  /// - Parameters:
  ///   - total: the number of outputs.
  ///   - grain: the smallest number of outputs that is worth a thread; ranges begin at multiples of it.
  @inlinable
  public func forEachRange(of total: Int, grain: Int = 16384, _ body: (Range<Int>) -> Void) {
    workers.forEachRange(of: total, grain: grain, body)
  }
}
