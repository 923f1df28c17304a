import Foundation
import Testing

@Suite("Commands: wrong usage")
struct UsageTests {
  static let wrongUsage = [
    FailingCall(
      name: "an unknown experiment", arguments: ["reproduce", "imagenet"], code: 64,
      mentions: ["imagenet", "digits", "mnist-pi"]),
    FailingCall(
      name: "a network's file in the place of its arrays",
      arguments: ["import", "l2.npz", "--layout", "torch", "--architecture", "10", "-o", "./l2.npz"], code: 64,
      mentions: ["--output: expected another file than that of the argument, found ./l2.npz for both"]),
    FailingCall(
      name: "a network's file in the place of the outputs to compare with",
      arguments: [
        "import", "l2.npz", "--layout", "torch", "--architecture", "10", "-o", "o.npy", "--check", "i.npy", "o.npy",
      ], code: 64, mentions: ["--output: expected another file than that of --check, found o.npy for both"]),
    FailingCall(
      name: "a path of two lines", arguments: ["show", "/nonexistent/x\ny"], code: 74,
      mentions: [#"/nonexistent/x\u{a}y"#]),
    FailingCall(
      name: "the text of devices, and their comparison", arguments: ["devices", "--text", "--exhaustive"], code: 64,
      mentions: ["--text: expected no --exhaustive, found both"]),
    FailingCall(
      name: "the text of one device", arguments: ["devices", "--text", "--device", "cuda"], code: 64,
      mentions: ["--text: expected no --device, found both"]),
    FailingCall(
      name: "the processor as another device", arguments: ["devices", "--device", "cpu"], code: 64,
      mentions: ["--device: expected opencl, opencl:N, cuda or cuda:N, found cpu"]),
    FailingCall(
      name: "a device that is not there", arguments: ["devices", "--device", "opencl:1000"], code: 69,
      mentions: ["opencl", "expected a device, found"]),
    FailingCall(
      name: "layers in two formats", arguments: ["benchmark", "layers", "--json", "--markdown"], code: 64,
      mentions: ["--json: expected no --markdown, found both"]),
    FailingCall(
      name: "no threads", arguments: ["reproduce", "digits", "--threads", "0"], code: 64,
      mentions: ["--threads", "1 to 1024", "found 0"]),
    FailingCall(
      name: "no epochs", arguments: ["reproduce", "digits", "--real-epochs", "0"], code: 64,
      mentions: ["--real-epochs", "found 0"]),
    FailingCall(
      name: "no discrete epochs",
      arguments: ["reproduce", "digits", "--discrete-epochs", "0", "--out", "/dev/null/run"], code: 64,
      mentions: ["--discrete-epochs: expected a number from 1 to 1000000, found 0"]),
    FailingCall(
      name: "more discrete epochs than anybody wants",
      arguments: ["sweep", "digits", "--discrete-epochs", "1000001", "--results", "/dev/null/file"], code: 64,
      mentions: ["--discrete-epochs: expected a number from 1 to 1000000, found 1000001"]),
    FailingCall(
      name: "an unknown network", arguments: ["reproduce", "digits", "--networks", "real,quantum"], code: 64,
      mentions: ["real,quantum", "discrete-sign"]),
    FailingCall(
      name: "an empty network", arguments: ["reproduce", "digits", "--networks", "real,"], code: 64,
      mentions: ["real,"]),
    FailingCall(
      name: "an unknown grid", arguments: ["reproduce", "digits", "--weights", "septenary"], code: 64,
      mentions: ["expected a grid of binary, ternary,", "values such as", "found septenary"]),
    FailingCall(
      name: "a grid of one value", arguments: ["reproduce", "digits", "--weights", "-1"], code: 64,
      mentions: ["--weights", "2 to 16 values", "found 1 (-1)"]),
    FailingCall(
      name: "an own grid without its parameterization",
      arguments: ["train", "--architecture", "6-10", "--weights", "-1,0,2", "--parameterization", "hierarchical"],
      code: 64, mentions: ["hierarchical", "found -1,0,2"]),
    FailingCall(
      name: "a seed that is no number", arguments: ["reproduce", "digits", "--seed", "one"], code: 64,
      mentions: ["one", "--seed"]),
    FailingCall(
      name: "an unknown option", arguments: ["reproduce", "digits", "--fast"], code: 64, mentions: ["--fast"]),
    FailingCall(
      name: "MNIST without its files", arguments: ["reproduce", "mnist-pi"], code: 64,
      mentions: ["mnist: expected --data DIR with the data set's files, found none"]),
    FailingCall(
      name: "a recipe of other experiments, told before a device that is not there",
      arguments: ["reproduce", "digits", "--recipe", "thesis", "--device", "cuda:7"], code: 64,
      mentions: ["--recipe: ", "digits"]),
    FailingCall(
      name: "a sweep with a recipe of other experiments, told before a device that is not there",
      arguments: ["sweep", "digits", "--recipe", "thesis", "--device", "cuda:7"], code: 64,
      mentions: ["--recipe: ", "digits"]),
    FailingCall(
      name: "more rounds than anybody wants", arguments: ["benchmark", "compare", "a", "b", "--rounds", "1001"],
      code: 64, mentions: ["--rounds: expected", "1 to 1000", "found 1001"]),
    FailingCall(
      name: "a device that is not there", arguments: ["reproduce", "digits", "--device", "cuda:7"], code: 69,
      mentions: ["cuda"]),
    FailingCall(
      name: "an even kernel", arguments: ["train", "--architecture", "32C4-P2-10"], code: 64,
      mentions: ["--architecture", "32C4-P2-10", "element 1", "odd"]),
    FailingCall(
      name: "a kernel that is too large", arguments: ["train", "--architecture", "4C65-10"], code: 64,
      mentions: ["up to 65536 channels, an odd kernel up to 63", "found \"4C65\""]),
    FailingCall(
      name: "too many units", arguments: ["train", "--architecture", "65537-10"], code: 64,
      mentions: ["1 to 65536 units", "found \"65537\""]),
    FailingCall(
      name: "a number that begins with 0", arguments: ["train", "--architecture", "8-010"], code: 64,
      mentions: ["no number beginning with 0", "found \"010\""]),
    FailingCall(
      name: "a negative first label", arguments: ["train", "--architecture", "10", "--first-label", "-1"], code: 64,
      mentions: ["--first-label: expected --dataset idx, cifar, npy"]),
    FailingCall(
      name: "other classes than the data's", arguments: ["train", "--architecture", "32C5-P2-11"], code: 64,
      mentions: ["10 units", "found 11"]),
    FailingCall(
      name: "other classes of imported layers than the data's",
      arguments: ["import", "l2.npz", "--layout", "torch", "--architecture", "8-11", "-o", "o.signet"], code: 64,
      mentions: ["architecture 8-11: expected 10 units at the end, one per class of the data, found 11"]),
    FailingCall(
      name: "images too small", arguments: ["train", "--architecture", "4C3-P2-4C3-P2-4C3-P2-4C3-P2-10"], code: 64,
      mentions: ["linear layer 4", "1×1"]),
    FailingCall(
      name: "dropout rates for other layers",
      arguments: ["train", "--architecture", "32C5-P2-10", "--dropout", "0.1,0.2,0.3"], code: 64,
      mentions: ["2 dropout rates", "found 3"]),
    FailingCall(
      name: "a dropout rate of 1", arguments: ["train", "--architecture", "32C5-P2-10", "--dropout", "0,1"], code: 64,
      mentions: ["--dropout", "below 1", "found 0,1"]),
    FailingCall(
      name: "a parameterization that the grid has not",
      arguments: ["reproduce", "digits", "--weights", "binary", "--parameterization", "hierarchical"], code: 64,
      mentions: ["hierarchical", "binary"]),
    FailingCall(
      name: "a prior that is none",
      arguments: ["reproduce", "digits", "--regularizer", "kl", "--prior", "0.5,0.5,0.5"], code: 64,
      mentions: ["prior", "3 positive numbers", "0.5,0.5,0.5"]),
    FailingCall(
      name: "a prior without its regularizer", arguments: ["reproduce", "digits", "--prior", "0.25,0.5,0.25"], code: 64,
      mentions: ["--prior", "--regularizer kl"]),
    FailingCall(
      name: "the squared hinge of a distribution",
      arguments: ["reproduce", "digits", "--loss", "squared-hinge", "--sampling", "nowhere"], code: 64,
      mentions: ["squared-hinge", "nowhere"]),
    FailingCall(
      name: "grids for other layers", arguments: ["reproduce", "digits", "--weights", "ternary,quinary"], code: 64,
      mentions: ["1 or 3 grids", "found 2"]),
    FailingCall(
      name: "a temperature of 0", arguments: ["reproduce", "digits", "--temperature", "0"], code: 64,
      mentions: ["--temperature", "found 0"]),
    FailingCall(
      name: "a temperature that is 0 in single precision",
      arguments: ["reproduce", "digits", "--temperature", "1e-60"],
      code: 64, mentions: ["--temperature: expected a positive number, found 1e-60"]),
    FailingCall(
      name: "a regularization that is not finite in single precision",
      arguments: ["reproduce", "digits", "--regularization", "1e60"], code: 64,
      mentions: ["--regularization: expected a number from 0, found 1e60"]),
    FailingCall(
      name: "a prior of words", arguments: ["reproduce", "digits", "--regularizer", "kl", "--prior", "half,half"],
      code: 64, mentions: ["--prior: expected numbers separated by commas, found half,half"]),
    FailingCall(
      name: "seeds that go down", arguments: ["sweep", "digits", "--seeds", "5-1"], code: 64,
      mentions: ["--seeds", ": expected numbers separated by commas, or first-last in ascending order, found 5-1"]),
    FailingCall(
      name: "more seeds than a range may have", arguments: ["sweep", "digits", "--seeds", "1-10001"], code: 64,
      mentions: ["--seeds", ": expected at most 10000 seeds, found 1-10001"]),
    FailingCall(
      name: "a base without a directory", arguments: ["night", "run", "--check", "--base", "main"], code: 64,
      mentions: ["--base", ": expected name=dir, found main"]),
    FailingCall(
      name: "a sweep of neither an experiment nor a file in JSON", arguments: ["sweep", "plan.JSON"], code: 64,
      mentions: ["<experiment>: expected digits, ", "svhn or a plan's file, whose name ends in .json, found plan.JSON"]),
    FailingCall(
      name: "a table of nothing", arguments: ["sweep", "digits", "--table-only"], code: 64,
      mentions: ["--table-only", "--results"]),
    FailingCall(
      name: "Slurm's partition without Slurm",
      arguments: ["sweep", "digits", "--table-only", "--results", "/nonexistent/results.jsonl", "--partition", "p"],
      code: 64, mentions: ["--partition: expected --runner slurm, found none"]),
    FailingCall(
      name: "Slurm without directories for its runs",
      arguments: ["sweep", "digits", "--results", "/nonexistent/results.jsonl", "--runner", "slurm"],
      code: 64, mentions: ["--runner slurm: expected --out DIR, found none"]),
    FailingCall(
      name: "batches of nothing", arguments: ["evaluate", "run", "--batch", "0"], code: 64,
      mentions: ["--batch", "found 0"]),
    FailingCall(
      name: "a seed twice",
      arguments: ["sweep", "digits", "--table-only", "--results", "/nonexistent/results.jsonl", "--seeds", "3,1,3"],
      code: 64, mentions: ["--seeds", ": expected each seed once, found 3 several times"]),
    FailingCall(
      name: "no steps", arguments: ["benchmark", "step", "--steps", "0"], code: 64, mentions: ["--steps", "found 0"]),
  ]

  @Test("the table of exit codes in the documentation has the help's words for bad data and for what is worse")
  func exitCodes() throws {
    let help = try SignetProgram.run("--help").done().output
    let words = help.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let page = try String(
      contentsOf: SignetProgram.root.appending(path: "Documentation/Commands.md"), encoding: .utf8)
    let row = try #require(page.firstMatch(of: /\n\| 65 \| ([^|]+) \|/)?.1)
    #expect(words.contains("; 65 \(row); 69 "), "\(words)")
    let worse = try #require(page.firstMatch(of: /\n\| 1, 3, 4 \| ([^;|]+);/)?.1).replacing("`", with: "")
    #expect(words.contains("; 1 \(worse); 3 ") && worse.contains("--least-share"), "\(words)")
  }

  @Test("every command that has --quiet has it as -q, too")
  func quiet() throws {
    func arguments(of command: [String: Any]) -> [[String: Any]] {
      (command["arguments"] as? [[String: Any]] ?? [])
        + (command["subcommands"] as? [[String: Any]] ?? []).flatMap { arguments(of: $0) }
    }
    let dump = try SignetProgram.object(SignetProgram.run("--experimental-dump-help").done().output)
    let names = arguments(of: try #require(dump["command"] as? [String: Any])).map { argument in
      (argument["names"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
    }
    let quiet = names.filter { $0.contains("quiet") }
    #expect(quiet.count > 10 && quiet.allSatisfy { $0.contains("q") }, "\(quiet)")
  }

  @Test("wrong usage ends with 64 and one line", arguments: wrongUsage)
  func usage(_ call: FailingCall) throws { try call.check() }

  private static let check = "night run --check --results /dev/null/nights"
  private static let imported = "import a.npz --layout torch --architecture 10 --network discrete-sign -o b"

  /// Numbers just beyond what an option takes, and what is no number. All else of the calls is right but for files that are missing.
  static let beyond: [(String, String, [String])] = [
    ("benchmark compare a b", "--alpha", ["0", "1", "nan"]), (check, "--alpha", ["0", "1", "nan"]),
    (check, "--budget", ["-1", "100001", "nan", "inf"]), (check, "--keep", ["0", "-1"]),
    (check, "--real-epochs", ["0", "1000001"]), (check, "--discrete-epochs", ["0", "1000001"]),
    ("data fetch mnist --data /dev/null/d", "--timeout", ["-1", "86401", "nan", "inf"]),
    (imported, "--tolerance", ["0", "-1", "nan", "inf"]), (imported, "--epsilon", ["-1", "nan", "inf"]),
    (imported, "--zero-up-to", ["-1", "nan", "inf"]),
  ]

  @Test("a number beyond an option's range ends with 64, and the line names both", arguments: beyond)
  func beyondRange(call: String, option: String, values: [String]) throws {
    for value in values {
      try SignetProgram.run(call.split(separator: " ").map(String.init) + ["\(option)=\(value)"]).expectFailure(
        64, ["signet: \(option): expected ", "found \(value)"])
    }
  }

  @Test("an unknown variant of the kernels ends with 64")
  func unknownVariant() throws {
    try SignetProgram.run("reproduce", "digits", environment: ["SIGNET_KERNELS": "abacus"]).expectFailure(
      64, ["SIGNET_KERNELS", "plain, avx2, avx512 or avx512vpopcntdq"])
  }
}
