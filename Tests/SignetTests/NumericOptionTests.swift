import Foundation
import TestSupport
import Testing

/// Every option that takes a number, with numbers at the ends of the types that it may be read and used in. The constants of trainings
/// are also trained with: see *Constants at the ends of their ranges*.
@Suite("Numbers as options, at the ends of their ranges")
struct NumericOptionTests {
  private static let texts = ["nan", "-1", "1e-46", "9223372036854775807", "18446744073709551616"]

  /// The options that take a number, whatever the command.
  private static let numeric: Set = [
    "batch", "dropout", "real-step", "logit-step", "prior", "regularization", "temperature", "real-epochs",
    "discrete-epochs", "seed", "threads", "validation", "test", "first-label", "label-column", "largest-pixel",
    "ensemble",
    "test-images", "seeds", "timeout", "images", "steps", "warmup", "rounds", "repeat", "budget", "alpha", "keep",
    "cpus-per-task", "retries", "interval", "tolerance", "epsilon", "zero-up-to", "least-share",
  ]

  /// Those that take a name, a file or a directory, and `--set` and `--weights`, whose numbers have tests of their own.
  private static let others: Set = [
    "networks", "network", "weights", "parameterization", "initialization", "regularizer", "sampling", "estimator",
    "loss",
    "data", "recipe", "set", "out", "architecture", "dataset", "prefix", "output", "csv", "part", "format", "c", "name",
    "results", "from", "png", "suite", "golden", "reason", "experiment", "benchmarks", "base", "sweep", "commit",
    "command",
    "only", "device", "partition", "gres", "time", "runner", "activation", "check", "hidden", "layout", "names", "npz",
    "onnx",
    "qonnx", "real", "safetensors",
  ]

  /// A call of each command that takes numbers, which ends at once: at a file or a server that is not there, or after little work.
  private static func call(_ command: String, in folder: TemporaryFolder) -> [String]? {
    let nothing = "/dev/null/nothing"
    return switch command {
    case "reproduce": ["digits", "--out", nothing]
    case "train": ["--architecture", "10-10", "--dataset", "npy", "--data", nothing]
    case "evaluate": [nothing]
    case "predict": [nothing]
    case "pack": [nothing, "--output", "\(nothing)/packed"]
    case "export": [nothing, "--c", nothing]
    case "import":
      [nothing, "--architecture", "10-10", "--layout", "torch", "--output", "\(nothing)/network"]
    case "sweep": ["digits", "--results", nothing]
    case "data fetch": ["mnist", "--data", folder.file("mnist"), "--from", "http://127.0.0.1:9/", "--quiet"]
    case "data inspect": [SignetProgram.root.appending(path: "Fixtures/digits").path]
    case "verify": ["--suite", "ops", "--golden", nothing]
    case "golden pending": ["tolerances.json", "--golden", nothing]
    case "benchmark step", "benchmark layers", "benchmark growth": ["--experiment", "digits"]
    case "benchmark predict": ["--experiment", "digits"]
    case "benchmark compare": [nothing, nothing]
    case "night run": ["--results", folder.file("nights"), "--check"]
    default: nil
    }
  }

  /// What an option needs beside it, or so that the call ends soon.
  private static func company(_ command: String, _ option: String) -> [String] {
    switch (command, option) {
    case (_, "prior"): ["--regularizer", "kl"]
    case ("import", "tolerance"): ["--check", "/dev/null/nothing", "/dev/null/nothing"]
    case ("sweep", "cpus-per-task"), ("sweep", "retries"), ("sweep", "interval"):
      ["--runner", "slurm", "--out", "/dev/null/nothing"]
    case ("night run", "real-epochs"), ("night run", "discrete-epochs"): ["--data", "/dev/null/nothing"]
    case ("evaluate", "seed"), ("pack", "seed"): ["--ensemble", "2"]
    case ("benchmark step", let option), ("benchmark growth", let option):
      (option == "steps" ? [] : ["--steps", "1"]) + (option == "warmup" ? [] : ["--warmup", "0"])
    case ("benchmark predict", let option), ("benchmark layers", let option):
      option == "rounds" ? [] : ["--rounds", "1"]
    default: []
    }
  }

  private struct Command: Decodable {
    struct Argument: Decodable {
      struct Name: Decodable { let name: String }
      let kind: String
      let preferredName: Name?
    }
    let commandName: String
    let subcommands: [Command]?
    let arguments: [Argument]?

    /// Each command with its options.
    func all(_ path: [String] = []) -> [(command: String, options: [String])] {
      let options = (arguments ?? []).filter { $0.kind == "option" }.compactMap { $0.preferredName?.name }
      let own = path.isEmpty ? [] : [(path.joined(separator: " "), options)]
      return own + (subcommands ?? []).filter { $0.commandName != "help" }.flatMap { $0.all(path + [$0.commandName]) }
    }
  }

  /// Every command and its options, as the program lists them itself.
  private static func commands() throws -> [(command: String, options: [String])] {
    struct Help: Decodable { let command: Command }
    let text = try SignetProgram.run("--experimental-dump-help").output
    return try JSONDecoder().decode(Help.self, from: Data(text.utf8)).command.all()
  }

  @Test("no number ends the program but with an exit code of its own, and one line says what is expected")
  func ends() throws {
    let folder = try TemporaryFolder()
    var calls = 0
    for (command, options) in try Self.commands() {
      for option in options {
        #expect(Self.numeric.contains(option) != Self.others.contains(option), "\(option): not known to this test")
        guard Self.numeric.contains(option), (command, option) != ("predict", "images") else { continue }
        let call = try #require(Self.call(command, in: folder), "\(command): not known to this test")
        for text in Self.texts {
          let arguments =
            command.split(separator: " ").map(String.init) + call + Self.company(command, option) + [
              "--\(option)=\(text)"
            ]
          let outcome = try SignetProgram.run(arguments)
          let what = "\(arguments.joined(separator: " ")): \(outcome.code), \(outcome.errors)"
          #expect(!outcome.isCrash && [0, 64, 65, 69, 74].contains(outcome.code), "\(what)")
          #expect(outcome.errors.split(separator: "\n").count <= 1, "\(what)")
          if outcome.code == 64 { #expect(outcome.errors.contains(option), "\(what)") }
          calls += 1
        }
      }
    }
    #expect(calls > 200, "\(calls)")
  }

  @Test(
    "a night runs with the least budget and the least chance of an alarm",
    arguments: [["--budget", "5e-324"], ["--alpha", "5e-324"], ["--keep", "9223372036854775807"]])
  func night(options: [String]) throws {
    let folder = try TemporaryFolder()
    let outcome = try SignetProgram.run(
      ["night", "run", "--results", folder.file("nights"), "--suite", "sign", "--no-training", "--quiet"] + options)
    #expect(!outcome.isCrash && [3, 4].contains(outcome.code), "\(outcome.errors)")
  }
}
