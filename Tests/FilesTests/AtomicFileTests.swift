import Files
import Foundation
import TestSupport
import Testing

@Suite("AtomicFile: a file appears whole or not at all")
struct AtomicFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ bytes: [UInt8], to path: String) throws(FileWriteError) {
    let file = try AtomicFile(path: path)
    try file.write(bytes)
    try file.commit()
  }

  /// Writes through a temporary file that is there already.
  private func writeThroughPlanted(_ bytes: [UInt8], to path: String) throws(FileWriteError) {
    let file = try AtomicFile(path: path, mark: Self.mark, isNew: false)
    try file.write(bytes)
    try file.commit()
  }

  private static let mark: UInt32 = 7

  private func words(_ code: Int32) -> String { String(cString: strerror(code)) }

  /// What a temporary file is called.
  private func temporary(_ name: String) -> String { ".\(name).\(getpid())-7.partial" }

  private func isCharacterDevice(_ path: String) -> Bool {
    var facts = stat()
    return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFCHR
  }

  @Test("the old file stays until the new one is whole, and nothing else is left")
  func replaces() throws {
    let path = try folder.write([1, 2, 3])
    let file = try AtomicFile(path: path, mark: Self.mark)
    try file.write([4])
    try file.write([])
    try file.write([5])
    #expect(try folder.bytes(of: "file") == [1, 2, 3])
    #expect(try folder.names == [temporary("file"), "file"])
    #expect(AtomicFile.isTemporary(temporary("file"), of: "file") && !AtomicFile.isTemporary("file", of: "file"))
    try file.commit()
    #expect(try folder.bytes(of: "file") == [4, 5])
    #expect(try folder.names == ["file"])
  }

  @Test("an abandoned file leaves the old one and no other")
  func givenUp() throws {
    let path = try folder.write([1, 2, 3])
    do {
      let file = try AtomicFile(path: path)
      try file.write([4])
    }
    #expect(try folder.bytes(of: "file") == [1, 2, 3])
    #expect(try folder.names == ["file"])
  }

  @Test(
    "two that write to one path at a time do not write to one file, and a file with the temporary name is left alone")
  func others() throws {
    let path = try folder.write([1, 2, 3])
    let first = try AtomicFile(path: path)
    let second = try AtomicFile(path: path)
    try first.write([4])
    try second.write([5, 6])
    try first.commit()
    #expect(try folder.bytes(of: "file") == [4])
    try second.commit()
    #expect(try folder.bytes(of: "file") == [5, 6])
    try folder.write([7], to: temporary("file"))
    #expect(throws: FileWriteError.cannotWrite(path: path, reason: words(EEXIST))) {
      _ = try AtomicFile(path: path, mark: Self.mark)
    }
    #expect(try folder.bytes(of: temporary("file")) == [7])
  }

  @Test("a file has the permissions of any file that its owner may write and all may read, less the process's mask")
  func permissions() throws {
    func mode(_ name: String) throws -> mode_t {
      var facts = stat()
      try #require(stat(folder.file(name), &facts) == 0)
      return facts.st_mode & 0o777
    }
    close(open(folder.file("plain"), O_WRONLY | O_CREAT, 0o644))
    try write([1], to: folder.file("file"))
    #expect(try mode("file") == mode("plain"))
  }

  @Test("what a symbolic link leads to is written, and the link stays; links to no folder or without end are refused")
  func links() throws {
    func link(_ name: String, to target: String) throws {
      try FileManager.default.createSymbolicLink(atPath: folder.file(name), withDestinationPath: target)
    }
    try FileManager.default.createDirectory(atPath: folder.file("inner"), withIntermediateDirectories: false)
    let path = try folder.write([1], to: "inner/file")
    try link("whole", to: path)
    try link("inner/there", to: "file")
    try link("chain", to: "inner/there")
    for (index, name) in ["whole", "inner/there", "chain"].enumerated() {
      let bytes = [UInt8(index), 7]
      try write(bytes, to: folder.file(name))
      #expect(try folder.bytes(of: "inner/file") == bytes, "\(name)")
    }
    // A file that is not there yet appears where the link leads.
    try link("new", to: "inner/new")
    try write([5], to: folder.file("new"))
    #expect(try folder.bytes(of: "inner/new") == [5])
    try link("gone", to: "none/file")
    try link("loop", to: "loop")
    for (name, code) in [("gone", ENOENT), ("loop", ELOOP)] {
      #expect(throws: FileWriteError.cannotWrite(path: folder.file(name), reason: words(code))) {
        try write([6], to: folder.file(name))
      }
    }
    let inner = try FileManager.default.contentsOfDirectory(atPath: folder.file("inner")).sorted()
    #expect(inner == ["file", "new", "there"])
    for name in ["chain", "gone", "inner/there", "loop", "new", "whole"] {
      #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: folder.file(name))) != nil, "\(name)")
    }
  }

  @Test("a name without a folder refers to the current folder")
  func currentFolder() throws {
    let name = "signet-test-\(UUID().uuidString)"
    defer { unlink(name) }
    try write([7], to: name)
    #expect(FileManager.default.contents(atPath: "./" + name) == Data([7]))
  }

  @Test("if the folder is a file or missing, nothing changes and the error says so")
  func noFolder() throws {
    let path = try folder.write([1])
    #expect(throws: FileWriteError.cannotWrite(path: path + "/x", reason: words(ENOTDIR))) {
      try write([2], to: path + "/x")
    }
    #expect(throws: FileWriteError.cannotWrite(path: folder.file("none/x"), reason: words(ENOENT))) {
      try write([2], to: folder.file("none/x"))
    }
    #expect(throws: FileWriteError.cannotWrite(path: path + "/y", reason: words(ENOTDIR))) {
      try AtomicFile.makeDirectory(path + "/y")
    }
    #expect(try folder.bytes(of: "file") == [1])
    #expect(try folder.names == ["file"])
  }

  /// The temporary name leads to a device that is always full.
  @Test("a full disk leaves the old file, and the temporary one is removed", .enabled(if: isLinux))
  func fullDisk() throws {
    let path = try folder.write([1, 2, 3])
    let temporary = folder.file(temporary("file"))
    try FileManager.default.createSymbolicLink(atPath: temporary, withDestinationPath: "/dev/full")
    #expect(throws: FileWriteError.cannotWrite(path: path, reason: words(ENOSPC))) {
      try writeThroughPlanted([4], to: path)
    }
    #expect(try folder.bytes(of: "file") == [1, 2, 3])
    #expect(try folder.names == ["file"])
    #expect(isCharacterDevice("/dev/full"))
  }

  @Test("what cannot be flushed does not get its name", .enabled(if: isLinux))
  func notFlushed() throws {
    // A device takes the bytes, but cannot be flushed.
    let path = try folder.write([1, 2, 3])
    let temporary = folder.file(temporary("file"))
    try FileManager.default.createSymbolicLink(atPath: temporary, withDestinationPath: "/dev/null")
    #expect(throws: FileWriteError.cannotWrite(path: path, reason: words(EINVAL))) {
      try writeThroughPlanted([4], to: path)
    }
    #expect(try folder.bytes(of: "file") == [1, 2, 3])
    #expect(try folder.names == ["file"])
  }

  @Test("a device or a folder is never replaced", .enabled(if: isLinux))
  func notRegular() throws {
    for path in ["/dev/null", "/dev/full", folder.path, folder.path + "/"] {
      #expect(throws: FileWriteError.notRegular(path: path)) { try write([1], to: path) }
    }
    #expect(isCharacterDevice("/dev/null") && isCharacterDevice("/dev/full"))
    #expect(try folder.names == [])
  }

  @Test("a name that the file system refuses is an error in its words")
  func longName() throws {
    let path = folder.file(String(repeating: "x", count: 300))
    #expect(throws: FileWriteError.cannotWrite(path: path, reason: words(ENAMETOOLONG))) {
      _ = try AtomicFile(path: path)
    }
  }

  @Test("an error is one line, whatever the path")
  func wording() {
    #expect(
      FileWriteError.cannotWrite(path: "a\nb", reason: "No space").description
        == #"a\u{a}b: expected to write, found: No space"#)
    #expect(
      FileWriteError.notRegular(path: "/dev/null").description
        == "/dev/null: expected a regular file or none, found another kind of file")
  }
}
