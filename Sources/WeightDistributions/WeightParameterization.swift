/// How trainable real numbers determine the probabilities of a weight's values (Roth et al. 2019; `Method.md` §2).
public enum WeightParameterization: String, CaseIterable, Codable, Sendable {
  /// `p = softmax(ρ)`, `K` numbers per weight; any grid.
  case logits
  /// Sigmoids that divide up the probability (Shayer et al. 2018, doi:10.48550/arXiv.1710.07739); only ternary and quinary.
  case hierarchical
  /// `p = softmax(ρ)` with the logit of value 0 fixed at 0, `K − 1` numbers per weight; only ternary and quinary.
  case zeroAnchored = "zero-anchored"

  /// Whether distributions over `grid` can have this parameterization.
  public func supports(_ grid: WeightGrid) -> Bool { self == .logits || grid == .ternary || grid == .quinary }

  /// `P`, the number of trainable numbers per weight.
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
