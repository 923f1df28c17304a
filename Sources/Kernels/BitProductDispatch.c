// Forwards the products of bits and of bytes, and the loops that measure their ceilings, to the variant in use; and moves bits and
// bytes, which no variant does faster.
#include <string.h>

#include "Variant.h"

void signet_bit_product(size_t rows, size_t planes, size_t outputs, size_t words, const uint64_t *x,
                        const struct signet_bit_term *terms, size_t term_count, const int32_t *starts,
                        const uint32_t *start_of, int32_t *sums) {
  signet_variant->bit_product(rows, planes, outputs, words, x, terms, term_count, starts, start_of, sums);
}

void signet_bit_signs(size_t rows, size_t outputs, const int32_t *sums, const int32_t *thresholds,
                      const uint64_t *flips, uint64_t *bits) {
  signet_variant->bit_signs(rows, outputs, sums, thresholds, flips, bits);
}

void signet_bit_planes(const uint8_t *bytes, size_t count, size_t planes, size_t words, uint64_t *bits) {
  signet_variant->bit_planes(bytes, count, planes, words, bits);
}

/// Writes `count ≤ 64` bits, the lowest of `word`, whose others are 0, into zeros of `map` from bit `at` on.
static inline void put_bits(uint64_t *map, size_t at, uint64_t word, size_t count) {
  const size_t shift = at % 64;
  map[at / 64] |= word << shift;
  if (shift + count > 64) map[at / 64 + 1] |= word >> (64 - shift);
}

/// `count` bits of `map`, from 1 to 64, from bit `at` on.
static inline uint64_t get_bits(const uint64_t *map, size_t at, size_t count) {
  const size_t shift = at % 64;
  uint64_t word = map[at / 64] >> shift;
  if (shift + count > 64) word |= map[at / 64 + 1] << (64 - shift);
  return count == 64 ? word : word & (((uint64_t)1 << count) - 1);
}

void signet_bit_patches(size_t rows, const uint64_t *map, size_t first, size_t step, size_t runs, size_t run_bits,
                        size_t run_stride, size_t words, uint64_t *patches, size_t stride) {
  for (size_t r = 0; r < rows; r++, patches += stride) {
    memset(patches, 0, words * sizeof *patches);
    for (size_t run = 0; run < runs; run++) {
      for (size_t i = 0; i < run_bits; i += 64) {
        const size_t count = run_bits - i < 64 ? run_bits - i : 64;
        put_bits(patches, run * run_bits + i, get_bits(map, first + r * step + run * run_stride + i, count), count);
      }
    }
  }
}

void signet_bit_places(size_t rows, size_t count, const uint64_t *bits, uint64_t *map, size_t first) {
  for (size_t r = 0; r < rows; r++, bits += (count + 63) / 64)
    for (size_t i = 0; i < count; i += 64)
      put_bits(map, first + r * count + i, bits[i / 64], count - i < 64 ? count - i : 64);
}

void signet_byte_product(size_t rows, size_t outputs, size_t depth, const uint8_t *x, const int8_t *weights,
                         int largest, const int32_t *starts, const uint32_t *start_of, int32_t *sums) {
  signet_variant->byte_product(rows, outputs, depth, x, weights, largest, starts, start_of, sums);
}

double signet_bit_ceiling_work(size_t turns) { return signet_variant->bit_ceiling_work(turns); }

double signet_byte_ceiling_work(size_t turns) { return signet_variant->byte_ceiling_work(turns); }

void signet_byte_patches(size_t rows, const uint8_t *image, size_t channels, size_t channel_stride, size_t row_stride,
                         size_t kernel, size_t depth, uint8_t *patches) {
  for (size_t r = 0; r < rows; r++, patches += depth) {
    size_t at = 0;
    for (size_t c = 0; c < channels; c++)
      for (size_t y = 0; y < kernel; y++, at += kernel) {
        const uint8_t *from = image + c * channel_stride + y * row_stride + r;
        for (size_t x = 0; x < kernel; x++) patches[at + x] = from[x];
      }
    memset(patches + at, 0, depth - at);
  }
}
