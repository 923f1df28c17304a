import Fixtures
import Foundation
import TestSupport
import Testing
import Verification
import VerificationSuites

@Suite("Built-in data sets, as signet verify sees them")
struct FixtureSuiteTests {
  @Test("files, contents and labels are those of the manifests", arguments: FixtureSuite.cases())
  func fixtures(_ run: VerificationCase) {
    expectPassed(run.run())
  }

  @Test("a file that is not as its manifest says is told with its bytes and its digest, both expected and found")
  func changed() throws {
    let folder = try TemporaryFolder()
    let source = try #require(Fixtures.directory(of: "digits"))
    for name in ["manifest.json", "images-idx3-ubyte.gz", "labels-idx1-ubyte.gz"] {
      try FileManager.default.copyItem(atPath: "\(source)/\(name)", toPath: folder.file(name))
    }
    #expect(try FixtureSuite.files(in: folder.path).map(\.verdict) == Array(repeating: .bitExact, count: 4))
    try folder.write(Array("abc".utf8), to: "labels-idx1-ubyte.gz")
    let (changed, path) = (folder.path, folder.file("labels-idx1-ubyte.gz"))
    let failures = VerificationCase("files") { try FixtureSuite.files(in: changed) }.run().failures
    #expect(
      failures == [
        "\(path), bytes: expected 145, found 3",
        // The digest of "abc" is an example of FIPS 180-2.
        "\(path), SHA-256: expected 22e1486adc7849d49bbac7f3e6227134ade1aea8cf5289c8dceeecd5a005d43c, "
          + "found ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      ])
  }

  @Test("a case that checks nothing fails, and so does one that throws")
  func nothing() {
    #expect(VerificationCase("empty") { [] }.run().failures == ["empty: nothing was checked"])
    #expect(VerificationCase("stopped") { throw CancellationError() }.run().failures.count == 1)
  }
}
