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

/// An object's member that its reader does not know, which Foundation's decoder would leave unread without a word.
package struct UnknownMember: Error {
  let path: [any CodingKey]

  package init(at path: [any CodingKey]) { self.path = path }
}
