/// Streams of CUDA on which products run beside whatever does not need them: the main stream goes on, and waits for a product only when
/// a command uses its result, or changes what it reads. So several products that are too small for the whole device run at once.
struct CUDAOverlap: @unchecked Sendable {
  private typealias Handle = CUDALibrary.Handle

  /// A product that the main stream has not waited for, with the memory that it reads and writes.
  private struct Running {
    let event: Handle
    let reads, writes: [UInt]
  }

  private let library: CUDALibrary
  private let label: String
  /// Streams, each with an event of the main stream that its next product waits for.
  private var streams: [(stream: Handle, start: Handle)] = []
  private var next = 0
  private var running: [Running] = []
  private var events: [Handle] = []

  /// Products that run at once, at most.
  private static let count = 6

  init(_ library: CUDALibrary, label: String) {
    (self.library, self.label) = (library, label)
  }

  /// The stream for a product, once the main stream has come to this point. The caller's thread has the device's context.
  mutating func stream() -> OpaquePointer {
    if streams.count < Self.count {
      var stream: Handle?
      // One that does not wait for the main stream by itself.
      require("cuStreamCreate", library.createStream(&stream, 1))
      if let stream { streams.append((stream, event())) }
    }
    next = (next + 1) % streams.count
    let (stream, start) = streams[next]
    require("cuEventRecord", library.record(start, nil))
    require("cuStreamWaitEvent", library.wait(stream, start, 0))
    return stream
  }

  /// Notes that a product has been given to a stream.
  mutating func began(_ arguments: [DeviceLaunch.Argument], on stream: OpaquePointer) {
    let event = events.popLast() ?? event()
    require("cuEventRecord", library.record(event, stream))
    running.append(Running(event: event, reads: arguments.memoryRead, writes: arguments.memoryWritten))
  }

  /// Has the main stream wait for the products that write what is to be read or written, or read what is to be written.
  mutating func join(reading: [UInt], writing: [UInt]) {
    var left: [Running] = []
    for product in running {
      let isNeeded =
        reading.contains { product.writes.contains($0) }
        || writing.contains { product.writes.contains($0) || product.reads.contains($0) }
      if isNeeded { require("cuStreamWaitEvent", library.wait(nil, product.event, 0)) }
      if isNeeded || library.query(product.event) == 0 { events.append(product.event) } else { left.append(product) }
    }
    running = left
  }

  mutating func join(_ arguments: [DeviceLaunch.Argument]) {
    join(reading: arguments.memoryRead, writing: arguments.memoryWritten)
  }

  /// Whether a product that the main stream has not waited for reads or writes some memory.
  func isUsing(_ memory: UInt) -> Bool {
    running.contains { $0.reads.contains(memory) || $0.writes.contains(memory) }
  }

  /// Forgets all products, which have ended, since the caller has waited for the whole device.
  mutating func ended() {
    events += running.map(\.event)
    running = []
  }

  func destroy() {
    for (stream, start) in streams {
      _ = library.destroyEvent(start)
      _ = library.destroyStream(stream)
    }
    for event in events + running.map(\.event) { _ = library.destroyEvent(event) }
  }

  private func event() -> Handle {
    var event: Handle?
    // Without a time.
    require("cuEventCreate", library.createEvent(&event, 2))
    guard let event else { fatalError("\(label): no event") }
    return event
  }

  private func require(_ function: String, _ status: Int32) {
    DeviceError.require(label, function, status)
  }
}

extension [DeviceLaunch.Argument] {
  fileprivate var memoryRead: [UInt] { compactMap { if case .memory(let memory) = $0 { memory.handle } else { nil } } }
  fileprivate var memoryWritten: [UInt] {
    compactMap { if case .result(let memory) = $0 { memory.handle } else { nil } }
  }
}
