import Layers

// The function of a layer that prepares what its sums read.

extension CLayer {
  /// The function that prepares what the layer reads: planes of all pixels, or a patch; nil of a dense layer of signs.
  var readingText: String? {
    guard let kernel else { return layer.pixelMaximum == nil ? nil : planesText }
    return layer.pixelMaximum == nil ? patchText(kernel) : pixelPatchText(kernel)
  }

  /// The planes of a dense layer's pixels.
  private var planesText: String {
    """
    /* The planes of all pixels, side by side: of word i, bit b of each pixel, inverted, is in x[i * \(layer.planes) + b]. */
    static void \(prefix)_planes\(number)(const uint8_t *pixels, uint32_t *x)
    {
      uint32_t i, b;
      for (i = 0; i < \(inputWords)u; i++) x[i] = 0;
      for (i = 0; i < \(layer.weights.inputs)u; i++) {
        const uint32_t pixel = pixels[i];
        for (b = 0; b < \(layer.planes)u; b++) \(putPlane("x", "i"));
      }
    }

    """
  }

  private func putPlane(_ words: String, _ at: String) -> String {
    "\(words)[(\(at) >> 5) * \(layer.planes)u + b] |= (~(pixel >> b) & 1u) << (\(at) & 31u)"
  }

  /// The planes of a patch of pixels. Pixels outside the image have bits 0, which the starts of the sums take into account.
  private func pixelPatchText(_ kernel: Int) -> String {
    let (c, h, w, p) = (layer.input.channels, layer.input.height, layer.input.width, layer.input.padding)
    // Below 0 is above the height as an unsigned number.
    let inside = p == 0 ? "" : "if (row < \(h)u && column < \(w)u) "
    let offset = p == 0 ? "" : " - \(p)u"
    return """
      /* The inputs of pixel (y, x) of the sums. Planes lie side by side: of word i, bit b of each pixel, inverted, is in patch[i * \(layer.planes) + b]. */
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
                for (b = 0; b < \(layer.planes)u; b++) \(putPlane("patch", "at"));
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
    let offset = full == 0 ? "" : " + \(32 * full)u"
    let mask = "0x" + String((1 << rest) - 1, radix: 16)
    let tail = "\(prefix)_or(patch, to\(offset), \(prefix)_read(map, from\(offset)) & \(mask)u);"
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
