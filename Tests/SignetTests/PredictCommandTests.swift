import Foundation
import TestSupport
import Testing

@Suite("Commands: predictions") struct PredictCommandTests {
  let folder: TemporaryFolder
  private let run: String

  init() throws {
    folder = try TemporaryFolder()
    run = try SignetProgram.digitsRun(in: folder, "real,discrete-sign", epochs: 3)
  }

  @Test(
    "the confusion matrix's sums are the evaluated errors", arguments: ["real", "discrete-sign"],
    ["test", "validation"])
  func confusion(network: String, part: String) throws {
    let outcome = try SignetProgram.run(
      "predict", run, "--network", network, "--part", part, "--confusion", "--json")
    let matrix = try SignetProgram.object(outcome.output)
    let counts = try #require(matrix["confusion"] as? [[Int]])
    let evaluation = try SignetProgram.object(
      SignetProgram.run("evaluate", run, "--networks", network, "--part", part, "--json").output)
    let rows = try #require(evaluation["networks"] as? [[String: Any]])
    let error = try #require(rows[0]["mostProbable"] as? Double)
    let images = try #require(evaluation["images"] as? Int)
    let wrong = counts.enumerated().map { row, counts in counts.reduce(0, +) - counts[row] }
    #expect(counts.count == 10 && counts.joined().reduce(0, +) == images)
    #expect(wrong.reduce(0, +) == Int((error * Double(images)).rounded()) && error > 0)
    #expect(
      (matrix["error"] as? Double).map { abs($0 - error) < 1e-15 } == true
        && matrix["errors"] as? Int == wrong.reduce(0, +))
    let errors = try #require(matrix["classErrors"] as? [Double])
    for (label, error) in errors.enumerated() {
      #expect(abs(error - Double(wrong[label]) / Double(counts[label].reduce(0, +))) < 1e-15)
    }
    let text = try SignetProgram.run("predict", run, "--network", network, "--part", part, "--confusion").output
    #expect(
      text.hasSuffix(
        "\(network): \(wrong.reduce(0, +)) of \(images) \(part) images are wrong, \(String(format: "%.2f %%", error * 100))\n"
      ))
    #expect(text.split(separator: "\n").count == 12)
  }

  @Test("CSV, JSON lines and NPY have the same scores, of which the largest gives the class")
  func formats() throws {
    let csv = try SignetProgram.run("predict", run)
    #expect(csv.code == 0 && csv.errors.contains("discrete-sign is chosen; --network selects another of the 2"))
    let lines = csv.output.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(lines.count == 401)
    #expect(lines[0] == ["index", "label", "class"] + (0..<10).map { "score\($0)" })
    let rows = try lines.dropFirst().map { try $0.map { try #require(Float($0)) } }
    for (index, row) in rows.enumerated() {
      let scores = row[3...]
      let largest = try #require(scores.max())
      #expect(row[0] == Float(index) && scores.firstIndex(of: largest) == 3 + Int(row[2]))
    }
    let jsonl = try SignetProgram.run("predict", run, "--format", "jsonl", "--quiet").done()
    #expect(jsonl.errors.isEmpty)
    try #require(jsonl.lines.count == rows.count)
    for (line, row) in zip(jsonl.lines, rows) {
      let image = try SignetProgram.object(line)
      #expect(image["label"] as? Int == Int(row[1]) && image["class"] as? Int == Int(row[2]))
      #expect((image["scores"] as? [NSNumber])?.map(\.floatValue) == Array(row[3...]))
    }
    // The file of --output has what is printed without it, whether the confusion matrix is printed or not.
    for (format, printed) in [("csv", csv.output), ("jsonl", jsonl.output)] {
      for confusion in [[], ["--confusion"]] {
        let path = folder.file("scores")
        let written = try SignetProgram.run(
          ["predict", run, "--format", format, "--quiet", "--output", path] + confusion
        ).done()
        #expect(written.output.isEmpty == confusion.isEmpty)
        expectSame(try folder.bytes(of: "scores"), Array(printed.utf8), "\(format) \(confusion)")
        try FileManager.default.removeItem(atPath: path)
      }
    }
    let file = folder.file("scores.npy")
    let npy = try SignetProgram.run("predict", run, "--format", "npy", "-o", file)
    #expect(npy.code == 0 && npy.output.isEmpty, "\(npy.errors)")
    let bytes = Array(try Data(contentsOf: URL(filePath: file)))
    #expect(bytes.count == 128 + 400 * 10 * 4 && bytes[127] == UInt8(ascii: "\n"))
    #expect(
      String(decoding: bytes[10..<127], as: UTF8.self).hasPrefix(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (400, 10,), }"))
    let scores = bytes[128...].withUnsafeBytes { raw in
      (0..<4000).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
    #expect(scores == rows.flatMap { Array($0[3...]) })
    // Probabilities add up to 1, and the classes stay.
    let soft = try SignetProgram.run("predict", run, "--probabilities", "--quiet").done().lines.dropFirst()
    try #require(soft.count == rows.count)
    for (line, row) in zip(soft, rows) {
      let numbers = try line.split(separator: ",").map { try #require(Float($0)) }
      #expect(abs(numbers[3...].reduce(0, +) - 1) < 1e-5 && numbers[2] == row[2])
    }
  }

  @Test("images of a file without labels get the classes of the same images in the data set")
  func unlabelled() throws {
    // Two of 8×8 pixels from 0 to 16.
    let pixels = (0..<128).map { UInt8($0 * 7 % 17) }
    let images = npy("|u1", [2, 8, 8], pixels)
    let path = try folder.write(images, to: "images.npy")
    let outcome = try SignetProgram.run("predict", run, "--images", path, "--quiet")
    let lines = outcome.output.split(separator: "\n")
    #expect(outcome.code == 0 && lines.count == 3 && lines[0].hasPrefix("index,class,score0,"), "\(outcome.errors)")
    // Of these, too, the probabilities are the softmax of the scores.
    let soft = try SignetProgram.run("predict", run, "--images", path, "--quiet", "--probabilities").done()
    let softLines = soft.output.split(separator: "\n")
    try #require(softLines.count == 3 && softLines[0] == lines[0])
    for (line, softLine) in zip(lines, softLines).dropFirst() {
      let numbers = try [line, softLine].map { try $0.split(separator: ",").map { try #require(Double($0)) } }
      let (powers, probabilities) = (numbers[0].dropFirst(2).map { exp($0) }, numbers[1].dropFirst(2))
      let sum = powers.reduce(0, +)
      #expect(powers.count == 10 && probabilities.count == 10 && numbers[1].prefix(2) == numbers[0].prefix(2))
      #expect(zip(powers, probabilities).allSatisfy { abs($0 / sum - $1) < 1e-5 }, "\(softLine) of \(line)")
    }
    let bright = try folder.write(images.dropLast() + [17], to: "bright.npy")
    let refused = try SignetProgram.run("predict", run, "--images", bright)
    #expect(refused.code == 65 && refused.errors.contains("expected a pixel from 0 to 16, found 17"))
  }

  @Test("--hidden has a sign of each hidden unit for each image that is predicted, wherever the predictions go")
  func hidden() throws {
    // The validation images are 300, the test images 400.
    let options = ["predict", run, "--quiet", "--part", "validation"]
    let printed = try SignetProgram.run(options).done().output
    var files: [[UInt8]] = []
    for more in [[], ["--output", folder.file("scores")], ["--confusion"]] {
      let outcome = try SignetProgram.run(options + ["--hidden", folder.file("signs.npz")] + more).done()
      #expect((outcome.output == printed) == more.isEmpty && outcome.output.isEmpty == (more.count == 2))
      files.append(try folder.bytes(of: "signs.npz"))
      try FileManager.default.removeItem(atPath: folder.file("signs.npz"))
    }
    expectSame(try folder.bytes(of: "scores"), Array(printed.utf8))
    let text = String(decoding: files[0], as: UTF8.self)
    #expect(text.ranges(of: "'descr': '|i1', 'fortran_order': False, 'shape': (300, 256,)").count == 2)
    for file in files.dropFirst() { expectSame(file, files[0]) }
  }

  @Test("what does not fit together is refused")
  func refused() throws {
    let file = "\(run)/real.safetensors"
    // Whoever read it would wait for ever.
    let pipe = folder.file("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    let cases: [([String], Int32, String)] = [
      ([run, "--output", pipe], 74, "\(pipe): expected a regular file or none"),
      ([run, "--format", "npy"], 64, "--format npy: expected --output"),
      ([run, "--json"], 64, "--json: expected --confusion"),
      ([run, "--confusion", "--format", "csv"], 64, "--format: expected --output with --confusion, found none"),
      ([run, "--confusion", "--probabilities"], 64, "--probabilities: expected --output with --confusion, found none"),
      ([run, "--images", "x.npy", "--confusion"], 64, "--confusion: expected images with labels"),
      ([run, "--images", "x.npy", "--data", "."], 64, "--data: expected no directory with --images"),
      ([run, "--images", "x.npy", "--part", "test"], 64, "--part: expected the data set's images, found --images"),
      ([run, "--images", "x.npy", "--without-extra"], 64, "--without-extra: expected the data set's images"),
      ([run, "--output", file], 64, "--output: expected another file than that of the run"),
      ([file, "--hidden", file], 64, "--hidden: expected another file than that of the argument"),
      (
        [run, "-o", "x", "--hidden", "./x"], 64, "--hidden: expected another file than that of --output, found ./x for"
      ),
      ([run, "--images", "x.npy", "-o", "x.npy"], 64, "--output: expected another file than that of --images"),
      ([run, "--images", folder.file("none.npy")], 74, "no such file"),
      ([run, "--network", "straight-through"], 74, "straight-through.safetensors"),
      ([file, "--network", "real"], 64, "--network: expected a run's directory"),
      (
        [folder.file("none")], 74,
        "none: expected a run's directory, a network's file or a packed file, found none"
      ),
    ]
    for (arguments, code, words) in cases {
      let outcome = try SignetProgram.run(["predict", "--quiet"] + arguments)
      #expect(outcome.code == code && outcome.errors.contains(words), "\(arguments): \(outcome)")
      #expect(outcome.errors.split(separator: "\n").count == 1 && outcome.output.isEmpty)
    }
    #expect(try SignetProgram.run("predict", file, "--quiet").output.split(separator: "\n").count == 401)
  }
}
