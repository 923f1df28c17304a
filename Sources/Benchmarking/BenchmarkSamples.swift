/// A micro-benchmark's times.
package struct BenchmarkSamples: Codable, Sendable, Equatable {
  package let name: String
  /// Nanoseconds an iteration: each round's, in the order of the rounds.
  package var rounds: [Double]

  package init(name: String, rounds: [Double]) { (self.name, self.rounds) = (name, rounds) }
}
