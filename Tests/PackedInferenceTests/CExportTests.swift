import BuiltInDatasets
import Datasets
import Layers
import Networks
import PackedInference
import Tensors
import Testing
import Training
import WeightDistributions

@Suite("C export: the class and every score's bits are those of the evaluation in Float") struct CExportTests {
  @Test("of all digits, dense, and of all glyphs, convolutional", arguments: ["digits", "glyphs"])
  func builtIn(name: String) throws {
    let data: Dataset = try name == "digits" ? .digits() : .glyphs()
    let network = try NetworkToPack<Float>(
      name == "digits" ? "256-256-10" : "16C3-P2-64-10",
      image: ImageShape(channels: 1, height: data.test.height, width: data.test.width),
      pixelMaximum: data.test.pixelMaximum, images: 1, seed: 5
    ).network
    let program = try CProgram(network.cSource(testing: data.test), optimized: true)
    for part in [data.train, data.validation, data.test] {
      #expect(try program.difference(from: Predictor(network, on: .single), on: part) == nil)
    }
  }

  @Test("at ties of scores the lowest class wins")
  func ties() throws {
    let network = try NetworkToPack<Float>(
      "3-16", grids: [.binary], image: ImageShape(channels: 1, height: 3, width: 3), images: 60, seed: 2)
    // Three signs make at most four sums: among 16 classes there are ties for the first place.
    let expected = network.images.outputs(of: Predictor(network.network, on: .single))
    let tied = (0..<60).filter { image in
      let scores = (0..<16).map { expected[image, $0] }
      return scores.filter { $0 == scores.max() }.count > 1
    }
    #expect(!tied.isEmpty)
    let program = try CProgram(network.network.cSource(testing: network.images))
    #expect(try program.difference(from: Predictor(network.network, on: .single), on: network.images) == nil)
  }

  @Test("Rounding by integers is the processor's, on a million random numbers, and planted faults are noticed")
  func rounding() throws {
    let network = try NetworkToPack<Float>("4-3", image: ImageShape(channels: 1, height: 2, width: 2), seed: 1)
    let sound = try network.network.cSource(testing: network.images)
    #expect(try CProgram(sound).rounding(rounds: 1_000_000) == "1000000")
    for planted in [
      ("value > half || ", "value >= half || "), ("(mantissa & 1u)", "(mantissa & 2u)"),
      ("biased == 0 ? 1u : biased", "biased"), ("~bits : bits |", "bits : bits |"),
      ("large - small", "large + small"), ("exponent - other > 31u", "exponent - other > 22u"),
    ] {
      #expect(try CProgram(sound, planted: planted).rounding(rounds: 1_000_000) != "1000000", "\(planted)")
    }
  }

  @Test("the self-test notices a damaged table, and code that gives other scores")
  func selfTest() throws {
    let network = try NetworkToPack<Float>("40-10", image: ImageShape(channels: 1, height: 4, width: 4), seed: 1)
    let sound = try network.network.cSource(testing: network.images)
    func result(_ planted: (String, String)? = nil) throws -> Int {
      try CProgram(sound, planted: planted).outcome(of: network.images).selfTest
    }
    #expect(try result() == 0)
    #expect(try result(("net_thresholds1[40] = {\n  ", "net_thresholds1[40] = {\n  1 + ")) == 1)
    #expect(try result(("net_test_images[32] = {\n  ", "net_test_images[32] = {\n  1 ^ ")) == 1)
    #expect(try result(("(uint64_t)magnitude * ", "(uint64_t)magnitude * 2 * ")) == 2)
    #expect(try result(("if (key > largest)", "if (key < largest || o == 0)")) == 3)
  }

