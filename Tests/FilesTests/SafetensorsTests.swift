import Files
import Tensors
import TestSupport
import Testing
import Verification

@Suite("Safetensors: the format")
struct SafetensorsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What the format's own library (safetensors 0.8.0 for Python, `safetensors.numpy.save`) makes of the tensors of
  /// `reference`, held against the format's description by hand: 232 bytes of header, so that the data begin at byte 240.
  static let referenceBytes =
    [0xe8, 0, 0, 0, 0, 0, 0, 0]
    + Array(
      #"{"__metadata__":{"kind":"a \"b\"\\\né\u0001"},"#.utf8)
    + Array(#""1.shift":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"#.utf8)
    + Array(#""0.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"#.utf8)
    + Array(#""0.weights":{"dtype":"F32","shape":[2,3],"data_offsets":[12,36]}}  "#.utf8)
    + [0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0xd5, 0x3f]  // 1/3
    + [0, 0, 0x40, 0x40]  // 3
    + [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f]  // 1, −2, ½
    + [0, 0, 0xc0, 0x7f, 0, 0, 0, 0x80, 0, 0, 0x80, 0x7f]  // NaN, −0, ∞

  static let reference = SafetensorsFile(
    metadata: ["kind": "a \"b\"\\\n\u{e9}\u{1}"],
    tensors: [
      "0.weights": .float(Tensor([2, 3], [1, -2, 0.5, .nan, -0.0, .infinity])), "0.bias": .float(Tensor([1], [3])),
      "1.shift": .double(Tensor([1], [1.0 / 3])),
    ])

  @Test("the bytes are those that the format's own library writes")
  func written() throws {
    try Self.reference.write(to: folder.file("a"))
    #expect(try folder.bytes(of: "a") == Self.referenceBytes)
    #expect(try folder.names == ["a"])
  }

  @Test("what the format's own library writes is read")
  func read() throws {
    let file = try SafetensorsFile(reading: folder.write(Self.referenceBytes))
    #expect(file.isIdentical(to: Self.reference))
    #expect(file.metadata == Self.reference.metadata)
  }

  @Test("every bit comes back, of any number and NaN, in Float and Double, with 0 to 8 axes")
  func roundTrip() throws {
    var numbers = TestNumbers(seed: 4)
    var floats: [Float] = [0x7f80_0001, 0xffbf_ffff, 0x7fff_ffff, 1, 0x8000_0000, 0xff80_0000].map {
      Float(bitPattern: $0)
    }
    floats += (0..<2394).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: numbers.bits())) }
    var doubles: [Double] = [0x7ff0_0000_0000_0001, 0xfff7_ffff_ffff_ffff, 1, 1 << 63].map { Double(bitPattern: $0) }
    doubles += (0..<716).map { _ in Double(bitPattern: numbers.bits()) }
    let file = SafetensorsFile(
      metadata: ["": "", "step": "18446744073709551615", "text": "\u{0}\u{1f}\u{7f}\u{2028}😀\"\\/\u{8}\u{c}\r\t"],
      tensors: [
        "": .float(Tensor([2, 3, 4, 5, 20], floats)), "b": .double(Tensor([1, 1, 2, 2, 2, 2, 5, 9], doubles)),
        "scalar": .float(Tensor([], [2])), "é\n\"": .double(Tensor([1], [-0.0])), "z": .float(Tensor([3], [1, 2, 3])),
      ])
    try file.write(to: folder.file("a"))
    let back = try SafetensorsFile(reading: folder.file("a"))
    #expect(back.isIdentical(to: file))
    #expect(back.tensors.count == 5)
    #expect(back.tensors[""]?.bits.first == 0x7f80_0001)
    // Data at a multiple of 8, whatever the header's length.
    let bytes = try folder.bytes(of: "a")
    #expect((bytes.count - back.tensors.values.reduce(0) { $0 + $1.byteCount }) % 8 == 0)
  }

  @Test("the same contents give the same bytes, in whatever order they came")
  func deterministic() throws {
    var file = SafetensorsFile(tensors: [:])
    for i in (0..<40).reversed() {
      file.metadata["m\(i)"] = "\(i)"
      file.tensors["t\(i)"] = .float(Tensor([1], [Float(i)]))
    }
    try file.write(to: folder.file("a"))
    var other = SafetensorsFile(tensors: [:])
    for i in 0..<40 {
      other.metadata["m\(i)"] = "\(i)"
      other.tensors["t\(i)"] = .float(Tensor([1], [Float(i)]))
    }
    try other.write(to: folder.file("b"))
    try expectSame(folder.bytes(of: "a"), folder.bytes(of: "b"))
    other.tensors["t7"] = .float(Tensor([1], [8]))
    try other.write(to: folder.file("b"))
    #expect(try folder.bytes(of: "a") != folder.bytes(of: "b"))
  }

  @Test("JSON may be written in other ways: spaces, any order, escapes, no names at all")
  func otherJSON() throws {
    let header =
      "{ \"b\" :\t{\"data_offsets\":[ 4 , 8 ],\"shape\":[1],\"dtype\":\"F32\"},\r\n"
      + #""\u0061\/\ud83d\ude00\u00E9":{"shape":[],"dtype":"\u004632","data_offsets":[0,4]} , "__metadata__":{ } }   "#
    let file = try SafetensorsFile(reading: folder.write(safetensors(header, [0, 0, 128, 63, 0, 0, 0, 64])))
    #expect(
      file == SafetensorsFile(tensors: ["a/😀é": .float(Tensor([], [1])), "b": .float(Tensor([1], [2]))]))
    let none = try SafetensorsFile(reading: folder.write(safetensors("{}")))
    #expect(none == SafetensorsFile(tensors: [:]))
  }

  @Test("a file with as many names as allowed, and as large a header, is read")
  func limits() throws {
    var file = SafetensorsFile(tensors: [:])
    for i in 0..<65535 { file.tensors["t\(i)"] = .float(Tensor([1], [Float(i)])) }
    file.metadata["text"] = String(repeating: "x", count: 10_000_000)
    try file.write(to: folder.file("a"))
    #expect(try SafetensorsFile(reading: folder.file("a")) == file)
  }

  @Test("contents beyond a limit are an error, and nothing is written")
  func beyondLimits() throws {
    let number = StoredTensor.float(Tensor([1], [0]))
    let path = folder.file("a")
    func refuse(_ file: SafetensorsFile, _ what: String, limit: Int, actual: Int) throws {
      #expect(throws: FileWriteError.beyondLimit(path: path, what, limit: limit, actual: actual)) {
        try file.write(to: path)
      }
    }
    let names = (0..<65536).map { "\($0)" }
    var file = SafetensorsFile(tensors: Dictionary(uniqueKeysWithValues: names.map { ($0, number) }))
    file.metadata["text"] = ""
    try refuse(file, "names of tensors", limit: 65536, actual: 65537)
    file = SafetensorsFile(
      metadata: Dictionary(uniqueKeysWithValues: (names + ["x"]).map { ($0, "") }), tensors: [:])
    try refuse(file, "names of texts", limit: 65536, actual: 65537)
    let axes = Array(repeating: 1, count: 9)
    try refuse(SafetensorsFile(tensors: ["t": .float(Tensor(axes, [0]))]), "axes of 't'", limit: 8, actual: 9)
    // The header is {"__metadata__":{"text":"…"}}, 28 bytes around the text, and spaces to the next multiple of 8.
    file = SafetensorsFile(metadata: ["text": String(repeating: "x", count: 1 << 24 - 26)], tensors: [:])
    try refuse(file, "bytes of the header", limit: 1 << 24, actual: 1 << 24 + 8)
    #expect(try folder.names.isEmpty)
    #expect(
      FileWriteError.beyondLimit(path: "f", "names of texts", limit: 2, actual: 3).description
        == "f: expected at most 2 names of texts, found 3")
  }

  @Test("an error while writing leaves the old file")
  func unwritable() throws {
    let path = try folder.write([1])
    #expect(throws: FileWriteError.self) { try Self.reference.write(to: path + "/a") }
    #expect(throws: FileWriteError.notRegular(path: "/dev/null")) { try Self.reference.write(to: "/dev/null") }
    #expect(try folder.bytes(of: "file") == [1])
    #expect(try folder.names == ["file"])
  }

  @Test("integers and other types are read and written where they are asked for, and else refused")
  func otherTypes() throws {
    let file = SafetensorsFile(tensors: [
      "a": StoredTensor([2, 1], [-1, 300] as [Int16]), "b": StoredTensor([3], [1, 2, 3] as [UInt8]),
      "c": .float(Tensor([1], [3])), "d": .numbers(StoredNumbers(type: .half, shape: [], bytes: [0, 0x3c])),
    ])
    let path = folder.file("a")
    try file.write(to: path)
    #expect(try SafetensorsFile(reading: path, types: StoredTensor.NumberType.allCases) == file)
    // Wider numbers first.
    let text = String(decoding: try folder.bytes(of: "a").dropFirst(8), as: UTF8.self)
    #expect(text.hasPrefix(#"{"c":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"I16","shape":[2,1],"#))
    #expect(throws: SafetensorsError.self) { try SafetensorsFile(reading: path) }
    do throws(SafetensorsError) {
      _ = try SafetensorsFile(reading: path, types: [.float, .int16, .uint8])
      Issue.record("no error")
    } catch { #expect("\(error)".contains("expected 'd' of type F32, I16 or U8, found 'F16'"), "\(error)") }
  }
}
