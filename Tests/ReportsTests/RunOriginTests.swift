import Experiments
import Files
import Foundation
import Reports
import TestSupport
import Testing

/// What is said of the programs that worked on a run, and of a real network that was read from a file.
@Suite("What a run's bits depend on is told wherever the run is shown")
struct RunOriginTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// The facts of a run's report, such as `program: Signet 1.2.3`, and the report's text.
  private func report(_ run: RunSummary) throws -> (facts: [String], text: String) {
    let section = try ReadReport(RunReport([(run, false)]).html()).section("circumstances")
    let facts = zip(section.all("dt").map(\.text), section.all("dd").map(\.text)).map { "\($0): \($1)" }
    return (facts, section.text)
  }

  @Test("every program that worked on it is named, the one that began it first")
  func programs() throws {
    let later = #"{"type":"program","version":1,"program":{"signet":"1.3.0"}}"#
    let run = try RoundRun.summary(folder, changeLog: { Array($0[..<5] + [later] + $0[5...]) })
    let words = "1.2.3, no commit; then 1.3.0, no commit"
    let lines = run.text(width: 80).split(separator: "\n")
    #expect(lines[1].hasPrefix("signet \(words); Swift, a processor"), "\(lines[1])")
    #expect(try report(run).facts.contains("program: Signet \(words)"))
    let table = RecordTable(networksOf: [run])
    let cells = table.csv.split(separator: "\n").dropFirst()
    #expect(cells.allSatisfy { $0.hasSuffix(#","\#(words)",,"#) }, "\(table.csv)")
    let rows = try table.jsonLines().split(separator: "\n").map { try object(String($0)) }
    #expect(rows.map { $0["programs"] as? String } == [words, words])
    let programs = try #require(try object(encodeJSON(run))["programs"] as? [[String: Any]])
    #expect(programs.map { $0["signet"] as? String } == ["1.2.3", "1.3.0"])
  }

  @Test("the command that trains it again reads the data set's folder; none can train again on custom images")
  func command() throws {
    func commands(_ name: String, on data: String) throws -> [String] {
      let run = try RoundRun.summary(
        folder, name,
        change: {
          $0.replacing(#""name":"digits""#, with: #""name":"\#(name)""#)
            .replacing(#""data":"digits""#, with: #""data":\#(data)"#)
        })
      let section = try ReadReport(RunReport([(run, false)]).html()).section("circumstances")
      return section.withClass("commands").flatMap { $0.all("code").map(\.text) }
    }
    let trained = "--weights ternary --networks real,discrete-sign --real-epochs 4 --discrete-epochs 3 --seed 7"
    #expect(try commands("digits", on: #""digits""#) == ["signet reproduce digits \(trained)"])
    let pixels = try commands("mnist-pi", on: #""mnist""#)
    #expect(
      pixels.count == 1 && pixels[0].hasPrefix("signet reproduce mnist-pi --data data/mnist \(trained)"), "\(pixels)")
    let images = """
      {"classes":10,"files":{"firstLabel":0,"format":"idx","pixelMaximum":16},"input":{"image":{"channels":1,"height":8,\
      "width":8},"pixelMaximum":16},"name":"idx"}
      """
    #expect(try commands("custom", on: images).isEmpty)
  }

  @Test("a real network that was read from a file is told, and no command that would train another one")
  func real() throws {
    let own = try RoundRun.summary(folder)
    let run = try RoundRun.summary(
      folder, "other",
      change: { $0.replacing(#""seed":7"#, with: #""seed":7,"realSHA256":"4ea7""#) })
    let words = "read from a file, SHA-256 4ea7"
    #expect(run.text(width: 80).split(separator: "\n").contains("real network \(words)"))
    #expect(!own.text(width: 80).contains("real network"))
    let (told, plain) = (try report(run), try report(own))
    #expect(told.facts.contains("real network: \(words)") && !told.text.contains("To train it again"), "\(told)")
    #expect(!plain.facts.contains { $0.hasPrefix("real network") }, "\(plain)")
    #expect(plain.text.contains("To train it again"), "\(plain)")
    let lines = try RecordTable(networksOf: [run, own]).jsonLines().split(separator: "\n")
    let rows = try lines.map { try object(String($0)) }
    #expect(rows.map { $0["realSHA256"] as? String } == ["4ea7", "4ea7", nil, nil])
    let list = tableRows(try #require(try RunListing(folder.path).text()))
    #expect(
      list.dropFirst().map(\.last) == [
        "real.epochs 4, discrete.epochs 3", "real.epochs 4, discrete.epochs 3, real network from a file",
      ])
  }
}
