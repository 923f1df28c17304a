import ArgumentParser
import Benchmarking
import Experiments
import Files
import Foundation
import Nightly
import Reports

extension Benchmark {
  struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Time two checkouts' benchmarks in turns, and say what became worse or better.",
      discussion: """
        Both are Benchmarks packages with the product SignetBenchmarks built; the first also needs BenchmarkTool. Give the same \
        one twice, with --repeat, to see how often there is a false alarm. \
        The exit code is 1 if something is worse or vanished.
        """)

    @Argument(help: ArgumentHelp("The package to compare with.", valueName: "base"))
    var base: String

    @Argument(help: ArgumentHelp("The package to judge.", valueName: "package"))
    var package: String

    @Option(help: ArgumentHelp("Number of rounds of all benchmarks.", valueName: "n"))
    var rounds = SpeedRounds.fewest

    @Option(name: .customLong("repeat"), help: ArgumentHelp("Comparisons, each of so many rounds.", valueName: "n"))
    var repetitions = 1

    @Option(help: ArgumentHelp("The chance of any false alarm in a comparison.", valueName: "α"))
    var alpha = 0.01

    @Flag(help: "Print one JSON array of comparisons.")
    var json = false

    @Flag(name: .shortAndLong, help: "Do not show progress.")
    var quiet = false

    func validate() throws {
      try require("--rounds", rounds, in: 1...1000)
      try require("--repeat", repetitions, in: 1...1000)
      try requireChance("--alpha", alpha)
    }

    func run() throws {
      let line = ProgressLine(isQuiet: quiet)
      defer { line.clear() }
      let interruption = Interruption(continuedBy: nil)
      let scratch = FileManager.default.temporaryDirectory.appending(path: "signet-\(getpid())").path
      // A file that an error names stays.
      var isNamed = false
      defer { if !isNamed { try? FileManager.default.removeItem(atPath: scratch) } }
      var comparisons: [[Change]] = []
      for repetition in 1...repetitions {
        let changes: [Change]
        do {
          changes = try Judgement(alpha: alpha).timeChanges(
            of: package, against: base, rounds: rounds, in: scratch, interruption
          ) {
            line.show("comparison \(repetition)/\(repetitions)  round \($0)/\(rounds)  program \($1) of 2")
          }
        } catch {
          isNamed = "\(error)".contains(scratch)
          throw error
        }
        line.clear()
        comparisons.append(changes)
        if !json { try StandardOutput.print(changes.timeTable + "\n") }
      }
      if json { try StandardOutput.print(try encodeJSON(comparisons)) }
      let alarms = comparisons.count { $0.contains { $0.verdict.isAlarm } }
      if !json && repetitions > 1 {
        let moved = comparisons.count { $0.contains { $0.verdict == .worse || $0.verdict == .better } }
        try StandardOutput.print(
          "\(alarms) of \(repetitions) comparisons with an alarm, \(moved) with anything worse or better")
      }
      if alarms > 0 { throw ExitCode(ExitStatus.worse.rawValue) }
    }
  }
}
