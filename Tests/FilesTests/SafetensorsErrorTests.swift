import Files
import Foundation
import Tensors
import TestSupport
import Testing

/// A file that must be refused. A `‸` in the header stands before the byte that the error names.
struct BadFile: CustomTestStringConvertible {
  let name: String
  let bytes: [UInt8]
  let position: Int
  let error: @Sendable (SafetensorsError.Position) -> SafetensorsError
  var testDescription: String { name }

  init(
    _ name: String, bytes: [UInt8], at position: Int,
    _ error: @escaping @Sendable (SafetensorsError.Position) -> SafetensorsError
  ) {
    (self.name, self.bytes, self.position, self.error) = (name, bytes, position, error)
  }

  init(
    _ name: String, _ header: String, data: Int = 4,
    _ error: @escaping @Sendable (SafetensorsError.Position) -> SafetensorsError
  ) {
    let parts = header.split(separator: "‸", omittingEmptySubsequences: false)
    self.init(
      name, bytes: safetensors(parts.joined(), Array(repeating: 0, count: data)),
      at: parts.count == 2 ? 8 + parts[0].utf8.count : -1, error)
  }

  /// JSON that breaks off or goes wrong.
  init(_ name: String, _ header: String, expected: String, found: String) {
    self.init(name, header) { .malformed(at: $0, expected: expected, found: found) }
  }
}

