import Foundation
import TestSupport
import Testing

@Suite("Files for other machines: how large they are, and what they may replace")
struct DeploymentFileTests {
  private let folder: TemporaryFolder
  private let run: String

  init() throws {
    folder = try TemporaryFolder()
    run = try SignetProgram.smallRun(in: folder)
  }

  @Test("five ternary weights take a byte of a packed file, eight binary ones, whole bytes in each layer")
  func bitsPerWeight() throws {
    // 64 pixels, layers of 12, 8 and 10 units.
    let weights = [768, 96, 80]
    for (network, perByte) in [("discrete-sign", 5), ("straight-through", 8)] {
      let outcome = try SignetProgram.run(
        "pack", run, "--network", network, "--json", "--output", folder.file("\(network).signetpk"))
      let layers = try #require(
        try SignetProgram.object(outcome.done().output)["layers"] as? [[String: Any]])
      #expect(layers.map { $0["weights"] as? Int } == weights)
      let expected = weights.map { 8 * Double(($0 + perByte - 1) / perByte) / Double($0) }
      #expect(layers.map { $0["bitsPerWeight"] as? Double } == expected, "\(network)")
    }
  }

  @Test(
    "neither of the two C files may replace one that signet export has not written, and then nothing is written",
    arguments: ["net.h", "net.c"])
  func foreignFile(name: String) throws {
    let directory = folder.file("mine")
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try folder.write(Array("int x;\n".utf8), to: "mine/\(name)")
    try SignetProgram.run("export", run, "--network", "discrete-sign", "--c", directory).expectFailure(
      74, ["mine/\(name): expected no file, or one that signet export has written, found another"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == [name])
    #expect(try folder.bytes(of: "mine/\(name)") == Array("int x;\n".utf8))
  }
}
