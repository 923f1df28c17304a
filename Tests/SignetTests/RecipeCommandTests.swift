import Foundation
import TestSupport
import Testing
import Training

/// Every constant is printed, changed by its name, and given back.
@Suite("Recipes on the command line")
struct RecipeCommandTests {
  private static let training = [
    "train", "--architecture", "6-10", "--quiet", "--json", "--threads", "1", "--batch", "300", "--discrete-epochs",
    "1",
  ]

  private func digest(_ arguments: [String]) throws -> String {
    let outcome = try SignetProgram.run(arguments)
    try #require(outcome.code == 0, "\(outcome.errors)")
    return try #require(outcome.output.firstMatch(of: #/"parametersSHA256" : "(\w+)"/#).map { String($0.1) })
  }

  @Test("recipe prints every key with its value, unit and source", arguments: Experiment.all)
  func table(_ experiment: Experiment) throws {
    let outcome = try SignetProgram.run("recipe", experiment.name)
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines[0].contains("\(experiment.architecture)"))
    for key in RecipeKey.all {
      let line = try #require(lines.first { $0.hasPrefix("\(key.name) ") }, "\(key.name)")
      let cells = tableCells(line)
      #expect(cells[1] == key.value(in: experiment) && cells.last == key.meaning, "\(line)")
    }
    #expect(outcome.output.contains("  paper  ") == ![.digits, .cifar10Quarter].contains(experiment))
    #expect(
      lines.last
        == "paper: Roth et al. 2019, as in Documentation/Method.md §5; ours: this project's; set: changed.")
  }

  @Test("the learning rate of discrete networks is that of their distributions' parameters, others' of the weights")
  func meaning() throws {
    let lines = try SignetProgram.run("recipe", "digits").done().lines
    for (phase, what) in [
      ("real", "the weights"), ("discrete", "the distributions' parameters"), ("straight-through", "the weights"),
    ] {
      let line = try #require(lines.first { $0.hasPrefix("\(phase).learning-rate ") })
      #expect(line.hasSuffix("  Adam learning rate of \(what)"))
    }
  }

  @Test("what --json prints, --recipe takes: the same bits; a run gives its own constants back")
  func file() throws {
    let directory = try TemporaryFolder()
    let (file, run) = (directory.file("recipe.json"), directory.file("run"))
    let arguments = [
      "reproduce", "digits", "--networks", "straight-through", "--quiet", "--json", "--discrete-epochs", "1",
    ]
    let changes = ["--set", "batch-size=400", "--set", "straight-through.learning-rate=0.02"]
    let changed = try digest(arguments + changes + ["--out", run])
    let recipe = try SignetProgram.run("recipe", run, "--json")
    #expect(recipe.code == 0 && recipe.output.contains(#""batch-size" : "400""#), "\(recipe.errors)")
    #expect(recipe.output.contains(#""straight-through.epochs" : "1""#))
    try recipe.output.write(toFile: file, atomically: false, encoding: .utf8)
    let given = ["reproduce", "digits", "--networks", "straight-through", "--quiet", "--json", "--recipe", file]
    #expect(try digest(given) == changed)
    // Options and --set change what the file says.
    #expect(try digest(given + ["--set", "straight-through.learning-rate=0.01"]) != changed)
    let shown = try SignetProgram.run("recipe", run).output
    #expect(shown.contains(#/batch-size +400 +images +set/#))
    let listed = try SignetProgram.run("runs", directory.path).output
    #expect(
      listed.contains("batch-size 400, straight-through.epochs 1, straight-through.learning-rate 0.02"), "\(listed)")
  }

  @Test("what some networks cannot have, others are trained with, and their run is read as any other")
  func otherNetworks() throws {
    let directory = try TemporaryFolder()
    let run = directory.file("run")
    // 28 · 28 pixels up to 255 with such weights can sum to more than 2²⁴, which networks with sign activations must not.
    let arguments = [
      "train", "--architecture", "2-10", "--dataset", "glyphs", "--weights", "-1000,0,1000", "--batch", "200",
      "--real-epochs", "1", "--discrete-epochs", "1", "--quiet", "--out", run,
    ]
    try SignetProgram.run(arguments + ["--networks", "discrete-tanh,discrete-sign"]).expectFailure(
      64, ["expected integers that sum to less than 2^24"])
    #expect(try !directory.names.contains("run"))
    let trained = try SignetProgram.run(arguments + ["--networks", "discrete-tanh"]).done().output
    #expect(try SignetProgram.run("recipe", run).done().output.contains(#/weights +-1000,0,1000 +set/#))
    let digest = try #require(trained.split(whereSeparator: \.isWhitespace).last)
    let rows = try SignetProgram.run("evaluate", run, "--json").done().networks
    #expect(rows.last?["parametersSHA256"] as? String == String(digest))
  }

  @Test("constants that some networks cannot have are printed for those that can; of a run its networks are known")
  func chosenNetworks() throws {
    // As above, of 28 · 28 pixels.
    let arguments = ["recipe", "mnist-pi", "--set", "weights=-1000,0,1000"]
    try SignetProgram.run(arguments).expectFailure(64, ["expected integers that sum to less than 2^24"])
    let printed = try SignetProgram.run(arguments + ["--networks", "discrete-tanh"]).done().output
    #expect(printed.contains(#/weights +-1000,0,1000 +set/#))
    try SignetProgram.run("recipe", "digits", "--networks", "real", "--set", "discrete.epochs=3").expectFailure(
      64, ["discrete.epochs: expected a network that it has an effect on"])
    let folder = try TemporaryFolder()
    try SignetProgram.run("recipe", folder.path, "--networks", "real").expectFailure(
      64, ["--networks: expected an experiment, found the run's directory \(folder.path)"])
  }

  @Test("a recipe has a name: it is printed, trained with, and refused where it has no constants")
  func named() throws {
    let shown = try SignetProgram.run("recipe", "mnist-pi", "--recipe", "thesis", "--set", "real.epochs=7")
    #expect(shown.code == 0 && shown.output.contains(#/real\.activation +relu +set/#), "\(shown.errors)")
    #expect(shown.output.contains(#/real\.epochs +7 +epochs +set/#))
    // With learning rates that fall in steps, the plateau's constants have no effect; --recipe takes them all the same.
    #expect(shown.output.contains(#/real\.patience +– +epochs +– +/#))
    #expect(shown.lines.last?.hasSuffix("; set: changed; –: without effect.") == true)
    let values = try SignetProgram.object(
      SignetProgram.run("recipe", "mnist-pi", "--recipe", "thesis", "--json").done().output)
    #expect(values["real.patience"] as? String == "25")
    let refused = try SignetProgram.run("reproduce", "digits", "--recipe", "thesis")
    #expect(
      refused.code == 64 && refused.errors.contains("--recipe: thesis: expected an experiment"), "\(refused.errors)")
    #expect(refused.errors.contains("found digits"))
    let relu = try SignetProgram.run(
      "train", "--architecture", "6-10", "--networks", "real", "--real-epochs", "1", "--set", "real.activation=relu",
      "--quiet", "--json")
    #expect(relu.code == 0 && relu.output.contains(#""activation" : "relu""#), "\(relu.errors)")
  }

  @Test(
    "a custom grid is trained by option, key and recipe, kept with the run, and evaluated from its files",
    arguments: ["-1,-1/2,0,1/4,1", "1/4,1/2,1"])
  func ownGrid(weights: String) throws {
    let directory = try TemporaryFolder()
    let (file, run) = (directory.file("recipe.json"), directory.file("run"))
    let arguments = [
      "reproduce", "digits", "--networks", "discrete-sign", "--quiet", "--json", "--real-epochs", "1",
      "--discrete-epochs", "1",
    ]
    func train(_ more: [String]) throws -> [String: Any] {
      try #require(try SignetProgram.run(arguments + more).networks.last)
    }
    func digest(_ network: [String: Any]?) -> String? { network?["parametersSHA256"] as? String }
    let network = try train(["--weights", weights, "--out", run])
    let trained = try #require(digest(network))
    #expect(try digest(train(["--set", "weights=\(weights)"])) == trained)
    try #"{"weights": "\#(weights)"}"#.write(toFile: file, atomically: false, encoding: .utf8)
    #expect(try digest(train(["--recipe", file])) == trained)
    #expect(try digest(train([])) != trained)
    let recipe = try SignetProgram.run("recipe", run, "--json")
    #expect(recipe.output.contains(#""weights" : "\#(weights)""#))
    let record = try String(contentsOfFile: run + "/run.json", encoding: .utf8)
    #expect(record.contains("\"\(weights)\""), "\(record)")
    let rows = try SignetProgram.run("evaluate", run, "--ensemble", "2", "--json").networks
    #expect(rows.last?["weights"] as? String == weights && digest(rows.last) == trained)
    let errors = try #require(network["testError"] as? Double)
    #expect(rows.last?["mostProbable"] as? Double == errors)
    // Nine tenths are chance.
    #expect(errors < (weights.hasPrefix("-") ? 0.5 : 0.89))
    // A sweep takes the same notation.
    let sweep = try SignetProgram.run(
      "sweep", "digits", "--weights", "\(weights);ternary", "--networks", "discrete-sign", "--seeds", "1",
      "--real-epochs", "1", "--discrete-epochs", "1", "--quiet")
    #expect(sweep.output.contains("\n| \(weights) | \(String(format: "%.2f", errors * 100)) %"), "\(sweep.output)")
  }

  @Test("the straight-through network's learning rate changes its digest, and the shorthand is the same constant")
  func rival() throws {
    let arguments = Self.training + ["--networks", "straight-through"]
    let set = try digest(arguments + ["--set", "straight-through.learning-rate=0.03"])
    #expect(try set != digest(arguments))
    #expect(try set == digest(arguments + ["--real-step", "0.03"]))
  }

  @Test("the constants of a run are in its record, and none of its other files is needed")
  func recordOnly() throws {
    let folder = try TemporaryFolder()
    let run = folder.file("run")
    _ = try digest(Self.training + ["--networks", "straight-through", "--out", run])
    let whole = try SignetProgram.run("recipe", run).done().output
    try FileManager.default.removeItem(atPath: "\(run)/log.jsonl")
    #expect(try SignetProgram.run("recipe", run).done().output == whole)
    try FileManager.default.removeItem(atPath: "\(run)/run.json")
    try SignetProgram.run("recipe", run).expectFailure(74, ["run/run.json: expected a run's record, found none"])
  }

  @Test("an option overrides a whole recipe's file, also for the straight-through network")
  func optionOverFile() throws {
    let directory = try TemporaryFolder()
    let (file, run) = (directory.file("recipe.json"), directory.file("run"))
    let arguments = Self.training + ["--networks", "straight-through"]
    let plain = try digest(arguments + ["--out", run])
    try SignetProgram.run("recipe", run, "--json").output.write(toFile: file, atomically: false, encoding: .utf8)
    #expect(try digest(arguments + ["--recipe", file]) == plain)
    let changed = try digest(arguments + ["--dropout", "0.5"])
    #expect(try changed != plain && digest(arguments + ["--recipe", file, "--dropout", "0.5"]) == changed)
  }

  @Test("a sweep takes keys, and its records say so")
  func sweep() throws {
    let directory = try TemporaryFolder()
    let outcome = try SignetProgram.run(
      "sweep", "digits", "--weights", "ternary", "--seeds", "1", "--networks", "real", "--real-epochs", "1", "--quiet",
      "--set", "batch-size=400", "--results", directory.file("results.jsonl"))
    #expect(outcome.code == 0, "\(outcome.errors)")
    let line = try String(contentsOfFile: directory.file("results.jsonl"), encoding: .utf8)
    #expect(line.contains(#""batch":400"#))
  }

  @Test(
    "wrong keys, values, files and keys without effect end with their code and a clear line",
    arguments: [
      FailingCall(
        name: "an unknown key", arguments: training + ["--set", "epochs=3"], code: 64,
        mentions: ["signet recipe", "found epochs"]),
      FailingCall(
        name: "no value", arguments: training + ["--set", "batch-size"], code: 64,
        mentions: ["--set", ": expected key=value "]),
      FailingCall(
        name: "a wrong value", arguments: training + ["--set", "real.epochs=0"], code: 64,
        mentions: ["signet: --set: real.epochs: expected a number from 1 to 1000000, found 0"]),
      FailingCall(
        name: "a grid in descending order", arguments: training + ["--set", "weights=1,0"], code: 64,
        mentions: ["weights: expected a grid's values in ascending order", "found 1,0"]),
      FailingCall(
        name: "a key twice", arguments: training + ["--set", "loss=squared-hinge", "--set", "loss=cross-entropy"],
        code: 64, mentions: ["loss: expected one value"]),
      FailingCall(
        name: "a key and its option", arguments: training + ["--set", "batch-size=20"], code: 64,
        mentions: ["batch-size: expected one value, found another by --batch"]),
      FailingCall(
        name: "a prior and its regularizer's key",
        arguments: training + ["--prior", "0.2,0.6,0.2", "--set", "regularizer=kl"], code: 64,
        mentions: ["regularizer: expected one value, found another by --prior"]),
      FailingCall(
        name: "a key that one of a sweep's grids does not have",
        arguments: ["sweep", "digits", "--weights", "ternary,binary", "--set", "parameterization=hierarchical"],
        code: 64,
        mentions: ["hierarchical", "binary"]),
      FailingCall(
        name: "a key without effect",
        arguments: training + ["--networks", "straight-through", "--set", "discrete.learning-rate=1"], code: 64,
        mentions: ["discrete.learning-rate: expected a network that it has an effect on", "found straight-through"]),
      FailingCall(
        name: "dropout of other layers", arguments: training + ["--set", "real.dropout=0,0,0"], code: 64,
        mentions: ["6-10", "3"]),
      FailingCall(
        name: "a sweep's grids", arguments: ["sweep", "digits", "--set", "weights=quinary"], code: 64,
        mentions: ["--set: weights: expected the sweep's own list of weights, found the key with quinary"]),
      FailingCall(
        name: "a missing file", arguments: training + ["--recipe", "/nonexistent/recipe.json"], code: 74,
        mentions: ["/nonexistent/recipe.json", "no such file"]),
      FailingCall(
        name: "another file", arguments: training + ["--recipe", "/etc/passwd"], code: 65,
        mentions: ["/etc/passwd: expected a JSON object"]),
      FailingCall(
        name: "no experiment", arguments: ["recipe", "cifar"], code: 64, mentions: ["mnist-pi", "found cifar"]),
    ])
  func refused(_ call: FailingCall) throws { try call.check() }

  @Test("a recipe's file with a key twice is refused, as --set is")
  func twice() throws {
    let folder = try TemporaryFolder()
    let text = #" {"batch-size": "50", "real.epochs": "7", "batch-\u0073ize": "60"}"#
    let file = try folder.write(Array(text.utf8), to: "recipe.json")
    try SignetProgram.run("recipe", "digits", "--recipe", file).expectFailure(
      65, ["\(file): expected each key once, found batch-size twice"])
    let marked = try folder.write([0xef, 0xbb, 0xbf] + Array(text.utf8), to: "recipe.json")
    try SignetProgram.run("recipe", "digits", "--recipe", marked).expectFailure(
      65, ["\(marked): expected { at byte 0, found the byte 0xef"])
  }
}
