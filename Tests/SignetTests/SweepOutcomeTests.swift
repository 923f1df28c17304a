import BuildInformation
import Foundation
import TestSupport
import Testing

/// What each option of `sweep` changes in the table of the networks in `Benchmarks/results/digits.jsonl`, and that table and JSON say
/// the same. Nothing is trained here.
@Suite("Commands by outcome: sweep")
struct SweepOutcomeTests {
  private struct Trained: Decodable {
    struct Result: Decodable { let network, weights: String, testError, validationError: Double }
    let seed: Int
    let result: Result
  }

  private static let file = SignetProgram.root.appending(path: "Benchmarks/results/digits.jsonl").path
  private let folder: TemporaryFolder
  private let trained: [Trained]

  init() throws {
    folder = try TemporaryFolder()
    trained = try String(contentsOfFile: Self.file, encoding: .utf8).split(separator: "\n").map {
      try JSONDecoder().decode(Trained.self, from: Data($0.utf8))
    }
    try #require(trained.count == 5 * (1 + 6 * 3 + 1))
  }

  private func sweep(_ options: [String] = [], subject: String = "digits") throws -> SignetProgram.Outcome {
    try SignetProgram.run(["sweep", subject, "--table-only", "--results", Self.file] + options)
  }

  /// The cells of the lines of a Markdown table.
  private func cells(_ text: String) -> [[String]] {
    text.split(separator: "\n").filter { $0.hasPrefix("|") }.map { line in
      line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
  }

  /// The table of a network of which no seed is trained.
  private func nothing(of network: String, _ weights: String, seeds: Int) -> String {
    "| weights | \(network) |\n| --- | --- |\n| \(weights) | – (0 of \(seeds)) |\n"
  }

  /// Mean and standard deviation with n − 1.
  private func spread(_ errors: [Double]) -> (mean: Double, deviation: Double) {
    let mean = errors.reduce(0, +) / Double(errors.count)
    let squares = errors.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
    return (mean, (squares / Double(errors.count - 1)).squareRoot())
  }

  private func results(_ network: String, _ weights: String, _ seeds: ClosedRange<Int>) -> [Trained.Result] {
    trained.filter { $0.result.network == network && $0.result.weights == weights && seeds.contains($0.seed) }.map(
      \.result)
  }

  @Test("by default all networks, all grids and the seeds 1 to 5, in percent, as the README shows them")
  func defaults() throws {
    let outcome = try sweep().done()
    #expect(outcome.errors.isEmpty)
    let table = cells(outcome.output)
    let networks = ["real", "discrete-tanh", "discrete-sign", "discrete-sign-from-tanh", "straight-through"]
    let grids = ["binary", "ternary", "quaternary-symmetric", "quaternary-minus", "quaternary-plus", "quinary"]
    #expect(table[0] == ["weights"] + networks && table[1] == Array(repeating: "---", count: 6))
    #expect(table.dropFirst(2).map { $0[0] } == ["real"] + grids)
    for row in table.dropFirst(2) {
      for (network, cell) in zip(networks, row.dropFirst()) {
        let errors = results(network, row[0], 1...5).map(\.testError)
        let (mean, deviation) = spread(errors)
        #expect(cell == (errors.isEmpty ? "" : String(format: "%.2f ± %.2f %%", 100 * mean, 100 * deviation)))
      }
    }
    let readme = try String(contentsOf: SignetProgram.root.appending(path: "README.md"), encoding: .utf8)
    let tables = readme.components(separatedBy: "\n\n").map(cells)
    let promised = try #require(tables.first { $0.first == ["weights"] + networks.dropLast() })
    #expect(promised.count >= 2 + 5)
    for row in promised.dropFirst(2) { #expect(table.contains { Array($0.dropLast()) == row }, "\(row)") }
  }

  @Test("--weights, --networks and --seeds choose the rows, the columns and the runs; the table has what --json has")
  func choices() throws {
    let options = ["--weights", "quinary,binary", "--networks", "discrete-sign,real", "--seeds", "2-4"]
    let json = try SignetProgram.objects(sweep(options + ["--json"]).done().output)
    let meant = [("real", "real"), ("discrete-sign", "quinary"), ("discrete-sign", "binary")]
    #expect(json.map { [$0["network"] as? String, $0["weights"] as? String] } == meant.map { [$0.0, $0.1] })
    for (cell, (network, weights)) in zip(json, meant) {
      let results = results(network, weights, 2...4)
      let (test, validation) = (spread(results.map(\.testError)), spread(results.map(\.validationError)))
      #expect(cell["runs"] as? Int == 3 && results.count == 3)
      for (key, number) in [
        ("testMean", test.mean), ("testDeviation", test.deviation), ("validationMean", validation.mean),
        ("validationDeviation", validation.deviation),
      ] {
        #expect(abs(try #require(cell[key] as? Double) - number) < 1e-15, "\(key)")
      }
      #expect(abs(test.mean - validation.mean) > 1e-4, "they can be told apart")
    }
    let texts = try json.map {
      let (mean, deviation) = (try #require($0["testMean"] as? Double), try #require($0["testDeviation"] as? Double))
      return String(format: "%.2f ± %.2f %%", 100 * mean, 100 * deviation)
    }
    #expect(
      try cells(sweep(options).done().output) == [
        ["weights", "real", "discrete-sign"], ["---", "---", "---"], ["real", texts[0], ""], ["quinary", "", texts[1]],
        ["binary", "", texts[2]],
      ])
  }

  @Test("a single run has no deviation, and a cell says how many of the runs it has, also if it has none")
  func counts() throws {
    func both(_ seeds: String) throws -> (cell: String, object: [String: Any]) {
      let options = ["--networks", "straight-through", "--seeds", seeds]
      let (table, json) = (try sweep(options).done(), try sweep(options + ["--json"]).done())
      let objects = try SignetProgram.objects(json.output)
      return (try #require(cells(table.output).last?.last), try #require(objects.first))
    }
    let error = try #require(results("straight-through", "binary", 3...3).first?.testError)
    let one = try both("3")
    #expect(one.cell == String(format: "%.2f %%", 100 * error))
    #expect(one.object["testDeviation"] == nil && one.object["runs"] as? Int == 1)
    #expect(one.object["testMean"] as? Double == error)
    let some = try both("4,5,6,9")
    #expect(some.cell.hasSuffix(" % (2 of 4)") && some.object["runs"] as? Int == 2)
    let choice = ["--networks", "real,discrete-sign", "--weights", "binary,ternary"]
    #expect(
      try cells(sweep(choice + ["--seeds", "8,9"]).done().output) == [
        ["weights", "real", "discrete-sign"], ["---", "---", "---"], ["real", "– (0 of 2)", ""],
        ["binary", "", "– (0 of 2)"], ["ternary", "", "– (0 of 2)"],
      ])
    #expect(try sweep(["--seeds", "8", "--json"]).done().output.filter { !$0.isWhitespace } == "[]")
  }

  @Test("epochs, keys and recipes change which networks are meant; a line says which ones the file has instead")
  func constants() throws {
    let recipe = try folder.write(Array(#"{"batch-size": "52"}"#.utf8), to: "recipe.json")
    for (options, difference) in [
      (["--networks", "real", "--real-epochs", "61"], "trainings.0.constants.epochs 60 and not 61"),
      (["--networks", "straight-through", "--discrete-epochs", "101"], "trainings.0.constants.epochs 100 and not 101"),
      (["--networks", "real", "--set", "batch-size=51"], "batch 50 and not 51"),
      (["--networks", "real", "--recipe", recipe], "batch 50 and not 52"),
      (["--networks", "real", "--recipe", recipe, "--set", "batch-size=51"], "batch 50 and not 51"),
    ] {
      let outcome = try sweep(options).done()
      let weights = options[1] == "real" ? "real" : "binary"
      #expect(outcome.output == nothing(of: options[1], weights, seeds: 5))
      let line = "expected results of this sweep, found 5 with \(difference); they are not used\n"
      #expect(outcome.errors == "signet: \(Self.file): \(line)", "\(options)")
    }
  }

  @Test("reasons why results are not used are told in one line, the most frequent first, equally frequent ones by name")
  func reasons() throws {
    var lines = try String(contentsOfFile: Self.file, encoding: .utf8).split(separator: "\n").map(String.init)
      .filter { $0.contains(#""network":"real","parameters"#) }
    try #require(lines.count == 5)
    lines[0].replace(/"signet":"[^"]*"/, with: #""signet":"x""#)
    for line in 1...2 { lines[line].replace(#""batch":50"#, with: #""batch":51"#) }
    for line in 3...4 { lines[line].replace(#""origin":"#, with: #""origins":"#) }
    let file = try folder.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: "results.jsonl")
    let outcome = try SignetProgram.run("sweep", "digits", "--table-only", "--networks", "real", "--results", file)
    let version = BuildInformation.version
    #expect(
      try outcome.done().errors
        == "signet: \(file): expected results of this sweep, found 2 that do not say what data and constants they depend "
        + "on, 2 with batch 51 and not 50, 1 of signet x and not \(version); they are not used\n")
  }

  @Test("--data is where the files are: equal ones give the same table, missing ones end with 74")
  func data() throws {
    let options = ["--networks", "real"]
    let digits = SignetProgram.root.appending(path: "Fixtures/digits").path
    let table = try sweep(options + ["--data", digits]).done()
    #expect(try table.errors.isEmpty && table.output == sweep(options).done().output)
    try sweep(options + ["--data", "/nonexistent"]).expectFailure(74, ["/nonexistent/manifest.json"])
  }

  @Test("a plan's tables are those of its sweeps, under their titles; with --json an array of their arrays")
  func plan() throws {
    let plan = try folder.write(
      Array(
        #"""
        {"trainings": [{"experiment": "digits", "networks": ["real"], "seeds": [1, 3]},
          {"experiment": "digits", "networks": ["discrete-sign"], "weights": ["quinary"], "seeds": [2]}]}
        """#.utf8), to: "plan.json")
    let choices = [
      ["--networks", "real", "--seeds", "1,3"],
      ["--networks", "discrete-sign", "--weights", "quinary", "--seeds", "2"],
    ]
    let tables = try choices.map { try sweep($0).done().output }
    #expect(try sweep(subject: plan).done().output == tables.map { "digits\n\n\($0)" }.joined(separator: "\n"))
    let cells = try choices.map { try SignetProgram.objects(sweep($0 + ["--json"]).output) }
    let found = try JSONSerialization.jsonObject(with: Data(sweep(["--json"], subject: plan).done().output.utf8))
    func sorted(_ object: Any) throws -> Data {
      try JSONSerialization.data(withJSONObject: object, options: .sortedKeys)
    }
    #expect(try sorted(found) == sorted(cells))
  }

  @Test("--quiet leaves out the progress and nothing else; --table-only trains nothing, and leaves the file as it is")
  func progress() throws {
    let arguments = ["sweep", "digits", "--networks", "real", "--seeds", "1", "--real-epochs", "1"]
    let loud = try SignetProgram.run(arguments).done()
    #expect(
      loud.errors.hasPrefix("real  epoch 1/1  validation error ") && loud.errors.split(separator: "\n").count == 1)
    let quiet = try SignetProgram.run(arguments + ["--quiet"]).done()
    #expect(quiet.errors.isEmpty && quiet.output == loud.output && cells(quiet.output)[2][0] == "real")
    let file = try folder.write([], to: "results.jsonl")
    let untrained = try SignetProgram.run(arguments + ["--results", file, "--table-only"]).done().output
    #expect(untrained == nothing(of: "real", "real", seeds: 1))
    #expect(try folder.bytes(of: "results.jsonl").isEmpty)
    for option in [
      ["--out", folder.file("runs")], ["--device", "opencl"], ["--threads", "2"], ["--runner", "slurm"],
    ] {
      try SignetProgram.run(arguments + ["--results", file, "--table-only"] + option).expectFailure(
        64, ["\(option[0]): expected none with --table-only"])
    }
  }

  @Test("--device is where the networks are trained, in this process or in those of --out: an unknown one is named")
  func device() throws {
    let arguments = ["sweep", "digits", "--networks", "real", "--seeds", "1", "--real-epochs", "1", "--quiet"]
    for out in [[], ["--out", folder.file("runs")]] {
      try SignetProgram.run(arguments + ["--device", "abacus"] + out).expectFailure(64, ["--device", "found abacus"])
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("runs")), "no network was begun")
    // A device that this machine does not have is missed by each network's process.
    let there = try SignetProgram.run(arguments + ["--device", "opencl:1000", "--out", folder.file("runs")])
    #expect(there.code == 70 && there.errors.contains("expected a device"), "\(there.errors)")
    #expect(there.output == nothing(of: "real", "real", seeds: 1))
  }
}
