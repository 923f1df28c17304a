/// Adds up how long the stages of packed inference take.
package final class StageWatch {
  /// What packed inference does with a batch.
  package enum Stage: String, CaseIterable, Sendable {
    /// Pixels and signs are brought into the order in which a layer reads them.
    case packing
    /// Bytes of pixels times weights, in the first layer.
    case bytes = "byte product"
    /// XOR, AND and population count.
    case bits = "bit product"
    /// Sums become signs, or scores.
    case thresholds
    case pooling
  }

  /// The times so far.
  package private(set) var durations: [Stage: Duration] = [:]

  /// Begins at zero.
  package init() {}

  func measure(_ stage: Stage, _ body: () -> Void) {
    let duration = ContinuousClock().measure(body)
    durations[stage, default: .zero] += duration
  }
}

extension StageWatch? {
  /// Does the work, and measures it if there is a watch.
  @inline(__always)
  func measure(_ stage: StageWatch.Stage, _ body: () -> Void) {
    if let self { self.measure(stage, body) } else { body() }
  }
}
