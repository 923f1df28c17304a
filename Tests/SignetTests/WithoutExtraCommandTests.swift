import Foundation
import TestSupport
import Testing

@Suite("Commands: --without-extra") struct WithoutExtraCommandTests {
  private static let note = "svhn without extra_32x32.mat: each digit's last 400 images of train_32x32.mat"

  private static func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

  private static func element(_ type: Int, _ data: [UInt8]) -> [UInt8] {
    word(type) + word(data.count) + data + [UInt8](repeating: 0, count: (8 - data.count % 8) % 8)
  }

  private static func array(_ name: String, classCode: Int, _ sizes: [Int], _ data: [UInt8]) -> [UInt8] {
    element(
      14,
      element(6, word(classCode) + word(0)) + element(5, sizes.flatMap(word)) + element(1, Array(name.utf8))
        + element(2, data))
  }

  /// A file in SVHN's form, of so many grey images of each digit: the more, the brighter.
  private static func file(_ count: Int) -> Data {
    let labels = (0..<10 * count).map { UInt8(1 + $0 % 10) }
    let header = Array("MATLAB 5.0 MAT-file".utf8)
    let pixels = labels.flatMap { [UInt8](repeating: 25 * $0, count: 3072) }
    return Data(
      header + [UInt8](repeating: 0x20, count: 124 - header.count) + [0, 1] + Array("IM".utf8)
        + array("X", classCode: 9, [32, 32, 3, labels.count], pixels)
        + array("y", classCode: 9, [1, labels.count], labels))
  }

  private static let testNote = "test errors are of 20 test images; svhn has 26,032"

  @Test(
    "tables, JSON objects, records and files of the networks say that extra was left out, and how many test images there are"
  )
  func isTold() throws {
    let directory = try TemporaryFolder()
    let data = directory.file("svhn")
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    try Self.file(420).write(to: URL(filePath: data + "/train_32x32.mat"))
    try Self.file(2).write(to: URL(filePath: data + "/test_32x32.mat"))
    // Found in the subdirectory named as the set.
    let train = [
      "train", "--dataset", "svhn", "--architecture", "10", "--networks", "real,straight-through", "--real-epochs", "1",
      "--discrete-epochs", "1", "--quiet", "--data", directory.path,
    ]
    let refused = try SignetProgram.run(train)
    #expect(refused.code == 74 && refused.errors.contains("extra_32x32.mat: expected a file, found no such file"))
    let run = directory.file("run")
    let table = try SignetProgram.run(train + ["--without-extra", "--out", run])
    #expect(table.code == 0 && table.output.contains("\n\n\(Self.note)"), "\(table.errors)")
    #expect(table.output.hasSuffix("\n\(Self.testNote)\n"))
    let record = try String(contentsOfFile: run + "/run.json", encoding: .utf8)
    #expect(record.contains("\"svhn-without-extra\"") && !record.contains("svhn/extra_32x32.mat"))
    let result = try String(contentsOfFile: run + "/result.json", encoding: .utf8)
    #expect(result.contains(Self.note) && result.contains("svhn/train_32x32.mat"))
    // The run knows which files it was trained on.
    let evaluation = try SignetProgram.run("evaluate", run, "--data", directory.path, "--part", "validation", "--json")
    #expect(evaluation.code == 0 && evaluation.output.contains("\"images\" : 4000"), "\(evaluation.errors)")
    #expect(evaluation.output.contains(Self.note) && !evaluation.output.contains(Self.testNote))
    let collect = ["collect", run, "--results", directory.file("collected.jsonl")]
    for command in [
      ["evaluate", run, "--data", directory.path], ["show", run], ["runs", directory.path],
      ["runs", directory.path, "--csv"], ["runs", directory.path, "--jsonl"], collect,
    ] {
      let text = try SignetProgram.run(command)
      #expect(text.code == 0 && text.output.contains(Self.note) && text.output.contains(Self.testNote), "\(command)")
    }
    let results = directory.file("results.jsonl")
    try Data().write(to: URL(filePath: results))
    let sweep = try SignetProgram.run(
      "sweep", "svhn", "--without-extra", "--data", directory.path, "--results", results, "--table-only")
    #expect(sweep.code == 0 && sweep.output.contains("\n\n\(Self.note)"), "\(sweep.errors)")
    try isToldOfNetworks(of: run, on: directory)
  }

  /// Of what is made of the run's networks, and of the errors of a network from elsewhere.
  private func isToldOfNetworks(of run: String, on directory: TemporaryFolder) throws {
    let packed = directory.file("packed")
    let onTrainingImages = ["predict", run, "--data", directory.path, "--confusion", "--part", "train"]
    for (command, isOfTest) in [
      (["pack", run, "--output", packed], true), (["pack", run, "--output", packed, "--json"], true),
      (["predict", packed, "--data", directory.path, "--confusion"], true),
      (["predict", run, "--data", directory.path, "--confusion", "--json"], true), (onTrainingImages, false),
    ] {
      let text = try SignetProgram.run(command + ["--quiet"]).done().output
      #expect(text.contains(Self.note) && text.contains(Self.testNote) == isOfTest, "\(command): \(text)")
    }
    let (tensors, c) = (directory.file("net"), directory.file("c"))
    func export(_ model: [String], _ options: [String]) throws {
      _ = try SignetProgram.run(["export"] + model + options + ["--safetensors", tensors, "--quiet"]).done()
    }
    for model in [run, run + "/straight-through.safetensors", packed] {
      try export([model], ["--c", c, "--test-images", "0"])
      for file in [tensors, c + "/net.h", c + "/net.c"] {
        let text = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
        #expect(text.contains(Self.note) && text.contains(Self.testNote), "\(file) of \(model)")
      }
    }
    try export([run, "--network", "real"], [])
    let imported = try SignetProgram.run(
      "import", tensors, "--layout", "torch", "--architecture", "10", "--dataset", "svhn", "--without-extra", "--data",
      directory.path, "--output", directory.file("own")
    ).done().output
    #expect(imported.contains("\n\n\(Self.note)") && imported.hasSuffix("\n\(Self.testNote)\n"), "\(imported)")
  }
}
