import Foundation
import TestSupport
import Testing
import Verification

/// A wrong call or wrong data: one clear line on standard error, the right exit code, nothing on standard output.
struct FailingCall: CustomTestStringConvertible {
  let name: String
  let arguments: [String]
  let code: Int32
  /// What the line must name.
  let mentions: [String]
  var testDescription: String { name }

  /// Checks what the call came to.
  func check(_ outcome: SignetProgram.Outcome) {
    #expect(outcome.code == code, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 1, "\(outcome.errors)")
    for mention in mentions { #expect(outcome.errors.contains(mention), "\(mention) in: \(outcome.errors)") }
  }
}

@Suite("Commands: what a user calls")
struct CommandTests {
  static let wrongUsage = [
    FailingCall(
      name: "an unknown experiment", arguments: ["reproduce", "imagenet"], code: 64,
      mentions: ["imagenet", "digits", "mnist-pi"]),
    FailingCall(
      name: "no threads", arguments: ["reproduce", "digits", "--threads", "0"], code: 64,
      mentions: ["--threads", "1 to 1024", "found 0"]),
    FailingCall(
      name: "no epochs", arguments: ["reproduce", "digits", "--real-epochs", "0"], code: 64,
      mentions: ["--real-epochs", "found 0"]),
    FailingCall(
      name: "an unknown network", arguments: ["reproduce", "digits", "--networks", "real,quantum"], code: 64,
      mentions: ["real,quantum", "discrete-sign"]),
    FailingCall(
      name: "an empty network", arguments: ["reproduce", "digits", "--networks", "real,"], code: 64,
      mentions: ["real,"]),
    FailingCall(
      name: "an unknown grid", arguments: ["reproduce", "digits", "--weights", "septenary"], code: 64,
      mentions: ["expected a grid of binary, ternary,", "values such as", "found septenary"]),
    FailingCall(
      name: "a grid of one value", arguments: ["reproduce", "digits", "--weights", "-1"], code: 64,
      mentions: ["--weights", "2 to 16 values", "found 1 (-1)"]),
    FailingCall(
      name: "an own grid without its parameterization",
      arguments: ["train", "--architecture", "6-10", "--weights", "-1,0,2", "--parameterization", "hierarchical"],
      code: 64, mentions: ["hierarchical", "found -1,0,2"]),
    FailingCall(
      name: "a seed that is no number", arguments: ["reproduce", "digits", "--seed", "one"], code: 64,
      mentions: ["one", "--seed"]),
    FailingCall(
      name: "an unknown option", arguments: ["reproduce", "digits", "--fast"], code: 64, mentions: ["--fast"]),
    FailingCall(
      name: "MNIST without its files", arguments: ["reproduce", "mnist-pi"], code: 64, mentions: ["--data", "mnist"]),
    FailingCall(
      name: "an even kernel", arguments: ["train", "--architecture", "32C4-P2-10"], code: 64,
      mentions: ["--architecture", "32C4-P2-10", "element 1", "odd"]),
    FailingCall(
      name: "other classes than the data's", arguments: ["train", "--architecture", "32C5-P2-11"], code: 64,
      mentions: ["10 units", "found 11"]),
    FailingCall(
      name: "images too small", arguments: ["train", "--architecture", "4C3-P2-4C3-P2-4C3-P2-4C3-P2-10"], code: 64,
      mentions: ["linear layer 4", "1×1"]),
    FailingCall(
      name: "dropout rates for other layers",
      arguments: ["train", "--architecture", "32C5-P2-10", "--dropout", "0.1,0.2,0.3"], code: 64,
      mentions: ["2 dropout rates", "found 3"]),
    FailingCall(
      name: "a dropout rate of 1", arguments: ["train", "--architecture", "32C5-P2-10", "--dropout", "0,1"], code: 64,
      mentions: ["--dropout", "below 1", "found 0,1"]),
    FailingCall(
      name: "a parameterization that the grid has not",
      arguments: ["reproduce", "digits", "--weights", "binary", "--parameterization", "hierarchical"], code: 64,
      mentions: ["hierarchical", "binary"]),
    FailingCall(
      name: "a prior that is none",
      arguments: ["reproduce", "digits", "--regularizer", "kl", "--prior", "0.5,0.5,0.5"], code: 64,
      mentions: ["prior", "3 positive numbers", "0.5,0.5,0.5"]),
    FailingCall(
      name: "a prior without its regularizer", arguments: ["reproduce", "digits", "--prior", "0.25,0.5,0.25"], code: 64,
      mentions: ["--prior", "--regularizer kl"]),
    FailingCall(
      name: "the squared hinge of a distribution",
      arguments: ["reproduce", "digits", "--loss", "squared-hinge", "--sampling", "nowhere"], code: 64,
      mentions: ["squared-hinge", "nowhere"]),
    FailingCall(
      name: "grids for other layers", arguments: ["reproduce", "digits", "--weights", "ternary,quinary"], code: 64,
      mentions: ["1 or 3 grids", "found 2"]),
    FailingCall(
      name: "a temperature of 0", arguments: ["reproduce", "digits", "--temperature", "0"], code: 64,
      mentions: ["--temperature", "found 0"]),
    FailingCall(
      name: "a temperature that is 0 in single precision",
      arguments: ["reproduce", "digits", "--temperature", "1e-60"],
      code: 64, mentions: ["--temperature: expected a positive number, found 1e-60"]),
    FailingCall(
      name: "a regularization that is not finite in single precision",
      arguments: ["reproduce", "digits", "--regularization", "1e60"], code: 64,
      mentions: ["--regularization: expected a number from 0, found 1e60"]),
    FailingCall(
      name: "a prior of words", arguments: ["reproduce", "digits", "--regularizer", "kl", "--prior", "half,half"],
      code: 64, mentions: ["--prior: expected numbers separated by commas, found half,half"]),
    FailingCall(
      name: "seeds that go down", arguments: ["sweep", "digits", "--seeds", "5-1"], code: 64,
      mentions: ["--seeds", "5-1"]),
    FailingCall(
      name: "a table of nothing", arguments: ["sweep", "digits", "--table-only"], code: 64,
      mentions: ["--table-only", "--results"]),
    FailingCall(
      name: "batches of nothing", arguments: ["evaluate", "run", "--batch", "0"], code: 64,
      mentions: ["--batch", "found 0"]),
    FailingCall(
      name: "no steps", arguments: ["benchmark", "step", "--steps", "0"], code: 64, mentions: ["--steps", "found 0"]),
  ]

