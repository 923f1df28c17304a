import Foundation
import TestSupport
import Testing
import Verification

/// A run that is killed and goes on ends in the bits of one that was never stopped.
@Suite("Runs that survive interruptions")
struct ResumeTests {
  /// The last, and what it starts from.
  private static let networks = Extent.of(
    (count: 3, last: "discrete-sign-from-tanh"), debug: (count: 2, last: "discrete-sign"))
  /// Of each network.
  private static let epochs = Extent.of(12, debug: 2)
  private static let arguments = [
    "reproduce", "digits", "--networks", networks.last, "--real-epochs", "\(epochs)", "--discrete-epochs",
    "\(epochs)", "--threads", "1", "--json", "--quiet",
  ]

  /// The same networks, in a debug build smaller ones.
  private static let killedArguments = Extent.of(
    arguments, debug: ["train", "--architecture", "64-10", "--batch", "100"] + arguments.dropFirst(2))

  private struct Report: Decodable {
    struct Network: Decodable {
      let network, parametersSHA256: String
      let bestEpoch: Int
      let validationError, testError: Double
    }
    let networks: [Network]

    /// All but the seconds.
    var facts: [String] {
      networks.map { "\($0.network) \($0.bestEpoch) \($0.validationError) \($0.testError) \($0.parametersSHA256)" }
    }
  }

  private func report(_ outcome: SignetProgram.Outcome) throws -> Report {
    try #require(outcome.code == 0, "\(outcome.errors)")
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
  }

