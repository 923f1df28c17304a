import Foundation
import TestSupport
import Testing

/// What each option of `export` changes in its files and in what it prints.
@Suite("Commands by outcome: export")
struct ExportOutcomeTests {
  private let folder: TemporaryFolder
  private let run: String

  init() throws {
    folder = try TemporaryFolder()
    run = try SignetProgram.smallRun(in: folder)
  }

  private func export(_ options: [String]) throws -> SignetProgram.Outcome {
    try SignetProgram.run(["export", run] + options).done()
  }

  /// A file, one character for each byte.
  private func text(_ name: String) throws -> String {
    String(try folder.bytes(of: name).map { Character(Unicode.Scalar($0)) })
  }

  /// The head of a safetensors file.
  private func head(_ name: String) throws -> [String: Any] {
    let bytes = try folder.bytes(of: name)
    let length = bytes[..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    return try SignetProgram.object(String(decoding: bytes[8..<(8 + length)], as: UTF8.self))
  }

  @Test("each option writes its own form to its own file, and prints its line, unless --quiet is given")
  func forms() throws {
    let path = folder.file("a")
    func lines(_ form: String) throws -> [String] {
      try export(["--\(form)", "\(path).\(form)", "--network", "discrete-sign"]).lines
    }
    func size(_ form: String) throws -> Int { try folder.bytes(of: "a.\(form)").count }
    let c = try lines("c")
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(path).c").sorted() == ["net.c", "net.h"])
    let header = try text("a.c/net.h")
    let flash = try #require(header.firstMatch(of: /NET_FLASH_BYTES (\d+)/)?.1)
    let scratch = try #require(header.firstMatch(of: /NET_SCRATCH_BYTES (\d+)/)?.1)
    #expect(flash != scratch)
    #expect(
      c == [
        "\(path).c/net.h, \(path).c/net.c: \(flash) bytes of tables, \(scratch) bytes of scratch buffer, 3 test images"
      ])
    #expect(try lines("onnx") == ["\(path).onnx: \(size("onnx")) bytes, ONNX of operator set 13"])
    #expect(try text("a.onnx").contains("MatMulInteger") && !text("a.onnx").contains("qonnx.custom_op"))
    #expect(try lines("qonnx") == ["\(path).qonnx: \(size("qonnx")) bytes, QONNX"])
    #expect(try !text("a.qonnx").contains("MatMulInteger") && text("a.qonnx").contains("qonnx.custom_op"))
    let tensors = try lines("safetensors")
    let count = try head("a.safetensors").count { $0.key != "__metadata__" }
    #expect(tensors == ["\(path).safetensors: \(count) tensors"] && count > 12)
    #expect(try lines("npz") == ["\(path).npz: \(size("npz")) bytes, \(count) arrays and the metadata"])
    // Each array's entry in the archive's directory, and that of the metadata.
    #expect(try text("a.npz").ranges(of: "PK\u{1}\u{2}").count == count + 1)
    let forms = ["a.c", "a.npz", "a.onnx", "a.qonnx", "a.safetensors"]
    #expect(try folder.names == forms + ["run"])
    let all = forms.flatMap { ["--\($0.dropFirst(2))", "\(path)\($0.dropFirst())"] }
    let again = try export(["--network", "discrete-sign"] + all)
    #expect(again.lines.count == 5)
    let quiet = try export(["--network", "discrete-sign", "--quiet"] + all)
    #expect(quiet.output.isEmpty && quiet.errors.isEmpty)
  }

  @Test("all files are written before any line is printed; if one cannot be written, the lines are of those before it")
  func failures() throws {
    let (tensors, arrays) = (folder.file("a.safetensors"), folder.file("a.npz"))
    let export = ["export", run, "--network", "real", "--safetensors", tensors, "--npz"]
    if isLinux {
      let full = try SignetProgram.run(
        ["-c", "\"$0\" \"$@\" >/dev/full", SignetProgram.path] + export + [arrays], program: "/bin/sh")
      #expect(full.code == 74)
      #expect(try folder.names == ["a.npz", "a.safetensors", "run"])
    }
    let stopped = try SignetProgram.run(export + [folder.file("none/a.npz")])
    #expect(stopped.code == 74 && stopped.lines.count == 1, "\(stopped.errors)")
    #expect(stopped.output.hasPrefix("\(tensors): "), "\(stopped.output)")
    let csv = folder.file("csv")
    let report = try SignetProgram.run("report", run, "--csv", csv, "--output", "\(tensors)/report.html")
    #expect(report.code == 74 && report.lines == ["epochs", "results"].map { "\(csv)/\($0).csv" })
  }

