import Foundation
import TestSupport
import Testing

@Suite("Commands: what a user calls")
struct CommandTests {
  @Test("bad data end with 65 or 74, one line, and without a run directory")
  func data() throws {
    let directory = try TemporaryFolder()
    let out = directory.file("run")
    func call(_ code: Int32, _ mentions: String...) throws {
      try SignetProgram.run("reproduce", "mnist-pi", "--data", directory.path, "--out", out).expectFailure(
        code, mentions)
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
    let object = try SignetProgram.object(outcome.output)
    #expect(object["experiment"] as? String == "digits")
    #expect(object["seed"] as? Int == 7)
    #expect(object["threads"] as? Int == 2)
    #expect(object["version"] is String)
    #expect((object["data"] as? [[String: String]])?.count == 2)
    let networks = try outcome.networks
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

    try SignetProgram.run(arguments).expectFailure(65, [out, "without a run"])
    #expect(try String(contentsOfFile: out + "/log.jsonl", encoding: .utf8) == log)
  }

  @Test("a run directory that cannot be created ends with 74")
  func unwritable() throws {
    try SignetProgram.run("reproduce", "digits", "--out", "/proc/none/run").expectFailure(74, ["/proc/none/run"])
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
    let expected = try trained.networks
    #expect(expected.map { $0["network"] as? String } == ["real", "discrete-sign", "straight-through"])
    #expect(expected.map { $0["weights"] as? String } == ["real", "quinary,ternary,quinary", "binary"])
    for batch in ["1", "7", "100", "1000"] {
      let outcome = try SignetProgram.run("evaluate", run, "--batch", batch, "--ensemble", "3", "--json")
      let rows = try outcome.networks
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
      try SignetProgram.run("evaluate", path).expectFailure(code, mentions)
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
}
