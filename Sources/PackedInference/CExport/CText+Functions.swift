import Layers

// The functions that every network needs.

extension CText {
  /// Reading and writing of bits; only those that are called, since an unused static function is a warning.
  var bitsText: String {
    let readsPatches = layers.contains { $0.kernel != nil && $0.layer.pixelMaximum == nil }
    let put = """
      /* Sets bit `at` if value is 1. */
      static void \(prefix)_put(uint32_t *bits, uint32_t at, uint32_t value)
      {
        bits[at >> 5] |= value << (at & 31u);
      }

      """
    let bit = """
      static uint32_t \(prefix)_bit(const uint32_t *bits, uint32_t at)
      {
        return (bits[at >> 5] >> (at & 31u)) & 1u;
      }

      """
    let runs = """
      /* The 32 bits from bit `at` on. */
      static uint32_t \(prefix)_read(const uint32_t *bits, uint32_t at)
      {
        const uint32_t *word = bits + (at >> 5), shift = at & 31u;
        return (word[0] >> shift) | ((word[1] << 1) << (31u - shift));
      }

      /* Sets the bits from bit `at` on that are 1 in value. */
      static void \(prefix)_or(uint32_t *bits, uint32_t at, uint32_t value)
      {
        uint32_t *word = bits + (at >> 5);
        word[0] |= value << (at & 31u);
        word[1] |= (value >> 1) >> (31u - (at & 31u));
      }

      """
    return ((layers.count > 1 ? [put, bit] : []) + (readsPatches ? [runs] : [])).joined(separator: "\n")
  }

  /// Population counts without an instruction for them.
  var countText: String {
    let pairs = """
      /* How many bits of each four are 1. */
      static uint32_t \(prefix)_nibbles(uint32_t word)
      {
        word -= (word >> 1) & 0x55555555u;
        return (word & 0x33333333u) + ((word >> 2) & 0x33333333u);
      }

      /* How many bits of ones are 1, and twice those of twos, counted in each byte; at most 24. */
      static uint32_t \(prefix)_pair(uint32_t ones, uint32_t twos)
      {
        const uint32_t sums = \(prefix)_nibbles(ones) + 2u * \(prefix)_nibbles(twos);
        return (sums & 0x0f0f0f0fu) + ((sums >> 4) & 0x0f0f0f0fu);
      }

      """
    let three = """
      /* How many bits of three words are 1, counted in each byte. Carry-save: bit by bit, a + b + c = ones + 2 twos. */
      static uint32_t \(prefix)_count(uint32_t a, uint32_t b, uint32_t c)
      {
        const uint32_t either = a ^ b;
        return \(prefix)_pair(either ^ c, (a & b) | (either & c));
      }

      """
    let total = """
      /* The sum of four bytes. */
      static int32_t \(prefix)_total(uint32_t bytes)
      {
        bytes = (bytes & 0x00ff00ffu) + ((bytes >> 8) & 0x00ff00ffu);
        return (int32_t)((bytes + (bytes >> 16)) & 0xffffu);
      }

      """
    let readsSigns = layers.contains { $0.layer.pixelMaximum == nil }
    return ([pairs] + (readsSigns ? [three] : []) + [total]).joined(separator: "\n")
  }

  /// Rounding, and the sum of two floats, by integers.
  var roundText: String {
    """
    /* The bits of the float nearest to value * 2^exponent, ties to even. Neither is the value 0 nor the float subnormal or infinite. */
    static uint32_t \(prefix)_round(uint32_t sign, uint64_t value, int32_t exponent)
    {
      const uint64_t half = (uint64_t)1 << 39;
      uint32_t step, mantissa;
      for (step = 32; step > 0; step /= 2) {
        if (value >> (64u - step) == 0) {
          value <<= step;
          exponent -= (int32_t)step;
        }
      }
      mantissa = (uint32_t)(value >> 40);
      value &= 2 * half - 1;
      if (value > half || (value == half && (mantissa & 1u))) mantissa++;
      /* The mantissa's highest bit, which floats leave out, adds one to the exponent. */
      return sign + ((uint32_t)(exponent + 189) << 23) + mantissa;
    }

    /* The mantissa of a float, times 2^32; the float is plus or minus result * 2^(exponent - 182). */
    static uint64_t \(prefix)_magnitude(uint32_t bits, uint32_t *exponent)
    {
      const uint32_t biased = (bits >> 23) & 255u, fraction = bits & 0x7fffffu;
      *exponent = biased == 0 ? 1u : biased;
      return (uint64_t)(biased == 0 ? fraction : fraction + 0x800000u) << 32;
    }

    /* The bits of the sum of two floats, rounded once. */
    static uint32_t \(prefix)_add(uint32_t a, uint32_t b)
    {
      uint64_t large, small;
      uint32_t exponent, other;
      if ((a & 0x7fffffffu) < (b & 0x7fffffffu)) {
        const uint32_t swapped = a;
        a = b;
        b = swapped;
      }
      if ((b & 0x7fffffffu) == 0) return a;
      large = \(prefix)_magnitude(a, &exponent);
      small = \(prefix)_magnitude(b, &other);
      /* Less than 1/256 of a's last place cannot change it. A shift by less loses no bit. */
      if (exponent - other > 31u) return a;
      small >>= exponent - other;
      if (((a ^ b) & 0x80000000u) == 0) return \(prefix)_round(a & 0x80000000u, large + small, (int32_t)exponent - 182);
      return large == small ? 0 : \(prefix)_round(a & 0x80000000u, large - small, (int32_t)exponent - 182);
    }

    """
  }