  @Test("wrong usage ends with 64 and one line", arguments: wrongUsage)
  func usage(_ call: FailingCall) throws {
    call.check(try SignetProgram.run(call.arguments))
  }

  @Test("an unknown variant of the kernels ends with 64")
  func unknownVariant() throws {
    let call = FailingCall(
      name: "", arguments: [], code: 64, mentions: ["SIGNET_KERNELS", "plain, avx2, avx512 or avx512vpopcntdq"])
    call.check(try SignetProgram.run("reproduce", "digits", environment: ["SIGNET_KERNELS": "abacus"]))
  }

  @Test("bad data end with 65 or 74, one line, and without a run directory")
  func data() throws {
    let directory = try TemporaryFolder()
    let out = directory.file("run")
    func call(_ code: Int32, _ mentions: String...) throws {
      FailingCall(name: "", arguments: [], code: code, mentions: mentions).check(
        try SignetProgram.run("reproduce", "mnist-pi", "--data", directory.path, "--out", out))
      #expect(!FileManager.default.fileExists(atPath: out))
    }
    try call(74, directory.path, "train-images-idx3-ubyte")

    // One image of 28×28, but two labels, and one label in the test set.
    let image: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28] + Array(repeating: 7, count: 784)
    func labels(_ labels: UInt8...) -> [UInt8] { [0, 0, 8, 1, 0, 0, 0, UInt8(labels.count)] + labels }
    func write(_ name: String, _ bytes: [UInt8]) throws {
      try Data(bytes).write(to: URL(filePath: directory.file(name)))
    }
    try write("train-images-idx3-ubyte", image)
    try write("train-labels-idx1-ubyte", labels(1, 2))
    try write("t10k-images-idx3-ubyte", image)
    try write("t10k-labels-idx1-ubyte", labels(1))
    try call(65, "train-labels-idx1-ubyte", "1 labels", "found 2")
    try write("train-labels-idx1-ubyte", labels(10))
    try call(65, "train-labels-idx1-ubyte", "at byte 8", "from 0 to 9", "found 10")
    try write("train-images-idx3-ubyte", Array(image.dropLast(4)))
    try call(65, "train-images-idx3-ubyte", "at byte")
    try write("train-images-idx3-ubyte", [1] + image.dropFirst())
    try call(65, "train-images-idx3-ubyte", "magic")
  }

