import Datasets
import Exchange
import Files
import Networks
import PackedInference
import Tensors
import TestSupport
import Testing
import WeightDistributions

@Suite("Arrays of networks in safetensors and NPZ files")
struct ArrayTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("a convolution's weights are (O, C, k, k), a dense layer's (O, I), with thresholds, flips and scores")
  func integers() throws {
    let network = try packed("3C3V-P2-5-10", [.quinary])
    let arrays = NetworkArrays(network)
    #expect(
      arrays.arrays.map(\.name) == [
        "layer1.weight", "layer1.threshold", "layer1.flip", "layer2.weight", "layer2.threshold", "layer2.flip",
        "layer3.weight", "layer3.factor", "layer3.shift",
      ])
    #expect(arrays.arrays.map(\.tensor.shape) == [[3, 2, 3, 3], [3], [3], [5, 12], [5], [5], [10, 5], [1], [10]])
    #expect(
      arrays.arrays.map(\.tensor.type) == [.int8, .int32, .uint8, .int8, .int32, .uint8, .int8, .float, .float])
    let layer = network.integerLayers[0]
    guard case .numbers(let stored) = arrays.arrays[0].tensor else {
      Issue.record("no integers")
      return
    }
    for o in 0..<3 {
      for i in 0..<18 {
        let integer = layer.weights.grid.integers[Int(layer.weights.indices[i * 3 + o])]
        #expect(Int8(bitPattern: stored.bytes[o * 18 + i]) == Int8(integer), "(\(o), \(i))")
      }
    }
    // The file of the same network alone has this digest.
    #expect(network.integersSHA256 == (try PackedFile([network]).digest))
  }

  @Test(
    "weights are bytes from −128 to 127; beyond, at whichever end, they take two, and the numbers are the grid's",
    arguments: [
      ("-128,0,127", .int8), ("-129,0,1", .int16), ("-200,0,1", .int16), ("0,128", .int16), ("-1,0,200", .int16),
    ] as [(WeightGrid, StoredTensor.NumberType)])
  func wide(grid: WeightGrid, type: StoredTensor.NumberType) throws {
    let arrays = NetworkArrays(try packed("10", [grid]))
    #expect(arrays.arrays[0].tensor.type == type)
    let path = folder.file("wide")
    try arrays.safetensors(facts: []).write(to: path)
    let weights = try #require(try ForeignArrays(reading: path).arrays["layer1.weight"]?.values)
    #expect(weights.count == 840 && Set(weights).isSubset(of: grid.integers.map { Double($0) }))
  }

  @Test("parameters turn their last two axes; latent weights and logits have names of their own")
  func parameters() throws {
    for (kind, names) in [
      (NetworkKind.real, ["weight"]), (.discreteTanh, ["weight", "logits"]), (.straightThrough, ["weight", "latent"]),
    ] {
      let network = try network("3C3-4-10", kind)
      var arrays = NetworkArrays(weightsOf: network, on: .single)
      arrays.add(parametersOf: network)
      let all = Dictionary(uniqueKeysWithValues: arrays.arrays.map { ($0.name, $0.tensor) })
      let batchNorm = ["beta", "gamma", "inverse_deviation", "mean"]
      #expect(
        Set(all.keys)
          == Set(
            [1, 2].flatMap { layer in (names + batchNorm).map { "layer\(layer).\($0)" } }
              + (names + ["bias"]).map { "layer3.\($0)" }), "\(kind)")
      let name = "layer2.\(names.last ?? "")"
      let tensor: Tensor<Float> = try #require(all[name]?.tensor())
      let own = try #require(network.blocks[1].parameters.first?.tensor)
      let (i, o) = (own.shape[own.shape.count - 2], own.shape[own.shape.count - 1])
      #expect(tensor.shape == own.shape.dropLast(2) + [o, i])
      let differing = (0..<own.scalars.count).first { at in
        let (group, rest) = (at / (i * o), at % (i * o))
        return tensor.scalars[group * i * o + rest % o * i + rest / o] != own.scalars[at]
      }
      #expect(differing == nil, "\(kind)")
    }
  }

  @Test("an NPZ file is read back with the same numbers, and its text by NumPy's rules")
  func archive() throws {
    let arrays = NetworkArrays(try packed("4-10", [.ternary]))
    let bytes = try arrays.npz(metadata: "ä")
    #expect(try arrays.npz(metadata: "ä") == bytes)
    var file = NPZFile()
    for (name, tensor) in arrays.arrays { file.add(name, tensor) }
    let read = try NumberArray.archive(reading: try folder.write(file.bytes(), to: "a.npz"))
    #expect(read.map(\.name) == arrays.arrays.map(\.name) && read.map(\.shape) == arrays.arrays.map(\.tensor.shape))
    let foreign = try ForeignArrays(reading: folder.file("a.npz"))
    try arrays.safetensors(facts: [("a", "b")]).write(to: folder.file("a.safetensors"))
    #expect(try ForeignArrays(reading: folder.file("a.safetensors")).arrays == foreign.arrays)
    // An array that is no numbers is refused unless it is ignored.
    let whole = try folder.write(bytes, to: "whole.npz")
    #expect(throws: DataError.self) { try ForeignArrays(reading: whole) }
    var found = try ForeignArrays(reading: whole, ignoring: ["metadata"]).arrays
    let metadata = found.removeValue(forKey: "metadata")
    #expect(metadata?.values == [] && found == foreign.arrays)
    // One text: a shape of no axes, and one character of 4 bytes.
    let text = NPYWriter.bytes(text: "ä")
    #expect(
      String(decoding: text[10..<80], as: UTF8.self).hasPrefix(
        "{'descr': '<U1', 'fortran_order': False, 'shape': (), }"))
    #expect(text.suffix(4) == [0xe4, 0, 0, 0] && text.count % 64 == 4)
  }

  @Test("an NPZ file's end tells where its directory is, which tells where each array is: names, sizes and bytes agree")
  func directory() throws {
    let arrays = NetworkArrays(try packed("4-10", [.ternary]))
    let bytes = try arrays.npz(metadata: "ä")
    func number(_ at: Int, _ width: Int) -> Int { (0..<width).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
    // Places and numbers are those of the ZIP File Format Specification.
    let end = bytes.count - 22
    try #require(number(end, 4) == 0x0605_4b50)
    let (size, begin) = (number(end + 12, 4), number(end + 16, 4))
    #expect(begin + size == end && number(end + 8, 2) == number(end + 10, 2))
    var (at, next, names) = (begin, 0, [String]())
    while at < end {
      try #require(number(at, 4) == 0x0201_4b50)
      let (stored, length, entry) = (number(at + 20, 4), number(at + 28, 2), number(at + 42, 4))
      try #require(number(entry, 4) == 0x0403_4b50 && entry == next)
      let name = bytes[at + 46..<at + 46 + length]
      #expect(bytes[entry + 30..<entry + 30 + length].elementsEqual(name))
      #expect(number(at + 10, 2) == 0 && number(at + 24, 4) == stored, "stored as it is")
      #expect(bytes[(entry + 30 + length)...].starts(with: [0x93] + "NUMPY".utf8))
      names.append(String(decoding: name, as: UTF8.self))
      (at, next) = (at + 46 + length, entry + 30 + length + stored)
    }
    #expect(next == begin && names.count == number(end + 10, 2))
    #expect(names == arrays.arrays.map { "\($0.name).npy" } + ["metadata.npy"])
  }

  @Test("every type of a safetensors file becomes the numbers that it holds")
  func types() throws {
    func number(_ type: StoredTensor.NumberType, _ bytes: [UInt8]) throws -> Double? {
      let path = folder.file("one")
      try SafetensorsFile(tensors: ["a": .numbers(StoredNumbers(type: type, shape: [], bytes: bytes))]).write(to: path)
      return try ForeignArrays(reading: path).arrays["a"]?.values.first
    }
    #expect(try number(.half, [0x00, 0xc0]) == -2 && number(.half, [0x01, 0x00]) == 0x1p-24)
    #expect(try number(.half, [0x00, 0x7c]) == .infinity && number(.half, [0x01, 0x7c])?.isNaN == true)
    #expect(try number(.half, [0x55, 0x35]) == 1365.0 / 4096)
    #expect(try number(.brainFloat, [0x80, 0x3f]) == 1 && number(.brainFloat, [0x49, 0xc0]) == -3.140625)
    #expect(try number(.boolean, [1]) == 1 && number(.boolean, [0]) == 0)
    #expect(try number(.int8, [0xff]) == -1 && number(.uint8, [0xff]) == 255)
    #expect(try number(.int16, [0xfe, 0xff]) == -2 && number(.uint16, [0xfe, 0xff]) == 65534)
    #expect(try number(.int32, [0, 0, 0, 0x80]) == -0x1p31 && number(.uint32, [0, 0, 0, 0x80]) == 0x1p31)
    let high = [UInt8](repeating: 0, count: 7) + [0x80]
    #expect(try number(.int64, high) == -0x1p63 && number(.uint64, high) == 0x1p63)
  }

  @Test("a text is an array of NumPy's, as long as the text has letters, and of one letter if it has none")
  func texts() {
    for (text, type, letters) in [("größe", "<U5", Array("größe".unicodeScalars).map(\.value)), ("", "<U1", [0])] {
      let bytes = NPYWriter.bytes(text: text)
      #expect(String(decoding: bytes.prefix(64), as: UTF8.self).contains("'descr': '\(type)'"))
      #expect(bytes.suffix(4 * letters.count) == letters.flatMap { [UInt8($0), 0, 0, 0] }[...])
      #expect((bytes.count - 4 * letters.count) % 64 == 0, "the numbers begin at a multiple of 64")
    }
  }
}
