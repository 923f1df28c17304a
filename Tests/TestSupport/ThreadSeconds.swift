import Foundation

/// The processor time of this thread so far, in seconds: a test that limits how long something takes must not fail because others use
/// the machine.
public func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
