import Files
import Foundation
import TestSupport
import Testing

@Suite("FileKind: which files may be replaced")
struct FileKindTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("a file is of a kind by its beginning or a mark within its first 1000 bytes, or both; one of nothing is of any")
  func includes() throws {
    let (begun, marked) = (FileKind("x", beginning: "ab"), FileKind("x", mark: "cd"))
    let both = FileKind("x", beginning: [0x61, 0x62], mark: "cd")
    let far = String(repeating: "a", count: 998)
    for (text, kinds) in [
      ("", [true, true, true]), ("ab", [true, false, false]), ("a", [false, false, false]),
      ("xcd", [false, true, false]), ("abc", [true, false, false]), ("abxcd", [true, true, true]),
      ("xab cd", [false, true, false]), (far + "cd", [false, true, false]), (far + "acd", [false, false, false]),
    ] {
      let path = try folder.write(Array(text.utf8))
      #expect(try [begun, marked, both].map { try $0.includes(path) } == kinds, "\(text)")
    }
    let ended: [UInt8] = [0x50, 0x4b, 5, 6] + Array(repeating: 0, count: 18)
    #expect(try both.includes(folder.write(ended)), "an archive of nothing")
    #expect(try !both.includes(folder.write(ended.dropLast() + [1])))
    #expect(throws: FileReadError.missing(path: folder.file("none"))) { try begun.includes(folder.file("none")) }
  }

  @Test("several marks follow one another, with anything or nothing between them")
  func marks() throws {
    let kind = FileKind("x", beginning: "a", mark: "(", ", ", ",)")
    for (text, isIncluded) in [
      ("a(1, 2,)", true), ("a(, ,)", true), ("a(1, 2)", false), ("a(1,)", false), ("a(1,) ,)", false),
      (", a(1,)", false), ("(1, 2,)", false),
    ] {
      #expect(try kind.includes(folder.write(Array(text.utf8))) == isIncluded, "\(text)")
    }
  }

  @Test("something other than a regular file is refused without being read: a pipe would never end")
  func notRegular() throws {
    let pipe = folder.file("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    for path in [folder.path, "/dev/null", pipe] {
      #expect(throws: FileWriteError.notRegular(path: path)) { try FileKind("x", beginning: "ab").includes(path) }
    }
  }
}
