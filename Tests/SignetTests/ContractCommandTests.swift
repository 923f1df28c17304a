import TestSupport
import Testing

@Suite("The document of the bit contract: its commands print its digests")
struct ContractCommandTests {
  @Test("a training gives the document's digests", arguments: try ContractDocument().trainings)
  func digest(_ training: ContractDocument.Training) throws {
    let outcome = try SignetProgram.run(["train", "--batch", "365", "--quiet"] + training.options)
    try #require(outcome.code == 0, "\(outcome.errors)")
    try #require(!training.networks.isEmpty && training.networks.count == training.digests.count)
    for (network, digest) in zip(training.networks, training.digests) {
      let lines = outcome.output.split(separator: "\n").filter { $0.hasPrefix("\(network) ") }
      try #require(lines.count == 1, "\(outcome.output)")
      #expect(lines[0].split(separator: " ").last == digest[...])
    }
  }

  @Test("the worked example's command prints the worked example's digest")
  func workedExample() throws {
    let section = try ContractDocument().section(9)
    let command = try #require(section.first { $0.hasPrefix(".build/release/signet ") })
    let options = command.split(separator: " ").dropFirst().map { String($0) }
    let outcome = try SignetProgram.run(options + ["--quiet"])
    try #require(outcome.code == 0, "\(outcome.errors)")
    let digest = outcome.output.split(whereSeparator: \.isWhitespace).map { String($0) }.first { $0.count == 64 }
    let quoted = section.flatMap { $0.split(separator: "`") }.map { String($0) }.first { $0.count == 64 }
    #expect(digest != nil && digest == quoted)
  }
}
