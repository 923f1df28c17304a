/// What a window of pooling becomes.
public enum PoolingKind: String, CaseIterable, Sendable {
  /// Its largest pixel.
  case max
  /// The mean of its pixels.
  case average
  /// The sum of its pixels.
  case sum

  /// How many pixels of its window the deployed network's integer adds up: 1 of the largest, else all four.
  package var addends: Int { self == .max ? 1 : 4 }
}
