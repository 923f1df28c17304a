/// What a window of pooling becomes.
public enum PoolingKind: String, CaseIterable, Sendable {
  /// Its largest pixel.
  case max
  /// The mean of its pixels.
  case average
  /// The sum of its pixels.
  case sum

  /// What the deployed network takes of its integers: the sum in place of the mean, whose factor 1/4 becomes part of a constant.
  package var ofIntegers: PoolingKind { self == .max ? .max : .sum }

  /// How many pixels of its window the deployed network's integer adds up: 1 of the largest, else all four.
  package var addends: Int { self == .max ? 1 : 4 }
}
