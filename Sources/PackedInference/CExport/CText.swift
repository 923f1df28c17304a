import Files
import Layers
import Networks

/// The texts of a C header and a C source file.
struct CText {
  let prefix: String
  let input: ImageInput
  let layers: [CLayer]
  let comment: [String]
  /// How many images the self-test checks.
  let testCount: Int
  let tables: [CTable]
  /// The words of the scratch buffer.
  let scratchWords: Int

  init(
    _ name: String, _ input: ImageInput, _ layers: [PackedLayer<Float>], comment: [String], testImages: [[UInt8]],
    testScores: [[Float]]
  ) {
    (prefix, self.input, self.comment, testCount) = (name, input, comment, testImages.count)
    self.layers = layers.enumerated().map { CLayer(name, $0 + 1, $1) }
    let tests = [
      CTable("\(name)_test_images", .byte, testImages.joined().map { Int($0) }),
      CTable("\(name)_test_scores", .word, testScores.joined().map { Int($0.bitPattern) }),
    ]
    tables = self.layers.flatMap(\.tables) + (testImages.isEmpty ? [] : tests)
    scratchWords = self.layers.indices.reduce(0) { [layers = self.layers] most, index in
      let output = index + 1 < layers.count ? layers[index + 1].inputWords : 0
      return max(most, layers[index].inputWords + layers[index].window * layers[index].patchWords + output)
    }
  }

  /// What macros' names begin with.
  var macro: String { prefix.uppercased() }
  var tableBytes: Int { tables.reduce(0) { $0 + $1.size } }
  var classes: Int { layers[layers.count - 1].layer.channels }

  /// The first word of a layer's input. Inputs lie in turn at the start and at the end of the scratch buffer.
  private func inputPlace(_ index: Int) -> Int { index % 2 == 0 ? 0 : scratchWords - layers[index].inputWords }

  /// The first word of a layer's patches, between its input and its output.
  private func patchPlace(_ index: Int) -> Int { layers[index % 2 == 0 ? index : index + 1].inputWords }

  /// The head of both files.
  private func head(_ file: String, _ what: String) -> String {
    let lines = ["\(file): \(what)"] + (comment.isEmpty ? [] : [""]) + comment
    let text = lines.map { $0.isEmpty ? " *" : " * " + Self.commentLine($0) }.joined(separator: "\n")
    return "/*" + text.dropFirst(2) + "\n */\n"
  }

  /// A line of a comment from any text: it stays one line and has no `\`, so that C joins it with no other, and no `*/` or `/*`.
  private static func commentLine(_ text: String) -> String {
    var line = String.UnicodeScalarView()
    for scalar in oneLine(text).unicodeScalars {
      let (before, here) = (line.last, scalar == "\\" ? "|" : scalar)
      if before == "*" && here == "/" || before == "/" && here == "*" { line.append(" ") }
      line.append(here)
    }
    return String(line)
  }

  /// The header file.
  var header: String {
    let image = input.image
    let pixels = "\(image.channels) x \(image.height) x \(image.width)"
    return head("\(prefix).h", "a neural network with discrete weights and sign activations.") + """
      #ifndef \(macro)_H
      #define \(macro)_H

      #include <\(CSource.includedHeader).h>

      #ifdef __cplusplus
      extern "C" {
      #endif

      /* An image: \(pixels) bytes (channels, rows, columns), each from 0 to \(input.pixelMaximum). */
      #define \(macro)_INPUT_BYTES \(image.pixels)
      /* The buffer that the functions work in. Nothing is kept in it from one call to the next. */
      #define \(macro)_SCRATCH_BYTES \(4 * scratchWords)
      /* The constant tables. The code comes on top of them. */
      #define \(macro)_FLASH_BYTES \(tableBytes)
      #define \(macro)_CLASSES \(classes)

      /* The class of an image, from 0: that of the largest score, the lowest at a tie. Integers only. */
      int \(prefix)_predict(const uint8_t pixels[\(macro)_INPUT_BYTES], uint32_t scratch[\(macro)_SCRATCH_BYTES / 4]);

      /* The score of each class, to the last bit the same on every machine. */
      void \(prefix)_scores(const uint8_t pixels[\(macro)_INPUT_BYTES], float scores[\(macro)_CLASSES],
        uint32_t scratch[\(macro)_SCRATCH_BYTES / 4]);

      /* 0 if all is well; 1 if a table is damaged; 2 if a test image gets other scores, 3 if it gets another class. */
      int \(prefix)_selftest(uint32_t scratch[\(macro)_SCRATCH_BYTES / 4]);

      #ifdef __cplusplus
      }
      #endif

      #endif

      """
  }

  /// The source file.
  var source: String {
    let tables = tables.map { $0.text(placement: "\(macro)_PLACEMENT") }
    let layerTexts = layers.indices.map { layers[$0].text(before: $0 + 1 < layers.count ? layers[$0 + 1] : nil) }
    let opening = """
      #include "\(prefix).h"

      /* Where the tables are to lie, such as __attribute__((section(".rodata.\(prefix)"))). */
      #ifndef \(macro)_PLACEMENT
      #define \(macro)_PLACEMENT
      #endif

      /* Scores are written as the bits of IEEE 754's binary32. */
      typedef char \(prefix)_float_has_32_bits[sizeof(float) == 4 ? 1 : -1];

      """
    let parts = [head("\(prefix).c", "see \(prefix).h.") + opening] + tables + [bitsText, countText] + layerTexts
    return (parts + [roundText, scoreText, interfaceText, selfTestText]).joined(separator: "\n")
  }

  /// The statements that run all layers but the last, whose input they leave in the scratch buffer.
  var hiddenText: String {
    var lines: [String] = []
    for (index, layer) in layers.enumerated() {
      let here = "scratch + \(inputPlace(index))"
      let isFirst = layer.layer.pixelMaximum != nil
      if isFirst && layer.kernel == nil { lines.append("\(prefix)_planes\(layer.number)(pixels, \(here));") }
      guard index + 1 < layers.count else { break }
      let from = isFirst && layer.kernel != nil ? "pixels" : here
      let patches = layer.kernel == nil ? "" : ", scratch + \(patchPlace(index))"
      lines.append("\(prefix)_layer\(layer.number)(\(from)\(patches), scratch + \(inputPlace(index + 1)));")
    }
    return lines.map { "  " + $0 }.joined(separator: "\n")
  }

  /// Where the last layer's input lies.
  var lastPlace: Int { inputPlace(layers.count - 1) }
}
