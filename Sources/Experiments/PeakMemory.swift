import BuiltInFiles
import Foundation

/// The peak memory of the process in bytes; nil if the system does not report it.
package var peakMemory: Int? {
  #if os(Linux)
    return PeakMemory.bytes(inStatus: (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? "")
  #else
    var usage = rusage()
    guard getrusage(RUSAGE_SELF, &usage) == 0 else { return nil }
    return PeakMemory.bytes(ofResident: Int(usage.ru_maxrss), on: .this)
  #endif
}

/// How systems report a process's peak memory.
package enum PeakMemory {
  /// Linux, from `/proc/self/status`: nil if the line `VmHWM:` is missing.
  package static func bytes(inStatus status: String) -> Int? {
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first.map { $0 * 1024 }
  }

  /// Elsewhere, from `ru_maxrss` of `getrusage`: bytes on Apple's systems, units of 1024 bytes on all others.
  package static func bytes(ofResident size: Int, on system: SystemKind) -> Int {
    system == .apple ? size : size * 1024
  }
}
