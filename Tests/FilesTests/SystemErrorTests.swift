import Files
import Foundation
import TestSupport
import Testing

@Suite("Errors of the system")
struct SystemErrorTests {
  @Test("a file error has the system's number and description, and other errors have none")
  func number() throws {
    let folder = try TemporaryFolder()
    for (path, number) in [("\(folder.path)/absent", ENOENT), (try folder.write([1]), ENOTDIR)] {
      let error = try #require(
        #expect(throws: CocoaError.self) { _ = try FileManager.default.contentsOfDirectory(atPath: path) })
      #expect(systemErrorNumber(of: error) == number && reason(of: error) == reason(ofErrno: number))
    }
    #expect(systemErrorNumber(of: CocoaError(.formatting)) == nil)
  }
}
