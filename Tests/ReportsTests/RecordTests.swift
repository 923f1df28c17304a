import Experiments
import Files
import Foundation
import Networks
import TestSupport
import Testing
import Training

/// What a run's directory becomes in a results file.
@Suite("Records of runs")
struct RecordTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func recorded(_ run: RunSummary) throws -> [Sweep.Record] {
    try run.results.map { try run.record(of: $0) }
  }

  @Test("a record has the run's settings, program, machine and curve, each network its own")
  func values() throws {
    let records = try recorded(RoundRun.summary(folder))
    #expect(records.map(\.result.network) == [.real, .discreteSign] && records.map(\.seed) == [7, 7])
    #expect(
      records.map(\.realEpochs) == [4, 4] && records.map(\.version) == [2, 2] && records.allSatisfy(\.isConsistent))
    let origin = try #require(records[1].origin)
    #expect(origin.signet == "1.2.3" && origin.data.map(\.sha256) == ["0a", "0b"])
    #expect(origin.configuration.trainings.map(\.constants.epochs) == [4, 3])
    let run = try #require(records[1].run)
    #expect(run.programs == ["1.2.3, no commit"] && run.begun == "2026-03-08T04:30:00Z" && run.resumptions == 2)
    #expect(run.machine.description == "cpu, a processor, 2 of 3 cores" && run.dataNote == nil)
    #expect(run.machine.kernels == "plain" && run.machine.system == "Linux 6.1")
    let curves = records.map(\.learningCurve)
    #expect(curves[0]?.loss == [4, 3, 2, 1] && curves[0]?.trainingError == [0.5, 0.25, 0.15, 0.05])
    #expect(curves[0]?.validationError == [0.4, 0.1, 0.2, 0.3])
    #expect(curves[1]?.loss == [9, 5.75, 4.5] && curves[1]?.trainingError == [0.74, 0.51, 0.35])
    #expect(curves[1]?.validationError == [0.64, 0.28, 0.42])
    // Of a run in training, only what is done.
    #expect(try recorded(RoundRun.summary(folder, "other", isDone: false)).map(\.result.network) == [.real])
  }

  @Test("a lock that is free is not waited for, whatever call of the system was interrupted before")
  func interruptedBefore() throws {
    let file = ResultsFile(path: folder.file("results.jsonl"))
    errno = EINTR
    try file.prepare()
    #expect(try file.records().isEmpty)
  }

  @Test("a record survives a results file; a line of the first form reads as unknown, and is not written anew")
  func file() throws {
    let records = try recorded(RoundRun.summary(folder))
    let file = ResultsFile(path: folder.file("results.jsonl"))
    #expect(try records.map { try file.append($0) } == [true, true])
    #expect(try file.records() == records)
    #expect(try records.map { try file.append($0) } == [false, false])
    let text = try String(contentsOfFile: file.path, encoding: .utf8)
    #expect(text.hasPrefix(#"{"experiment":"#) && text.split(separator: "\n").count == 2)
    // As the program before wrote it.
    var object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.split(separator: "\n")[0].utf8)) as? [String: Any])
    for key in ["version", "run", "learningCurve"] { #expect(object.removeValue(forKey: key) != nil, "\(key)") }
    let old = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    try (old + Data("\n".utf8)).write(to: URL(filePath: file.path))
    let read = try file.records()
    #expect(read.map(\.version) == [nil] && read[0].run == nil && read[0].learningCurve == nil)
    #expect(read[0].origin == records[0].origin && read[0].result == records[0].result)
    #expect(try file.append(records[0]) == false)
    #expect(try Data(contentsOf: URL(filePath: file.path)) == old + Data("\n".utf8))
  }

  @Test("numbers keep six significant digits")
  func digits() {
    let curve = Sweep.Record.LearningCurve(
      loss: [1.23456789], trainingError: [0.6378444444444444], validationError: [1 / 3.0])
    #expect(curve.loss == [1.23457] && curve.trainingError == [0.637844] && curve.validationError == [0.333333])
  }

  /// Changes of a run's files after which what a network depends on is not known, and what the error names.
  private static let refused: [(name: String, file: String, old: String, new: String, found: String)] = [
    (
      "another version resumed it", "log.jsonl",
      #"{"type":"resumed","version":1,"network":"discrete-sign","epoch":0,"step":3}"#,
      #"{"type":"program","version":1,"program":{"signet":"1.3.0"}}"#, "a run of several: 1.2.3, 1.3.0"
    ),
    (
      "a real network from a file", "run.json", #""seed":7"#, #""seed":7,"realSHA256":"4ea1""#,
      "a real network that was read from a file"
    ),
    (
      "an epoch is missing", "log.jsonl", #""epoch":2,"epochs":4"#, #""epoch":3,"epochs":4"#,
      "4 epochs in the log of a network of 4"
    ),
    (
      "another validation error", "log.jsonl", #""validationError":0.1,"testError""#,
      #""validationError":0.15,"testError""#,
      "a result that is not that of the run's settings or of its log"
    ),
    (
      "other epochs", "run.json", #""realEpochs":4"#, #""realEpochs":5"#,
      "a result that is not that of the run's settings or of its log"
    ),
  ]

  @Test("a network is not recorded if what it depends on is not known", arguments: refused.map(\.name))
  func refusal(_ name: String) throws {
    let change = try #require(Self.refused.first { $0.name == name })
    _ = try RoundRun.summary(folder)
    let path = folder.file("mine/\(change.file)")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let changed = text.replacing(change.old, with: change.new, maxReplacements: 1)
    try #require(changed != text)
    try changed.write(toFile: path, atomically: true, encoding: .utf8)
    let summary = try RunSummary(folder.file("mine"))
    let error = #expect(throws: CollectionError.self) { try recorded(summary) }
    #expect(
      error?.description
        == "\(folder.file("mine")): expected real, trained by one version from the run's own settings and "
        + "data, found \(change.found)")
  }

  @Test("that the real network was read from a file keeps no network from its record that does not start from it")
  func independent() throws {
    let summary = try RoundRun.summary(folder) {
      $0.replacing("discrete-sign", with: "straight-through")
        .replacing(#""seed":7"#, with: #""seed":7,"realSHA256":"4ea1""#)
    } changeLog: { lines in
      lines.map { $0.replacing("discrete-sign", with: "straight-through").replacing("ternary", with: "binary") }
    }
    #expect(throws: CollectionError.self) { try summary.record(of: summary.results[0]) }
    let record = try summary.record(of: summary.results[1])
    #expect(record.result.network == .straightThrough)
    #expect(record.origin?.configuration.trainings.map(\.network) == [.straightThrough])
  }

  @Test(
    "files are read together: each network once; contradictions, other forms and damaged lines are errors that name them"
  )
  func together() throws {
    let lines = try recorded(RoundRun.summary(folder)).map { try encodeLine($0) }
    func write(_ name: String, _ lines: [String]) throws -> String {
      try folder.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: name)
    }
    let (a, b) = (try write("a.jsonl", lines), try write("b.jsonl", [lines[0]]))
    _ = try write("notes.txt", ["no record"])
    let old = try write(
      "c.jsonl",
      [
        #"{"experiment":"digits","realEpochs":4,"result":"#
          + String(lines[0].split(separator: #""result":"#)[1].prefix { $0 != "}" }) + #"},"seed":7}"#
      ])
    for paths in [[a, b, old], [folder.path], [a, a, old]] {
      let read = try RecordedResults(paths)
      #expect(read.records.map(\.result.network) == [.real, .discreteSign], "\(paths)")
      #expect(read.files.map(\.withoutOrigin).reduce(0, +) == 1)
    }
    func error(_ lines: [String], _ paths: [String]? = nil) throws -> String {
      let path = try write("d", lines)
      return
        "\(#expect(throws: ResultsFileError.self) { try RecordedResults(paths ?? [path]) }.map(\.description) ?? "")"
    }
    let d = folder.file("d")
    let other = lines[0].replacing("4ea1", with: "4ea2")
    #expect(
      try error([other], [a, d])
        == "\(a) and \(d): expected the same result for the same network, found 4ea1… and 4ea2…")
    #expect(
      try error([lines[1], lines[0].replacing(#""version":2"#, with: #""version":3"#)])
        == "\(d), line 2: expected a record of at most version 2, found version 3")
    // The first form has no version, and the second one has 2.
    for version in [1, 0, -1] {
      #expect(
        try error([lines[0].replacing(#""version":2"#, with: #""version":\#(version)"#)])
          == "\(d), line 1: expected a complete record of a sweep, found something else")
    }
    // Such as a line of a run's log, whose form has a version of its own.
    #expect(
      try error([#"{"type":"resumed","version":1,"network":"real","epoch":0,"step":3}"#])
        == "\(d), line 1: expected a complete record of a sweep, found something else")
    for damaged in [
      String(lines[0].dropLast(9)), lines[0].replacing(#""loss":[4,3,2,1]"#, with: #""loss":[4,3,2]"#),
      lines[0].replacing(#""validationError":[0.4,0.1"#, with: #""validationError":[0.4,0.2"#),
      lines[0].replacing(#""cores":3"#, with: #""cores":"three""#),
    ] {
      #expect(damaged != lines[0])
      #expect(
        try error([lines[1], damaged]) == "\(d), line 2: expected a complete record of a sweep, found something else")
    }
    let nothing = folder.file("nothing")
    try FileManager.default.createDirectory(atPath: nothing, withIntermediateDirectories: true)
    #expect(try error([], [nothing]).hasSuffix("found: no file whose name ends in .jsonl"))
    #expect(try error([], [folder.file("absent.jsonl")]).contains("absent.jsonl: expected to read, found: "))
  }
}
