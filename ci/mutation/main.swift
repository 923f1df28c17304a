import Foundation

// Mutation testing: makes small changes to our sources by the table in Rules.swift, each of which a test should notice.

let usage = """
  ci/mutants [--count N] [--seed N] [--target PERCENT] [--only ID|FILE]… [--results FILE] [--accepted FILE]
             [--list | --report] [--json] [--self-test[=full]]

    --count N        mutants to run (120)
    --seed N         which mutants (1); the same seed chooses the same ones
    --target PERCENT the lowest score with exit code 0 (95)
    --only ID|FILE   only these; a mutant named by its id runs again
    --list           print the mutants and run none
    --report         print what the results file says and run none
    --json           the report as JSON
    --results FILE   .build/mutants/results.jsonl
    --accepted FILE  explained survivors (ci/mutation/survivors.md)
    --self-test      check this tool's rules; =full: also that a planted mutant is killed and another survives
  """

struct Options {
  var count = 120
  var seed: UInt64 = 1
  var target = 95.0
  var only: [String] = []
  var isList = false, isReport = false, isJSON = false
  var selfTest: SelfTest.Extent?
  var results = ".build/mutants/results.jsonl"
  var accepted = "ci/mutation/survivors.md"

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    func value<T>(_ option: String, _ parse: (String) -> T?) throws -> T {
      guard let text = rest.popFirst(), let value = parse(text) else {
        throw Failure("\(option): a value is missing or wrong")
      }
      return value
    }
    while let option = rest.popFirst() {
      switch option {
      case "--count": count = try value(option) { Int($0) }
      case "--seed": seed = try value(option) { UInt64($0) }
      case "--target": target = try value(option) { Double($0) }
      case "--only": only.append(try value(option) { $0 })
      case "--results": results = try value(option) { $0 }
      case "--accepted": accepted = try value(option) { $0 }
      case "--list": isList = true
      case "--report": isReport = true
      case "--json": isJSON = true
      case "--self-test": selfTest = .rules
      case "--self-test=full": selfTest = .full
      default: throw Failure("unknown option \(option)\n\n\(usage)")
      }
    }
  }
}

/// The modules to mutate, the lowest first.
let modules = ["Kernels", "RandomStreams", "Files", "WeightDistributions", "Layers", "Networks", "Training"]

func mutate(_ options: Options) throws -> Int32 {
  let sources = try readSources(of: modules)
  let all = sources.flatMap { $0.mutants() }
  let pool =
    options.only.isEmpty ? all : all.filter { options.only.contains($0.id) || options.only.contains($0.file) }
  guard !pool.isEmpty else { throw Failure("found no mutant called \(options.only.joined(separator: " "))") }
  let order = drawn(pool, seed: options.seed)

  if options.isList {
    for mutant in order.prefix(options.count) { print(mutant.difference) }
    print("\(min(options.count, order.count)) of \(order.count)")
    return 0
  }

  let files = Results(path: options.results)
  let tree = Tree(root: FileManager.default.currentDirectoryPath + "/.build/mutants/tree")
  var results: [String: Result]
  if options.isReport {
    results = files.valid(for: sources, tests: nil)
  } else {
    endChildrenWhenInterrupted()
    var runner = try Runner(tree: tree, sources: sources, modules: Set(pool.map(\.module)), log: files)
    results = files.valid(for: sources, tests: runner.tests)
    for id in options.only { results[id] = nil }
    // Each mutant that does not compile is replaced by another.
    while case let missing = order.filter({ results[$0.id]?.verdict != .invalid }).prefix(options.count)
      .filter({ results[$0.id] == nil }), !missing.isEmpty
    {
      // Neighbours run one after the other, so that each build reverts and applies changes in the same file.
      for mutant in missing.sorted(by: { ($0.file, $0.line) < ($1.file, $1.line) }) {
        results[mutant.id] = try runner.run(mutant)
      }
    }
    try tree.synchronize()
  }

  var chosen: [Result] = [], valid = 0
  for mutant in order where valid < options.count {
    guard let result = results[mutant.id] else { continue }
    chosen.append(result)
    if result.verdict != .invalid { valid += 1 }
  }
  let report = Report(results: chosen, accepted: accepted(in: options.accepted))
  print(options.isJSON ? report.json : report.text)
  return report.score >= options.target ? 0 : 1
}

do {
  let options = try Options(Array(CommandLine.arguments.dropFirst()))
  if let extent = options.selfTest {
    exit(try SelfTest(extent: extent).run())
  }
  exit(try mutate(options))
} catch {
  FileHandle.standardError.write(Data("ci/mutants: \(error)\n".utf8))
  exit(64)
}
