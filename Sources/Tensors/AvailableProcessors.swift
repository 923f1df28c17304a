import Foundation
internal import Kernels

/// The processors that this process may use.
package struct AvailableProcessors {
  /// How many processors the process may run on: those of the machine that are running, or fewer after `taskset` or in a `cpuset`.
  package let affinity: Int
  /// The processor time that its control groups allow, in processors, such as 1.5; nil if there is no limit.
  package let quota: Double?

  package init(affinity: Int, quota: Double?) { (self.affinity, self.quota) = (affinity, quota) }

  /// The processors of the calling thread, according to the system.
  ///
  /// - Parameters:
  ///   - root: a prefix for every path of control groups that is read; "" for the system's own files.
  ///   - affinity: how many processors the process may run on, instead of what the system says.
  package init(root: String = "", affinity: Int = Self.affinity()) {
    self.init(affinity: affinity, quota: ControlGroups(root: root).processorQuota)
  }

  /// How many threads to compute on: one per processor of the affinity mask, but at most the quota, rounded up.
  package var count: Int {
    let affinity = max(1, affinity)
    return quota.map { max(1, Int(min($0, Double(affinity)).rounded(.up))) } ?? affinity
  }

  /// The processors that the calling thread, and threads that it starts, may run on; those that are running where the system does not
  /// tell. (`Cpus_allowed` in `/proc/self/status` is no substitute: it may have processors that are switched off or not plugged in.)
  package static func affinity() -> Int {
    let count = signet_processor_affinity()
    return count > 0 ? count : sysconf(Int32(_SC_NPROCESSORS_ONLN))
  }
}