  /// How many bytes of its log a run has written.
  private func written(_ run: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: run + "/log.jsonl")
    return attributes?[.size] as? Int ?? 0
  }

  /// Each time the run is killed when it has written so much more of its log, up to a third of the whole, or up to 20 looks at it later.
  @Test("a run killed 20 times at any step ends with the bits of an undisturbed run")
  func killed() throws {
    let directory = try TemporaryFolder()
    let quiet = try report(SignetProgram.run(Self.killedArguments + ["--out", directory.file("quiet")]))
    let run = directory.file("run")
    let arguments = Self.killedArguments + ["--out", run, "--resume"]
    let whole = Double(written(directory.file("quiet")))
    var (moments, kills, restarts) = (TestNumbers(seed: 2019), 0, 0)
    var ends: [Report] = []
    while kills < 20 {
      let moment = written(run) + Int(whole * moments.uniform() / 3)
      var looks = Int(20 * moments.uniform())
      let ended = try SignetProgram.interrupted(arguments, by: SIGKILL) { _ in
        guard written(run) >= moment else { return false }
        looks -= 1
        return looks < 0
      }
      if ended == nil {
        // Of a run that is done, another begins.
        ends.append(try report(SignetProgram.run(arguments)))
        try FileManager.default.removeItem(atPath: run)
        restarts += 1
        try #require(restarts < 20, "the program ends before it is killed")
      } else {
        kills += 1
      }
    }
    ends.append(try report(SignetProgram.run(arguments)))
    #expect(ends.allSatisfy { $0.facts == quiet.facts })
    let names = try FileManager.default.contentsOfDirectory(atPath: run)
    #expect(names.sorted() == (try FileManager.default.contentsOfDirectory(atPath: directory.file("quiet"))).sorted())
    // Every epoch stands in the log once, whatever was trained twice, with the digests of the quiet run.
    #expect(try epochs(run) == (try epochs(directory.file("quiet"))))
    #expect(try epochs(run).count == Self.networks.count * Self.epochs)
  }

  /// Network, epoch and digest of each epoch's line.
  private func epochs(_ run: String) throws -> [String] {
    try String(contentsOfFile: run + "/log.jsonl", encoding: .utf8).split(separator: "\n").compactMap { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      guard object?["type"] as? String == "epoch" else { return nil }
      let epoch = try #require(object?["epoch"] as? [String: Any])
      let report = try #require(epoch["report"] as? [String: Any])
      return "\(report["network"] ?? "") \(report["epoch"] ?? "") \(epoch["parametersSHA256"] ?? "")"
    }
  }

  @Test("--networks may name the networks in any order: they are trained in theirs, and a run resumes")
  func order() throws {
    let directory = try TemporaryFolder()
    func train(_ networks: String, _ options: String...) throws -> SignetProgram.Outcome {
      try SignetProgram.run(
        [
          "train", "--architecture", "10-10", "--networks", networks, "--real-epochs", "1", "--discrete-epochs", "1",
          "--json", "--quiet", "--out", directory.file("run"),
        ] + options)
    }
    let first = try report(train("straight-through,discrete-sign,real"))
    #expect(first.networks.map(\.network) == ["real", "discrete-sign", "straight-through"])
    #expect(try report(train("real,straight-through,discrete-sign", "--resume")).facts == first.facts)
  }

  /// The system refuses to write more, as on a full disk: a limit of 512 kB a file, below a checkpoint's size.
  @Test("if nothing more can be written, the run stops with a clear error, and the last checkpoint stays good")
  func full() throws {
    let directory = try TemporaryFolder()
    let quiet = try report(SignetProgram.run(Self.arguments + ["--out", directory.file("quiet")]))
    let run = directory.file("run")
    let arguments = Self.arguments + ["--out", run, "--resume"]
    while try SignetProgram.interrupted(
      arguments, by: SIGKILL, when: { _ in SignetProgram.hasCheckpoint(run) }) == nil
    {
      try FileManager.default.removeItem(atPath: run)
    }
    func contents() throws -> [String: Data] {
      let names = try FileManager.default.contentsOfDirectory(atPath: run).filter { $0.hasSuffix(".safetensors") }
      return try Dictionary(
        uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(filePath: "\(run)/\($0)"))) })
    }
    let before = try contents()
    let limited = try SignetProgram.run(
      ["-c", #"ulimit -f 512; exec "$0" "$@""#, SignetProgram.path] + arguments, program: "/bin/bash")
    #expect(limited.code == 74, "\(limited.errors)")
    #expect(limited.errors.contains("expected to write, found: File too large"), "\(limited.errors)")
    #expect(limited.errors.split(separator: "\n").count == 1)
    #expect(try contents() == before)
    #expect(try report(SignetProgram.run(arguments)).facts == quiet.facts)
    #expect(try SignetProgram.run("show", run).done().lines.contains { $0.hasSuffix("resumed 2 times") })
  }

  @Test("another command, another process and damaged files are refused with a clear error, and nothing is lost")
  func refused() throws {
    let directory = try TemporaryFolder()
    let run = directory.file("run")
    let arguments = ["reproduce", "digits", "--networks", "real", "--real-epochs", "2", "--quiet", "--out", run]
    #expect(try SignetProgram.run(arguments).code == 0)
    func expectRefusal(_ arguments: [String], code: Int32, _ mentions: String...) throws {
      let outcome = try SignetProgram.run(arguments)
      #expect(outcome.code == code && outcome.output.isEmpty, "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1)
      for mention in mentions { #expect(outcome.errors.contains(mention), "\(outcome.errors)") }
    }
    try expectRefusal(arguments, code: 65, "run.json", "without a run", "--resume")
    // Only what differs is told, but all of it.
    let other = try SignetProgram.run(arguments + ["--resume", "--seed", "2", "--loss", "squared-hinge"])
    #expect(other.code == 65 && other.output.isEmpty)
    #expect(
      other.errors
        == "signet: \(run)/run.json: expected experiment.method.loss cross-entropy, seed 1, as in the run to resume, "
        + "found experiment.method.loss squared-hinge, seed 2\n")
    try expectRefusal(["reproduce", "digits", "--resume"], code: 64, "--resume", "--out")
    // A run that is done prints its result again.
    #expect(try SignetProgram.run(arguments + ["--resume"]).code == 0)
    let network = run + "/real.safetensors"
    let bytes = try Data(contentsOf: URL(filePath: network))
    try bytes.prefix(1000).write(to: URL(filePath: network))
    try expectRefusal(arguments + ["--resume"], code: 65, "real.safetensors", "expected")
    try bytes.write(to: URL(filePath: network))
    try Data("{}".utf8).write(to: URL(filePath: run + "/run.json"))
    try expectRefusal(arguments + ["--resume"], code: 65, "run.json", "expected a run's record")
    // Without its record, nobody can tell whose the rest is.
    try FileManager.default.removeItem(atPath: run + "/run.json")
    let log = try Data(contentsOf: URL(filePath: run + "/log.jsonl"))
    for more in [[], ["--resume"], ["--resume", "--seed", "2"]] {
      try expectRefusal(arguments + more, code: 65, "log.jsonl", "expected no file of a run", "run.json")
    }
    #expect(try Data(contentsOf: URL(filePath: run + "/log.jsonl")) == log)
  }
}
