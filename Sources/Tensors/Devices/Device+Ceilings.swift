extension Device {
  /// What a device other than the processor does at most, measured: fused multiply-adds in registers, and bytes read and written, per
  /// millisecond. Nil for the processor.
  package func acceleratorCeilings() -> (multiplyAdds: Double, bytes: Double)? {
    guard let accelerator = accelerator(for: Float.self) else { return nil }
    let (threads, turns, chains) = (accelerator.driver.multiprocessors * 2048, 4096, 16)
    let results: Accelerator.Output<Float> = accelerator.tensor([threads])
    let duration = shortest {
      accelerator.launch(
        "multiply_adds", threads: threads,
        accelerator.sizes(threads, turns) + accelerator.numbers([0.5 as Float]) + accelerator.memories([results]))
    }
    // More than caches hold.
    let swept: Accelerator.Output<Float> = accelerator.tensor([1 << 26])
    let sweep = shortest {
      accelerator.launch(
        "clip", threads: swept.tensor.count,
        accelerator.sizes(swept.tensor.count) + accelerator.memories([swept]) + accelerator.numbers([1 as Float]))
    }
    return (Double(threads * turns * chains) / duration, Double(2 * swept.memory.bytes) / sweep)
  }

  /// The shortest of three times in milliseconds, after a turn that is not timed.
  private func shortest(_ work: () -> Void) -> Double {
    let times = (0..<4).map { _ in duration(of: work) / .milliseconds(1) }
    return times.dropFirst().min() ?? .nan
  }
}