  @Test("Only <stdint.h> is included, and there is no float before the scores")
  func text() throws {
    let network = try NetworkToPack<Float>(
      "5C3-P2-6C3V-A2-7-3", grids: [.quinary], image: ImageShape(channels: 3, height: 12, width: 12), seed: 1)
    let source = try network.network.cSource(testing: network.images)
    let lines = (source.header + source.source).split(separator: "\n")
    #expect(lines.filter { $0.contains("#include") } == ["#include <stdint.h>", "#include \"net.h\""])
    let code = source.source.split(separator: "\n").filter {
      !$0.contains("/*") && $0.firstRange(of: /\b(float|double)\b/) != nil
    }
    #expect(
      code.map { $0.trimmingCharacters(in: .whitespaces) } == [
        "typedef char net_float_has_32_bits[sizeof(float) == 4 ? 1 : -1];",
        "void net_scores(const uint8_t pixels[NET_INPUT_BYTES], float scores[NET_CLASSES],", "float value;",
      ])
    #expect(lines.allSatisfy { $0.last != " " })
    #expect(lines.allSatisfy { !$0.contains("static") || $0.hasPrefix("static ") })
    #expect(
      source.header.contains("#define NET_CLASSES 3\n") && source.header.contains("#define NET_INPUT_BYTES 432\n"))
    #expect(source.header.contains("#define NET_SCRATCH_BYTES \(source.scratchBytes)\n"))
    #expect(source.header.contains("#define NET_FLASH_BYTES \(source.tableBytes)\n"))
    let sizes = ["uint8_t": 1, "int8_t": 1, "int16_t": 2, "int32_t": 4, "uint32_t": 4]
    let tables = source.source.matches(of: /static const \w+ (\w+) \w+\[(\d+)\] = \{/)
    let bytes = try tables.map { try #require(sizes[String($0.1)]) * #require(Int($0.2)) }
    #expect(bytes.count > 4 && bytes.reduce(0, +) == source.tableBytes)
    #expect(source.header.contains(" * that * / does not end\n"))
  }

  @Test("The header is one of C++, too: what it opens for C++ before its functions, it closes behind them")
  func header() throws {
    let network = try NetworkToPack<Float>("4-3", image: ImageShape(channels: 1, height: 2, width: 2), seed: 1)
    let header = try network.network.cSource(testing: network.images).header
    let parts = header.split(separator: "#ifdef __cplusplus\n", omittingEmptySubsequences: false)
    try #require(parts.count == 3, "\(header)")
    #expect(parts[1].hasPrefix("extern \"C\" {\n#endif\n") && parts[2].hasPrefix("}\n#endif\n"))
    for function in ["int net_predict(", "void net_scores(", "int net_selftest("] {
      #expect(parts[1].contains(function) && !parts[0].contains(function) && !parts[2].contains(function))
    }
  }

  @Test("A comment's lines stay comments, whatever they contain")
  func comments() throws {
    let network = try PackedNetwork(
      NetworkToPack<Float>("4-3", image: ImageShape(channels: 1, height: 2, width: 2), seed: 1).network, on: .single)
    let hostile = "a *\\\n/ int injected(void) { return 42; } /*"
    let source = network.cSource(comment: [hostile, "b */\u{301} int c; /*", "c **//* d", "e \\", "f\r\n*/ int g;"])
    let lines = source.header.split(separator: "\n").map(String.init)
    let head = try #require(lines.firstIndex(of: " */"))
    #expect(
      lines[..<head].suffix(5) == [
        " * a *||u{a}/ int injected(void) { return 42; } / *", " * b * /\u{301} int c; / *", " * c ** // * d", " * e |",
        " * f|u{d}|u{a}* / int g;",
      ])
    // Read as C reads it, byte by byte, the comment ends there and nowhere before.
    let text = Array(source.header.utf8)
    let end = try #require(
      text.indices.dropLast().first { text[$0] == UInt8(ascii: "*") && text[$0 + 1] == UInt8(ascii: "/") })
    #expect(String(decoding: text[..<end], as: UTF8.self).split(separator: "\n").count == head + 1)
    _ = try CProgram(source)
  }

  @Test("Two networks go into one program, by other names")
  func names() throws {
    for (name, isName) in [
      ("net", true), ("a", true), ("digits_2", true), ("", false), ("2digits", false), ("_a", false), ("Net", false),
      ("a-b", false),
      (String(repeating: "a", count: 24), true), (String(repeating: "a", count: 25), false), ("é", false),
      // Headers of the C library, which programs include beside the files, and one that glibc's <stdint.h> includes.
      ("stdint", false), ("stdint_2", true), ("string", false), ("features", false),
    ] { #expect(CSource.isName(name) == isName, "\(name)") }
    let network = try NetworkToPack<Float>("4C3-5-3", image: ImageShape(channels: 1, height: 5, width: 5), seed: 1)
    let source = try PackedNetwork(network.network, on: .single).cSource(name: "digits_2")
    let (text, header) = (source.source, source.header)
    #expect(
      !(text + header).contains(/\b(net|NET)_/)
        && header.contains("int digits_2_predict(const uint8_t pixels[DIGITS_2_INPUT_BYTES]"))
  }
}
