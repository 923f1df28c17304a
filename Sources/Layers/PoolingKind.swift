/// What a window of pooling becomes.
public enum PoolingKind: String, CaseIterable, Sendable {
  /// Its largest pixel.
  case max
  /// The mean of its pixels.
  case average
  /// The sum of its pixels.
  case sum
}
