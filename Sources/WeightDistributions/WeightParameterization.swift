/// How trainable real numbers make the probabilities of a weight's values (Roth et al. 2019; `Method.md` §2).
public enum WeightParameterization: String, CaseIterable, Codable, Sendable {
  /// `p = softmax(ρ)`, `K` numbers a weight; any grid.
  case logits
  /// Sigmoids that share out probability (Shayer et al. 2018, doi:10.48550/arXiv.1710.07739); ternary and quinary.
  case hierarchical
  /// `p = softmax(ρ)` with the logit of value 0 fixed at 0, `K − 1` numbers a weight; ternary and quinary.
  case zeroAnchored = "zero-anchored"

  /// Whether there is this parameterization of distributions over `grid`.
  public func supports(_ grid: WeightGrid) -> Bool { self == .logits || grid == .ternary || grid == .quinary }

  /// `P`, the trainable numbers of each weight.
  ///
  /// - Precondition: `supports(grid)`.
  public func count(of grid: WeightGrid) -> Int {
    precondition(supports(grid), "WeightParameterization: \(rawValue) does not support \(grid.name)")
    return switch self {
    case .logits: grid.count
    case .hierarchical, .zeroAnchored: grid.count - 1
    }
  }
}
