extension KeyedDecodingContainer {
  /// The number of a key, if it is in a range.
  ///
  /// - Throws: `DecodingError`
  package func decode<Number: Decodable>(
    _ key: Key, in range: some RangeExpression<Number>
  ) throws -> Number {
    let number = try decodeNumbers(Number.self, forKey: key)
    guard range.contains(number) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "expected a number in \(range), found \(number)")
    }
    return number
  }

  /// A member that is a number or an array of numbers. The decoder's error does not name the place of a number that its type cannot hold;
  /// this one's does.
  ///
  /// - Throws: `DecodingError`
  package func decodeNumbers<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try placing(key) { try decode(type, forKey: key) }
  }

  /// The same, if the member is there.
  ///
  /// - Throws: `DecodingError`
  package func decodeNumbersIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    try placing(key) { try decodeIfPresent(type, forKey: key) }
  }

  private func placing<Value>(_ key: Key, _ decode: () throws -> Value) throws -> Value {
    do {
      return try decode()
    } catch let error as DecodingError {
      throw error
    } catch {
      throw DecodingError.dataCorrupted(.init(codingPath: codingPath + [key], debugDescription: "\(error)"))
    }
  }
}

/// The seconds that a training can take: less than 10⁹, about 32 years, so that whatever is computed of them fits into an `Int`.
package let possibleSeconds = 0..<1e9
