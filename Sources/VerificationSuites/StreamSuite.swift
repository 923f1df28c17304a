import Golden
import RandomStreams
import Tensors
import Verification

/// Compares the words, permutations and numbers of the random streams with Philox in plain integers and with mpmath.
package enum StreamSuite {
  package struct Case: Decodable, Sendable {
    package let seed, purpose: String
    package let epoch, step, layer: Int
    package let words: [UInt32]
    package let uniformFloat, uniformDouble, normalFloat, normalDouble, logisticFloat, logisticDouble: GoldenTensor
    package let permutation: [Int]
    /// Every 10,007th entry of a permutation of 200,000; drawing it rejects `rejected` words.
    package let longPermutation: [Int]
    package let rejected: Int

    package func stream() throws -> RandomStream {
      let purposes: [String: RandomPurpose] = [
        "initialization": .initialization, "shuffle": .shuffle, "dropout": .dropout,
        "reparameterization": .reparameterization, "discretization": .discretization,
      ]
      guard let seed = UInt64(seed), let known = purposes[purpose] else {
        throw GoldenError("Golden/ops/random.json", "a seed and a purpose", "\(seed), \(purpose)")
      }
      return RandomStream(seed: seed, purpose: known, epoch: epoch, step: step, layer: layer)
    }
  }

  /// - Throws: `GoldenError`
  package static func cases(_ folder: GoldenFolder) throws -> [VerificationCase] {
    try GoldenFile<Case>.load("ops/random.json", from: folder).cases.map { golden in
      VerificationCase("random streams, seed \(golden.seed), \(golden.purpose)") {
        let stream = try golden.stream()
        return try integers(golden, stream) + numbers(golden, stream, as: Float.self)
          + numbers(golden, stream, as: Double.self)
      }
    }
  }

  private static func integers(_ golden: Case, _ stream: RandomStream) throws -> [FieldResult] {
    let long = stream.permutation(200_000)
    let fields: [(name: String, actual: [Int], expected: [Int])] = [
      ("words", golden.words.indices.map { Int(stream.word($0)) }, golden.words.map { Int($0) }),
      ("permutation", stream.permutation(golden.permutation.count), golden.permutation),
      ("long permutation", stride(from: 0, to: long.count, by: 10_007).map { long[$0] }, golden.longPermutation),
    ]
    let row = try ToleranceTable.row("words", Double.self)
    return try fields.map { name, actual, expected in
      guard !expected.isEmpty else { throw GoldenError("Golden/ops/random.json", name, "none") }
      // Integers below 2³², which Double holds exactly.
      return compare(
        "\(name) (Golden/ops/random.json)", Tensor([actual.count], actual.map { Double($0) }),
        expected: Tensor([expected.count], expected.map { Double($0) }), within: row)
    }
  }

  private static func numbers<Scalar: TensorScalar>(
    _ golden: Case, _ stream: RandomStream, as _: Scalar.Type
  ) throws -> [FieldResult] {
    let (isFloat, n) = (Scalar.self == Float.self, golden.words.count)
    let fields: [(name: String, actual: Tensor<Scalar>, expected: GoldenTensor)] = [
      ("uniform", stream.uniform([n], on: .single), isFloat ? golden.uniformFloat : golden.uniformDouble),
      ("normal", stream.normal([n], on: .single), isFloat ? golden.normalFloat : golden.normalDouble),
      ("logistic", stream.logistic([n], on: .single), isFloat ? golden.logisticFloat : golden.logisticDouble),
    ]
    return try fields.map { name, actual, expected in
      compare(
        "\(name), \(Scalar.self) (Golden/ops/random.json)", actual, expected: Tensor(expected.shape, expected.scalars),
        within: try ToleranceTable.row(name, Scalar.self))
    }
  }
}
