import Foundation

/// Runs the tree's test suites, each in the state that a mutant's number says.
struct Suites {
  let tree: Tree
  /// The targets and suites that are run; nothing for all.
  private let wanted: [String]
  private let bundle: String
  private let isolation: [String]

  init(tree: Tree, wanted: [String]) throws {
    (self.tree, self.wanted) = (tree, wanted)
    bundle = "\(tree.root)/.build/release/signetPackageTests.xctest"
    // In a namespace of its own, nothing that a mutant starts outlives it, and no number is that of another's process.
    let unshare = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
    let works = geteuid() == 0 && (try? runProcess(unshare + ["true"], in: tree.root, limit: 10).status) == 0
    isolation = works ? unshare : []
  }

  /// A suite that trains for minutes, and notices nothing that the traces do not.
  private static let slow = ".ResultTests"

  /// What stands between the name of a suite that runs in a variant of the kernels and the variant's.
  private static let inVariant = " with "

  /// The variants of the kernels in which the suites of KernelsTests run as well: those that `ci/test` runs them in, too.
  private func variants() throws -> [String] {
    try ["plain", "avx2", "avx512"].filter {
      try runProcess(
        ["\(tree.root)/.build/release/signet", "--version"], in: tree.root, environment: ["SIGNET_KERNELS": $0],
        limit: 60
      ).status == 0
    }
  }

  /// The variant of the kernels that a suite's name asks for, or "" for the usual one.
  static func variant(of name: String) -> String {
    name.range(of: inVariant).map { String(name[$0.upperBound...]) } ?? ""
  }

  /// The suites' names: `LayersTests.DenseTests`, `KernelsTests.BitProductTests with avx2`.
  func names() throws -> [String] {
    let outcome = try runProcess(
      [bundle, "--testing-library", "swift-testing", "--list-tests"], in: tree.root, limit: 300)
    let names = Set(
      outcome.lines.filter { $0.wholeMatch(of: /\w+Tests\..+\(.*\)/) != nil }.map { line in
        String(line.prefix { $0 != "/" && $0 != "(" })
      })
    guard outcome.status == 0, !names.isEmpty else {
      throw Failure("the tree's suites cannot be listed:\n\(outcome.tail)")
    }
    let wanted = names.filter { !$0.hasSuffix(Self.slow) && isWanted($0) }
    let kernels = wanted.filter { $0.hasPrefix("KernelsTests.") }
    let variants = kernels.isEmpty ? [] : try variants()
    return (wanted + kernels.flatMap { name in variants.map { name + Self.inVariant + $0 } }).sorted()
  }

  /// True for the suites that are run: those asked for, and that of the planted mutants.
  func isWanted(_ name: String) -> Bool {
    let suite = name.components(separatedBy: Self.inVariant)[0]
    return wanted.isEmpty
      || (wanted + ["MutationPlantsTests"]).contains { suite == $0 || suite.hasPrefix($0 + ".") }
  }

  enum Verdict {
    case passed
    case failed(String)
    case timedOut
  }

  /// Runs suites until one fails.
  /// - Parameters:
  ///   - names: the suites, all in one variant of the kernels, or nothing for all.
  ///   - mutant: the number of the active mutant, or 0.
  ///   - log: the file that gets the places reached.
  func run(_ names: [String], mutant: Int, log: String? = nil, limit: Int) throws -> (Verdict, seconds: Double) {
    let temporary = FileManager.default.currentDirectoryPath + "/.build/mutants/tmp/\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    var environment = ["SIGNET_MUTANT": "\(mutant)", "TMPDIR": temporary]
    environment["SIGNET_MUTANT_LOG"] = log
    if case let variant = Self.variant(of: names.first ?? ""), !variant.isEmpty {
      environment["SIGNET_KERNELS"] = variant
    }
    let names = names.map { $0.components(separatedBy: Self.inVariant)[0] }
    let filter =
      names.isEmpty ? [] : ["--filter", "^(\(names.map(NSRegularExpression.escapedPattern).joined(separator: "|")))/"]
    // A mutant may ask for any amount of memory, and write files without end.
    let outcome = try runProcess(
      isolation + ["sh", "-c", "ulimit -v 16777216; ulimit -f 4194304; \"$@\"; exit $?", "sh", bundle]
        + ["--testing-library", "swift-testing"] + filter,
      in: tree.root, environment: environment, limit: limit,
      stopsAt: { $0.contains(" recorded an issue ") })
    if outcome.timedOut { return (.timedOut, outcome.seconds) }
    let issue =
      outcome.lines.first { $0.contains(" recorded an issue ") }
      ?? outcome.lines.first { $0.contains("Fatal error") || $0.contains("fatal error") }
    if let issue { return (.failed(String(issue.prefix(240))), outcome.seconds) }
    if outcome.status != 0 { return (.failed("stopped with status \(outcome.status)"), outcome.seconds) }
    guard outcome.lines.contains(where: { $0.contains("Test run with") && !$0.contains("with 0 tests") }) else {
      throw Failure("\(names.joined(separator: ", ")): no test has run:\n\(outcome.tail)")
    }
    return (.passed, outcome.seconds)
  }
}
