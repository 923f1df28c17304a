import Foundation
import TestSupport
import Testing

/// What each option of a command changes in its outcome, and that columns and JSON say the same.
@Suite("Commands by outcome")
struct OutcomeTests {
  private let folder: TemporaryFolder
  private let run: String
  /// What the training printed.
  private let trained: [[String: Any]]

  init() throws {
    folder = try TemporaryFolder()
    run = folder.file("run")
    let outcome = try SignetProgram.run(
      "train", "--architecture", "12-10", "--networks", "discrete-sign,straight-through", "--real-epochs", "2",
      "--discrete-epochs", "2", "--quiet", "--json", "--out", run)
    try #require(outcome.code == 0, "\(outcome.errors)")
    trained = try #require(try SignetProgram.object(outcome.output)["networks"] as? [[String: Any]])
  }

  private func evaluate(_ options: String...) throws -> [[String: Any]] {
    let outcome = try SignetProgram.run(["evaluate", run, "--json"] + options)
    return try #require(try SignetProgram.object(outcome.output)["networks"] as? [[String: Any]], "\(outcome.errors)")
  }

  @Test("evaluate --part: the validation images have the run's validation errors, the test images its test errors")
  func part() throws {
    for (options, error) in [
      ([], "testError"), (["--part", "test"], "testError"), (["--part", "validation"], "validationError"),
    ] {
      let expected = trained.map { $0[error] as? Double }
      let outcome = try SignetProgram.run(["evaluate", run, "--json"] + options)
      let object = try SignetProgram.object(outcome.output)
      let networks = try #require(object["networks"] as? [[String: Any]])
      #expect(networks.map { $0["mostProbable"] as? Double } == expected && expected.allSatisfy { $0 != nil })
      #expect(object["part"] as? String == (options.last ?? "test"))
      let table = try SignetProgram.run(["evaluate", run] + options).done().rows
      #expect(table[0] == ["network", "weights", "most probable"])
      #expect(try table.dropFirst().map { $0[2] } == expected.map(SignetProgram.percent))
    }
    #expect(
      trained.allSatisfy { $0["testError"] as? Double != $0["validationError"] as? Double }, "they can be told apart")
  }

  @Test("evaluate --ensemble, --seed, --networks: so many samples, of the seed, of the networks asked for")
  func ensembles() throws {
    let five = try evaluate("--ensemble", "5", "--seed", "3")
    #expect(five.map { $0["network"] as? String } == ["real", "discrete-sign", "straight-through"])
    func points(_ rows: [[String: Any]], _ index: Int) -> [[String: Any]] {
      rows[index]["ensemble"] as? [[String: Any]] ?? []
    }
    #expect(points(five, 1).map { $0["members"] as? Int } == [1, 2, 4, 5])
    #expect(points(five, 0).isEmpty && points(five, 2).isEmpty)
    let table = try SignetProgram.run("evaluate", run, "--ensemble", "5", "--seed", "3", "--quiet").done().rows
    #expect(table[0] == ["network", "weights", "most probable", "1 sample", "2 samples", "4 samples", "5 samples"])
    #expect(try Array(table[2].dropFirst(3)) == points(five, 1).map { try SignetProgram.percent($0["error"]) })
    let others = try (4...7).map { try evaluate("--ensemble", "5", "--seed", "\($0)", "--networks", "discrete-sign") }
    #expect(others.allSatisfy { $0.count == 1 && $0[0]["network"] as? String == "discrete-sign" })
    func errors(_ points: [[String: Any]]) -> [Double?] { points.map { $0["error"] as? Double } }
    #expect(others.contains { errors(points($0, 0)) != errors(points(five, 1)) }, "another seed, other samples")
    let unseeded = errors(points(try evaluate("--ensemble", "5", "--networks", "discrete-sign"), 0))
    let seeded = try (0...1).map {
      errors(points(try evaluate("--ensemble", "5", "--seed", "\($0)", "--networks", "discrete-sign"), 0))
    }
    #expect(unseeded == seeded[1] && unseeded != seeded[0], "the seed is 1 by default")
    let again = try evaluate("--ensemble", "5", "--seed", "3", "--networks", "discrete-sign", "--threads", "1")
    #expect(errors(points(again, 0)) == errors(points(five, 1)))
    try SignetProgram.run("evaluate", run, "--ensemble", "5", "--networks", "real,straight-through").expectFailure(
      64, ["--ensemble: expected a network with weight distributions, found real, straight-through"])
  }

  @Test("evaluate refuses a directory whose networks are not of one run")
  func otherNetwork() throws {
    func replace(_ network: String, by other: String) throws {
      try FileManager.default.removeItem(atPath: "\(run)/\(network).safetensors")
      try FileManager.default.copyItem(
        atPath: "\(other)/\(network).safetensors", toPath: "\(run)/\(network).safetensors")
    }
    // Other layers, other images, and both.
    for (architecture, dataset) in [("2-10", "digits"), ("12-10", "glyphs"), ("2-10", "glyphs")] {
      let other = folder.file("\(architecture) on \(dataset)")
      _ = try SignetProgram.run(
        "train", "--dataset", dataset, "--architecture", architecture, "--networks", "real", "--real-epochs", "1",
        "--quiet", "--out", other
      ).done()
      try replace("real", by: other)
      let found = "custom, \(architecture) on \(dataset)"
      let words = "expected a network of the same experiment as straight-through, found one of \(found)"
      try SignetProgram.run("evaluate", run).expectFailure(65, ["\(run)/real.safetensors: \(words)"])
    }
    #expect(try evaluate("--networks", "discrete-sign,straight-through").count == 2)
    // Of the same layers and images, but with other weights: only a real network may be of another experiment.
    let other = folder.file("quinary")
    _ = try SignetProgram.run(
      "train", "--architecture", "12-10", "--weights", "quinary", "--networks", "discrete-sign", "--real-epochs", "1",
      "--discrete-epochs", "1", "--quiet", "--out", other
    ).done()
    try replace("real", by: other)
    #expect(try evaluate().count == 3)
    try replace("discrete-sign", by: other)
    try SignetProgram.run("evaluate", run).expectFailure(
      65,
      [
        "\(run)/discrete-sign.safetensors: expected a network of the same experiment as straight-through, "
          + "found one with method.grids quinary, not ternary"
      ])
  }

  @Test("the table of reproduce and train has what --json has, column by column")
  func table() throws {
    let options = [
      "train", "--architecture", "12-10", "--networks", "discrete-sign,straight-through", "--real-epochs", "2",
      "--discrete-epochs", "2", "--quiet",
    ]
    let rows = try SignetProgram.run(options).done().rows
    #expect(rows.count == 4)
    for (row, result) in zip(rows.dropFirst(), trained) {
      let epochs = "\(result["epochs"] as? Int ?? 0) (\(result["bestEpoch"] as? Int ?? 0))"
      let words = ["network", "weights", "activation"].map { result[$0] as? String ?? "" }
      let errors = try ["validationError", "testError"].map { try SignetProgram.percent(result[$0]) }
      // The seconds differ from run to run.
      #expect(Array(row[..<6]) == words + [epochs] + errors && row[7] == result["parametersSHA256"] as? String)
    }
  }

  @Test("predict --part: each part's own images, in their number")
  func predicted() throws {
    var labels: Set<[String]> = []
    for (part, error) in [("validation", "validationError"), ("test", "testError"), ("train", nil)] {
      let outcome = try SignetProgram.run("predict", run, "--part", part, "--network", "discrete-sign", "--quiet")
      let lines = outcome.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",").map(String.init) }
      let wrong = lines.count { $0[1] != $0[2] }
      if let error { #expect(Double(wrong) / Double(lines.count) == trained[1][error] as? Double, "\(part)") }
      labels.insert(lines.map { $0[1] })
    }
    #expect(labels.count == 3)
  }
}