  /// The bits of a score.
  var scoreText: String {
    let last = layers[layers.count - 1]
    guard case .scores(let factor, let shifts) = last.layer.output else { preconditionFailure("CText: no scores") }
    precondition(
      PackedFile.isFactor(factor) && shifts.allSatisfy(\.isFinite),
      "CText: expected finite shifts and \(PackedFile.factorInWords), found \(factor) and \(shifts)")
    let mantissa = factor.significandBitPattern | 0x80_0000
    let number = last.number
    return """
      /* The bits of sum * factor + shift, rounded after each operation; the factor is \(factor). */
      static uint32_t \(prefix)_scaled(int32_t sum, uint32_t shift)
      {
        const uint32_t magnitude = sum < 0 ? 0u - (uint32_t)sum : (uint32_t)sum;
        uint32_t product = 0;
        if (sum != 0) {
          product = \(prefix)_round(sum < 0 ? 0x80000000u : 0u, (uint64_t)magnitude * \(mantissa)u, \(factor.exponent - 23));
        }
        return \(prefix)_add(product, shift);
      }

      /* The bits of the score of class o; x is the input of the last layer. */
      static uint32_t \(prefix)_score(const uint32_t *x, uint32_t o)
      {
        const int32_t sum = \(prefix)_starts\(number)[o] + \(prefix)_sum\(number)(x, \(prefix)_weights\(number) + o * \(last.rowWords)u);
        return \(prefix)_scaled(sum, \(prefix)_shifts\(number)[o]);
      }

      /* An integer for the bits of a float: the integers have the floats' order. */
      static uint32_t \(prefix)_key(uint32_t bits)
      {
        return (bits >> 31) != 0 ? ~bits : bits | 0x80000000u;
      }

      """
  }

  /// The functions that a caller calls, but for the self-test.
  var interfaceText: String {
    """
    /* All layers but the last, whose input they leave at scratch + \(lastPlace). */
    static void \(prefix)_hidden(const uint8_t *pixels, uint32_t *scratch)
    {
    \(hiddenText)
    }

    int \(prefix)_predict(const uint8_t pixels[\(macro)_INPUT_BYTES], uint32_t scratch[\(macro)_SCRATCH_BYTES / 4])
    {
      uint32_t o, best = 0, largest = 0;
      \(prefix)_hidden(pixels, scratch);
      for (o = 0; o < \(classes)u; o++) {
        const uint32_t key = \(prefix)_key(\(prefix)_score(scratch + \(lastPlace), o));
        if (key > largest) {
          largest = key;
          best = o;
        }
      }
      return (int)best;
    }

    void \(prefix)_scores(const uint8_t pixels[\(macro)_INPUT_BYTES], float scores[\(macro)_CLASSES],
      uint32_t scratch[\(macro)_SCRATCH_BYTES / 4])
    {
      uint32_t o;
      \(prefix)_hidden(pixels, scratch);
      for (o = 0; o < \(classes)u; o++) {
        union {
          uint32_t bits;
          float value;
        } score;
        score.bits = \(prefix)_score(scratch + \(lastPlace), o);
        scores[o] = score.value;
      }
    }

    """
  }

  /// The self-test: the checksum of all tables, then the test images.
  var selfTestText: String {
    let checks = tables.map { "  " + $0.checking(prefix: prefix) }.joined(separator: "\n")
    let images = """
        for (i = 0; i < \(testCount)u; i++) {
          const uint8_t *pixels = \(prefix)_test_images + i * \(input.image.pixels)u;
          const uint32_t *expected = \(prefix)_test_scores + i * \(classes)u;
          uint32_t o, best = 0;
          \(prefix)_hidden(pixels, scratch);
          for (o = 0; o < \(classes)u; o++) {
            const uint32_t bits = \(prefix)_score(scratch + \(lastPlace), o);
            if (bits != expected[o]) return 2;
            if (\(prefix)_key(bits) > \(prefix)_key(expected[best])) best = o;
          }
          if (\(prefix)_predict(pixels, scratch) != (int)best) return 3;
        }

      """
    return """
      static uint32_t \(prefix)_check(uint32_t check, uint32_t value)
      {
        return (check ^ value) * 16777619u;
      }

      int \(prefix)_selftest(uint32_t scratch[\(macro)_SCRATCH_BYTES / 4])
      {
        uint32_t i, check = 2166136261u;
      \(checks)
        if (check != \(CTable.checksum(tables))u) return 1;
      \(testCount > 0 ? images : "  (void)scratch;\n")  return 0;
      }

      """
  }
}
