import Foundation
import TestSupport
import Testing

@Suite("Commands: packed files") struct PackCommandTests {
  let folder: TemporaryFolder
  private let run: String

  init() throws {
    folder = try TemporaryFolder()
    run = try SignetProgram.digitsRun(in: folder, "discrete-tanh,discrete-sign,straight-through", epochs: 2)
  }

  private func pack(_ arguments: String...) throws -> String {
    let path = folder.file("network.signetpk")
    let outcome = try SignetProgram.run(["pack", run, "-o", path] + arguments)
    try #require(outcome.code == 0, "\(outcome.errors)")
    return path
  }

  @Test(
    "predict prints the same bytes of a packed file as of its run", arguments: ["discrete-sign", "straight-through"])
  func predictions(network: String) throws {
    let path = try pack("--network", network)
    let images = try folder.write(npy("|u1", [2, 8, 8], (0..<128).map { UInt8($0 * 7 % 17) }), to: "images.npy")
    for options in [
      [], ["--format", "jsonl", "--part", "validation"], ["--probabilities"], ["--confusion"], ["--images", images],
    ] {
      let expected = try SignetProgram.run(["predict", run, "--network", network, "--quiet"] + options).done()
      let found = try SignetProgram.run(["predict", path, "--quiet"] + options)
      #expect(found.code == 0 && !found.output.isEmpty && found.errors.isEmpty, "\(options): \(found.errors)")
      #expect(found.output == expected.output, "\(options)")
    }
    let arrays = try [[run, "--network", network], [path]].map {
      let file = folder.file("scores.npy")
      #expect(try SignetProgram.run(["predict"] + $0 + ["--format", "npy", "-o", file]).code == 0)
      return try Data(contentsOf: URL(filePath: file))
    }
    #expect(arrays[0] == arrays[1] && arrays[0].count == 128 + 400 * 10 * 4)
  }

  @Test("an ensemble's error is the evaluated one, its scores the mean softmax, whatever the threads")
  func ensembles() throws {
    let path = try pack("--network", "discrete-sign", "--ensemble", "5", "--seed", "3")
    let matrix = try SignetProgram.object(SignetProgram.run("predict", path, "--confusion", "--json").output)
    let evaluation = try SignetProgram.object(
      SignetProgram.run("evaluate", run, "--networks", "discrete-sign", "--ensemble", "5", "--seed", "3", "--json")
        .output
    )
    let rows = try #require(evaluation["networks"] as? [[String: Any]])
    let points = try #require(rows[0]["ensemble"] as? [[String: Any]])
    #expect(matrix["error"] as? Double == points.last?["error"] as? Double)
    let scores = try SignetProgram.run("predict", path, "--threads", "1").done()
    let probabilities = try SignetProgram.run("predict", path, "--probabilities", "--threads", "2").done()
    expectSame(Array(scores.output.utf8), Array(probabilities.output.utf8))
    try #require(scores.lines.count == 401)
    for line in scores.lines.dropFirst() {
      let numbers = try line.split(separator: ",").map { try #require(Float($0)) }
      #expect(numbers.count == 13 && abs(numbers[3...].reduce(0, +) - 1) < 1e-5)
    }
    // One sampled network has outputs, not their softmax.
    let one = try pack("--network", "discrete-sign", "--ensemble", "1")
    let outputs = try [[], ["--probabilities"]].map { try SignetProgram.run(["predict", one] + $0).done() }
    #expect(outputs[0].output != outputs[1].output && outputs.allSatisfy { $0.lines.count == 401 })
  }

  @Test("the table has a row for each layer; JSON has its numbers, and the file its bytes")
  func table() throws {
    let path = folder.file("table.signetpk")
    let text = try SignetProgram.run("pack", run, "-o", path, "--network", "discrete-sign")
    let report = try SignetProgram.object(
      SignetProgram.run("pack", run, "-o", path, "--network", "discrete-sign", "--json").output)
    let lines = text.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 6 && lines[0].hasPrefix("layer  weights"))
    #expect(lines[0].hasSuffix("multiply-adds   thresholds  largest |sum|  accumulator"))
    #expect(lines[1].hasPrefix("256") && lines[1].contains("256 × int16") && lines[4].hasPrefix("file     84480"))
    let layers = try #require(report["layers"] as? [[String: Any]])
    #expect(layers.map { $0["weights"] as? Int } == [16384, 65536, 2560])
    #expect(layers.map { $0["float32Bytes"] as? Int } == [65536, 262144, 10240])
    #expect(layers.allSatisfy { ($0["bitsPerWeight"] as? Double ?? 2) < 1.02 * log2(3.0) })
    let bytes = try Data(contentsOf: URL(filePath: path))
    #expect(report["bytes"] as? Int == bytes.count && bytes.starts(with: "SIGNETPK".utf8))
    #expect(
      lines[5].hasSuffix(
        "discrete-sign, 1/\(String(format: "%.1f", 337920 / Double(bytes.count))) of the weights' bytes in float32"))
    let record = try #require(report["record"] as? [String: Any])
    #expect(record["experiment"] as? String == "digits" && record["data"] as? String == "digits")
    let evaluation = try SignetProgram.object(
      SignetProgram.run("evaluate", run, "--networks", "discrete-sign", "--json").output)
    let rows = try #require(evaluation["networks"] as? [[String: Any]])
    #expect(record["testError"] as? Double == rows[0]["mostProbable"] as? Double)
    #expect(record["parametersSHA256"] as? String == rows[0]["parametersSHA256"] as? String)
  }

  @Test("networks that are no functions of integers, and damaged files, are refused in one line")
  func refused() throws {
    let path = try pack("--network", "discrete-sign")
    let other = folder.file("other")
    var bytes = Array(try Data(contentsOf: URL(filePath: path)))
    let short = try folder.write(Array(bytes[..<100]), to: "short")
    bytes[8] = 2
    let later = try folder.write(bytes, to: "later")
    bytes[8] = 1
    bytes[bytes.count / 2] ^= 1
    let damaged = try folder.write(bytes, to: "damaged")
    let cases: [([String], Int32, String)] = [
      (
        ["pack", run, "-o", other, "--network", "real"], 65, "sign activations, whose sums are of integers, found real"
      ),
      (
        ["pack", run, "-o", other, "--network", "discrete-tanh"], 65,
        "found discrete-tanh (its activations are real numbers)"
      ),
      (
        ["pack", run, "-o", other, "--ensemble", "2"], 64,
        "expected a network with weight distributions, found straight-through"
      ),
      (["pack", run, "-o", other, "--ensemble", "0"], 64, "--ensemble: expected a number from 1 to 4096, found 0"),
      (["pack", run, "-o", other, "--seed", "2"], 64, "--seed: expected --ensemble"),
      (["pack", run, "-o", "\(folder.path)/none/file"], 74, "none"),
      (["pack", path, "-o", other], 64, "found the packed file"),
      (["predict", short], 65, "short: at byte 100: expected"),
      (["predict", later], 65, "at byte 8: expected version 1, the only one this program reads, found 2"),
      (["predict", damaged], 65, "at byte \(bytes.count - 4): expected the bytes' checksum"),
      (["predict", path, "--network", "real"], 64, "--network: expected a run's directory, found the file"),
    ]
    for (arguments, code, words) in cases {
      let outcome = try SignetProgram.run(arguments + ["--quiet"])
      #expect(outcome.code == code && outcome.errors.contains(words), "\(arguments): \(outcome)")
      #expect(outcome.errors.split(separator: "\n").count == 1 && outcome.output.isEmpty)
    }
    #expect(!FileManager.default.fileExists(atPath: other))
  }
}