/// The same of commands that need no trained run.
@Suite("Commands by outcome: failures and nights")
struct NightOutcomeTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test("a loss or a parameter that is not finite ends a training with 70, and one line")
  func diverged() throws {
    for (options, mention) in [
      (["--batch", "1200"], "expected finite parameters after the step"),
      (["--batch", "400"], "expected a finite loss"),
    ] {
      let outcome = try SignetProgram.run(
        [
          "train", "--architecture", "10", "--networks", "real", "--real-epochs", "1", "--quiet", "--set",
          "real.learning-rate=3e38",
        ] + options)
      outcome.expectFailure(70, ["real, epoch 1, step ", mention])
    }
  }

  @Test("a night's record has the commit, the changes and the command that it was given")
  func nightRecord() throws {
    let outcome = try SignetProgram.run(
      "night", "run", "--results", folder.file("nights"), "--suite", "sign", "--no-training", "--quiet", "--json",
      "--commit",
      "abc", "--modified", "--command", "what I typed")
    let night = try SignetProgram.object(outcome.output)
    #expect(night["commit"] as? String == "abc" && night["isModified"] as? Bool == true)
    #expect(night["command"] as? String == "what I typed" && outcome.code == 3)
    let plan = try #require(night["plan"] as? [[String: Any]])
    #expect(plan.filter { $0["outcome"] as? String == "done" }.map { $0["name"] as? String } == ["sign"])
    #expect(
      Set(plan.filter { $0["kind"] as? String == "training" }.map { $0["reason"] as? String }) == [
        "left out by --no-training"
      ])
    let list = try SignetProgram.run("night", "list", "--results", folder.file("nights"), "--last-good")
    #expect(list.output.isEmpty, "there is no good one")
  }

  @Test("night report writes the last night's report again, where night run wrote it, and says where")
  func report() throws {
    let results = folder.file("nights")
    let outcome = try SignetProgram.run(
      "night", "run", "--results", results, "--budget", "0.0000001", "--quiet", "--json")
    let night = try #require(try SignetProgram.object(outcome.output)["name"] as? String)
    let files = [results, "\(results)/nights/\(night)"].flatMap { ["\($0)/report.html", "\($0)/report.md"] }
    let written = try files.map { try String(contentsOfFile: $0, encoding: .utf8) }
    for file in files { try FileManager.default.removeItem(atPath: file) }
    let report = try SignetProgram.run("night", "report", "--results", results).done()
    #expect(report.output == "\(results)/report.html\n" && report.errors.isEmpty)
    #expect(try files.map { try String(contentsOfFile: $0, encoding: .utf8) } == written)
  }

  @Test("night run --only: what begins so is in time's hands, all else is left out")
  func only() throws {
    let outcome = try SignetProgram.run(
      "night", "run", "--results", folder.file("nights"), "--budget", "0.0000001", "--quiet", "--json", "--only",
      "glyphs_ternary")
    let plan = try #require(try SignetProgram.object(outcome.output)["plan"] as? [[String: Any]])
    let trainings = plan.filter { $0["kind"] as? String == "training" }
    for step in trainings {
      let isMeant = (step["name"] as? String)?.hasPrefix("glyphs_ternary") == true
      #expect(step["reason"] as? String == (isMeant ? "the night's time was up" : "left out by --only"))
    }
    #expect(trainings.contains { $0["reason"] as? String == "left out by --only" })
    #expect(trainings.contains { $0["reason"] as? String == "the night's time was up" })
  }

  @Test("--keep is the number of nights whose networks and logs stay; every night's record does")
  func keep() throws {
    let nights = folder.file("results/nights")
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: nights).sorted() }
    /// The nights, in their order, and whether each still has a network that was put there when it was over.
    func run(_ options: String...) throws -> [Bool] {
      let outcome = try SignetProgram.run(
        ["night", "run", "--results", folder.file("results"), "--suite", "sign", "--no-training", "--quiet"] + options)
      #expect(outcome.code == 3, "\(outcome.errors)")
      let network = "\(nights)/\(try #require(try names().last))/runs/a/real.safetensors"
      try FileManager.default.createDirectory(
        at: URL(filePath: network).deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data([1]).write(to: URL(filePath: network))
      return try names().map { name in
        #expect(FileManager.default.fileExists(atPath: "\(nights)/\(name)/night.json"))
        return FileManager.default.fileExists(atPath: "\(nights)/\(name)/runs/a/real.safetensors")
      }
    }
    #expect(try run() == [true])
    #expect(try run() == [true, true])
    #expect(try run("--keep", "2") == [false, true, true])
    #expect(try run("--keep", "1") == [false, false, false, true])
  }
}
