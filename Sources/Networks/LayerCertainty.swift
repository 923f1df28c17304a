import Layers
import Tensors
import WeightDistributions

/// How certain a layer's weights are: histograms of their largest probabilities and of their most probable values.
public struct LayerCertainty: Sendable, Codable, Equatable {
  /// The length of `counts`.
  public static let bins = 20

  /// Numbers of weights by their largest probability `max_k p_k`: bin `i` counts `[i/20, (i + 1)/20)`, the last one also 1.
  public let counts: [Int]
  /// Numbers of weights by their most probable value, with which they are deployed, in the grid's order.
  public let values: [Int]

  private enum CodingKeys: CodingKey { case counts, values }

  package init(counts: [Int], values: [Int]) { (self.counts, self.values) = (counts, values) }

  /// Reads histograms whose numbers are such that their sums are numbers, too.
  public init(from decoder: any Decoder) throws {
    let histograms = try decoder.container(keyedBy: CodingKeys.self)
    func numbers(_ key: CodingKeys) throws -> [Int] {
      let numbers = try histograms.decode([Int].self, forKey: key)
      guard numbers.allSatisfy((0..<1 << 48).contains) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: histograms, debugDescription: "expected numbers of weights, found \(numbers)")
      }
      return numbers
    }
    (counts, values) = (try numbers(.counts), try numbers(.values))
  }

  init<Scalar: TensorScalar>(_ weights: WeightDistribution<Scalar>, on device: Device) {
    let (count, kinds) = (weights.weightCount, weights.grid.count)
    var counts = [Int](repeating: 0, count: Self.bins)
    var values = [Int](repeating: 0, count: kinds)
    weights.probabilities(on: device).scalars.withUnsafeBufferPointer { p in
      for weight in 0..<count {
        var largest = p[weight]
        for kind in 1..<kinds { largest = max(largest, p[kind * count + weight]) }
        counts[min(Self.bins - 1, max(0, Int(largest * Scalar(Self.bins))))] += 1
      }
    }
    for index in weights.mostProbable(on: device).indices { values[Int(index)] += 1 }
    self.counts = counts
    self.values = values
  }
}

extension Network {
  /// How certain the weights of each layer are, for the layers whose weights are distributions, in the order of the layers.
  public func certainty(on device: Device) -> [LayerCertainty] {
    blocks.compactMap { $0.distribution.map { LayerCertainty($0.weights, on: device) } }
  }
}
