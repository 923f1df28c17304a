import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Available processors")
struct AvailableProcessorsTests {
  /// The files of a made-up machine with 8 processors.
  struct Machine: CustomTestStringConvertible {
    let testDescription: String
    let count: Int
    let files: [String: String]

    init(_ name: String, _ count: Int, groups: String, mounts: String, _ files: [String: String]) {
      testDescription = name
      self.count = count
      let own = ["proc/self/cgroup": groups, "proc/self/mountinfo": mounts]
      self.files = files.merging(own) { $1 }
    }
  }

  private static let disk = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
  private static let version2 =
    disk + "30 22 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
  private static let version1 = disk + "33 22 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
  private static let container =
    disk + "33 22 0:29 /docker/a1 /sys/fs/cgroup/cpu rw shared:9 master:2 - cgroup cgroup rw,cpu\n"

  static let machines = [
    Machine("no control groups", 8, groups: "", mounts: disk, [:]),
    Machine("version 2, no limit", 8, groups: "0::/\n", mounts: version2, ["sys/fs/cgroup/cpu.max": "max 100000\n"]),
    Machine("version 2, the root group, which has no limit", 8, groups: "0::/\n", mounts: version2, [:]),
    Machine(
      "version 2, three processors", 3, groups: "0::/\n", mounts: version2, ["sys/fs/cgroup/cpu.max": "300000 100000\n"]
    ),
    Machine(
      "version 2, one and a bit", 2, groups: "0::/\n", mounts: version2, ["sys/fs/cgroup/cpu.max": "100001 100000\n"]),
    Machine("version 2, a tenth", 1, groups: "0::/\n", mounts: version2, ["sys/fs/cgroup/cpu.max": "10000 100000\n"]),
    Machine(
      "version 2, more than the mask has", 8, groups: "0::/\n", mounts: version2,
      ["sys/fs/cgroup/cpu.max": "6400000 100000\n"]),
    Machine(
      "version 2, more than a number of processors can be", 8, groups: "0::/\n", mounts: version2,
      ["sys/fs/cgroup/cpu.max": "9223372036854775807 1\n"]),
    Machine(
      "version 2, the group's own limit is the least", 2, groups: "0::/a/b\n", mounts: version2,
      ["sys/fs/cgroup/a/b/cpu.max": "200000 100000\n", "sys/fs/cgroup/a/cpu.max": "500000 100000\n"]),
    Machine(
      "version 2, an ancestor's limit is the least", 5, groups: "0::/a/b/c\n", mounts: version2,
      ["sys/fs/cgroup/a/b/c/cpu.max": "max 100000\n", "sys/fs/cgroup/a/cpu.max": "450000 100000\n"]),
    Machine(
      "version 2, another group's limit", 8, groups: "0::/a\n", mounts: version2,
      ["sys/fs/cgroup/b/cpu.max": "100000 100000\n", "sys/fs/cgroup/a/b/cpu.max": "100000 100000\n"]),
    Machine(
      "version 2, a group with a colon and a mount point with a space", 4, groups: "0::/a:b\n",
      mounts: "30 22 0:26 / /my\\040groups rw - cgroup2 cgroup2 rw\n", ["my groups/a:b/cpu.max": "400000 100000\n"]),
    Machine(
      "version 2, a mount of a group with a space, a backslash and a tab", 3, groups: "0::/my \\ \tgroup/a\n",
      mounts: "30 22 0:26 /my\\040\\134\\040\\011group /groups rw - cgroup2 cgroup2 rw\n",
      ["groups/a/cpu.max": "300000 100000\n"]),
    Machine(
      "version 2, a group outside of the namespace", 8, groups: "0::/../b\n", mounts: version2,
      ["sys/fs/cgroup/cpu.max": "100000 100000\n"]),
    Machine(
      "version 2, damaged limits", 8, groups: "nothing\n0::/a/b/c/d\n", mounts: "short line - cgroup2\n" + version2,
      [
        "sys/fs/cgroup/cpu.max": "", "sys/fs/cgroup/a/cpu.max": "some 100000\n",
        "sys/fs/cgroup/a/b/cpu.max": "100000 0\n",
        "sys/fs/cgroup/a/b/c/cpu.max": "100000\n", "sys/fs/cgroup/a/b/c/d/cpu.max": "-5 100000\n",
      ]),
    Machine(
      "version 1, no limit", 8, groups: "4:cpu,cpuacct:/a\n", mounts: version1,
      [
        "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "-1\n",
        "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us": "100000\n",
      ]),
    Machine(
      "version 1, an ancestor's limit", 3, groups: "5:cpuset:/\n4:cpuacct,cpu:/a/b\n1:name=systemd:/x\n",
      mounts: version1,
      [
        "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "125000\n",
        "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us": "50000\n",
      ]),
    Machine(
      "version 1, a container", 2, groups: "4:cpu:/docker/a1\n", mounts: container,
      ["sys/fs/cgroup/cpu/cpu.cfs_quota_us": "200000\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n"]),
    Machine(
      "version 1, a mount of another group", 8, groups: "4:cpu:/docker/a2\n", mounts: container,
      ["sys/fs/cgroup/cpu/cpu.cfs_quota_us": "200000\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n"]),
    Machine(
      "version 1, other controllers alone", 8, groups: "4:cpuset:/\n3:cpuacct:/\n",
      mounts: "33 22 0:29 / /c rw - cgroup cgroup rw,cpuset\n34 22 0:30 / /d rw - cgroup cgroup rw,cpuacct\n",
      ["c/cpu.cfs_quota_us": "100000", "c/cpu.cfs_period_us": "100000"]),
    Machine(
      "both versions", 6, groups: "4:cpu,cpuacct:/a\n0::/b\n",
      mounts: version1 + "34 22 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n",
      [
        "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "600000",
        "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us": "100000",
        "sys/fs/cgroup/unified/b/cpu.max": "max 100000", "sys/fs/cgroup/unified/cpu.max": "700000 100000",
      ]),
  ]

  @Test("the smallest quota of all ancestors applies, rounded up to whole processors", arguments: machines)
  func quotas(_ machine: Machine) throws {
    let folder = try TemporaryFolder()
    try Self.write(machine.files, to: folder)
    #expect(AvailableProcessors(root: folder.path, affinity: 8).count == machine.count)
  }

  private static func write(_ files: [String: String], to folder: TemporaryFolder) throws {
    for (path, text) in files {
      let file = URL(filePath: folder.file(path))
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: false, encoding: .utf8)
    }
  }

  @Test(
    "the smaller of mask and quota counts, and at least one",
    arguments: [(1, 4.0, 1), (4, 1.5, 2), (4, 4, 4), (2, 1e300, 2), (3, 1e-9, 1)])
  func least(affinity: Int, quota: Double, count: Int) {
    #expect(AvailableProcessors(affinity: affinity, quota: quota).count == count)
    #expect(AvailableProcessors(affinity: affinity, quota: nil).count == affinity)
  }

  @Test("processors that are not running are not counted, whatever the files in /proc allow")
  func running() throws {
    let folder = try TemporaryFolder()
    let allowed = Array(repeating: "ffffffff", count: 64).joined(separator: ",")
    try Self.write(["proc/thread-self/status": "Cpus_allowed:\t\(allowed)\n"], to: folder)
    let processors = AvailableProcessors(root: folder.path)
    #expect((1...sysconf(Int32(_SC_NPROCESSORS_ONLN))).contains(processors.affinity))
    #expect(processors.quota == nil)
  }
}
