import Foundation

// Mutation testing: builds many small changes of our sources into one program, and checks for each that a test notices.

let usage = """
  ci/mutants [--count N] [--seed N] [--target PERCENT] [--jobs N] [--longest SECONDS]
             [--suites TARGET|SUITE]… [--only MODULE|FILE|ID]… [--results FILE]
             [--accepted FILE] [--night] [--list | --report] [--json | --markdown] [--self-test[=full]]

    --count N        mutants to run (1000)
    --seed N         which mutants (1); the same seed chooses the same ones
    --target PERCENT the lowest score of a module with exit code 0 (95)
    --jobs N         test processes at once (2)
    --longest SECONDS
                     leave out suites that take longer, where a quicker one reaches the mutant (no limit)
    --suites TARGET|SUITE
                     run only these: a target of tests, such as LayersTests, or one of its suites, LayersTests.LossTests
    --only MODULE|FILE|ID
                     only these; a mutant named by its id runs again
    --night          100 mutants, chosen by today's date (UTC)
    --list           print the mutants and run none
    --report         print what the results file says and run none
    --json           the report as JSON
    --markdown       the report's table by module
    --results FILE   .build/mutants/results.jsonl
    --accepted FILE  explained survivors (ci/mutation/survivors.md)
    --self-test      check this tool's rules and how it writes mutants; =full: also that planted mutants come to what they must

  Exit codes: 0 every module reaches the target; 1 one does not; 64 wrong usage; 65 something stopped the run.
  """

struct Options {
  enum Format { case text, json, markdown }
  var count = 1000
  var seed: UInt64 = 1
  var target = 95.0
  var jobs = 2
  var longest = Double.infinity
  var only: [String] = []
  var suites: [String] = []
  var isList = false, isReport = false
  var format = Format.text
  var selfTest: SelfTest.Extent?
  var results = ".build/mutants/results.jsonl"
  var accepted = "ci/mutation/survivors.md"

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    func value<T>(_ option: String, _ expected: String, _ parse: (String) -> T?) throws -> T {
      guard let text = rest.popFirst() else { throw Wrong("\(option): expected \(expected), found nothing") }
      guard let value = parse(text) else { throw Wrong("\(option): expected \(expected), found \(text)") }
      return value
    }
    func positive(_ text: String) -> Int? { Int(text).flatMap { $0 > 0 ? $0 : nil } }
    while let option = rest.popFirst() {
      switch option {
      case "--count": count = try value(option, "a positive number", positive)
      case "--seed": seed = try value(option, "a number", { UInt64($0) })
      case "--target":
        target = try value(option, "a percentage") { Double($0).flatMap { (0...100).contains($0) ? $0 : nil } }
      case "--jobs": jobs = try value(option, "a positive number", positive)
      case "--longest":
        longest = try value(option, "seconds") { Double($0).flatMap { $0 > 0 ? $0 : nil } }
      case "--suites": suites.append(try value(option, "a target of tests or a suite", { $0 }))
      case "--only": only.append(try value(option, "a module, a file or an id", { $0 }))
      case "--results": results = try value(option, "a file", { $0 })
      case "--accepted": accepted = try value(option, "a file", { $0 })
      case "--night": (count, seed) = (100, Self.today)
      case "--list": isList = true
      case "--report": isReport = true
      case "--json": format = .json
      case "--markdown": format = .markdown
      case "--self-test": selfTest = .rules
      case "--self-test=full": selfTest = .full
      case "--help", "-h":
        print(usage)
        exit(0)
      default: throw Wrong("expected an option, found \(option) (see: ci/mutants --help)")
      }
    }
  }
}

extension Options {
  /// Today's date as a number: 20260131.
  fileprivate static var today: UInt64 {
    var now = time(nil), date = tm()
    gmtime_r(&now, &date)
    return UInt64((Int(date.tm_year) + 1900) * 10000 + (Int(date.tm_mon) + 1) * 100 + Int(date.tm_mday))
  }
}

struct Wrong: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

func mutate(_ options: Options) throws -> Int32 {
  let sources = try readSources(of: try allModules())
  let all = sources.flatMap { $0.placedMutants() }
  func isNamed(_ mutant: Mutant, _ name: String) -> Bool {
    [mutant.id, mutant.module, mutant.file].contains(name) || "Sources/\(mutant.module)" == name
  }
  for name in options.only where !all.contains(where: { isNamed($0, name) }) {
    throw Wrong("--only: expected a module, a file or a mutant's id, found \(name)")
  }
  let pool = options.only.isEmpty ? all : all.filter { mutant in options.only.contains { isNamed(mutant, $0) } }
  let order = drawn(pool, seed: options.seed)

  if options.isList {
    for mutant in order.prefix(options.count) { print(mutant.difference) }
    print("\(min(options.count, order.count)) of \(order.count)")
    return 0
  }

  var session = Session(options: options, sources: sources)
  if !options.isReport {
    endChildrenWhenInterrupted()
    try session.run(order)
  }
  let report = Report(
    results: session.results(of: order, count: options.count), accepted: accepted(in: options.accepted))
  if options.isReport, report.results.isEmpty { throw Failure("\(options.results) has no result of these mutants") }
  switch options.format {
  case .text: print(report.text)
  case .json: print(report.json)
  case .markdown: print(report.markdown)
  }
  let low = report.modules(below: options.target)
  if !low.isEmpty { note("below \(options.target) %: \(low.joined(separator: ", "))") }
  return low.isEmpty ? 0 : 1
}

do {
  let options = try Options(Array(CommandLine.arguments.dropFirst()))
  if let extent = options.selfTest {
    exit(try SelfTest(extent: extent).run())
  }
  exit(try mutate(options))
} catch {
  note("ci/mutants: \(error)")
  exit(error is Wrong ? 64 : 65)
}
