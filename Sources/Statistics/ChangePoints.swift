/// Finds where the level of a history changes.
package enum ChangePoints {
  /// The chance that a history with a constant level shows a change.
  package static let alpha = 0.05
  /// The smallest number of values in a level.
  package static let shortest = 4

  /// The indices at which a new level begins: binary segmentation by the rank-sum test. The place whose two sides differ
  /// most is a change point if its p-value times the number of places is below ``alpha``; then each side is searched.
  package static func find(in history: [Double]) -> [Int] { find(in: history[...]) }

  private static func find(in history: ArraySlice<Double>) -> [Int] {
    guard history.count >= 2 * shortest else { return [] }
    let places = shortest...history.count - shortest
    let tests = zip(places, RankSum.p(splitting: Array(history), at: places))
    guard let (place, p) = tests.min(by: { $0.1 < $1.1 }), p * Double(places.count) < alpha else { return [] }
    let middle = history.startIndex + place
    return find(in: history[..<middle]) + [middle] + find(in: history[middle...])
  }
}
