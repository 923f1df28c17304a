import Datasets
import Files
import Foundation
import TestSupport
import Testing

@Suite struct InputFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("a missing file is an input error that names the file")
  func missing() {
    let path = folder.path + "/absent"
    let error = DataError.fileMissing(path: path, lookedFor: [path])
    expectError(error, mentions: ["no such file"], hasByte: false) { _ = try StoredFile(path: path, limit: 100) }
    #expect(error.isInputOutput)
  }

  @Test("a symbolic link that leads nowhere says where it leads")
  func danglingLink() throws {
    let path = folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "gone/file")
    let error = DataError.danglingLink(path: path, target: "gone/file")
    expectError(error, mentions: ["a symbolic link to gone/file, which is not there"], hasByte: false) {
      _ = try StoredFile(path: path, limit: 100)
    }
    #expect(error.isInputOutput)
  }

  @Test("a folder in the place of a file is an input error")
  func directory() {
    let error = DataError.unreadable(at: .init(path: folder.path, offset: 0), errno: EISDIR)
    expectError(error, mentions: ["Is a directory"], hasByte: false) {
      _ = try StoredFile(path: folder.path, limit: 100)
    }
    #expect(error.isInputOutput)
  }

  /// A link to itself cannot be opened by anyone, the superuser included.
  @Test("a file that cannot be opened is an input error in the system's words")
  func unreadable() throws {
    let path = folder.path + "/loop"
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "loop")
    expectError(
      .unreadable(at: .init(path: path, offset: 0), errno: ELOOP), mentions: ["symbolic links"], hasByte: false
    ) { _ = try StoredFile(path: path, limit: 100) }
  }

  @Test("a program that is started does not inherit a file that is being read")
  func closedOnStart() throws {
    let path = try folder.write([1])
    let file = try InputFile(path: path)
    var known = stat()
    try #require(stat(path, &known) == 0)
    let open = try FileManager.default.contentsOfDirectory(atPath: "/dev/fd").compactMap { Int32($0) }
    let descriptors = open.filter { descriptor in
      var facts = stat()
      return fstat(descriptor, &facts) == 0 && facts.st_dev == known.st_dev && facts.st_ino == known.st_ino
    }
    let flags = descriptors.map { fcntl($0, F_GETFD) & FD_CLOEXEC }
    let size = try file.size()
    #expect(flags == [FD_CLOEXEC] && size == 1)
  }

  @Test("a path with a line break does not break the message's line")
  func oneLine() {
    let error = DataError.emptyFile(at: .init(path: "a\nb\u{2028}c\u{1b}[2J", offset: 0))
    #expect(
      error.description == #"a\u{a}b\u{2028}c\u{1b}[2J: at byte 0: expected at least one byte, found an empty file"#
    )
  }
}
