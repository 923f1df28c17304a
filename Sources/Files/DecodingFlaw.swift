/// What is wrong with a file's JSON by its decoder's error, in a few words, such as `no layers[2].grid`.
package func whatDoesNotDecode(_ error: any Error) -> String {
  switch error {
  case DecodingError.keyNotFound(let key, let context): "no \(place(context.codingPath + [key]))"
  case DecodingError.valueNotFound(_, let context), DecodingError.typeMismatch(_, let context),
    DecodingError.dataCorrupted(let context):
    context.codingPath.isEmpty ? "something else" : "an invalid value for \(place(context.codingPath))"
  case let unknown as UnknownMember: "\(place(unknown.path)), which is unknown"
  default: reason(of: error)
  }
}

/// A place in JSON, such as `layers[2].grid`.
private func place(_ path: [any CodingKey]) -> String {
  path.reduce("") { place, key in
    if let index = key.intValue { return "\(place)[\(index)]" }
    return place.isEmpty ? key.stringValue : "\(place).\(key.stringValue)"
  }
}

extension Decoder {
  /// Refuses members that the keys do not name, which Foundation's decoder would leave unread without a word.
  package func requireKeys<Key: CodingKey & CaseIterable>(of keys: Key.Type) throws {
    let known = Set(keys.allCases.map(\.stringValue))
    let all = try container(keyedBy: AnyKey.self)
    guard let unknown = all.allKeys.first(where: { !known.contains($0.stringValue) }) else { return }
    throw UnknownMember(path: all.codingPath + [unknown])
  }
}

private struct UnknownMember: Error {
  let path: [any CodingKey]
}

private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
