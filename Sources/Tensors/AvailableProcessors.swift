import Foundation

/// The processors that this process may use.
package struct AvailableProcessors {
  /// How many processors the process may run on: those of the machine, or fewer after `taskset` or in a `cpuset`.
  package let affinity: Int
  /// The processor time that its control groups allow, in processors, such as 1.5; nil if there is no limit.
  package let quota: Double?

  package init(affinity: Int, quota: Double?) { (self.affinity, self.quota) = (affinity, quota) }

  /// The processors of the calling thread, according to the system's files.
  ///
  /// - Parameter root: a prefix for every path that is read; "" for the system's own files.
  package init(root: String = "") {
    self.init(
      affinity: Self.affinity(root: root) ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)),
      quota: ControlGroups(root: root).processorQuota)
  }

  /// How many threads to compute on: one per processor of the affinity mask, but at most the quota, rounded up.
  package var count: Int {
    let affinity = max(1, affinity)
    return quota.map { max(1, Int(min($0, Double(affinity)).rounded(.up))) } ?? affinity
  }

  /// The processors in the calling thread's affinity mask, which its threads inherit: hexadecimal digits in
  /// `/proc/thread-self/status`, with a comma after each 32 bits (man 5 proc).
  private static func affinity(root: String) -> Int? {
    let key = "Cpus_allowed:"
    let status = (try? String(contentsOfFile: "\(root)/proc/thread-self/status", encoding: .utf8)) ?? ""
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
    let digits = line.dropFirst(key.count).compactMap(\.hexDigitValue)
    let count = digits.reduce(0) { $0 + $1.nonzeroBitCount }
    return count > 0 ? count : nil
  }
}
