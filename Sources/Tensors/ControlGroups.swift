import Foundation

/// The control groups of this process, read from `/proc/self` and the mounted hierarchies.
///
/// Versions 1 and 2 may both be mounted. A group's limit also applies to all groups below it, so the smallest limit of all
/// ancestors counts. A file that cannot be read, or is not as documented (man 7 cgroups, man 5 proc), limits nothing.
package struct ControlGroups {
  /// A prefix for every path that is read; "" for the system's own files.
  private let root: String

  package init(root: String) { self.root = root }

  /// A mounted hierarchy that can limit processor time.
  private struct Hierarchy {
    let isVersion2: Bool
    /// The group that is the root of the mount, and the directory where it is mounted.
    let mountedGroup, mountPoint: String
  }

  /// The processor time that the process may use, in processors; nil if nothing limits it.
  package var processorQuota: Double? {
    let groups = ownGroups()
    return hierarchies().flatMap { hierarchy in
      let group = hierarchy.isVersion2 ? groups.version2 : groups.version1
      return folders(of: group, in: hierarchy).compactMap { quota(in: $0, isVersion2: hierarchy.isVersion2) }
    }.min()
  }

  /// The process's groups from `/proc/self/cgroup`, whose lines are `number:controllers:path`; version 2 lists no controllers.
  private func ownGroups() -> (version1: String?, version2: String?) {
    var groups: (version1: String?, version2: String?)
    for line in lines(of: "/proc/self/cgroup") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      if fields[1].split(separator: ",").contains("cpu") { groups.version1 = String(fields[2]) }
      if fields[0] == "0" && fields[1].isEmpty { groups.version2 = String(fields[2]) }
    }
    return groups
  }

  /// The hierarchies in `/proc/self/mountinfo`: `id parent device root mountpoint options [tags…] - type source options`.
  private func hierarchies() -> [Hierarchy] {
    lines(of: "/proc/self/mountinfo").compactMap { line in
      let fields = line.split(separator: " ")
      guard let dash = fields.dropFirst(6).firstIndex(of: "-"), dash + 3 < fields.count else { return nil }
      let (type, options) = (fields[dash + 1], fields[dash + 3].split(separator: ","))
      guard type == "cgroup2" || type == "cgroup" && options.contains("cpu") else { return nil }
      return Hierarchy(
        isVersion2: type == "cgroup2", mountedGroup: Self.unescaped(fields[3]), mountPoint: Self.unescaped(fields[4]))
    }
  }

  /// The folders of `group` and of its ancestors, as far as the mount shows them.
  private func folders(of group: String?, in hierarchy: Hierarchy) -> [String] {
    guard let group else { return [] }
    let names = Self.names(in: group)
    let mounted = Self.names(in: hierarchy.mountedGroup)
    // A group outside the mount, or outside the process's namespace ("/../other"), has no folder there.
    guard names.starts(with: mounted), !names.contains("..") else { return [] }
    let below = names.dropFirst(mounted.count)
    return (0...below.count).map { ([hierarchy.mountPoint] + below.prefix($0).map(String.init)).joined(separator: "/") }
  }

  private func quota(in folder: String, isVersion2: Bool) -> Double? {
    let words =
      isVersion2
      ? lines(of: "\(folder)/cpu.max").first?.split(separator: " ").map(String.init) ?? []
      : ["cpu.cfs_quota_us", "cpu.cfs_period_us"].compactMap { lines(of: "\(folder)/\($0)").first }
    // "max" and −1 mean no limit.
    guard words.count == 2, let quota = Int(words[0]), let period = Int(words[1]), quota > 0, period > 0 else {
      return nil
    }
    return Double(quota) / Double(period)
  }

  private func lines(of path: String) -> [String] {
    ((try? String(contentsOfFile: root + path, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }

  private static func names(in path: String) -> [Substring] { path.split(separator: "/") }

  /// A field of `mountinfo`, in which spaces, tabs, line breaks and backslashes are escaped as three octal digits.
  private static func unescaped(_ field: Substring) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")].reduce(String(field)) {
      $0.replacingOccurrences(of: $1.0, with: $1.1)
    }
  }
}
