// Grids as text: in options, recipes and files.

extension WeightGrid {
  /// The grid with a name, or with values separated by commas, such as `-1,-1/2,0,0.25,1`.
  ///
  /// A value is an integer, a fraction or a decimal; it is kept exactly.
  ///
  /// - Throws: `WeightGridError`
  public init(_ text: String) throws(WeightGridError) {
    if let grid = WeightGrid.named(text) {
      self = grid
      return
    }
    guard !text.isEmpty, text.utf8.allSatisfy(isPartOfValues) else { throw .name(text) }
    var fractions: [(numerator: Int, denominator: Int)] = []
    for value in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let fraction = exactFraction(value) else { throw .value(text, value: String(value)) }
      fractions.append(fraction)
    }
    var denominator = 1
    for fraction in fractions {
      denominator *= fraction.denominator / greatestCommonDivisor(denominator, fraction.denominator)
      guard denominator <= WeightGrid.largestInteger else { throw .size(text, largest: denominator) }
    }
    try self.init(
      integers: fractions.map { $0.numerator * (denominator / $0.denominator) }, denominator: denominator)
  }

  /// One grid, or one for each layer: names separated by commas, or names and values separated by semicolons.
  ///
  /// `binary,quinary` is two grids, `-1,0,1/2` is one, and `binary;-1,0,1/2` is two.
  ///
  /// - Throws: `WeightGridError`
  public static func list(_ text: String) throws(WeightGridError) -> [WeightGrid] {
    var grids: [WeightGrid] = []
    if text.contains(";") || text.utf8.allSatisfy(isPartOfValues) {
      for part in text.split(separator: ";", omittingEmptySubsequences: false) {
        grids.append(try WeightGrid(String(part)))
      }
    } else {
      for name in text.split(separator: ",", omittingEmptySubsequences: false) {
        guard let grid = named(String(name)) else { throw .name(String(name)) }
        grids.append(grid)
      }
    }
    return grids
  }

  /// The text that `list` reads back to these grids.
  public static func text(of grids: [WeightGrid]) -> String {
    grids.map(\.name).joined(separator: grids.allSatisfy { named($0.name) != nil } ? "," : ";")
  }

  /// Values in lowest terms, separated by commas.
  static func text(of integers: [Int], over denominator: Int) -> String {
    integers.map { integer in
      let divisor = greatestCommonDivisor(integer, denominator)
      return denominator == divisor ? "\(integer / divisor)" : "\(integer / divisor)/\(denominator / divisor)"
    }.joined(separator: ",")
  }
}

/// Whether a character may occur in the values of a grid.
private func isPartOfValues(_ character: UInt8) -> Bool { "-0123456789/.,".utf8.contains(character) }

/// An integer, a fraction p/q or a decimal, in lowest terms; nil for anything else and for more than nine digits.
private func exactFraction(_ text: Substring) -> (numerator: Int, denominator: Int)? {
  let size = text.hasPrefix("-") ? text.dropFirst() : text
  let separator: Character = size.contains("/") ? "/" : "."
  let parts = size.split(separator: separator, omittingEmptySubsequences: false)
  let isNumber = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
  guard parts.count <= 2, isNumber, size.utf8.count <= 10, let first = Int(parts[0]) else { return nil }
  var (numerator, denominator) = (first, 1)
  if parts.count == 2 {
    guard let second = Int(parts[1]) else { return nil }
    if separator == "/" {
      denominator = second
    } else {
      for _ in parts[1].utf8 { denominator *= 10 }
      numerator = first * denominator + second
    }
  }
  guard denominator > 0 else { return nil }
  let divisor = greatestCommonDivisor(numerator, denominator)
  return ((text.hasPrefix("-") ? -numerator : numerator) / divisor, denominator / divisor)
}

/// A grid is encoded as its name, or as its values.
extension WeightGrid: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      self = try WeightGrid(container.decode(String.self))
    } catch let error as WeightGridError {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}

extension WeightGrid: ExpressibleByStringLiteral {
  /// A grid that is written in source code; a mistake in it traps.
  public init(stringLiteral text: String) {
    do {
      try self.init(text)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}

/// Why a text does not describe a grid.
public enum WeightGridError: Error, Equatable, CustomStringConvertible {
  /// It is neither a name nor a list of values.
  case name(String)
  /// One of a grid's values is not a number.
  case value(String, value: String)
  /// The values are too few or too many.
  case count(String, Int)
  /// A value is not larger than the one before.
  case order(String)
  /// A numerator or the common denominator is too large.
  case size(String, largest: Int)

  /// What was expected instead.
  package var expected: String {
    switch self {
    case .name:
      "a grid of \(WeightGrid.all.map(\.name).joined(separator: ", ")), or values such as -1,-1/2,0,1/4,1 "
        + "(separate the grids of several layers by ; if one of them is a list of values)"
    case .value: "a value such as -1, 1/4 or 0.25, of at most nine digits"
    case .count: "\(WeightGrid.counts.lowerBound) to \(WeightGrid.counts.upperBound) values of a grid"
    case .order: "a grid's values in ascending order, each once"
    case .size: "values whose numerators and common denominator are at most \(WeightGrid.largestInteger)"
    }
  }

  /// What was found in the text.
  package var found: String {
    switch self {
    case .name(let text): text.isEmpty ? "nothing" : text
    case .order(let text): text
    case .value(let text, let value): "\"\(value)\" in \(text)"
    case .count(let text, let count): "\(count) (\(text))"
    case .size(let text, let largest): "\(largest) (\(text))"
    }
  }

  public var description: String { "expected \(expected), found \(found)" }
}
