/// The few values that a discrete weight may take: ascending integers times a scale (`Method.md` §2).
public struct WeightGrid: Sendable, Equatable, Hashable {
  /// The paper's name.
  public let name: String
  /// The values in integer form, ascending.
  public let integers: [Int]
  /// Value = integer / denominator.
  public let denominator: Int
  /// `c` of the initialization by the empirical CDF: the width of each sign's half, so that every value gets its share.
  public let initializationWidth: Double

  /// `K`, the number of values.
  public var count: Int { integers.count }
  /// `d_1 < … < d_K`.
  public var values: [Double] { integers.map { Double($0) / Double(denominator) } }

  /// −1, 1 (**ours**, with `c` = 2).
  public static let binary = WeightGrid(
    name: "binary", integers: [-1, 1], denominator: 1, initializationWidth: 2)

  /// −1, 0, 1.
  public static let ternary = WeightGrid(
    name: "ternary", integers: [-1, 0, 1], denominator: 1, initializationWidth: 3 / 2)

  /// −1, −1/3, 1/3, 1.
  public static let quaternarySymmetric = WeightGrid(
    name: "quaternary-symmetric", integers: [-3, -1, 1, 3], denominator: 3, initializationWidth: 4 / 3)

  /// −1, −1/2, 0, 1/2.
  public static let quaternaryMinus = WeightGrid(
    name: "quaternary-minus", integers: [-2, -1, 0, 1], denominator: 2, initializationWidth: 3 / 4)

  /// −1/2, 0, 1/2, 1.
  public static let quaternaryPlus = WeightGrid(
    name: "quaternary-plus", integers: [-1, 0, 1, 2], denominator: 2, initializationWidth: 3 / 4)

  /// −1, −1/2, 0, 1/2, 1.
  public static let quinary = WeightGrid(
    name: "quinary", integers: [-2, -1, 0, 1, 2], denominator: 2, initializationWidth: 5 / 4)

  /// Every grid, in the order of the documentation.
  public static let all: [WeightGrid] = [
    .binary, .ternary, .quaternarySymmetric, .quaternaryMinus, .quaternaryPlus, .quinary,
  ]

  /// The grid of that name.
  public static func named(_ name: String) -> WeightGrid? { all.first { $0.name == name } }
}

/// A grid is encoded as its name.
extension WeightGrid: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let grid = WeightGrid.named(name) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no grid is called \(name)")
    }
    self = grid
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
