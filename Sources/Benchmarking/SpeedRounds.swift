import Experiments
import Foundation

/// Rounds of all benchmarks of several programs. The programs take turns so that all see the same machine: forwards in
/// even rounds, backwards in odd ones.
package struct SpeedRounds {
  /// The minimum number of rounds: with ten, two programs whose times do not overlap have p = 1.1e-5, which stays below
  /// 0.01 among some hundred tests.
  package static let fewest = 10
  package static let most = 24

  /// The benchmark packages of the programs; the first one provides the harness.
  package let programs: [String]
  /// A directory for the harness's files.
  package let scratch: String
  /// The samples of each program; of one that failed, those of the rounds before.
  package private(set) var samples: [[BenchmarkSamples]]
  /// Why each program failed; nil for one that did not.
  package private(set) var failures: [MeasurementFileError?]
  package private(set) var count = 0

  package init(programs: [String], scratch: String) {
    (self.programs, self.scratch) = (programs, scratch)
    (samples, failures) = (programs.map { _ in [] }, programs.map { _ in nil })
  }

  /// Runs the minimum number of rounds in any case, then more until the deadline.
  ///
  /// - Parameter needed: the programs without which the rounds end; another that fails is left out from then on.
  /// - Throws: `InterruptionError`; the `MeasurementFileError` of a needed program.
  package mutating func run(
    deadline: ContinuousClock.Instant, rounds: ClosedRange<Int>, needing needed: Range<Int>,
    interruption: Interruption?, progress: (_ round: Int, _ program: Int) -> Void
  ) throws {
    while count < rounds.lowerBound || (count < rounds.upperBound && ContinuousClock().now < deadline) {
      for program in count % 2 == 0 ? Array(programs.indices) : programs.indices.reversed()
      where failures[program] == nil {
        if let error = interruption?.error { throw error }
        progress(count + 1, program + 1)
        do {
          add(try Harness(host: programs[0], package: programs[program], scratch: scratch).round(), to: program)
        } catch let error as MeasurementFileError where !needed.contains(program) {
          failures[program] = error
        }
      }
      count += 1
    }
  }

  private mutating func add(_ round: [(name: String, nanoseconds: Double)], to program: Int) {
    for (name, nanoseconds) in round {
      if let index = samples[program].firstIndex(where: { $0.name == name }) {
        samples[program][index].rounds.append(nanoseconds)
      } else {
        samples[program].append(BenchmarkSamples(name: name, rounds: [nanoseconds]))
      }
    }
  }
}
