extension KeyedDecodingContainer {
  /// The number of a key, if it is in a range.
  ///
  /// - Throws: `DecodingError`
  package func decode<Number: Decodable>(
    _ key: Key, in range: some RangeExpression<Number>
  ) throws -> Number {
    let number = try decode(Number.self, forKey: key)
    guard range.contains(number) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "expected a number in \(range), found \(number)")
    }
    return number
  }
}

/// The seconds that a training can take: less than thirty years, so that whatever is computed of them fits into an `Int`.
package let possibleSeconds = 0..<1e9
