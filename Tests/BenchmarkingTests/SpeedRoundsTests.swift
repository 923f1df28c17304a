import Benchmarking
import Foundation
import TestSupport
import Testing

/// Packages Benchmarks of our own making, whose times are chosen.
@Suite("Rounds of several programs' benchmarks")
struct SpeedRoundsTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Benchmarks that take as many microseconds as the rounds of all packages so far, and twice that in another iteration; one of them
  /// is there in the package's first round only.
  private func package(_ name: String) throws -> String {
    let rounds = folder.file("rounds")
    return try folder.benchmarks(
      name,
      printing: """
        echo >> '\(rounds)'
        n=$(($(wc -l < '\(rounds)')))
        cat <<END
        [\(benchmarkResult("all", microseconds: ["$((2 * n))", "$n"]))
        END
        [ -e '\(folder.file(name))/once' ] || echo ', \(benchmarkResult("once", microseconds: ["7"]))'
        touch '\(folder.file(name))/once'
        echo ']'
        """)
  }

  @Test("programs take turns, forwards and backwards; after the least rounds only those begin that the deadline leaves")
  func turns() throws {
    var rounds = SpeedRounds(programs: [try package("a"), try package("b")], scratch: folder.file("scratch"))
    var told: [String] = []
    func run(until deadline: ContinuousClock.Instant, _ count: ClosedRange<Int>) throws {
      told = []
      try rounds.run(deadline: deadline, rounds: count, needing: 0..<2, interruption: nil) {
        told.append("\($0): \($1)")
      }
    }
    try run(until: .now, 3...5)
    #expect(told == ["1: 1", "1: 2", "2: 2", "2: 1", "3: 1", "3: 2"] && rounds.count == 3)
    #expect(rounds.samples.map { $0.map(\.name) } == [["all", "once"], ["all", "once"]])
    // The faster iteration of each round, in nanoseconds.
    #expect(rounds.samples.map { $0[0].rounds } == [[1000, 4000, 5000], [2000, 3000, 6000]])
    #expect(rounds.samples.map { $0[1].rounds } == [[7000], [7000]])
    try run(until: ContinuousClock.now + .seconds(600), 0...4)
    #expect(told == ["4: 2", "4: 1"] && rounds.count == 4)
    #expect(rounds.samples.map { $0[0].rounds } == [[1000, 4000, 5000, 8000], [2000, 3000, 6000, 7000]])
    try run(until: .now, 0...9)
    #expect(told.isEmpty && rounds.count == 4)
  }

  @Test("a harness that ends well but writes no times has failed, also after a round whose times still lie there")
  func noTimes() throws {
    let program = try package("a")
    var rounds = SpeedRounds(programs: [program], scratch: folder.file("scratch"))
    try rounds.run(deadline: .now, rounds: 1...1, needing: 0..<1, interruption: nil) { _, _ in }
    #expect(rounds.samples[0].map(\.rounds) == [[1000], [7000]])
    try folder.script("exit 0", to: "a/.build/release/BenchmarkTool")
    var failure: (any Error)?
    do {
      try rounds.run(deadline: .now, rounds: 2...2, needing: 0..<1, interruption: nil) { _, _ in }
    } catch { failure = error }
    let error = try #require(failure as? MeasurementFileError)
    #expect(error.path == program && error.expected == "benchmarks that run" && error.found.hasPrefix("exit code 0: "))
    #expect(rounds.count == 1 && rounds.samples[0].map(\.rounds) == [[1000], [7000]])
  }

  @Test("a program that is not needed and fails is left out from then on, with its error; one that is needed ends all")
  func leftOut() throws {
    let (own, other) = (try package("a"), try package("b"))
    let program = "\(other)/.build/release/SignetBenchmarks"
    var rounds = SpeedRounds(programs: [own, other, own], scratch: folder.file("scratch"))
    try rounds.run(deadline: .now, rounds: 1...1, needing: 0..<1, interruption: nil) { _, _ in }
    try FileManager.default.removeItem(atPath: program)
    var told: [String] = []
    try rounds.run(deadline: .now, rounds: 3...3, needing: 0..<1, interruption: nil) { told.append("\($0): \($1)") }
    #expect(told == ["2: 3", "2: 2", "2: 1", "3: 1", "3: 3"])
    #expect(rounds.samples.map { $0[0].rounds.count } == [3, 1, 3])
    #expect(rounds.failures.map { $0?.path } == [nil, program, nil])
    var two = SpeedRounds(programs: [own, other], scratch: folder.file("scratch"))
    #expect(throws: MeasurementFileError.self) {
      try two.run(deadline: .now, rounds: 1...1, needing: 0..<2, interruption: nil) { _, _ in }
    }
  }

  @Test("a harness that does not start has failed, as one that is not built has")
  func notStarted() throws {
    let program = try package("a")
    // A script whose interpreter is not there.
    let tool = try folder.script("", to: "a/.build/release/BenchmarkTool")
    try folder.write(Array("#!\(folder.file("none"))\n".utf8), to: "a/.build/release/BenchmarkTool")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool)
    var rounds = SpeedRounds(programs: [program], scratch: folder.file("scratch"))
    let error = #expect(throws: MeasurementFileError.self) {
      try rounds.run(deadline: .now, rounds: 1...1, needing: 0..<1, interruption: nil) { _, _ in }
    }
    #expect(error?.path == tool && error?.expected == "a program that starts")
  }

  @Test("a harness that fails has no times, whatever it has written before")
  func fails() throws {
    let program = try package("a")
    try folder.script(
      """
      while [ "$1" != --path ]; do shift; done
      echo '[\(benchmarkResult("all", microseconds: ["5"]))]' > "$2/Current_run.jmh.json"
      echo the second one crashed
      exit 3
      """, to: "a/.build/release/BenchmarkTool")
    var rounds = SpeedRounds(programs: [program], scratch: folder.file("scratch"))
    var failure: (any Error)?
    do {
      try rounds.run(deadline: .now, rounds: 1...1, needing: 0..<1, interruption: nil) { _, _ in }
    } catch { failure = error }
    let error = try #require(failure as? MeasurementFileError)
    #expect(error.path == program && error.found.hasPrefix("exit code 3: the second one crashed"))
    #expect(rounds.count == 0 && rounds.samples == [[]])
  }
}
