/// The middle of the samples; of an even number the mean of the two in the middle.
///
/// - Precondition: there is one.
package func median(_ samples: [Double]) -> Double {
  precondition(!samples.isEmpty, "median: no samples")
  let sorted = samples.sorted()
  let half = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}