@Suite("Safetensors: files that are refused")
struct SafetensorsErrorTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// One tensor's description.
  static func tensor(_ shape: String = "[1]", _ offsets: String = "[0,4]", type: String = "F32") -> String {
    #"{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  static let sizes = [
    BadFile("no bytes", bytes: [], at: 0) { .truncated(at: $0, part: .length, expected: 8, actual: 0) },
    BadFile("5 bytes", bytes: [2, 0, 0, 0, 0], at: 5) { .truncated(at: $0, part: .length, expected: 8, actual: 5) },
    BadFile("a header longer than the file", bytes: safetensors("{}", length: 100), at: 10) {
      .truncated(at: $0, part: .header, expected: 100, actual: 2)
    },
    BadFile("a header above the limit", bytes: safetensors("{}", length: 1 << 24 + 1), at: 0) {
      .headerTooLong(at: $0, limit: 1 << 24, actual: 1 << 24 + 1)
    },
    BadFile("the longest header there could be", bytes: safetensors("{}", length: .max), at: 0) {
      .headerTooLong(at: $0, limit: 1 << 24, actual: .max)
    },
    BadFile("no header", bytes: safetensors(""), at: 8) {
      .malformed(at: $0, expected: "{", found: "the header's end")
    },
    BadFile("data that break off", bytes: safetensors(#"{"a":\#(tensor())}"#, [0, 0, 0]), at: 65) {
      .truncated(at: $0, part: .tensors, expected: 4, actual: 3)
    },
    BadFile("data that go on", bytes: safetensors(#"{"a":\#(tensor())}"#, [0, 0, 0, 0, 0, 0]), at: 66) {
      .trailingBytes(at: $0, expected: 66, actual: 68)
    },
    BadFile("data without tensors", bytes: safetensors("{}", [0]), at: 10) {
      .trailingBytes(at: $0, expected: 10, actual: 11)
    },
    BadFile(
      "an exabyte that is not there",
      bytes: safetensors(#"{"a":\#(tensor("[268435456,1073741824]", "[0,1152921504606846976]"))}"#), at: 99
    ) { .truncated(at: $0, part: .tensors, expected: 1 << 60, actual: 0) },
    BadFile("bytes that are no UTF-8", bytes: safetensors("{", length: 3) + [0xc3, 0x28], at: 9) { .notUTF8(at: $0) },
    BadFile("a surrogate in UTF-8", bytes: safetensors("{\"", length: 5) + [0xed, 0xa0, 0x80], at: 10) {
      .notUTF8(at: $0)
    },
  ]

  static let json = [
    BadFile("an array", "‸[]", expected: "{", found: "'['"),
    BadFile("a space before", "‸ {}", expected: "{", found: "the byte 0x20"),
    BadFile("an end too early", "{‸", expected: "a string", found: "the header's end"),
    BadFile("a name without a value", #"{"a"‸}"#, expected: ":", found: "'}'"),
    BadFile("a comma too many", #"{"a":\#(tensor()),‸}"#, expected: "a string", found: "'}'"),
    BadFile("a comma too few", #"{"a":\#(tensor())‸"b"}"#, expected: "} or ,", found: "'\"'"),
    BadFile("text after the end", "{}  ‸x", expected: "spaces to the header's end", found: "'x'"),
    BadFile("a tensor that is an array", #"{"a":‸[[[[[[[[[[]]]]]]]]]]}"#, expected: "{", found: "'['"),
    BadFile("metadata of a number", #"{"__metadata__":{"a":‸1}}"#, expected: "a string", found: "'1'"),
    BadFile(
      "a string without an end", #"{"abc‸"#, expected: "a string's character or its end", found: "the header's end"),
    BadFile(
      "a line break in a string", "{\"a‸\n\"}", expected: "a string's character or its end", found: "the byte 0xa"),
    BadFile("a backslash at the end", #"{"a\‸"#, expected: "an escape", found: "the header's end"),
    BadFile("an unknown escape", #"{"a\‸x"}"#, expected: "an escape", found: "'x'"),
    BadFile("an escape of 3 digits", #"{"\u00e‸"}"#, expected: "a hexadecimal digit", found: "'\"'"),
    BadFile("half a surrogate pair", #"{"\ud83d‸"}"#, expected: "the other half of a surrogate pair", found: "'\"'"),
    BadFile(
      "the other half of a surrogate pair", #"{"\ude00‸\ud83d"}"#, expected: "the other half of a surrogate pair",
      found: #"'\'"#),
    BadFile(
      "two first halves", #"{"\ud83d\ud83d‸"}"#, expected: "the other half of a surrogate pair before this",
      found: "'\"'"),
  ]

  static let descriptions = [
    BadFile("a name twice", #"{"a":\#(tensor()),‸"a":\#(tensor())}"#) { .duplicateName(at: $0, name: "a") },
    BadFile("a name twice, once escaped", #"{"a":\#(tensor()),‸"\u0061":\#(tensor())}"#) {
      .duplicateName(at: $0, name: "a")
    },
    BadFile("a text twice", #"{"__metadata__":{"a":"",‸"a":""}}"#) { .duplicateName(at: $0, name: "a") },
    BadFile("metadata twice", #"{"__metadata__":{},‸"__metadata__":{}}"#) {
      .duplicateName(at: $0, name: "__metadata__")
    },
    BadFile("a shape twice", #"{"a":{"shape":[1],‸"shape":[1]}}"#) { .duplicateName(at: $0, name: "shape") },
    BadFile("65537 texts", #"{"__metadata__":{\#((0..<65536).map { "\"\($0)\":\"\"," }.joined())‸"x":""}}"#) {
      .tooManyNames(at: $0, limit: 65536)
    },
    BadFile("another type", #"{"a":{"dtype":‸"BF16"}}"#) {
      .unknownType(at: $0, tensor: "a", known: [.float, .double], actual: "BF16")
    },
    BadFile("a type that is a number", #"{"a":{"dtype":‸32}}"#, expected: "a string", found: "'3'"),
    BadFile("no type", #"{"a":‸{"shape":[1],"data_offsets":[0,4]}}"#, expected: "dtype of 'a'", found: "none"),
    BadFile("no shape", #"{"a":‸{"dtype":"F32","data_offsets":[0,4]}}"#, expected: "shape of 'a'", found: "none"),
    BadFile("no offsets", #"{"a":‸{"dtype":"F32","shape":[1]}}"#, expected: "data_offsets of 'a'", found: "none"),
    BadFile("nothing at all", #"{"a":‸{}}"#, expected: "dtype of 'a'", found: "none"),
    BadFile(
      "an unknown member", #"{"a":{‸"strides":[1]}}"#, expected: "dtype, shape or data_offsets of 'a'",
      found: "'strides'"),
    BadFile("9 axes", #"{"a":{"shape":‸[1,1,1,1,1,1,1,1,1]}}"#) { .rankTooLarge(at: $0, tensor: "a", limit: 8) },
    BadFile("an axis of length 0", #"{"a":‸\#(tensor("[3,0]", "[0,0]"))}"#) {
      .emptyTensor(at: $0, tensor: "a", shape: [3, 0])
    },
    BadFile("a shape whose product overflows", #"{"a":‸\#(tensor("[4611686018427387904,4]"))}"#) {
      .tensorTooLarge(at: $0, tensor: "a", shape: [4_611_686_018_427_387_904, 4])
    },
    BadFile("a shape whose bytes overflow", #"{"a":‸\#(tensor("[2305843009213693952]"))}"#) {
      .tensorTooLarge(at: $0, tensor: "a", shape: [2_305_843_009_213_693_952])
    },
    BadFile("offsets for another type", #"{"a":‸\#(tensor(type: "F64"))}"#) {
      .wrongSize(at: $0, tensor: "a", expected: 8, begin: 0, end: 4)
    },
    BadFile("offsets for another shape", #"{"a":‸\#(tensor("[2]"))}"#) {
      .wrongSize(at: $0, tensor: "a", expected: 8, begin: 0, end: 4)
    },
    BadFile("offsets the wrong way round", #"{"a":‸\#(tensor("[1]", "[4,0]"))}"#) {
      .wrongSize(at: $0, tensor: "a", expected: 4, begin: 4, end: 0)
    },
    BadFile("one offset", #"{"a":{"data_offsets":‸[4]}}"#, expected: "two numbers", found: "another count"),
    BadFile("three offsets", #"{"a":{"data_offsets":‸[0,4,8]}}"#, expected: "two numbers", found: "another count"),
    BadFile("a gap at the beginning", #"{"a":‸\#(tensor("[1]", "[4,8]"))}"#, data: 8) {
      .wrongBegin(at: $0, tensor: "a", expected: 0, actual: 4)
    },
    BadFile("a gap", #"{"b":‸\#(tensor("[1]", "[8,12]")),"a":\#(tensor())}"#, data: 12) {
      .wrongBegin(at: $0, tensor: "b", expected: 4, actual: 8)
    },
    BadFile("an overlap", #"{"a":\#(tensor("[2]", "[0,8]")),"b":‸\#(tensor("[1]", "[4,8]"))}"#, data: 8) {
      .wrongBegin(at: $0, tensor: "b", expected: 8, actual: 4)
    },
    BadFile("the same bytes twice", #"{"a":\#(tensor()),"b":‸\#(tensor())}"#) {
      .wrongBegin(at: $0, tensor: "b", expected: 4, actual: 0)
    },
    BadFile("a negative length", #"{"a":{"shape":[‸-1]}}"#, expected: "a whole number", found: "'-'"),
    BadFile("a negative offset", #"{"a":{"data_offsets":[‸-4,0]}}"#, expected: "a whole number", found: "'-'"),
    BadFile("a fraction", #"{"a":{"shape":[1‸.0]}}"#, expected: "] or ,", found: "'.'"),
    BadFile("an exponent", #"{"a":{"shape":[1‸e3]}}"#, expected: "] or ,", found: "'e'"),
    BadFile("a leading 0", #"{"a":{"shape":[0‸1]}}"#, expected: "no digit after a leading 0", found: "'1'"),
    BadFile(
      "a number of 2^63", #"{"a":{"shape":[‸9223372036854775808]}}"#, expected: "a number below 2^63",
      found: "a larger one"),
  ]

  @Test("each fault has its error, which names the byte", arguments: sizes + json + descriptions)
  func refused(_ bad: BadFile) throws {
    let path = try folder.write(bad.bytes)
    let expected = bad.error(.init(path: path, offset: bad.position))
    do throws(SafetensorsError) {
      let file = try SafetensorsFile(reading: path)
      Issue.record("no error, but \(file)")
    } catch {
      #expect(error == expected)
      #expect(!error.isInputOutput)
      let text = error.description
      #expect(text.hasPrefix("\(path): at byte \(bad.position): expected ") && text.contains(", found "), "\(text)")
      #expect(!text.contains { $0.isNewline }, "\(text)")
    }
  }

  @Test("a file that is missing or cannot be read is an input error in the system's words")
  func unreadable() throws {
    func check(_ path: String, _ expected: FileReadError) {
      #expect(throws: SafetensorsError.file(expected)) { _ = try SafetensorsFile(reading: path) }
      #expect(SafetensorsError.file(expected).isInputOutput)
      #expect(SafetensorsError.file(expected).description == expected.description)
    }
    check(folder.file("none"), .missing(path: folder.file("none")))
    let inFile = try folder.write([1]) + "/x"
    check(inFile, .unreadable(at: .init(path: inFile, offset: 0), errno: ENOTDIR))
    check(folder.path, .unreadable(at: .init(path: folder.path, offset: 0), errno: EISDIR))
    // Its header is empty, and it never ends.
    let error = #expect(throws: SafetensorsError.self) { _ = try SafetensorsFile(reading: "/dev/zero") }
    #expect(error?.position == .init(path: "/dev/zero", offset: 8) && error?.isInputOutput == false)
  }

  @Test("a pipe, whose size is not known, is read as the file that comes through it, whole or cut off")
  func pipe() throws {
    // More than a pipe holds, and than is read at once.
    let file = SafetensorsFile(
      tensors: ["a": .float(Tensor([50_000], (0..<50_000).map { Float($0) })), "b": .float(Tensor([1], [7]))])
    let whole = folder.file("whole")
    try file.write(to: whole)
    let bytes = try Data(contentsOf: URL(filePath: whole))
    func throughPipe(_ bytes: Data) throws -> SafetensorsFile {
      let pipe = Pipe()
      let end = pipe.fileHandleForWriting
      Thread.detachNewThread {
        try? end.write(contentsOf: bytes)
        try? end.close()
      }
      return try SafetensorsFile(reading: "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)")
    }
    #expect(try throughPipe(bytes) == file)
    let cut = #expect(throws: SafetensorsError.self) { _ = try throughPipe(bytes.dropLast(3)) }
    #expect(cut?.description.contains("found the end after") == true, "\(String(describing: cut))")
    let long = #expect(throws: SafetensorsError.self) { _ = try throughPipe(bytes + Data(count: 27)) }
    let words = "expected the end after \(bytes.count) bytes, found more bytes"
    #expect(long?.description.hasSuffix(words) == true, "\(String(describing: long))")
  }

  @Test("a long or multi-line name does not break the message's line")
  func wording() {
    let at = SafetensorsError.Position(path: "a\nb", offset: 3)
    let error = SafetensorsError.duplicateName(at: at, name: "c\n" + String(repeating: "d", count: 100))
    let name = #"c\u{a}"# + String(repeating: "d", count: 78)
    #expect(error.description == #"a\u{a}b: at byte 3: expected each name once, found '\#(name)…' again"#)
    let malformed = SafetensorsError.malformed(at: .init(path: "a", offset: 3), expected: "{", found: "'['")
    #expect(malformed.description == "a: at byte 3: expected {, found '['")
    // Text of another kind of file, as a number with its lowest byte first.
    for (text, found) in [
      ("SIGNETPK", "the text 'SIGNETPK' in the place of its length"),
      ("SIGNET\n\n", "\(0x0a0a_5445_4e47_4953 as UInt64)"),
    ] {
      let length = text.utf8.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
      let error = SafetensorsError.headerTooLong(at: .init(path: "a", offset: 0), limit: 9, actual: length)
      #expect(error.description == "a: at byte 0: expected a header of at most 9 bytes, found \(found)")
    }
  }
}
