import Benchmarking
import Foundation
import TestSupport
import Testing

@Suite("The nights' history on disk, and the harness's results")
struct ResultsFolderTests {
  private func inTemporaryFolder(_ body: (ResultsFolder) throws -> Void) throws {
    let folder = try TemporaryFolder()
    try body(ResultsFolder(path: folder.path))
  }

  private func night(_ name: String, isFinished: Bool = true, verdict: ChangeVerdict = .same) -> Night {
    var night = Night(
      name: name, signet: "0", commit: "c", isModified: false,
      host: .init(system: "Linux", processor: "any", cores: 2, kernels: "plain"), command: "ci/nightly")
    night.verification = [.init(suite: "ops", cases: 3, failures: [], seconds: 1)]
    night.benchmarks = [.init(name: "it", rounds: [1, 2])]
    night.changes = [
      Change(
        measure: .time, subject: "it", against: "base", before: [1], after: [2], p: 0.5, correctedP: 1, estimate: 2,
        low: nil, high: nil, verdict: verdict, reason: "why")
    ]
    night.isFinished = isFinished
    return night
  }

  @Test("what is written is read again, oldest first; the last good one is finished and without an alarm")
  func history() throws {
    try inTemporaryFolder { folder in
      #expect(try folder.nights().isEmpty)
      let nights = [
        night("2026-01-01"), night("2026-01-02"), night("2026-01-03", verdict: .worse),
        night("2026-01-04", isFinished: false),
      ]
      for night in nights.reversed() { try folder.write(night) }
      #expect(try folder.nights() == nights)
      #expect(nights.lastGood(before: "2026-01-05")?.name == "2026-01-02")
      #expect(nights.lastGood(before: "2026-01-02")?.name == "2026-01-01")
      var accepted = nights
      accepted[2].accepted = "a reason"
      #expect(accepted.lastGood(before: "2026-01-05")?.name == "2026-01-03")
    }
  }

  @Test("nights of one second have names of their own, in order")
  func names() throws {
    try inTemporaryFolder { folder in
      let begin = Date(timeIntervalSince1970: 1_795_400_998)
      #expect(folder.newName(at: begin) == "2026-11-23T02-29-58Z")
      for _ in 1...3 { try folder.write(night(folder.newName(at: begin))) }
      #expect(
        try folder.nights().map(\.name) == ["2026-11-23T02-29-58Z", "2026-11-23T02-29-59Z", "2026-11-23T02-30-00Z"])
    }
  }

  @Test("the runs of the newest nights are kept, the records of all")
  func runs() throws {
    try inTemporaryFolder { folder in
      for name in ["1", "2", "3"] {
        try folder.write(night(name))
        try FileManager.default.createDirectory(
          atPath: "\(folder.directory(of: name))/runs/a", withIntermediateDirectories: true)
      }
      folder.removeRuns(keeping: 2)
      #expect(try folder.nights().map(\.name) == ["1", "2", "3"])
      let kept = ["1", "2", "3"].filter { FileManager.default.fileExists(atPath: "\(folder.directory(of: $0))/runs") }
      #expect(kept == ["2", "3"])
    }
  }

  @Test(
    "a damaged record, or one of a newer form, is an error that names the file",
    arguments: [
      ("{\"version\": 1}", "a night's record"), ("{\"version\": 2}", "version 1"), ("", "a night's record"),
      ("[]", "a night's record"),
    ])
  func damaged(text: String, expected: String) throws {
    try inTemporaryFolder { folder in
      try folder.write(night("2026-01-01"))
      let file = "\(folder.path)/nights/2026-01-01/night.json"
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let error = #expect(throws: BenchmarkFileError.self) { try folder.nights() }
      #expect(error?.path == file)
      #expect(error?.expected == expected)
    }
  }

  @Test("the harness's times are read in nanoseconds, names with their spaces")
  func harness() throws {
    let metric = #"{"scoreUnit": "μs", "rawData": [[2.5, 3]], "score": 0}"#
    let json =
      #"[{"benchmark": "package.benchmark.SignetBenchmarks.step_mnist-pi", "secondaryMetrics": {"Time (wall clock)": "#
      + metric + "}}]"
    let output = try HarnessOutput(Data(json.utf8), path: "a")
    #expect(output.samples.map(\.name) == ["step mnist-pi"])
    #expect(output.samples.first?.nanoseconds == [2500, 3000])
  }

  @Test(
    "results without times are refused",
    arguments: [
      "", "{}", #"[{"benchmark": "a", "secondaryMetrics": {}}]"#,
      #"[{"benchmark": "a", "secondaryMetrics": {"Time (wall clock)": {"scoreUnit": "μs", "rawData": [[]]}}}]"#,
      #"[{"benchmark": "a", "secondaryMetrics": {"Time (wall clock)": {"scoreUnit": "s", "rawData": [[1]]}}}]"#,
    ])
  func badHarness(_ text: String) {
    let error = #expect(throws: BenchmarkFileError.self) { try HarnessOutput(Data(text.utf8), path: "file.json") }
    #expect(error?.path == "file.json")
  }
}