  @Test("--network is the network that is exported, by default the one trained last, of which a line tells")
  func network() throws {
    let line = "signet: \(run): straight-through is chosen; --network selects another of the 3\n"
    for (options, network, errors) in [
      ([], "straight-through", line), (["--quiet"], "straight-through", ""), (["--network", "real"], "real", ""),
      (["--network", "discrete-sign"], "discrete-sign", ""),
    ] {
      let outcome = try export(["--safetensors", folder.file("s"), "--npz", folder.file("n")] + options)
      #expect(outcome.errors == errors)
      let facts = try #require(try head("s")["__metadata__"] as? [String: String])
      #expect(facts["signet.network"] == network && facts["signet.architecture"] == "12-8-10")
      // NumPy's texts have four bytes for each character.
      #expect(try text("n").filter { $0 != "\0" }.contains(#""signet.network":"\#(network)""#))
    }
  }

  @Test("an export of a network packed from samples has the training's seed, and beside it that of the samples")
  func samplingSeed() throws {
    let packed = folder.file("packed")
    _ = try SignetProgram.run(
      "pack", run, "--network", "discrete-sign", "--ensemble", "1", "--seed", "5", "--output", packed
    ).done()
    _ = try SignetProgram.run("export", packed, "--safetensors", folder.file("s")).done()
    let facts = try #require(try head("s")["__metadata__"] as? [String: String])
    #expect(facts["signet.seed"] == "1" && facts["signet.samplingSeed"] == "5", "\(facts)")
  }

  @Test("--hidden makes each hidden layer's signs an output, --compact packs the weights, and each does only that")
  func graphs() throws {
    /// The number of times that the signs of the two hidden layers, and the scores, are named.
    func names(_ file: String) throws -> [Int] {
      try ["layer1.signs", "layer2.signs", "scores"].map { try text(file).ranges(of: $0).count }
    }
    func onnx(_ file: String, _ options: String...) throws -> Int {
      let outcome = try export(["--quiet", "--onnx", folder.file(file)] + options)
      #expect(outcome.output.isEmpty)
      return try folder.bytes(of: file).count
    }
    func set(_ options: String...) throws -> Bool {
      try export(["--onnx", folder.file("x")] + options).output
        .hasSuffix(" bytes, ONNX of operator set 25\n")
    }
    let plain = try onnx("plain")
    let outputs = try names("plain")
    _ = try onnx("hidden", "--hidden")
    #expect(try names("hidden") == [outputs[0] + 1, outputs[1] + 1, outputs[2]])
    let compact = try onnx("compact", "--compact")
    #expect(try names("compact") == outputs)
    // A byte for each of 944 weights, and 2 bits.
    #expect(plain - compact > 944 / 2)
    _ = try onnx("both", "--compact", "--hidden")
    #expect(try names("both") == [outputs[0] + 1, outputs[1] + 1, outputs[2]])
    #expect(try !set() && !set("--hidden") && set("--compact") && set("--hidden", "--compact"))
    for (file, options) in [("q", []), ("q-hidden", ["--hidden"])] {
      _ = try export(["--quiet", "--qonnx", folder.file(file)] + options)
    }
    let signs = try names("q")
    #expect(try names("q-hidden") == [signs[0] + 1, signs[1] + 1, signs[2]])
  }

  @Test(
    "--test-images is the number of images and scores in the C file: 3 by default, at most those of the test set, and told of"
  )
  func testImages() throws {
    for (options, count) in [
      ([], 3), (["--test-images", "0"], 0), (["--test-images", "1"], 1), (["--test-images", "1000"], 400),
    ] {
      let line = try export(["--c", folder.file("c"), "--name", "tiny"] + options).output
      #expect(line.hasSuffix(", \(count) test image\(count == 1 ? "" : "s")\n"), "\(line)")
      let source = try text("c/tiny.c")
      #expect(source.contains("test_images") == (count > 0))
      if count == 0 { continue }
      #expect(source.contains("tiny_test_images[\(64 * count)] = {"), "\(options)")
      #expect(source.contains("tiny_test_scores[\(10 * count)] = {"), "\(options)")
    }
  }

