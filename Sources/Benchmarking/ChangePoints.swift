/// Where a series of measurements takes a new level.
package enum ChangePoints {
  /// Indices at which a new level begins, ascending: binary segmentation of the squared deviations from the mean, which
  /// splits a segment where that leaves less than a quarter of them.
  package static func find(in values: [Double]) -> [Int] {
    func split(_ range: Range<Int>) -> [Int] {
      guard range.count >= 6, values.allSatisfy(\.isFinite) else { return [] }
      let whole = deviation(range)
      let candidates = (range.lowerBound + 3...range.upperBound - 3).map { index in
        (index, deviation(range.lowerBound..<index) + deviation(index..<range.upperBound))
      }
      guard let (best, rest) = candidates.min(by: { $0.1 < $1.1 }), rest < whole / 4 else { return [] }
      return split(range.lowerBound..<best) + [best] + split(best..<range.upperBound)
    }
    func deviation(_ range: Range<Int>) -> Double {
      let mean = values[range].reduce(0, +) / Double(range.count)
      return values[range].reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    return split(values.indices)
  }
}
