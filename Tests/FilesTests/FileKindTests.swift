import Files
import TestSupport
import Testing

@Suite("FileKind: which files may be replaced")
struct FileKindTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("a file is of a kind by its beginning or a mark within its first 1000 bytes, or both; an empty one is of any")
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
    #expect(throws: FileReadError.missing(path: folder.file("none"))) { try begun.includes(folder.file("none")) }
  }
}
