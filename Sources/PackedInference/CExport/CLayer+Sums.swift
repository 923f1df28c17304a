import Layers

// The functions of a layer that count: an output's integer sum, and what it reads.

extension CLayer {
  /// The function that gives the sum of an output, without what it starts from.
  var sumText: String {
    let names = terms.indices.map { "count\($0)" }
    let products = zip(terms, names).map { "\($0.factor == 1 ? "" : "\($0.factor) * ")\($1)" }
    let total = products.count == 1 ? products[0] : "(\(products.joined(separator: " + ")))"
    let counters = names.map { "\($0) = 0" }.joined(separator: ", ")
    let head = """
      static int32_t \(prefix)_sum\(number)(const uint32_t *x, const uint32_t *weights)
      {

      """
    guard layer.planes > 1 else {
      return head + """
          const uint32_t *w = weights;
          int32_t \(counters);
        \(countText(indent: "  "))
          return -2 * \(total);
        }

        """
    }
    return head + """
        int32_t sum = 0, scale = -2;
        uint32_t plane;
        for (plane = 0; plane < \(layer.planes)u; plane++) {
          const uint32_t *w = weights;
          int32_t \(counters);
      \(countText(indent: "    "))
          sum += scale * \(total);
          scale *= 2;
        }
        return sum;
      }

      """
  }

  /// Statements that count all words of a row, and move `x` and `w` past it.
  private func countText(indent: String) -> String {
    let (groups, rest) = (words / 3, words % 3)
    let groupsPerTotal = Self.wordsPerTotal / 3
    let bytes = terms.indices.map { "bytes\($0) = 0" }.joined(separator: ", ")
    var lines: [String] = []
    var left = groups
    if groups + (rest > 0 ? 1 : 0) > groupsPerTotal {
      lines += ["uint32_t block;", "for (block = 0; block < \(groups / groupsPerTotal)u; block++) {"]
      lines += ["  uint32_t \(bytes), i;"] + loop(groupsPerTotal).map { "  " + $0 }
      lines += totals.map { "  " + $0 } + ["}"]
      left = groups % groupsPerTotal
    }
    if left + rest > 0 {
      lines += ["uint32_t \(bytes)\(left > 1 ? ", i" : "");"] + (left > 1 ? loop(left) : left == 1 ? step(3) : [])
      lines += (rest > 0 ? step(rest) : []) + totals
    }
    return lines.map { indent + $0 }.joined(separator: "\n")
  }

  private func loop(_ groups: Int) -> [String] {
    ["for (i = 0; i < \(groups)u; i++) {"] + step(3).map { "  " + $0 } + ["}"]
  }

  private var totals: [String] { terms.indices.map { "count\($0) += \(prefix)_total(bytes\($0));" } }

  /// Counts the next one to three words.
  private func step(_ count: Int) -> [String] {
    terms.enumerated().map { index, term in
      let words = (0..<3).map { $0 < count ? word($0, term) : "0" }
      return "bytes\(index) += \(prefix)_count(\(words.joined(separator: ", ")));"
    } + ["x += \(count);", "w += \(count * columns);"]
  }

  private func word(_ index: Int, _ term: Term) -> String {
    let signed = term.sign.map { "x[\(index)] ^ w[\(index * columns + $0)]" }
    guard let mask = term.mask.map({ "w[\(index * columns + $0)]" }) else { return signed ?? "x[\(index)]" }
    return signed.map { "(\($0)) & \(mask)" } ?? "x[\(index)] & \(mask)"
  }

  /// The function that prepares what the layer reads: planes of all pixels, or a patch; nil of a dense layer of signs.
  var readingText: String? {
    guard let kernel else { return layer.pixelMaximum == nil ? nil : planesText }
    return layer.pixelMaximum == nil ? patchText(kernel) : pixelPatchText(kernel)
  }

  /// The planes of a dense layer's pixels: bit `b` of pixel `i`, inverted, is bit `i` of plane `b`.
  private var planesText: String {
    """
    /* Plane b of x gets bit b of each pixel, inverted: 1 stands for -1. */
    static void \(prefix)_planes\(number)(const uint8_t *pixels, uint32_t *x)
    {
      uint32_t i, b;
      for (i = 0; i < \(inputWords)u; i++) x[i] = 0;
      for (i = 0; i < \(layer.weights.inputs)u; i++) {
        for (b = 0; b < \(layer.planes)u; b++) \(prefix)_put(x + b * \(words)u, i, ~((uint32_t)pixels[i] >> b) & 1u);
      }
    }

    """
  }

  /// The planes of a patch of pixels. Pixels outside the image have bits 0, which the starts of the sums take into account.
  private func pixelPatchText(_ kernel: Int) -> String {
    let (c, h, w, p) = (layer.input.channels, layer.input.height, layer.input.width, layer.input.padding)
    // Below 0 is above the height as an unsigned number.
    let inside = p == 0 ? "" : "if (row < \(h)u && column < \(w)u) "
    let offset = p == 0 ? "" : " - \(p)u"
    return """
      /* The inputs of pixel (y, x) of the sums: plane b gets bit b of each pixel, inverted. */
      static void \(prefix)_patch\(number)(const uint8_t *pixels, uint32_t y, uint32_t x, uint32_t *patch)
      {
        uint32_t i, b, ky, kx, c, at = 0;
        for (i = 0; i < \(patchWords)u; i++) patch[i] = 0;
        for (ky = 0; ky < \(kernel)u; ky++) {
          for (kx = 0; kx < \(kernel)u; kx++) {
            const uint32_t row = y + ky\(offset), column = x + kx\(offset);
            for (c = 0; c < \(c)u; c++) {
              \(inside){
                const uint32_t pixel = pixels[(c * \(h)u + row) * \(w)u + column];
                for (b = 0; b < \(layer.planes)u; b++) \(prefix)_put(patch + b * \(words)u, at, ~(pixel >> b) & 1u);
              }
              at++;
            }
          }
        }
      }

      """
  }

  /// A patch of signs: rows of the kernel, one after the other.
  private func patchText(_ kernel: Int) -> String {
    let run = kernel * layer.input.channels
    let (full, rest) = (run / 32, run % 32)
    let copy = "\(prefix)_or(patch, to + 32u * i, \(prefix)_read(map, from + 32u * i)"
    let tail =
      "\(prefix)_or(patch, to + \(32 * full)u, \(prefix)_read(map, from + \(32 * full)u) & \((1 << rest) - 1)u);"
    return """
      /* The inputs of pixel (y, x) of the sums. */
      static void \(prefix)_patch\(number)(const uint32_t *map, uint32_t y, uint32_t x, uint32_t *patch)
      {
        uint32_t i, row;
        for (i = 0; i < \(patchWords)u; i++) patch[i] = 0;
        for (row = 0; row < \(kernel)u; row++) {
          const uint32_t from = (y + row) * \(rowBits)u + x * \(layer.input.channels)u, to = row * \(run)u;
      \(full > 0 ? "    for (i = 0; i < \(full)u; i++) \(copy));" : "")\(full > 0 && rest > 0 ? "\n" : "")\
      \(rest > 0 ? "    \(tail)" : "")
        }
      }

      """
  }
}
