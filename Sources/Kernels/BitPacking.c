// Planes of bits of weights, in the layout of include/BitProduct.h.
#include <string.h>

#include "include/BitProduct.h"

void signet_bit_pack(const uint8_t *indices, size_t outputs, const uint32_t *rows, size_t inputs, const uint8_t *bits,
                     uint64_t *plane) {
  enum { LANES = SIGNET_BIT_LANES };
  const size_t words = (inputs + 63) / 64;
  for (size_t o = 0; o < outputs; o += LANES) {
    const size_t lanes = outputs - o < LANES ? outputs - o : LANES;
    for (size_t w = 0; w < words; w++, plane += LANES) {
      memset(plane, 0, LANES * sizeof *plane);
      const size_t end = inputs - 64 * w < 64 ? inputs - 64 * w : 64;
      for (size_t i = 0; i < end; i++) {
        const uint8_t *row = indices + (size_t)rows[64 * w + i] * outputs + o;
        for (size_t lane = 0; lane < lanes; lane++) plane[lane] |= (uint64_t)bits[row[lane]] << i;
      }
    }
  }
}
