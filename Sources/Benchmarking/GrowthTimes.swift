import Files

/// The times of steps that differ from the first in one thing each.
package struct GrowthTimes: TimeTable {
  package let variations: [Variation]

  package struct Variation: Encodable {
    /// What differs.
    package let name: String
    package let times: StepTimes

    package init(_ name: String, _ times: StepTimes) { (self.name, self.times) = (name, times) }
  }

  package init(_ variations: [Variation]) { self.variations = variations }

  package var words: Int { 1 }

  /// A row for each variation.
  package var rows: [[String]] {
    let header = [
      "", "step", "of the first", "its products", "of the peak", "floor", "step / floor", "read and written",
    ]
    return [header]
      + variations.map { variation in
        let times = variation.times
        func ms(_ value: Double) -> String { fixed(value, places: value < 10 ? 2 : 1) + " ms" }
        return [
          variation.name, ms(times.stepMedian), fixed(times.stepMedian / variations[0].times.stepMedian, places: 2),
          ms(times.productsMedian), fixed(100 * times.productsShare, places: 0) + " %", ms(times.floor),
          fixed(times.stepMedian / times.floor, places: 2), fixed(times.bytes, places: 1) + " MB",
        ]
      }
  }

  package var legend: String {
    guard let first = variations.first?.times else { return "" }
    return """
      Medians of \(counted(first.steps, "step", "steps")); \(first.network), batch \(first.batch), \
      \(counted(first.threads, "thread", "threads")) and \(first.kernels) where nothing else is said; Signet \(first.version). The floor is the \
      products' arithmetic at the peak that registers reach, measured beside it (\(fixed(first.peak, places: 0)) GFLOP/s), and then each \
      trained number and its two moments read and written once (\(fixed(first.bandwidth, places: 1)) GB/s).
      """
  }
}
