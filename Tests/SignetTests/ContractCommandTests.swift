import TestSupport
import Testing

@Suite("The document of the bit contract: its commands print its digests")
struct ContractCommandTests {
  @Test("a training of three steps gives the document's digest", arguments: try ContractDocument().trainings)
  func digest(_ training: ContractDocument.Training) throws {
    let discrete = training.options.contains { $0.hasPrefix("discrete") || $0.hasPrefix("straight") }
    let real = !discrete || !training.options.contains("random") && training.network != "straight-through"
    let outcome = try SignetProgram.run(
      ["train", "--batch", "365", "--quiet"] + training.options
        + (real ? ["--real-epochs", "1"] : []) + (discrete ? ["--discrete-epochs", "1"] : []))
    try #require(outcome.code == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n").filter { $0.hasPrefix("\(training.network) ") }
    try #require(lines.count == 1, "\(outcome.output)")
    #expect(lines[0].split(separator: " ").last == training.digest[...])
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
