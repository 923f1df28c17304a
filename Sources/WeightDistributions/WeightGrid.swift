/// The few values that a discrete weight may take: ascending integers over one denominator, in lowest terms
/// (`Method.md` §2).
///
/// A grid with the values of one of `all` is equal to it, however it was made.
public struct WeightGrid: Sendable, Hashable {
  /// The paper's name, or for a custom grid its values as text, such as `-1,-1/2,0,1/4,1`, which `init(_:)` reads back.
  public let name: String
  /// The values in integer form, ascending.
  public let integers: [Int]
  /// Value = integer / denominator.
  public let denominator: Int
  /// `c⁻` of the initialization by the empirical CDF: the width of the range that non-positive weights are mapped to.
  public let negativeWidth: Double
  /// `c⁺`: the width of the range that positive weights are mapped to.
  public let positiveWidth: Double

  /// `K`, the number of values.
  public var count: Int { integers.count }
  /// `d_1 < … < d_K`.
  public var values: [Double] { integers.map { Double($0) / Double(denominator) } }

  /// How many values a grid can have.
  public static let counts = 2...16
  /// The largest magnitude of a grid's integers, and its largest denominator.
  public static let largestInteger = 1000

  /// −1, 1 (**ours**).
  public static let binary = WeightGrid("binary", [-1, 1], over: 1)

  /// −1, 0, 1.
  public static let ternary = WeightGrid("ternary", [-1, 0, 1], over: 1)

  /// −1, −1/3, 1/3, 1.
  public static let quaternarySymmetric = WeightGrid("quaternary-symmetric", [-3, -1, 1, 3], over: 3)

  /// −1, −1/2, 0, 1/2, with the paper's width of 3/4 for both signs.
  public static let quaternaryMinus = WeightGrid("quaternary-minus", [-2, -1, 0, 1], over: 2, width: 3 / 4)

  /// −1/2, 0, 1/2, 1, with the paper's width of 3/4 for both signs.
  public static let quaternaryPlus = WeightGrid("quaternary-plus", [-1, 0, 1, 2], over: 2, width: 3 / 4)

  /// −1, −1/2, 0, 1/2, 1.
  public static let quinary = WeightGrid("quinary", [-2, -1, 0, 1, 2], over: 2)

  /// Every grid that has a name, in the order of the documentation.
  public static let all: [WeightGrid] = [
    .binary, .ternary, .quaternarySymmetric, .quaternaryMinus, .quaternaryPlus, .quinary,
  ]

  /// The grid with a name; nil if there is none.
  public static func named(_ name: String) -> WeightGrid? { all.first { $0.name == name } }

  /// The grid with the values `integers / denominator`.
  ///
  /// - Precondition: `denominator ≥ 1`, and no integer is `Int.min`, which has no magnitude.
  /// - Throws: `WeightGridError` unless there are 2 to 16 ascending values, with no number above 1000 in lowest terms.
  public init(integers: [Int], denominator: Int) throws(WeightGridError) {
    precondition(
      denominator > 0 && !integers.contains(.min), "WeightGrid: \(integers) over the denominator \(denominator)")
    let divisor = integers.reduce(denominator) { greatestCommonDivisor($0, $1) }
    let (integers, denominator) = (integers.map { $0 / divisor }, denominator / divisor)
    let text = WeightGrid.text(of: integers, over: denominator)
    guard WeightGrid.counts.contains(integers.count) else { throw .count(text, integers.count) }
    for (lower, upper) in zip(integers, integers.dropFirst()) where lower >= upper { throw .order(text) }
    let largest = integers.map(abs).reduce(denominator, max)
    guard largest <= WeightGrid.largestInteger else { throw .size(text, largest: largest) }
    self =
      WeightGrid.all.first { $0.integers == integers && $0.denominator == denominator }
      ?? WeightGrid(text, integers, over: denominator)
  }

  /// A grid in lowest terms, with the paper's width for both signs if it has one.
  ///
  /// Otherwise (**ours**, for all grids that the paper does not have) each sign's width is its outer value plus half the gap to
  /// the next one, so that the outer value's share of the range extends as far beyond it as before it. The width is never below
  /// 0, even if all values have the other sign.
  private init(_ name: String, _ integers: [Int], over denominator: Int, width: Double? = nil) {
    (self.name, self.integers, self.denominator) = (name, integers, denominator)
    func ruled(_ outer: Int, _ next: Int) -> Double { max(0, Double(3 * outer - next) / Double(2 * denominator)) }
    let last = integers.count - 1
    negativeWidth = width ?? ruled(-integers[0], -integers[1])
    positiveWidth = width ?? ruled(integers[last], integers[last - 1])
  }
}

/// The greatest common divisor; at least one of the numbers is not 0.
package func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  var (a, b) = (abs(a), abs(b))
  while b != 0 { (a, b) = (b, a % b) }
  return a
}
