/// The times of a micro-benchmark.
package struct BenchmarkSamples: Codable, Sendable, Equatable {
  package let name: String
  /// Nanoseconds per iteration, one number for each round, in the order of the rounds.
  package var rounds: [Double]

  package init(name: String, rounds: [Double]) { (self.name, self.rounds) = (name, rounds) }
}
