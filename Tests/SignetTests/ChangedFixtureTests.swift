import Foundation
import TestSupport
import Testing

@Suite("signet verify beside other built-in data sets than its own", .enabled(if: isLinux))
struct ChangedFixtureTests {
  let folder: TemporaryFolder
  private var glyphs: String { "copy/signet_Fixtures.resources/glyphs" }

  /// A copy of the program, with data sets that can be changed.
  init() throws {
    folder = try TemporaryFolder()
    let files = FileManager.default
    try files.createDirectory(atPath: folder.file("copy"), withIntermediateDirectories: true)
    let beside = URL(filePath: SignetProgram.path).deletingLastPathComponent().path
    for name in ["signet", "signet_Fixtures.resources"] {
      try files.copyItem(atPath: "\(beside)/\(name)", toPath: folder.file("copy/\(name)"))
    }
    try files.createSymbolicLink(
      atPath: folder.file("copy/signet_Golden.resources"), withDestinationPath: "\(beside)/signet_Golden.resources")
  }

  @Test("validation images without a class, and a drawn file that the manifest has otherwise, are found and named")
  func changed() throws {
    let manifest = folder.file("\(glyphs)/manifest.json")
    let text = try String(contentsOfFile: manifest, encoding: .utf8)
    let digest = try #require(text.matches(of: #/"decompressedSha256" : "([0-9a-f]{64})"/#).last?.1)
    let other = "\(digest.dropLast())\(digest.last == "0" ? 1 : 0)"
    try text.replacing(digest, with: other).write(toFile: manifest, atomically: true, encoding: .utf8)
    // The training file's last 200 images of 1200 are for validation.
    try FileManager.default.removeItem(atPath: folder.file("\(glyphs)/train-labels-idx1-ubyte.gz"))
    let labels = (0..<1200).map { $0 < 1000 ? UInt8($0 % 10) : 0 }
    try folder.write(idx([1200], labels), to: "\(glyphs)/train-labels-idx1-ubyte")
    let outcome = try SignetProgram.run(
      ["verify", "--suite", "fixtures", "--quiet", "--json"], program: folder.file("copy/signet"))
    #expect(outcome.code == 65 && outcome.errors == "signet: expected no failure, found 3\n")
    let failures = try #require(try SignetProgram.objects(outcome.output).first?["failures"] as? [String])
    try #require(failures.count == 3, "\(failures)")
    #expect(failures[0].hasSuffix("train-labels-idx1-ubyte.gz: expected a file, found no such file"))
    #expect(failures[1] == "glyphs, validation, classes: expected 10, found 1")
    #expect(
      failures[2]
        == "glyphs, t10k-labels-idx1-ubyte.gz, decompressed SHA-256: expected \(other), found \(digest)")
  }
}
