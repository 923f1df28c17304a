import Experiments
import Foundation
import Networks
import Nightly
import Reports
import TestSupport
import Testing
import Training
import Verification

@Suite("The form of the report of a night")
struct ReportTests {
  @Test("HTML is well-formed, and every listed figure appears once, and no other", arguments: History.all)
  func wellFormed(_ history: History) throws {
    let document = try ParsedHTML(history.report.html())
    let listed = document.elements.first { $0.name == "meta" && $0.attributes["name"] == "figures" }
    let names = try #require(listed?.attributes["content"]).split(separator: " ").map(String.init)
    let figures = document.elements.filter { $0.name == "figure" }.compactMap { $0.attributes["id"] }
    #expect(names == figures)
    #expect(Set(figures) == history.figures && figures.count == history.figures.count)
    let ids = document.elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
  }

  @Test("The contents name every section but the head, in their order, and lead to each", arguments: History.all)
  func contents(_ history: History) throws {
    let read = try ReadReport(history.report.html())
    let links = try #require(read.root.all("nav").first).all("a")
    let titles = read.root.all("h2")
    #expect(!titles.isEmpty && links.map(\.text) == titles.map(\.text))
    #expect(links.compactMap { $0["href"] } == titles.map { "#\($0["id"] ?? "")" })
  }

  @Test("Every coordinate is a number", arguments: History.all)
  func finite(_ history: History) throws {
    let document = try ParsedHTML(history.report.html())
    for element in document.elements {
      for name in ["d", "x", "y", "viewBox"] {
        guard let value = element.attributes[name] else { continue }
        let words = value.split { "MLHVZACahvlz, ".contains($0) }
        #expect(!words.isEmpty)
        for word in words {
          let number = Double(word)
          #expect(number.map { $0.isFinite && abs($0) < 2000 } == true, "\(name)=\"\(value)\"")
        }
      }
    }
    for text in document.texts {
      #expect(!text.contains("nan") && !text.split(separator: " ").contains("inf"), "\(text)")
    }
  }

  @Test("Nothing is loaded from elsewhere, and nothing runs", arguments: History.all)
  func offline(_ history: History) throws {
    for element in try ParsedHTML(history.report.html()).elements {
      #expect(!["script", "img", "iframe", "object"].contains(element.name))
      #expect(element.attributes["src"] == nil && element.attributes["onload"] == nil)
      guard let address = element.attributes["href"] else { continue }
      #expect(["#", "data:text/csv;"].contains { address.hasPrefix($0) } || address == "data:,")
    }
  }

  @Test("A drawing has a title and a description, and is an image")
  func accessible() throws {
    let document = try ParsedHTML(Report(nights: SampleNights.history(), sweeps: []).html())
    let drawings = document.elements.filter { $0.name == "svg" && $0.attributes["aria-hidden"] == nil }
    let ids = Set(document.elements.compactMap { $0.attributes["id"] })
    #expect(drawings.count >= 20)
    for drawing in drawings {
      #expect(drawing.attributes["role"] == "img")
      #expect(ids.contains(drawing.attributes["aria-labelledby"] ?? ""))
      #expect(ids.contains(drawing.attributes["aria-describedby"] ?? ""))
    }
  }

  @Test("A name with < & and \" is shown as it is, and adds no element")
  func escaped() throws {
    let name = "<script>alert('1')</script> & \"quoted\" \u{1B}[31m|"
    var nights = SampleNights.nights(2)
    for index in nights.indices { nights[index].benchmarks = [.init(name: name, rounds: [1, 2])] }
    nights[1].remarks = [name]
    nights[1].verification = [.init(suite: name, cases: 1, failures: [name], seconds: 1)]
    nights[1].changes = [
      SampleNights.change(
        .time, name, against: name, before: [1], after: [1], p: nil, estimate: nil, .new, name)
    ]
    var noise = TestNumbers(seed: 1)
    nights[1].trainings = [
      SampleNights.training(name, name, .discreteSign, seed: 1, realEpochs: 1, epochs: 2, final: 0.1, &noise)
    ]
    let report = Report(nights: nights, sweeps: [], program: name)
    let document = try ParsedHTML(report.html())
    #expect(!document.elements.contains { $0.name == "script" })
    #expect(document.texts.joined().contains("<script>alert('1')</script> & \"quoted\""))
    #expect(!report.markdown().contains("\u{1B}"))
    try checkTables(report.markdown())
  }

  @Test("Markdown tables have as many cells in every row", arguments: History.all)
  func tables(_ history: History) throws {
    try checkTables(history.report.markdown())
  }

  private func checkTables(_ markdown: String) throws {
    var cells: Int?
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("|") else {
        cells = nil
        continue
      }
      let count = line.replacing("\\|", with: "").split(separator: "|", omittingEmptySubsequences: false).count
      #expect(cells == nil || cells == count, "\(line)")
      cells = count
    }
  }

  /// With SIGNET_SAMPLE_REPORT=PATH, the sample stays there to look at.
  @Test("The sample is one file of each format that says what it contains")
  func sample() throws {
    let report = Report(
      nights: SampleNights.history(), sweeps: SampleNights.sweeps())
    let (html, markdown) = (report.html(), report.markdown())
    #expect(html.hasPrefix("<!DOCTYPE html>") && html.contains("</html>"))
    #expect(markdown.hasPrefix("# "))
    guard let path = ProcessInfo.processInfo.environment["SIGNET_SAMPLE_REPORT"] else { return }
    try html.write(toFile: path, atomically: true, encoding: .utf8)
    try markdown.write(toFile: path + ".md", atomically: true, encoding: .utf8)
  }

  /// With SIGNET_SAMPLE_NIGHTS=PATH, the nights of the golden report are written anew.
  @Test("the golden reports are of the nights whose numbers the tests know")
  func golden() throws {
    let input = Report.Input(nights: RoundNights.nights(), sweeps: RoundNights.sweeps)
    if let path = ProcessInfo.processInfo.environment["SIGNET_SAMPLE_NIGHTS"] {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      try (encoder.encode(input) + Data("\n".utf8)).write(to: URL(filePath: path))
    }
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Golden/reports").path
    let data = try Data(contentsOf: URL(filePath: "\(folder)/nights.json"))
    #expect(try JSONDecoder().decode(Report.Input.self, from: data) == input)
    for (name, text) in [("night.html", input.report.html()), ("night.md", input.report.markdown())] {
      let golden = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      expectSame(text.split(separator: "\n"), golden.split(separator: "\n"), name)
    }
  }
}
