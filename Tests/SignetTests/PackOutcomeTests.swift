import Foundation
import TestSupport
import Testing

/// What each option of `pack` changes, and that its table, its JSON and its file say the same.
@Suite("Commands by outcome: pack")
struct PackOutcomeTests {
  private let folder: TemporaryFolder
  private let run: String

  init() throws {
    folder = try TemporaryFolder()
    run = try SignetProgram.smallRun(in: folder)
  }

  private func pack(_ options: [String]) throws -> SignetProgram.Outcome {
    try SignetProgram.run(["pack", run, "--output", folder.file("packed")] + options).done()
  }

  private func bytes(_ options: String...) throws -> [UInt8] {
    _ = try pack(["--network", "discrete-sign"] + options)
    return try folder.bytes(of: "packed")
  }

  @Test("--ensemble is the number of networks, --seed that of their samples, 1 by default; --threads changes no byte")
  func sampling() throws {
    let probable = try bytes()
    let one = try bytes("--ensemble", "1")
    let two = try bytes("--ensemble", "2")
    #expect(one != probable && two.count > one.count)
    expectSame(try bytes("--ensemble", "2", "--seed", "1"), two, "--seed 1")
    for threads in ["1", "3"] { expectSame(try bytes("--ensemble", "2", "--threads", threads), two, "--threads") }
    #expect(try bytes("--ensemble", "2", "--seed", "2") != two)
    for (options, networks, seed) in [
      ([], 1, nil), (["--ensemble", "2"], 2, 1), (["--ensemble", "3", "-s", "7"], 3, 7),
    ] {
      let report = try SignetProgram.object(pack(["--network", "discrete-sign", "--json"] + options).output)
      let record = try #require(report["record"] as? [String: Any])
      #expect(report["networks"] as? Int == networks && record["samplingSeed"] as? Int == seed)
      #expect(record["seed"] as? Int == 1, "the run's")
      // The error of samples is not known.
      #expect((record["testError"] == nil) == (seed != nil))
    }
  }

  @Test("without --network, the network trained last is packed; lines name it and those still missing, unless --quiet")
  func network() throws {
    let line = "signet: \(run): straight-through is chosen; --network selects another of the 3\n"
    for (options, network, errors) in [
      ([], "straight-through", line), (["--quiet"], "straight-through", ""),
      (["--network", "discrete-sign"], "discrete-sign", ""),
    ] {
      let outcome = try pack(options)
      #expect(outcome.errors == errors)
      #expect(try #require(outcome.lines.last).hasPrefix("\(folder.file("packed")): \(network), 1/"))
      let record = try #require(SignetProgram.object(pack(options + ["--json"]).output)["record"] as? [String: Any])
      let result = try SignetProgram.object(String(contentsOfFile: "\(run)/result.json", encoding: .utf8))
      let trained = try #require(result["networks"] as? [[String: Any]]).first { $0["network"] as? String == network }
      #expect(record["network"] as? String == network && record["weights"] as? String == trained?["weights"] as? String)
      #expect(record["testError"] as? Double == trained?["testError"] as? Double && trained != nil)
    }
    try FileManager.default.removeItem(atPath: "\(run)/straight-through.safetensors")
    let chosen = "signet: \(run): discrete-sign is chosen; --network selects another of the 2\n"
    #expect(try pack([]).errors == chosen + "signet: \(run): the run has no file of straight-through yet\n")
    #expect(try pack(["--network", "discrete-sign"]).errors.isEmpty && pack(["--quiet"]).errors.isEmpty)
  }

