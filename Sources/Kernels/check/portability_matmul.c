// Hashes of matrix products and of convolutions that every variant, processor and optimization level must reproduce.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "Kernels.h"

uint64_t portability_matmul(void);
uint64_t portability_convolution(void);

enum { most = 160 * 160 };

static uint64_t fnv1a(uint64_t hash, const void *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) hash = (hash ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3u;
  return hash;
}

static uint64_t next_random(uint64_t *state) {
  *state += 0x9e3779b97f4a7c15u;
  uint64_t x = *state;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// A random sign and significand, and an exponent that is mostly near 0 but sometimes so low that products are subnormal.

static float random_float(uint64_t *state) {
  const uint64_t x = next_random(state);
  const uint32_t exponent = 127 - (x >> 60 ? (x >> 32) % 8 : 55 + (x >> 32) % 20);
  const uint32_t bits = ((uint32_t)x & 0x807fffff) | exponent << 23;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static double random_double(uint64_t *state) {
  const uint64_t x = next_random(state), y = next_random(state);
  const uint64_t exponent = 1023 - (y >> 60 ? y % 8 : 500 + y % 40);
  const uint64_t bits = (x & 0x800fffffffffffff) | exponent << 52;
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

#define HASH_PRODUCTS(real)                                                                                       \
  static uint64_t hash_##real(uint64_t hash, bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,    \
                              real *space, uint64_t *state) {                                                     \
    real *a = space, *b = space + most, *c = space + 2 * most;                                                    \
    for (size_t i = 0; i < m * k; i++) a[i] = random_##real(state);                                               \
    for (size_t i = 0; i < k * n; i++) b[i] = random_##real(state);                                               \
    if (!signet_matmul_##real(transpose_a, transpose_b, m, n, k, a, transpose_a ? m : k, b, transpose_b ? k : n,  \
                              c, n))                                                                              \
      return 0;                                                                                                   \
    return fnv1a(hash, c, m * n * sizeof(real));                                                                  \
  }
HASH_PRODUCTS(float)
HASH_PRODUCTS(double)

/// FNV-1a over the outputs of products of odd shapes in all four transpositions; 0 if memory ran out.
uint64_t portability_matmul(void) {
  static const size_t shapes[][3] = {{1, 1, 1}, {3, 5, 7}, {13, 17, 2}, {31, 33, 29}, {67, 71, 50}, {4, 9, 2500}};
  void *space = malloc(3 * most * sizeof(double));
  if (!space) return 0;
  uint64_t hash = 0xcbf29ce484222325u, state = 1;
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes && hash; i++) {
    for (int transposed = 0; transposed < 4 && hash; transposed++) {
      const size_t m = shapes[i][0], n = shapes[i][1], k = shapes[i][2];
      hash = hash_float(hash, transposed & 1, transposed & 2, m, n, k, space, &state);
      if (hash) hash = hash_double(hash, transposed & 1, transposed & 2, m, n, k, space, &state);
    }
  }
  free(space);
  return hash;
}

#define HASH_CONVOLUTIONS(real)                                                                                       \
  static uint64_t hash_convolution_##real(uint64_t hash, struct signet_convolution s, real *space, uint64_t *state) { \
    const size_t pixels = s.images * s.channels * s.height * s.width, rows = s.channels * s.kernel * s.kernel;        \
    const size_t positions = (s.height + 2 * s.padding - s.kernel + 1) * (s.width + 2 * s.padding - s.kernel + 1);    \
    const size_t outputs = s.images * s.outputs * positions, some = rows / 3;                                         \
    real *x = space, *weights = space + most, *y = space + 2 * most;                                                  \
    for (size_t i = 0; i < pixels; i++) x[i] = random_##real(state);                                                  \
    for (size_t i = 0; i < rows * s.outputs; i++) weights[i] = random_##real(state);                                  \
    if (!signet_convolution_##real(s, x, weights, y)) return 0;                                                       \
    hash = fnv1a(hash, y, outputs * sizeof(real));                                                                    \
    if (!signet_convolution_weights_##real(s, 0, some, x, y, weights)) return 0;                                      \
    if (!signet_convolution_weights_##real(s, some, rows - some, x, y, weights)) return 0;                            \
    return fnv1a(hash, weights, rows * s.outputs * sizeof(real));                                                     \
  }
HASH_CONVOLUTIONS(float)
HASH_CONVOLUTIONS(double)

/// FNV-1a over the outputs and the weights' gradients of convolutions of odd shapes; 0 if memory ran out.
uint64_t portability_convolution(void) {
  // Images, channels, height, width; kernel, padding, outputs.
  static const struct signet_convolution shapes[] = {
      {1, 1, 1, 1, 1, 0, 1}, {2, 3, 4, 5, 3, 1, 7},   {3, 2, 7, 6, 5, 0, 31},  {1, 1, 2, 1, 7, 3, 2},
      {2, 1, 9, 8, 7, 6, 3}, {2, 33, 3, 4, 5, 2, 15}, {19, 1, 9, 10, 3, 1, 2}, {1, 260, 3, 3, 1, 0, 35},
  };
  void *space = malloc(3 * most * sizeof(double));
  if (!space) return 0;
  uint64_t hash = 0xcbf29ce484222325u, state = 1;
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes && hash; i++) {
    hash = hash_convolution_float(hash, shapes[i], space, &state);
    if (hash) hash = hash_convolution_double(hash, shapes[i], space, &state);
  }
  free(space);
  return hash;
}
