/// The median of the samples; for an even number of samples, the mean of the two in the middle.
///
/// - Precondition: there is at least one sample.
package func median(_ samples: [Double]) -> Double {
  precondition(!samples.isEmpty, "median: no samples")
  let sorted = samples.sorted()
  let half = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}
