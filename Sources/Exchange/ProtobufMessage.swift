import Files

/// A message of Protocol Buffers, encoded field by field in the order of the calls.
///
/// Source: *Protocol Buffers, Encoding*. Only what ONNX's messages need: numbers, texts, bytes and messages. We write it ourselves:
/// swift-protobuf would be a second dependency, which every build of the program would build with generated code for all of ONNX's
/// messages, for the forty lines that an export uses. Nothing is read with it, so no input can deceive it.
package struct ProtobufMessage {
  package private(set) var bytes: [UInt8] = []

  /// The kinds of fields by their numbers in the encoding.
  private enum Wire: UInt64 {
    case varint = 0
    case bytes = 2
    case fixed32 = 5
  }

  private mutating func varint(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func key(_ field: Int, _ wire: Wire) { varint(UInt64(field) << 3 | wire.rawValue) }

  /// Adds an integer; a negative one takes ten bytes, as `int64` does.
  package mutating func add(_ field: Int, _ number: Int) {
    key(field, .varint)
    varint(UInt64(bitPattern: Int64(number)))
  }

  package mutating func add(_ field: Int, _ number: Float) {
    key(field, .fixed32)
    bytes.append(integer: number.bitPattern)
  }

  package mutating func add(_ field: Int, _ content: [UInt8]) {
    key(field, .bytes)
    varint(UInt64(content.count))
    bytes += content
  }

  package mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }

  package mutating func add(_ field: Int, _ message: ProtobufMessage) { add(field, message.bytes) }

  /// A message of some fields.
  package init(_ fill: (inout ProtobufMessage) -> Void = { _ in }) { fill(&self) }
}
