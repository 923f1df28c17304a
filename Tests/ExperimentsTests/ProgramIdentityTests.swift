import BuiltInFiles
import Experiments
import Files
import Foundation
import Testing

@Suite("A program's identity in words")
struct ProgramIdentityTests {
  @Test(
    "the version, the commit, whether the checkout was modified, and the program's digest; what is not known is left out",
    arguments: [
      (true, "0.2.0, commit 0123456789ab, modified, SHA-256 fedcba987654"),
      (false, "0.2.0, commit 0123456789ab, SHA-256 fedcba987654"),
      (nil, "0.2.0, commit 0123456789ab, SHA-256 fedcba987654"),
    ] as [(Bool?, String)])
  func words(isModified: Bool?, expected: String) {
    let whole = ProgramIdentity(
      signet: "0.2.0", commit: "0123456789abcdef", isModified: isModified, sha256: "fedcba9876543210", traces: "77")
    #expect(whole.description == expected)
    let least = ProgramIdentity(signet: "0.1.0", commit: nil, isModified: isModified, sha256: nil, traces: nil)
    #expect(least.description == "0.1.0, no commit" + (isModified == true ? ", modified" : ""))
  }

  @Test("the golden traces are known by the digest of all of their files, one after the other by name")
  func traces() throws {
    let folder = try #require(BuiltInFiles(module: "Golden").path(of: "traces"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    try #require(names.count > 1)
    var bytes = Data()
    for name in names { bytes += try Data(contentsOf: URL(filePath: "\(folder)/\(name)")) }
    #expect(ProgramIdentity.this.traces == hexadecimal(sha256: bytes))
  }
}
