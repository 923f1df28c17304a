import Layers

// The function of a layer that gives its signs.

extension CLayer {
  /// All functions of a layer, in the order in which C needs them.
  ///
  /// - Parameter next: the layer that reads the signs; nil of the last one, which has no function of its own for them.
  func text(before next: CLayer?) -> String {
    "/* \(description) */\n" + [sumText, readingText, next.map(signsText)].compactMap { $0 }.joined(separator: "\n")
  }

  private func signsText(before next: CLayer) -> String { kernel == nil ? denseText(next) : convolutionText(next) }

  /// The bit of an output, 1 for −1.
  private func bit(_ output: String) -> String {
    "\(prefix)_bit(\(prefix)_flips\(number), \(output)) ^ (uint32_t)(sum < \(prefix)_thresholds\(number)[\(output)])"
  }

  private func denseText(_ next: CLayer) -> String {
    """
    static void \(prefix)_layer\(number)(const uint32_t *x, uint32_t *signs)
    {
      const uint32_t *weights = \(prefix)_weights\(number);
      uint32_t i, o;
      for (i = 0; i < \(next.inputWords)u; i++) signs[i] = 0;
      for (o = 0; o < \(layer.channels)u; o++) {
        const int32_t sum = \(prefix)_sum\(number)(x, weights);
        \(prefix)_put(signs, o, \(bit("o")));
        weights += \(rowWords);
      }
    }

    """
  }

  private func convolutionText(_ next: CLayer) -> String {
    let image = layer.outputImage
    let (map, c) = (next.layer.input, image.channels)
    func within(_ coordinate: String) -> String { map.padding == 0 ? coordinate : "(\(coordinate) + \(map.padding)u)" }
    let input = layer.pixelMaximum == nil ? "const uint32_t *map" : "const uint8_t *pixels"
    return """
      static void \(prefix)_layer\(number)(\(input), uint32_t *patches, uint32_t *signs)
      {
        uint32_t i, y, x, o;
        for (i = 0; i < \(next.inputWords)u; i++) signs[i] = 0;
        for (y = 0; y < \(image.height)u; y++) {
          for (x = 0; x < \(image.width)u; x++) {
            const uint32_t *weights = \(prefix)_weights\(number);
            const uint32_t at = \(within("y")) * \(next.rowBits)u + \(within("x")) * \(c)u;
      \(patchesText)
            for (o = 0; o < \(c)u; o++) {
      \(windowText)
              \(prefix)_put(signs, at + o, \(bit("o")));
              weights += \(rowWords);
            }
          }
        }
      }

      """
  }

  /// Prepares the patches of a window, and where its sums start.
  private var patchesText: String {
    let input = layer.pixelMaximum == nil ? "map" : "pixels"
    func start(_ y: String, _ x: String) -> String {
      "((uint32_t)\(prefix)_row_kinds\(number)[\(y)] * \(columnKinds)u + \(prefix)_column_kinds\(number)[\(x)]) * \(layer.channels)u"
    }
    guard window > 1 else {
      return (columnKinds == 0 ? "" : "      const uint32_t start = \(start("y", "x"));\n")
        + "      \(prefix)_patch\(number)(\(input), y, x, patches);"
    }
    let starts = columnKinds == 0 ? "" : "        starts[i] = \(start("2u * y + i / 2u", "2u * x + i % 2u"));\n"
    return (columnKinds == 0 ? "" : "      uint32_t starts[4];\n") + """
            for (i = 0; i < 4u; i++) {
      \(starts)        \(prefix)_patch\(number)(\(input), 2u * y + i / 2u, 2u * x + i % 2u, patches + i * \(patchWords)u);
            }
      """
  }

  /// The sum of a pixel, or of a window.
  private var windowText: String {
    func start(_ at: String) -> String { columnKinds == 0 ? "" : "\(prefix)_starts\(number)[\(at) + o] + " }
    guard let pooling = layer.pooling else {
      return "        const int32_t sum = \(start("start"))\(prefix)_sum\(number)(patches, weights);"
    }
    let isMaximum = pooling == .max
    return """
              int32_t sum = \(isMaximum ? "INT32_MIN" : "0");
              for (i = 0; i < 4u; i++) {
                const int32_t one = \(start("starts[i]"))\(prefix)_sum\(number)(patches + i * \(patchWords)u, weights);
                \(isMaximum ? "if (one > sum) sum = one;" : "sum += one;")
              }
      """
  }
}