  @Test(
    "the table has what --json has, cell by cell, and its counts are those of the layers, times the networks",
    arguments: [
      ([], 1, "straight-through"),
      (["--network", "discrete-sign", "--ensemble", "3"], 3, "3 networks sampled from discrete-sign"),
    ])
  func table(options: [String], networks: Int, what: String) throws {
    let text = try pack(options)
    let report = try SignetProgram.object(pack(options + ["--json"]).output)
    let layers = try #require(report["layers"] as? [[String: Any]])
    func numbers(_ key: String) throws -> [Int] { try layers.map { try #require($0[key] as? Int, "\(key)") } }
    // 64 pixels, hidden layers of 12 and 8 units, 10 classes: one weight and one multiply-add for each pair.
    #expect(try numbers("weights") == [64 * 12, 12 * 8, 8 * 10].map { $0 * networks })
    #expect(try numbers("multiplyAdds") == numbers("weights"))
    #expect(try numbers("float32Bytes") == numbers("weights").map { 4 * $0 })
    #expect(try numbers("thresholds") == [12, 8, 0].map { $0 * networks })
    // An accumulator holds the largest sum and its opposite.
    for (largest, bits) in zip(try numbers("largestSum"), try numbers("accumulatorBits")) {
      #expect(largest < 1 << (bits - 1) && largest >= 1 << (bits - 2))
    }
    // Signs of ±1 weights add up to at most the number of inputs; a pixel stands for −16 to 16.
    if networks == 1 { #expect(try numbers("largestSum") == [64 * 16, 12, 8]) }
    let expected = try layers.map { layer -> [String] in
      let thresholds = try #require(layer["thresholds"] as? Int)
      func cell(_ key: String) throws -> String { "\(try #require(layer[key] as? Int, "\(key)"))" }
      return try [
        #require(layer["layer"] as? String), cell("weights"), SignetProgram.percent(layer["zeros"]), cell("bytes"),
        cell("float32Bytes"), cell("multiplyAdds"),
      ] + (thresholds == 0 ? [] : ["\(thresholds) × int\(cell("thresholdBits"))"]) + [
        cell("largestSum"), "\(cell("accumulatorBits")) bits",
      ]
    }
    let bytes = try folder.bytes(of: "packed").count
    let float32Bytes = 4 * 944 * networks
    #expect(report["bytes"] as? Int == bytes && report["float32Bytes"] as? Int == float32Bytes)
    let head = [
      "layer", "weights", "zeros", "bytes", "float32 bytes", "multiply-adds", "thresholds", "largest |sum|",
      "accumulator",
    ]
    let total = try [
      "file", "\(944 * networks)", SignetProgram.percent(report["zeros"]), "\(bytes)", "\(float32Bytes)",
      "\(944 * networks)", "\(20 * networks)", "\(numbers("largestSum")[0])", "\(numbers("accumulatorBits")[0]) bits",
    ]
    #expect(text.rows.dropLast() == [head] + expected + [total])
    // The last column's cells, too, end where its head does.
    #expect(Set(text.lines.dropLast().map(\.count)).count == 1, "\(text.output)")
    let ratio = String(format: "%.1f", Double(float32Bytes) / Double(bytes))
    #expect(text.lines.last == "\(folder.file("packed")): \(what), 1/\(ratio) of the weights' bytes in float32")
    let zeros = try zip(layers, numbers("weights")).map { try #require($0["zeros"] as? Double) * Double($1) }
    #expect(abs(try #require(report["zeros"] as? Double) - zeros.reduce(0, +) / Double(944 * networks)) < 1e-12)
    #expect(try numbers("bytes").reduce(0, +) < bytes, "the file has a head, too")
  }

  @Test(
    "a packed file replaces neither the network that it is made of nor another one of its run",
    arguments: ["real", "discrete-sign", "straight-through"])
  func ownFiles(network: String) throws {
    let path = "run/\(network).safetensors"
    let bytes = try folder.bytes(of: path)
    // The same place by other names.
    try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: run)
    let names = ["\(run)/../\(path)", folder.file("link/\(network).safetensors")]
    for arguments in [[run, "--network", "discrete-sign"], [folder.file(path)]] {
      for name in names {
        try SignetProgram.run(["pack"] + arguments + ["--output", name]).expectFailure(
          64, ["--output: expected another file than that of the "])
      }
    }
    expectSame(try folder.bytes(of: path), bytes)
  }

  @Test("no command's output replaces one of a run's own files, nor takes the place of one that is still to come")
  func records() throws {
    let files = ["run.json", "log.jsonl", "result.json", "checkpoint.safetensors", "discrete-tanh.safetensors"]
    let before = files.map { FileManager.default.contents(atPath: "\(run)/\($0)") }
    let packed = folder.file("for-records.packed")
    _ = try SignetProgram.run("pack", run, "--network", "discrete-sign", "--quiet", "-o", packed).done()
    for file in files {
      let path = "\(run)/\(file)"
      for (arguments, option) in [
        (["pack", run, "--network", "discrete-sign", "--output"], "--output"),
        (["predict", packed, "--output"], "--output"), (["export", run, "--npz"], "--npz"),
        (["report", run, "--output"], "--output"),
      ] {
        try SignetProgram.run(arguments + [path]).expectFailure(64, ["\(option): expected another file than "])
      }
    }
    // A link elsewhere leads to the same file.
    let link = folder.file("link-to-record")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "run/discrete-tanh.safetensors")
    try SignetProgram.run("predict", packed, "--output", link).expectFailure(
      64, ["--output: expected another file than a run's own"])
    #expect(files.map { FileManager.default.contents(atPath: "\(run)/\($0)") } == before)
    // Elsewhere, the names are like any other.
    _ = try SignetProgram.run("predict", packed, "--output", folder.file("result.json"), "--quiet").done()
  }

  @Test("an output replaces an empty file and one of its own kind; any other file stays, whatever it is called")
  func kinds() throws {
    let packed = folder.file("for-kinds.packed")
    _ = try SignetProgram.run("pack", run, "--network", "discrete-sign", "--quiet", "-o", packed).done()
    let predict = ["predict", packed, "--quiet"]
    let commands = [
      (["pack", run, "--network", "discrete-sign", "--quiet", "--output"], "a packed file"),
      (predict + ["--output"], "a csv file of predictions"),
      (predict + ["--format", "jsonl", "--output"], "a jsonl file of predictions"),
      (predict + ["--format", "npy", "--output"], "an npy file of predictions"),
      (predict + ["--confusion", "--hidden"], "an NPZ file of hidden signs"),
      (["export", run, "--network", "real", "--quiet", "--npz"], "an NPZ file that signet export has written"),
      (["export", packed, "--onnx"], "an ONNX file that signet export has written"),
      (
        ["export", run, "--network", "real", "--quiet", "--safetensors"],
        "a safetensors file that signet export has written"
      ),
      (["report", run, "--output"], "an HTML file"),
    ]
    let (next, zeros) = (folder.file("next"), [UInt8](repeating: 0, count: 64))
    // NumPy writes a comma after an only axis, and none after the last of several; its archives begin with another version.
    let matrix = npy("<f4", [2, 8], zeros).replacing(Array(",), }".utf8), with: Array("), } ".utf8))
    let names = Array("layer1.weight.npy layer1.signs.npy".utf8)
    let archive = [0x50, 0x4b, 3, 4, 45, 0, 0, 0, 0, 0, 0, 0, 0x21, 0] + names
    for (name, bytes) in [
      ("images.npy", npy("|u1", [1, 8, 8], zeros)), ("vector.npy", npy("<f4", [16], zeros)), ("matrix.npy", matrix),
      ("archive.npz", archive),
    ] { try folder.write(bytes, to: name) }
    try FileManager.default.copyItem(atPath: "\(run)/real.safetensors", toPath: next)
    for (arguments, kind) in commands {
      let option = try #require(arguments.last)
      for name in ["images.npy", "vector.npy", "matrix.npy", "archive.npz", "next"] {
        let (before, path) = (try folder.bytes(of: name), folder.file(name))
        try SignetProgram.run(arguments + [path]).expectFailure(
          64, ["\(option): expected a new file or \(kind), found another file at \(path)"])
        expectSame(try folder.bytes(of: name), before, kind)
      }
      try folder.write([], to: "next")
      for _ in 0..<2 { _ = try SignetProgram.run(arguments + [next]).done() }
      #expect(try !folder.bytes(of: "next").isEmpty, "\(kind)")
    }
  }
}
