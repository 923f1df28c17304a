extension Accelerator {
  /// Fused multiply-adds in registers, and bytes read and written, a second: two kernels that do nothing else.
  func ceilings() -> (multiplyAdds: Double, bytes: Double) {
    let (threads, turns, chains) = (driver.multiprocessors * 2048, 4096, 16)
    let results: Output<Float> = tensor([threads])
    let duration = shortest {
      launch(
        "multiply_adds", threads: threads, sizes(threads, turns) + numbers([0.5 as Float]) + memories([results]))
    }
    // More than caches hold.
    let swept: Output<Float> = tensor([1 << 26])
    let sweep = shortest {
      launch(
        "clip", threads: swept.tensor.count, sizes(swept.tensor.count) + memories([swept]) + numbers([1 as Float]))
    }
    return (Double(threads * turns * chains) / duration, Double(2 * swept.memory.bytes) / sweep)
  }

  /// The shortest of three times in seconds, after a turn that is not timed.
  private func shortest(_ body: () -> Void) -> Double {
    let times = (0..<4).map { _ in
      let duration = ContinuousClock().measure {
        body()
        driver.finish()
      }
      return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
    return times.dropFirst().min() ?? .nan
  }
}
