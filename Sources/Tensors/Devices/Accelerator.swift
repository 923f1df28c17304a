import Synchronization

/// A device other than the processor, opened and tested, and the memory that its tensors use.
final class Accelerator: Sendable {
  /// How it was asked for, such as `opencl:0`.
  let label: String
  let driver: any DeviceDriver
  /// Memory that is free, by its size: a training step needs the same sizes as the one before.
  private let free = Mutex<[Int: [UInt]]>([:])

  /// The tile of all products; nil if each product has the one that suits it.
  let tile: ProductTile?

  init(_ driver: any DeviceDriver, label: String, tile: ProductTile? = nil) {
    (self.driver, self.label, self.tile) = (driver, label, tile)
  }

  func take(_ bytes: Int) -> UInt {
    if let handle = free.withLock({ takeIdle(bytes, from: &$0) }) { return handle }
    if let handle = driver.allocate(bytes) { return handle }
    if let handle = free.withLock({ $0[bytes]?.popLast() }) { return handle }
    for handle in free.withLock({ free in
      defer { free = [:] }
      return free.values.flatMap { $0 }
    }) {
      driver.release(handle)
    }
    guard let handle = driver.allocate(bytes) else {
      fatalError("\(label): no memory for another \(bytes) bytes on \(driver.identity.name)")
    }
    return handle
  }

  /// Memory that no command is using, the one that was freed last.
  private func takeIdle(_ bytes: Int, from free: inout [Int: [UInt]]) -> UInt? {
    guard let place = free[bytes]?.lastIndex(where: { !driver.isBusy($0) }) else { return nil }
    return free[bytes]?.remove(at: place)
  }

  func giveBack(_ handle: UInt, bytes: Int) { free.withLock { $0[bytes, default: []].append(handle) } }

  deinit { for handle in free.withLock({ $0.values.flatMap { $0 } }) { driver.release(handle) } }

  /// Runs a kernel with a thread for each of `threads` elements.
  func launch(_ kernel: String, threads: Int, _ arguments: [DeviceLaunch.Argument]) {
    let groups = (threads + DeviceLaunch.group - 1) / DeviceLaunch.group
    driver.launch(kernel, groups: groups, arguments, mayOverlap: false)
  }
}

// MARK: - Tensors

extension Accelerator {
  /// A tensor that is in this device's memory.
  func tensor<Scalar>(_ shape: Shape) -> (memory: DeviceMemory, tensor: Tensor<Scalar>) {
    let memory = DeviceMemory(shape.reduce(Scalar.byteWidth, *), of: self)
    return (memory, Tensor(shape, RemoteNumbers(memory)))
  }

  /// The memory of an operand, which is copied here if it is elsewhere.
  func memory<Scalar>(of tensor: Tensor<Scalar>) -> DeviceMemory {
    if let memory = tensor.remote?.memory, memory.accelerator === self { return memory }
    let memory = DeviceMemory(tensor.count * Scalar.byteWidth, of: self)
    tensor.withUnsafePointer {
      driver.write(UnsafeRawBufferPointer(start: $0, count: memory.bytes), into: memory.handle)
    }
    return memory
  }

  /// The memory of a tensor that is to be changed, which no other tensor shares.
  func changeableMemory<Scalar>(of tensor: inout Tensor<Scalar>) -> DeviceMemory {
    var memory = memory(of: tensor)
    if tensor.remote?.memory === memory, !isKnownUniquelyReferenced(&tensor.remote) {
      let shared = memory
      memory = DeviceMemory(shared.bytes, of: self)
      driver.copy(shared.handle, into: memory.handle, bytes: shared.bytes)
    }
    tensor = Tensor(tensor.shape, RemoteNumbers(memory))
    return memory
  }
}

/// The numbers of a tensor in a device's memory, and a copy of them once they have been read.
@usableFromInline
final class RemoteNumbers<Scalar: TensorScalar>: Sendable {
  let memory: DeviceMemory
  private let copy = Mutex<[Scalar]?>(nil)

  init(_ memory: DeviceMemory) { self.memory = memory }

  /// The numbers themselves.
  var scalars: [Scalar] {
    copy.withLock { copy in
      if let copy { return copy }
      let count = memory.bytes / Scalar.byteWidth
      let scalars = [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
        memory.accelerator.driver.read(memory.handle, into: UnsafeMutableRawBufferPointer(buffer))
        initialized = count
      }
      copy = scalars
      return scalars
    }
  }
}