  @Test("--json prints the facts of the run, and --out keeps them")
  func json() throws {
    let directory = try TemporaryFolder()
    let out = directory.file("a/run")
    let arguments = [
      "reproduce", "digits", "--networks", "discrete-sign", "--real-epochs", "1", "--discrete-epochs", "1", "--seed",
      "7",
      "--threads", "2", "--json", "--out", out,
    ]
    let outcome = try SignetProgram.run(arguments)
    try #require(outcome.code == 0, "\(outcome.errors)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["experiment"] as? String == "digits")
    #expect(object["seed"] as? Int == 7)
    #expect(object["threads"] as? Int == 2)
    #expect(object["version"] is String)
    #expect((object["data"] as? [[String: String]])?.count == 2)
    let networks = try #require(object["networks"] as? [[String: Any]])
    #expect(networks.map { $0["network"] as? String } == ["real", "discrete-sign"])
    #expect(networks.map { $0["weights"] as? String } == ["real", "ternary"])
    for network in networks {
      let error = try #require(network["testError"] as? Double)
      #expect((0...1).contains(error))
      #expect((network["parametersSHA256"] as? String)?.count == 64)
    }
    #expect(outcome.errors.split(separator: "\n").count == 2, "a line an epoch: \(outcome.errors)")
    #expect(try String(contentsOfFile: out + "/result.json", encoding: .utf8) == outcome.output)
    let log = try String(contentsOfFile: out + "/log.jsonl", encoding: .utf8)
    #expect(log.split(separator: "\n").count == 4, "a line an epoch and a network")

    let again = try SignetProgram.run(arguments)
    FailingCall(name: "", arguments: [], code: 74, mentions: [out, "without a run"]).check(again)
    #expect(try String(contentsOfFile: out + "/log.jsonl", encoding: .utf8) == log)
  }

  @Test("a run directory that cannot be created ends with 74")
  func unwritable() throws {
    let outcome = try SignetProgram.run("reproduce", "digits", "--out", "/proc/none/run")
    FailingCall(name: "", arguments: [], code: 74, mentions: ["/proc/none/run"]).check(outcome)
  }

  @Test("train, then evaluate: the same errors at any batch size, ensembles, and clear errors for other files")
  func trainAndEvaluate() throws {
    let directory = try TemporaryFolder()
    let run = directory.file("run")
    let trained = try SignetProgram.run(
      "train", "--architecture", "4C3-P2-16-10", "--weights", "quinary,ternary,quinary", "--parameterization",
      "hierarchical", "--networks", "discrete-sign,straight-through", "--real-epochs", "1", "--discrete-epochs", "1",
      "--out", run, "--json", "--quiet")
    try #require(trained.code == 0, "\(trained.errors)")
    func networks(_ outcome: SignetProgram.Outcome) throws -> [[String: Any]] {
      let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
      return try #require(object?["networks"] as? [[String: Any]], "\(outcome.errors)")
    }
    let expected = try networks(trained)
    #expect(expected.map { $0["network"] as? String } == ["real", "discrete-sign", "straight-through"])
    #expect(expected.map { $0["weights"] as? String } == ["real", "quinary,ternary,quinary", "binary"])
    for batch in ["1", "7", "100", "1000"] {
      let outcome = try SignetProgram.run("evaluate", run, "--batch", batch, "--ensemble", "3", "--json")
      let rows = try networks(outcome)
      #expect(outcome.errors.isEmpty)
      for (row, expected) in zip(rows, expected) {
        #expect(row["mostProbable"] as? Double == expected["testError"] as? Double)
        #expect(row["parametersSHA256"] as? String == expected["parametersSHA256"] as? String)
        let points = try #require(row["ensemble"] as? [[String: Any]])
        #expect(
          points.compactMap { $0["members"] as? Int }
            == (row["network"] as? String == "discrete-sign" ? [1, 2, 3] : []))
      }
      #expect(rows.count == 3)
    }
    let one = try SignetProgram.run("evaluate", run + "/real.safetensors", "--part", "validation")
    #expect(one.code == 0 && one.output.split(separator: "\n").count == 2)

    func fails(_ code: Int32, _ mentions: String..., at path: String) throws {
      FailingCall(name: "", arguments: [], code: code, mentions: mentions).check(
        try SignetProgram.run("evaluate", path))
    }
    try fails(74, "nothing.safetensors", at: directory.file("nothing.safetensors"))
    try fails(74, directory.path, "safetensors", at: directory.path)
    let file = URL(filePath: run + "/real.safetensors")
    let bytes = try Data(contentsOf: file)
    let cut = directory.file("cut.safetensors")
    try bytes.dropLast(5).write(to: URL(filePath: cut))
    try fails(65, "cut.safetensors", at: cut)
    let other = directory.file("other.safetensors")
    let header = Data(#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#.utf8)
    let padding = Data(repeating: 32, count: 64 - header.count)
    try (Data([64, 0, 0, 0, 0, 0, 0, 0]) + header + padding + Data(count: 4)).write(to: URL(filePath: other))
    try fails(65, "other.safetensors", "signet.experiment", at: other)
  }

  @Test("--quiet is silent, and the table names each network")
  func table() throws {
    let outcome = try SignetProgram.run(
      "reproduce", "digits", "--networks", "discrete-sign-from-tanh", "--real-epochs", "1", "--discrete-epochs", "1",
      "--quiet")
    #expect(outcome.code == 0)
    #expect(outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.map { $0.prefix { $0 != " " } } == ["network", "real", "discrete-tanh", "discrete-sign-from-tanh"])
  }

