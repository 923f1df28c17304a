import Foundation
import TestSupport
import Testing

@Suite("Commands: files for and from other programs") struct ExchangeCommandTests {
  let folder: TemporaryFolder
  private let run: String

  init() throws {
    folder = try TemporaryFolder()
    run = try SignetProgram.digitsRun(in: folder, "real,discrete-sign", epochs: 1)
  }

  private func refused(
    _ arguments: [String], _ code: Int32, _ words: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try SignetProgram.run(arguments)
    #expect(
      outcome.code == code && outcome.errors.contains(words), "\(outcome.code): \(outcome.errors)",
      sourceLocation: sourceLocation)
  }

  @Test("a run is exported in several forms at once; the same export gives the same bytes")
  func forms() throws {
    let names = ["a.onnx", "a.qonnx", "a.safetensors", "a.npz"]
    let options = names.flatMap { ["--\($0.dropFirst(2))", folder.file($0)] }
    let outcome = try SignetProgram.run(["export", run] + options)
    #expect(outcome.code == 0 && outcome.output.contains("bytes, ONNX of operator set 13"), "\(outcome.errors)")
    let bytes = try names.map { try folder.bytes(of: $0) }
    #expect(try SignetProgram.run(["export", run, "--quiet"] + options).output.isEmpty)
    #expect(try names.map { try folder.bytes(of: $0) } == bytes)
    let compact = try SignetProgram.run("export", run, "--onnx", folder.file("c.onnx"), "--compact", "--hidden")
    #expect(compact.output.contains("operator set 25"))
    #expect(try folder.bytes(of: "c.onnx").count < bytes[0].count / 2)
    // A network of real numbers has arrays, but no integers.
    let real = ["export", run, "--network", "real"]
    #expect(try SignetProgram.run(real + ["--npz", folder.file("real.npz")]).code == 0)
    try refused(real + ["--onnx", folder.file("x")], 65, "expected a network with sign activations")
    try refused(real + ["--npz", folder.file("x"), "--qonnx", folder.file("y")], 65, "expected a network with sign")
    #expect(try !folder.names.contains("x") && !folder.names.contains("y"))
  }

  @Test("options without effect, and exports without a form, are refused")
  func options() throws {
    let onnx = ["export", run, "--onnx", folder.file("x")]
    try refused(["export", run], 64, "expected --c, --onnx, --qonnx, --safetensors or --npz")
    for option in [["--name", "a"], ["--test-images", "1"], ["--data", "Fixtures"]] {
      try refused(onnx + option, 64, "\(option[0]): expected --c")
    }
    let npz = ["export", run, "--npz", folder.file("x")]
    try refused(npz + ["--hidden"], 64, "--hidden: expected --onnx or --qonnx")
    try refused(npz + ["--compact"], 64, "--compact: expected --onnx")
    try refused(["predict", run, "--network", "real", "--hidden", folder.file("x")], 65, "sign activations")
    try refused(["import", "x", "--layout", "torch", "--architecture", "10", "-o", "y", "--check", "a"], 64, "--check")
    try refused(
      ["import", "x", "--layout", "torch", "--architecture", "10", "-o", "y", "--weights", "ternary"], 64, "--weights")
    try refused(
      ["import", folder.file("none"), "--layout", "torch", "--architecture", "10", "-o", folder.file("y")], 74,
      "found no such file")
    for flags in [["--json", "--csv"], ["--csv", "--jsonl"]] {
      try refused(["runs", folder.path] + flags, 64, "found several")
    }
    try refused(["show", run, "--json", "--csv"], 64, "found both")
  }

  private static let example = SignetProgram.root.appending(path: "Examples/PyTorch").path
  private static let architecture = "16C3-P2-32-10"

  private func imported(_ options: [String]) throws -> SignetProgram.Outcome {
    try SignetProgram.run(
      [
        "import", "\(Self.example)/digits-tanh.safetensors", "--layout", "torch", "--architecture", Self.architecture,
        "--output", folder.file("real.signet"),
      ] + options)
  }

  private func testError(_ outcome: SignetProgram.Outcome, _ network: String) throws -> Double {
    let networks = try #require(try SignetProgram.object(outcome.output)["networks"] as? [[String: Any]])
    return try #require(networks.first { $0["network"] as? String == network }?["testError"] as? Double)
  }

  @Test(
    "a network that PyTorch trained is imported, and a discrete one trained from it for 5 epochs beats one from random weights"
  )
  func example() throws {
    let check = ["--check", "\(Self.example)/images.npy", "\(Self.example)/outputs.npy"]
    let outcome = try imported(check + ["--tolerance", "1e-5"])
    #expect(outcome.code == 0 && outcome.output.contains("50 classes are the same"), "\(outcome.errors)")
    let validation = try SignetProgram.object(
      SignetProgram.run("evaluate", folder.file("real.signet"), "--part", "validation", "--json").done().output)
    let error = try #require(validation["networks"] as? [[String: Any]])[0]["mostProbable"]
    #expect(error as? Double != 0.0175, "the two errors can be told apart")
    let errors = "validation error \(try SignetProgram.percent(error)), test error 1.75 %"
    #expect(outcome.output.contains(errors), "\(outcome.output)")
    func train(_ options: String...) throws -> SignetProgram.Outcome {
      try SignetProgram.run(
        [
          "train", "--architecture", Self.architecture, "--networks", "discrete-sign", "--discrete-epochs", "5",
          "--quiet", "--json",
        ]
          + options)
    }
    let out = folder.file("imported")
    let from = try train("--real", folder.file("real.signet"), "--out", out)
    let random = try train("--initialization", "random")
    #expect(from.code == 0 && random.code == 0, "\(from.errors)\(random.errors)")
    let (given, own) = (try testError(from, "discrete-sign"), try testError(random, "discrete-sign"))
    #expect(given < own && given < 0.1, "\(given), \(own)")
    // The run keeps the real network, and can be shown, reported and resumed.
    #expect(try testError(from, "real") == 0.0175)
    #expect(try FileManager.default.contentsOfDirectory(atPath: out).contains("real.safetensors"))
    #expect(try SignetProgram.run("show", out).code == 0 && SignetProgram.run("report", out).code == 0)
    let again = try train("--real", folder.file("real.signet"), "--out", out, "--resume")
    #expect(again.code == 0 && again.output == from.output, "\(again.errors)")
    #expect(try SignetProgram.run("evaluate", out).code == 0)
    let other = try train("--real", "\(run)/real.safetensors")
    #expect(other.code == 65 && other.errors.contains("expected the network real 16C3-P2-32-10"), "\(other.errors)")
    let without = try train("--out", out, "--resume")
    #expect(without.code == 65 && without.errors.contains("realSHA256"), "\(without.errors)")
  }

  @Test("--tolerance is the share of the largest output by which --check lets outputs differ, a thousandth by default")
  func tolerance() throws {
    let check = ["--check", "\(Self.example)/images.npy", "\(Self.example)/outputs.npy"]
    // 50 images and 10 classes.
    let bytes = try Data(contentsOf: URL(filePath: check[2])).suffix(50 * 10 * 4)
    let outputs = bytes.withUnsafeBytes { raw in
      (0..<500).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
    let largest = Double(try #require(outputs.map { abs($0) }.max()))
    for (options, tolerance) in [([], 1e-3), (["--tolerance", "1e-5"], 1e-5), (["--tolerance", "0.25"], 0.25)] {
      let output = try imported(check + options).done().output
      let allowed = try #require(output.firstMatch(of: /, (\S+) is allowed;/)?.1)
      #expect(abs(try #require(Double(allowed)) / (tolerance * largest) - 1) < 1e-12, "\(output)")
    }
    // No two libraries round alike: this is less than the last bit of the largest output.
    try imported(check + ["--tolerance", "1e-9"]).expectFailure(65, ["outputs.npy: image "])
    try imported(["--tolerance", "0.1"]).expectFailure(64, ["--tolerance: expected --check, found none"])
  }

  /// The call that imports a layer to 10 classes, from 64 pixels if nothing else is said, as a discrete network.
  ///
  /// - Parameter others: the weights of another layer of this form, which are in the file, too.
  private func importing(
    _ weights: [Float], shape: String = "10,64", layout: String = "torch", beside others: [Float] = []
  ) throws -> [String] {
    let bias = 4 * weights.count
    let end = bias + 40
    let layer = #""1.weight":{"dtype":"F32","shape":[\#(shape)],"data_offsets":[\#(end),\#(end + bias)]}"#
    let header = """
      {"0.weight":{"dtype":"F32","shape":[\(shape)],"data_offsets":[0,\(bias)]},\
      "0.bias":{"dtype":"F32","shape":[10],"data_offsets":[\(bias),\(end)]}\(others.isEmpty ? "" : ",\(layer)")}
      """
    let numbers = (weights + [Float](repeating: 0, count: 10) + others).flatMap { weight in
      (0..<4).map { UInt8(truncatingIfNeeded: weight.bitPattern >> (8 * $0)) }
    }
    return [
      "import", try folder.write(safetensors(header, numbers), to: "layer.safetensors"), "--layout", layout,
      "--architecture", "10", "--network", "discrete-sign", "--output", folder.file("sign.signet"),
    ]
  }

  /// Weights that take turns among the quinary values.
  private static let quinary = (0..<640).map { Float($0 % 5 - 2) / 2 }

  @Test("import --zero-up-to makes ternary weights of others: those of at most this size are 0, the others their signs")
  func latent() throws {
    var imported: Set<String> = []
    for limit: Float in [0, 0.25, 0.5, 0.75] {
      let ternary = Self.quinary.map { weight in abs(weight) <= limit ? 0 : weight < 0 ? -1 : 1 as Float }
      let expected = try SignetProgram.run(importing(ternary)).done().output
      let found = try SignetProgram.run(importing(Self.quinary) + ["--zero-up-to", "\(limit)"]).done().output
      #expect(found == expected && found.contains("parameters "), "\(limit)")
      imported.insert(found)
    }
    // No weight has a size between 0 and 0.25, or between 0.5 and 0.75.
    #expect(imported.count == 2)
  }

  @Test("import --weights names the weights' grid, ternary otherwise; samples are said to be of no trained weights")
  func grids() throws {
    let call = try importing(Self.quinary)
    try SignetProgram.run(call).expectFailure(65, ["0.weight", "expected", "found"])
    let imported = try SignetProgram.run(call + ["--weights", "quinary"])
    #expect(imported.code == 0 && imported.output.contains("discrete-sign 10, validation error"), "\(imported.errors)")
    let file = folder.file("sign.signet")
    let line = "signet: \(file): expected trained weight distributions to sample from, found those that signet import "
    for call in [["pack", file, "--output", folder.file("sign.signetpk")], ["evaluate", file, "--quiet"]] {
      #expect(try SignetProgram.run(call).done().errors.isEmpty)
      let sampled = try SignetProgram.run(call + ["--ensemble", "2"]).done().errors
      #expect(sampled == "\(line)made for the weights of discrete-sign\n")
    }
  }

  @Test("--layout is the order of the weights' numbers: Keras has those of one input beside each other")
  func layout() throws {
    let expected = try SignetProgram.run(importing(Self.quinary) + ["--weights", "quinary"]).done().output
    let transposed = (0..<640).map { Self.quinary[$0 % 10 * 64 + $0 / 10] }
    let call = try importing(transposed, shape: "64,10", layout: "keras") + ["--weights", "quinary"]
    #expect(try SignetProgram.run(call).done().output == expected && transposed != Self.quinary)
  }

  @Test("--dataset is the data set whose pixels the network sees, and of which the errors are printed")
  func dataset() throws {
    let weights = (0..<7840).map { Float($0 * 7 % 3 - 1) }
    let output = try SignetProgram.run(importing(weights, shape: "10,784") + ["--dataset", "glyphs"]).done().output
    func error(_ part: String) throws -> String {
      let evaluation = try SignetProgram.object(
        SignetProgram.run("evaluate", folder.file("sign.signet"), "--part", part, "--json").done().output)
      let networks = try #require(evaluation["networks"] as? [[String: Any]])
      return try SignetProgram.percent(networks[0]["mostProbable"])
    }
    #expect(try output.contains("validation error \(error("validation")), test error \(error("test")), "), "\(output)")
  }

  @Test("--names says which arrays are the layers' where several fit, and nothing is guessed without it")
  func names() throws {
    let quinary = ["--weights", "quinary"]
    let others = Self.quinary.map { -$0 }
    let expected = try [Self.quinary, others].map { try SignetProgram.run(importing($0) + quinary).done().output }
    #expect(expected[0] != expected[1])
    let call = try importing(Self.quinary, beside: others) + quinary
    let guessed = try SignetProgram.run(call)
    #expect(guessed.code == 65 && guessed.output.isEmpty, "\(guessed.errors)")
    for (used, ignored, output) in [(0, 1, expected[0]), (1, 0, expected[1])] {
      let text = #"{"layers": [{"weight": "\#(used).weight", "bias": "0.bias"}], "ignored": ["\#(ignored).weight"]}"#
      let file = try folder.write(Array(text.utf8), to: "names.json")
      #expect(try SignetProgram.run(call + ["--names", file]).done().output == output)
    }
  }

  @Test("a wrong epsilon, other outputs, and a real network that nothing starts from are refused")
  func refusedImports() throws {
    let check = ["--check", "\(Self.example)/images.npy", "\(Self.example)/outputs.npy"]
    let wrong = try imported(check + ["--epsilon", "0.1"])
    #expect(wrong.code == 65 && wrong.errors.contains("outputs.npy: image 0, class "), "\(wrong.errors)")
    let relu = try imported(check + ["--activation", "relu"])
    #expect(relu.code == 65)
    #expect(try !folder.names.contains("real.signet"))
    let data = folder.file("digits")
    try FileManager.default.copyItem(atPath: SignetProgram.root.appending(path: "Fixtures/digits").path, toPath: data)
    let images = "\(data)/images-idx3-ubyte.gz"
    let before = try folder.bytes(of: "digits/images-idx3-ubyte.gz")
    try imported(["--data", data, "--output", images]).expectFailure(
      64, ["--output: expected a new file or a network's file, found another file at \(images)"])
    expectSame(try folder.bytes(of: "digits/images-idx3-ubyte.gz"), before)
    let train = ["train", "--architecture", "16C3-P2-32-10", "--real", folder.file("real.signet")]
    try refused(
      train + ["--networks", "straight-through"], 64, "--real: expected a network that starts from a real one")
    try refused(train + ["--networks", "real"], 64, "starts from a real one, found only the real one")
    try refused(
      train + ["--initialization", "random", "--networks", "discrete-sign"], 64, "--real: expected a network")
    try refused(train + ["--real-epochs", "3"], 64, "--real-epochs: expected no --real")
    try refused(train + ["--real-step", "0.1"], 64, "--real-step: expected no --real")
    try refused(
      train + ["--set", "real.activation=relu"], 64, "--set real.activation: expected no --real, whose network is not")
    try refused(train + ["--from", run], 64, "--from: expected no --real")
    // What a recipe's file says is known only when it is read.
    let recipe = try folder.write(Array(#"{"initialization": "random"}"#.utf8), to: "recipe.json")
    try refused(
      [
        "train", "--architecture", "256-256-10", "--networks", "discrete-sign", "--discrete-epochs", "1", "--quiet",
        "--recipe", recipe, "--real", "\(run)/real.safetensors",
      ], 64, "--real: expected a network that starts from a real one, found discrete-sign")
  }

  @Test("runs are rows of CSV and JSON lines, and epochs rows of CSV")
  func records() throws {
    let csv = try SignetProgram.run("runs", folder.path, "--csv").output.split(separator: "\n").map(String.init)
    #expect(csv.count == 3 && csv[0].hasPrefix("run,begun,experiment,data,architecture,seed,state,network,weights,"))
    let width = csv[0].split(separator: ",").count
    // The programs are in quotation marks: they have commas of their own.
    let plain = csv.map { $0.replacing(/"[^"]*"/, with: "") }
    #expect(plain.allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == width })
    #expect(csv[1].contains(",256-256-10,1,done,real,real,tanh,1,1,"), "\(csv[1])")
    let lines = try SignetProgram.run("runs", folder.path, "--jsonl").output.split(separator: "\n")
    let objects = try lines.map { try SignetProgram.object(String($0)) }
    #expect(objects.map { $0["network"] as? String } == ["real", "discrete-sign"])
    #expect(objects.allSatisfy { $0["testError"] is Double && $0["seed"] as? Int == 1 })
    let epochs = try SignetProgram.run("show", run, "--csv").output.split(separator: "\n")
    #expect(
      epochs.count == 3 && epochs[0].hasPrefix("network,epoch,loss,trainingError,validationError,isBest,stepScale,"))
    #expect(epochs[2].hasPrefix("discrete-sign,1,"))
  }
}
