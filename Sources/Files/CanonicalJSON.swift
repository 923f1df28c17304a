import Foundation

/// JSON with sorted keys, on one line: the same value always gives the same text.
package func encodeLine(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// JSON with sorted keys, indented.
package func encodeJSON(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// A field that differs between two values, by its path in their JSON, such as `experiment.real.weightStep`.
package struct FieldDifference: Equatable, Sendable {
  /// The names from the outermost object inward, joined by dots; elements of arrays are numbered from 0.
  package let field: String
  /// The two values; `none` where the field is missing.
  package let first, second: String

  package init(field: String, first: String, second: String) {
    (self.field, self.first, self.second) = (field, first, second)
  }

  /// Every field that differs, ordered by name: only the innermost fields, never a whole object.
  package static func all(between first: some Encodable, and second: some Encodable) throws -> [FieldDifference] {
    func tree(_ value: some Encodable) throws -> JSONTree {
      try JSONDecoder().decode(JSONTree.self, from: JSONEncoder().encode(value))
    }
    var differences: [FieldDifference] = []
    try collect(tree(first), tree(second), "", into: &differences)
    return differences
  }

  private static func collect(
    _ first: JSONTree?, _ second: JSONTree?, _ path: String, into differences: inout [FieldDifference]
  ) {
    guard first != second else { return }
    let members = (first?.members, second?.members)
    guard let names = members.0.map({ Set($0.keys).union(members.1?.keys ?? [:].keys) }), members.1 != nil else {
      return differences.append(
        FieldDifference(field: path, first: first?.text ?? "none", second: second?.text ?? "none"))
    }
    for name in names.sorted() {
      collect(members.0?[name], members.1?[name], path.isEmpty ? name : "\(path).\(name)", into: &differences)
    }
  }
}

extension [FieldDifference] {
  /// The fields with their values on one of the two sides, in a sentence.
  package func words(of value: KeyPath<FieldDifference, String>) -> String {
    map { "\($0.field) \($0[keyPath: value])" }.joined(separator: ", ")
  }
}

/// Any JSON value.
private enum JSONTree: Decodable, Equatable {
  case object([String: JSONTree])
  case array([JSONTree])
  /// A number, a string or a Boolean, as text.
  case leaf(String)
  case null

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .leaf("\(bool)")
    } else if let number = try? value.decode(UInt64.self) {
      self = .leaf("\(number)")
    } else if let number = try? value.decode(Int64.self) {
      self = .leaf("\(number)")
    } else if let number = try? value.decode(Double.self) {
      self = .leaf("\(number)")
    } else if let text = try? value.decode(String.self) {
      self = .leaf(text)
    } else if let array = try? value.decode([JSONTree].self) {
      self = .array(array)
    } else {
      self = .object(try value.decode([String: JSONTree].self))
    }
  }

  /// The parts that are compared one by one: an object's members, or the elements of an array of objects.
  var members: [String: JSONTree]? {
    switch self {
    case .object(let members): members
    case .array(let elements) where elements.contains { $0.members != nil }:
      Dictionary(uniqueKeysWithValues: elements.enumerated().map { ("\($0)", $1) })
    case .array, .leaf, .null: nil
    }
  }

  /// The value on one line.
  var text: String {
    switch self {
    case .object(let members):
      members.isEmpty
        ? "{}" : members.sorted { $0.key < $1.key }.map { "\($0) \($1.text)" }.joined(separator: ", ")
    case .array(let elements) where elements.isEmpty: "[]"
    case .array(let elements): elements.map(\.text).joined(separator: members == nil ? "," : "; ")
    case .leaf(let text): text
    case .null: "none"
    }
  }
}
