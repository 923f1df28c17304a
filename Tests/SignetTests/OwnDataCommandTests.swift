import Foundation
import TestSupport
import Testing

@Suite("Commands: custom images") struct OwnDataCommandTests {
  let folder: TemporaryFolder

  /// 90 images of 20×20 pixels of 3 classes to train and 30 to test: a row, a column, or a diagonal.
  init() throws {
    folder = try TemporaryFolder()
    func images(_ count: Int, _ seed: Int) -> (pixels: [UInt8], labels: [UInt8]) {
      let labels = (0..<count).map { UInt8($0 * 7 % 3) }
      let pixels = labels.enumerated().flatMap { index, label in
        (0..<400).map { at -> UInt8 in
          let (y, x, place) = (at / 20, at % 20, 3 + (index + seed) % 14)
          let isOn = label == 0 ? y == place : label == 1 ? x == place : x == y
          return isOn ? 255 : UInt8((at * 31 + index * 17 + seed) % 50)
        }
      }
      return (pixels, labels)
    }
    func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    for name in ["npy", "idx", "letters", "columns"] {
      try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: true)
    }
    for (part, count) in [("train", 90), ("test", 30)] {
      let (pixels, labels) = images(count, count)
      try folder.write(npy("|u1", [count, 20, 20], pixels), to: "npy/\(part)-images.npy")
      try folder.write(
        npy("<i8", [count], labels.flatMap { [$0, 0, 0, 0, 0, 0, 0, 0] }), to: "npy/\(part)-labels.npy")
      for (name, first) in [("idx/", 0), ("letters/emnist-letters-", 1)] {
        try folder.write(
          [0, 0, 8, 3] + word(count) + word(20) + word(20) + pixels, to: "\(name)\(part)-images-idx3-ubyte")
        try folder.write(
          [0, 0, 8, 1] + word(count) + labels.map { $0 + UInt8(first) }, to: "\(name)\(part)-labels-idx1-ubyte")
      }
      // Of each image another label first, then that of its class.
      try folder.write(
        [0, 0, 8, 3] + word(count) + word(20) + word(20) + pixels, to: "columns/\(part)-images-idx3-ubyte")
      try folder.write(
        [0, 0, 8, 2] + word(count) + word(2) + labels.flatMap { [2 - $0, $0] }, to: "columns/\(part)-labels-idx2-int")
    }
  }

  private func train(_ options: String...) throws -> SignetProgram.Outcome {
    try SignetProgram.run(
      [
        "train", "--architecture", "24-3", "--networks", "discrete-sign", "--real-epochs", "4", "--discrete-epochs",
        "4",
      ]
        + ["--quiet"] + options)
  }

  private func digests(_ outcome: SignetProgram.Outcome) -> [String] {
    outcome.output.split(whereSeparator: \.isWhitespace).map(String.init).filter { $0.count == 64 }
  }

  @Test(
    "the same images in NPY and in IDX, whatever their labels begin with and whichever of several they are, give the same digests"
  )
  func sameDigests() throws {
    let npy = try train("--dataset", "npy", "--data", folder.file("npy"))
    #expect(npy.code == 0 && digests(npy).count == 2, "\(npy.errors)")
    let idx = try train("--dataset", "idx", "--data", folder.file("idx"))
    let letters = try train("--dataset", "idx", "--data", folder.file("letters"), "--first-label", "1")
    #expect(digests(npy) == digests(idx) && digests(npy) == digests(letters), "\(letters.errors)")
    func column(_ number: String) throws -> [String] {
      let trained = try train("--dataset", "idx", "--data", folder.file("columns"), "--label-column", number)
      #expect(trained.code == 0, "\(trained.errors)")
      return digests(trained)
    }
    #expect(try column("1") == digests(npy) && column("0") != digests(npy))
    let other = try train("--dataset", "npy", "--data", folder.file("npy"), "--validation", "last:9")
    #expect(other.code == 0 && digests(other) != digests(npy))
  }

  @Test("--prefix chooses one of several sets of IDX files in a directory; without it, the choices are named")
  func prefix() throws {
    let both = folder.file("both")
    try FileManager.default.copyItem(atPath: folder.file("letters"), toPath: both)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.file("idx")) {
      try FileManager.default.copyItem(atPath: "\(folder.file("idx"))/\(name)", toPath: "\(both)/mine-\(name)")
    }
    let one = try train("--dataset", "idx", "--data", folder.file("idx"))
    let chosen = try train("--dataset", "idx", "--data", both, "--prefix", "mine-")
    #expect(chosen.code == 0 && digests(chosen) == digests(one) && digests(one).count == 2, "\(chosen.errors)")
    try train("--dataset", "idx", "--data", both).expectFailure(65, ["the prefixes emnist-letters-, mine-"])
    // The letters' labels begin with 1.
    try train("--dataset", "idx", "--data", both, "--prefix", "emnist-letters-").expectFailure(65, ["found no label 0"])
  }

  @Test("a real network from another run's file is evaluated and predicts by the rules of the run that starts from it")
  func realFromFile() throws {
    let (first, run) = (folder.file("first"), folder.file("run"))
    _ = try train("--dataset", "npy", "--data", folder.file("npy"), "--out", first).done()
    // The labels of these files begin with 1.
    let data = ["--data", folder.file("letters")]
    let training =
      [
        "train", "--architecture", "24-3", "--networks", "discrete-sign", "--discrete-epochs", "1", "--quiet", "--json",
        "--dataset", "idx", "--first-label", "1", "--real", "\(first)/real.safetensors", "--out", run,
      ] + data
    let trained = try SignetProgram.run(training).done()
    let results = try #require(try SignetProgram.object(trained.output)["networks"] as? [[String: Any]])
    let rows = try SignetProgram.run(["predict", run, "--network", "real", "--quiet"] + data).done().lines.dropFirst()
      .map { $0.split(separator: ",") }
    #expect(rows.count == 30)
    #expect(Double(rows.count { $0[1] != $0[2] }) / 30 == results[0]["testError"] as? Double)
    func note(_ options: String...) throws -> String {
      try #require(SignetProgram.run(["recipe", run] + options).done().lines.last)
    }
    let source = #/real: read from a file, SHA-256 \w{64}\./#
    #expect(try note().hasSuffix(", and the constants are those that the file says."))
    #expect(try note("--set", "real.weight-decay=0.5").wholeMatch(of: source) != nil)
    let constants = try SignetProgram.object(SignetProgram.run("recipe", run, "--json").done().output)
    #expect(constants["real.epochs"] as? String == "4")
    // Earlier programs recorded the experiment's own constants; such a run goes on with them.
    let record = try String(contentsOfFile: run + "/run.json", encoding: .utf8)
    let changed = record.replacing(#""epochs" : 4,"#, with: #""epochs" : 60,"#)
    try #require(changed != record)
    try changed.write(toFile: run + "/run.json", atomically: true, encoding: .utf8)
    for name in ["discrete-sign.safetensors", "result.json"] {
      try FileManager.default.removeItem(atPath: "\(run)/\(name)")
    }
    let resumed = try SignetProgram.run(training + ["--resume"]).done()
    func parameters(_ networks: [[String: Any]]) -> [String?] { networks.map { $0["parametersSHA256"] as? String } }
    #expect(try parameters(resumed.networks) == parameters(results))
    #expect(try note().wholeMatch(of: source) != nil)
    // Of the two networks that --real-step is for, the straight-through one is trained; --real's is not.
    func both(_ options: String...) throws -> [String?] {
      let networks = ["--networks", "discrete-sign,straight-through"]
      return try parameters(SignetProgram.run(Array(training.dropLast(4)) + networks + data + options).done().networks)
    }
    let step = try both("--real-step", "0.05")
    #expect(try step == both("--set", "straight-through.learning-rate=0.05") && step != both())
  }

  @Test("a run on custom images records how they were read; it is resumed and evaluated only on the same files")
  func run() throws {
    let run = folder.file("run")
    let options = ["--dataset", "npy", "--data", folder.file("npy"), "--validation", "12", "--out", run]
    let first = try train(
      options[0], options[1], options[2], options[3], options[4], options[5], options[6], options[7])
    #expect(first.code == 0, "\(first.errors)")
    let record = try String(contentsOfFile: "\(run)/run.json", encoding: .utf8)
    for part in [
      #""format" : "npy""#, #""validation" : "12""#, #""height" : 20"#, #""classes" : 3"#, "train-labels.npy",
    ] {
      #expect(record.contains(part), "\(part)")
    }
    let again = try SignetProgram.run(
      [
        "train", "--architecture", "24-3", "--networks", "discrete-sign", "--real-epochs", "4", "--discrete-epochs",
        "4",
      ]
        + ["--quiet", "--resume"] + options)
    #expect(again.code == 0 && digests(again) == digests(first), "\(again.errors)")
    let evaluation = try SignetProgram.run("evaluate", run, "--data", folder.file("npy"), "--json")
    #expect(evaluation.code == 0 && evaluation.output.contains("\"images\" : 30"), "\(evaluation.errors)")
    // No output replaces the data.
    let (images, kept) = (folder.file("npy/test-images.npy"), try folder.bytes(of: "npy/test-images.npy"))
    for output in [["predict", run, "-o"], ["predict", run, "--hidden"], ["export", run, "--c", "c", "--npz"]] {
      try SignetProgram.run(output + [images, "--data", folder.file("npy"), "--quiet"], directory: folder.path)
        .expectFailure(64, ["expected a new file or ", "found another file at \(images)"])
      expectSame(try folder.bytes(of: "npy/test-images.npy"), kept)
    }
    // Files of another form are not what the run was trained on.
    let other = try SignetProgram.run("evaluate", run, "--data", folder.file("idx"))
    #expect(other.code == 74 && other.errors.contains("train-images.npy"), "\(other.errors)")
    try FileManager.default.createDirectory(atPath: folder.file("oblong"), withIntermediateDirectories: true)
    for (part, count) in [("train", 90), ("test", 30)] {
      let pixels = try folder.bytes(of: "npy/\(part)-images.npy").suffix(count * 400)
      try folder.write(npy("|u1", [count, 10, 40], Array(pixels)), to: "oblong/\(part)-images.npy")
      try folder.write(folder.bytes(of: "npy/\(part)-labels.npy"), to: "oblong/\(part)-labels.npy")
    }
    try SignetProgram.run("evaluate", run, "--data", folder.file("oblong")).expectFailure(
      65, ["oblong", "expected npy (1×20×20, 3 classes)", "found npy (1×10×40, 3 classes)"])
    try folder.write(try folder.bytes(of: "npy/test-labels.npy").dropLast(8 * 29) + [], to: "npy/test-labels.npy")
    let cut = try SignetProgram.run("evaluate", run, "--data", folder.file("npy"))
    #expect(cut.code == 65 && cut.errors.contains("test-labels.npy: at byte"), "\(cut.errors)")
    let shown = try SignetProgram.run("recipe", run)
    #expect(shown.code == 0 && shown.output.contains("npy (1×20×20, 3 classes)"), "\(shown.output)")
  }

  @Test(
    "each option of custom files is refused for a known data set, by its name",
    arguments: [
      ["--validation", "9"], ["--test", "9"], ["--first-label", "1"], ["--label-column", "0"],
      ["--largest-pixel", "200"], ["--prefix", "a"],
    ])
  func known(_ option: [String]) throws {
    try SignetProgram.run(["train", "--architecture", "24-10", "--dataset", "digits"] + option).expectFailure(
      64, ["\(option[0]): expected --dataset idx, cifar, npy, found digits, which has its own rules"])
  }

  @Test("what does not fit is refused, and both sides are named")
  func refused() throws {
    let npy = folder.file("npy")
    let cases: [([String], Int32, String)] = [
      (
        ["--architecture", "24-4", "--dataset", "npy", "--data", npy], 64,
        "expected 3 units at the end, one per class of the data, found 4"
      ),
      (["--architecture", "24-3", "--dataset", "npy"], 64, "npy: expected --data DIR"),
      (
        ["--architecture", "24-3", "--dataset", "idx", "--data", folder.file("letters")], 65,
        "labels from 0 to 3, each at least once, found no label 0"
      ),
      (["--architecture", "24-3", "--dataset", "npy", "--data", npy, "--test", "9"], 65, "found both"),
      (
        ["--architecture", "24-10", "--dataset", "digits", "--validation", "9"], 64,
        "--validation: expected --dataset idx, cifar, npy"
      ),
      (
        ["--architecture", "24-3", "--dataset", "npy", "--data", npy, "--prefix", "a"], 64,
        "--prefix: expected --dataset idx"
      ),
      (["--architecture", "24-3", "--dataset", "npy", "--data", npy, "--largest-pixel", "0"], 64, "--largest-pixel"),
      (
        ["--architecture", "24-3", "--dataset", "npy", "--data", npy, "--largest-pixel", "200"], 65,
        "expected a pixel from 0 to 200, found 255"
      ),
      (
        ["--architecture", "24-3", "--dataset", "npy", "--data", npy, "--without-extra"], 64,
        "expected the data set svhn, found npy"
      ),
      (["--architecture", "24-3", "--dataset", "npy", "--data", npy, "--validation", "0"], 64, "expected n or last:n"),
    ]
    for (arguments, code, words) in cases {
      let outcome = try SignetProgram.run(["train", "--quiet"] + arguments)
      #expect(outcome.code == code && outcome.errors.contains(words), "\(arguments): \(outcome)")
      #expect(outcome.errors.split(separator: "\n").count == 1 && outcome.output.isEmpty)
    }
  }
}
