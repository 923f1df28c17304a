/// Finds where the level of a history changes.
package enum ChangePoints {
  /// The chance that a history with a constant level shows a change.
  package static let alpha = 0.05
  /// The smallest number of values in a level.
  package static let shortest = 4

  /// The indices at which a new level begins: binary segmentation by the rank-sum test. The place whose two sides differ
  /// most is a change point if its p-value times the number of places is below ``alpha``; then each side is searched.
  package static func find(in history: [Double]) -> [Int] { find(in: history, 0..<history.count) }

  private static func find(in history: [Double], _ range: Range<Int>) -> [Int] {
    guard range.count >= 2 * shortest else { return [] }
    let places = range.lowerBound + shortest...range.upperBound - shortest
    let tests = places.map { place in
      (
        place,
        RankSum(before: Array(history[range.lowerBound..<place]), after: Array(history[place..<range.upperBound])).p
      )
    }
    guard let (place, p) = tests.min(by: { $0.1 < $1.1 }), p * Double(places.count) < alpha else { return [] }
    return find(in: history, range.lowerBound..<place) + [place] + find(in: history, place..<range.upperBound)
  }
}