  @Test("digits with seed 1: the error is at most 4 % for the real network and 6 % for the ternary sign network")
  func demo() throws {
    // After three epochs each, both err a little more.
    let few = ["--real-epochs", "3", "--discrete-epochs", "3"]
    let (epochs, allowed) = Extent.of(([], (0.04, 0.06)), debug: (few, (0.05, 0.08)))
    let outcome = try SignetProgram.run(
      ["reproduce", "digits", "--networks", "discrete-sign", "--json", "--quiet"] + epochs)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let networks = try #require(object["networks"] as? [[String: Any]])
    let errors = networks.compactMap { $0["testError"] as? Double }
    try #require(errors.count == 2)
    #expect(errors[0] <= allowed.0 && errors[1] <= allowed.1, "\(errors)")
  }

  @Test("benchmark step prints its three figures")
  func benchmark() throws {
    let outcome = try SignetProgram.run(
      "benchmark", "step", "--experiment", "digits", "--steps", "3", "--warmup", "0", "--json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let step = try #require(object["step_ms_median"] as? Double)
    let minimum = try #require(object["step_ms_minimum"] as? Double)
    let products = try #require(object["matmul_ms_median"] as? Double)
    #expect(0 < minimum && minimum <= step)
    #expect(0 < products)
    // How fast the machine was at which moment says nothing about the others, so the floor is held to its own parts.
    let parts = try ["floor_ms", "matmul_gflop", "peak_gflop_per_s", "parameters_mb", "bandwidth_gb_per_s"].map {
      try #require(object[$0] as? Double)
    }
    #expect(parts.allSatisfy { 0 < $0 })
    #expect(abs(parts[0] - (1000 * parts[1] / parts[2] + parts[3] / parts[4])) < 1e-9 * parts[0])
  }

  @Test("products that reach less of the peak than --least-share end with exit code 1, after the table")
  func leastShare() throws {
    let arguments = ["benchmark", "step", "--experiment", "digits", "--steps", "3", "--least-share"]
    // Products of 50 rows never keep all units busy.
    let failed = try SignetProgram.run(arguments + ["100"])
    #expect(failed.code == 1 && failed.output.contains("% of the peak.") && failed.errors.isEmpty, "\(failed)")
    let refused = try SignetProgram.run(arguments + ["101"])
    #expect(refused.code == 64 && refused.errors.contains("--least-share: expected a number from 1 to 100, found 101"))
  }

  @Test("every golden of our own is known, present and as accepted; no help text and no sample report has changed")
  func goldens() throws {
    let folder = SignetProgram.root.appending(path: "Golden").path
    let orphans = try SignetProgram.run("golden", "orphans", "--golden", folder)
    #expect(orphans.code == 0, "\(orphans.output)")
    // In a copy, since what differs is written beside.
    let directory = try TemporaryFolder()
    let copy = directory.file("Golden")
    try FileManager.default.copyItem(atPath: folder, toPath: copy)
    let help =
      try FileManager.default.contentsOfDirectory(atPath: copy + "/help").map { "help/\($0)" }
      + ["reports/night.html", "reports/night.md"]
    let pending = try SignetProgram.run(["golden", "pending", "--golden", copy] + help)
    #expect(pending.code == 0, "\(pending.output)")
    #expect(pending.output == "0 of \(help.count) goldens differ\n" && help.count >= 20)
  }

  @Test("verify finds a changed golden, names it, and ends with code 65")
  func verify() throws {
    let sound = try SignetProgram.run("verify", "--suite", "ops", "--json")
    #expect(sound.code == 0, "\(sound.errors)")
    let results = try #require(
      try JSONSerialization.jsonObject(with: Data(sound.output.utf8)) as? [[String: Any]])
    #expect(results.map { $0["suite"] as? String } == ["ops"])
    #expect((results[0]["failures"] as? [String]) == [])
    let directory = try TemporaryFolder()
    let copy = directory.file("Golden")
    try FileManager.default.copyItem(atPath: SignetProgram.root.appending(path: "Golden").path, toPath: copy)
    let trace = copy + "/traces/digits.json"
    let text = try String(contentsOfFile: trace, encoding: .utf8)
    let changed = text.replacing("\"loss\" : \"", with: "\"loss\" : \"1", maxReplacements: 1)
    #expect(changed != text)
    try Data(changed.utf8).write(to: URL(filePath: trace))
    let found = try SignetProgram.run("verify", "--suite", "traces", "--golden", copy)
    #expect(found.code == 65 && found.output.contains("✘ digits"), "\(found.output)")
    #expect(found.errors == "signet: expected no failure, found 1\n")
    let missing = try SignetProgram.run("verify", "--golden", "/proc/none", "--suite", "ops")
    #expect(missing.code == 65 && missing.output.contains("/proc/none/ops/layers.json: expected "))
  }
}
