/// Holm's correction (1979) of the p-values of several tests: `p̃_(i) = max_{j ≤ i} min(1, (m − j + 1) p_(j))`, in the given
/// order. Rejecting those below α keeps the chance of any false alarm among all tests below α, however they depend on each other.
package func holm(_ p: [Double]) -> [Double] {
  var corrected = p
  var largest = 0.0
  for (position, index) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated() {
    largest = max(largest, min(1, Double(p.count - position) * p[index]))
    corrected[index] = largest
  }
  return corrected
}