  @Test("--data is where the test images come from; other images than the run's are told of")
  func data() throws {
    /// 90 images of 4×4 pixels to train on, and 5 to test on, which are `first`, `first + 1`, … throughout.
    func write(_ name: String, first: UInt8) throws -> String {
      try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: true)
      let pixels = (0..<90 * 16).map { UInt8($0 * 37 % 201) }
      try folder.write(npy("|u1", [90, 4, 4], pixels), to: "\(name)/train-images.npy")
      try folder.write(npy("|u1", [90], (0..<90).map { $0 % 3 }), to: "\(name)/train-labels.npy")
      try folder.write(npy("|u1", [5, 4, 4], (0..<80).map { first + $0 / 16 }), to: "\(name)/test-images.npy")
      try folder.write(npy("|u1", [5], [0, 1, 2, 0, 1]), to: "\(name)/test-labels.npy")
      return folder.file(name)
    }
    let (own, other) = (try write("own", first: 10), try write("other", first: 100))
    let trained = folder.file("trained")
    _ = try SignetProgram.run(
      "train", "--architecture", "6-3", "--dataset", "npy", "--data", own, "--networks", "straight-through",
      "--discrete-epochs", "1", "--quiet", "--out", trained
    ).done()
    let arguments = ["export", trained, "--c", folder.file("c"), "--quiet"]
    func line(_ pixel: Int) -> String { Array(repeating: "\(pixel),", count: 16).joined(separator: " ") }
    func expect(_ pixels: [Int]) throws {
      let source = try text("c/net.c")
      for pixel in [10, 11, 12, 13, 100, 101, 102, 103] {
        #expect(source.contains("  \(line(pixel))\n") == pixels.contains(pixel), "\(pixel)")
      }
    }
    let first = try SignetProgram.run(arguments + ["--data", own]).done()
    #expect(first.errors.isEmpty)
    try expect([10, 11, 12])
    let second = try SignetProgram.run(arguments + ["--data", other]).done()
    #expect(second.errors.split(separator: "\n").count == 1)
    for part in ["\(trained): expected the data that the run was trained on", "the test images are for the latter"] {
      #expect(second.errors.contains(part), "\(second.errors)")
    }
    try expect([100, 101, 102])
    let without = try SignetProgram.run(arguments)
    #expect(without.code == 64 && without.errors.contains("npy: expected --data DIR"), "\(without.errors)")
    #expect(try SignetProgram.run(arguments + ["--test-images", "0"]).code == 0)
  }

  @Test("a file that cannot be written ends with 74, a damaged network with 65, an option without effect with 64")
  func codes() throws {
    let bytes = try folder.bytes(of: "run/straight-through.safetensors")
    let damaged = try folder.write(bytes.dropLast(5) + [], to: "damaged.safetensors")
    let out = folder.file("out")
    let calls =
      ["c", "onnx", "qonnx", "safetensors", "npz"].map { ([run, "--\($0)", "/dev/null/x"], Int32(74), "/dev/null/x") }
      + [
        ([damaged, "--npz", out], 65, "damaged.safetensors"),
        ([damaged, "--npz", damaged], 64, "--npz: expected another file than that of the argument"),
        (
          [run, "--safetensors", "\(run)/real.safetensors"], 64, "--safetensors: expected another file than that of the"
        ),
        (
          [run, "--onnx", out, "--qonnx", "\(folder.path)/run/../out"], 64,
          "--qonnx: expected another file than that of --o"
        ),
        ([run, "--c", out, "--npz", "\(out)/net.h"], 64, "--npz: expected another file than that of --c, found"),
        ([run, "--c", out, "--name", "a", "--npz", "\(out)/a.c"], 64, "--npz: expected another file than that of --c"),
        ([run, "--c", out, "--data", "/nonexistent"], 74, "/nonexistent/manifest.json"),
        ([run, "--c", out, "--without-extra"], 64, "--without-extra: expected the data set svhn, found digits"),
        ([run, "--onnx", out, "--without-extra"], 64, "--without-extra: expected --c"),
        ([run, "--c", out, "--test-images", "0", "--without-extra"], 64, "--without-extra: expected none with --test"),
        (
          [run, "--c", out, "--test-images", "1001"], 64, "--test-images: expected a number from 0 to 1000, found 1001"
        ),
        ([run, "--c", out, "--threads", "0"], 64, "--threads: expected a number from 1 to 1024, found 0"),
      ]
    for (arguments, code, mention) in calls {
      try SignetProgram.run(["export", "--quiet"] + arguments).expectFailure(code, [mention])
    }
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  @Test("if one format cannot have the network, no other is written")
  func allOrNone() throws {
    let wide = folder.file("wide")
    _ = try SignetProgram.run(
      "train", "--architecture", "10", "--networks", "discrete-sign", "--initialization", "random",
      "--weights=-200,0,56", "--discrete-epochs", "1", "--quiet", "--out", wide
    ).done()
    let before = try folder.names
    let outcome = try SignetProgram.run(
      "export", wide, "--c", folder.file("c"), "--safetensors", folder.file("s"), "--onnx", folder.file("o"))
    outcome.expectFailure(65, ["expected weights whose integers and 0 are at most 255 apart for ONNX"])
    #expect(try outcome.output.isEmpty && folder.names == before)
  }
}
