// Prints a hash of what each kernel computes on fixed arguments. Every build (compiler, optimisation level, variant,
// processor, emulated or not) must print the same lines. Not part of the package; ci scripts build and run it.
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "Kernels.h"

// MARK: - Tools

struct hash {
  uint64_t state;
};

/// FNV-1a, 64 bits, over the bytes of each word from the lowest.
static void hash_word(struct hash *hash, uint64_t word, int bytes) {
  for (int k = 0; k < bytes; k++) hash->state = (hash->state ^ (word >> 8 * k & 255)) * 0x100000001b3;
}

static struct hash new_hash(void) { return (struct hash){0xcbf29ce484222325}; }
static struct hash total = {0xcbf29ce484222325};

static void print_hash(const char *name, struct hash hash) {
  printf("%-22s %016" PRIx64 "\n", name, hash.state);
  hash_word(&total, hash.state, 8);
}

/// Knuth's linear congruential generator, of which only the high bits are good.
static uint64_t random_bits(void) {
  static uint64_t state = 1;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return state ^ state >> 33;
}

// MARK: - Elementary functions

enum { FLOATS = 20001, DOUBLES = 500 };

/// Any bit pattern at every other index, elsewhere a magnitude of 2^-10 to 2^6.
static float random_float(int index) {
  uint32_t bits = (uint32_t)random_bits();
  if (index % 2) bits = (bits & 0x80000000) | (0x3a800000 + (bits & 0x7fffffff) % 0x08000000);
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static double random_double(int index) {
  if (index % 2) return random_float(1) * (1 + random_float(1) * 0x1p-40);
  uint64_t bits = random_bits();
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static void check_float(const char *name, void (*function)(const float *, float *, size_t)) {
  static float x[FLOATS];
  for (int i = 0; i < FLOATS; i++) x[i] = random_float(i);
  function(x, x, FLOATS);
  struct hash hash = new_hash();
  for (int i = 0; i < FLOATS; i++) {
    uint32_t bits;
    memcpy(&bits, &x[i], sizeof bits);
    hash_word(&hash, bits, sizeof bits);
  }
  print_hash(name, hash);
}

static void check_double(const char *name, void (*function)(const double *, double *, size_t)) {
  double x[DOUBLES];
  for (int i = 0; i < DOUBLES; i++) x[i] = random_double(i);
  function(x, x, DOUBLES);
  struct hash hash = new_hash();
  for (int i = 0; i < DOUBLES; i++) {
    uint64_t bits;
    memcpy(&bits, &x[i], sizeof bits);
    hash_word(&hash, bits, sizeof bits);
  }
  print_hash(name, hash);
}

static void check_functions(void) {
#define CHECK(name)                                  \
  check_float(#name " float", signet_##name##_float); \
  check_double(#name " double", signet_##name##_double);
  SIGNET_FUNCTIONS(CHECK)
}

// MARK: - Random numbers

static void check_philox(void) {
  const struct signet_philox first = {{1, 2}, 0xfffffff8, {3, 4, 5}};
  float floats[1003];
  double doubles[1003];
  signet_uniform_float(first, floats, 1003);
  signet_uniform_double(first, doubles, 1003);
  struct hash hash = new_hash();
  for (size_t i = 0; i < sizeof floats; i++) hash_word(&hash, ((const unsigned char *)floats)[i], 1);
  for (size_t i = 0; i < sizeof doubles; i++) hash_word(&hash, ((const unsigned char *)doubles)[i], 1);
  print_hash("uniform", hash);
}

// MARK: - Weight blocks

enum { WEIGHTS = 1003, KINDS = 5 };

/// One step of training on random weights with five values; all of its results go into the hash.
#define CHECK_WEIGHTS(REAL)                                                                                    \
  static void check_weights_##REAL(void) {                                                                     \
    static REAL logits[KINDS * WEIGHTS], p[KINDS * WEIGHTS], first[KINDS * WEIGHTS], second[KINDS * WEIGHTS];        \
    static REAL mean[WEIGHTS], variance[WEIGHTS], d_mean[WEIGHTS], d_variance[WEIGHTS], divergence[WEIGHTS];         \
    const REAL values[KINDS] = {-1, (REAL)-0.5, 0, (REAL)0.5, 1};                                                    \
    const struct signet_adam_step_##REAL step = {(REAL)0.01, (REAL)1.5, (REAL)1e-3, (REAL)0.9, (REAL)0.1,            \
                                                 (REAL)0.999, (REAL)0.001, (REAL)1e-8};                              \
    for (int i = 0; i < KINDS * WEIGHTS; i++) logits[i] = (REAL)((int)(random_bits() % 16001) - 8000) / 1600;        \
    for (int i = 0; i < WEIGHTS; i++) d_mean[i] = (REAL)((int)(random_bits() % 2001) - 1000) / 1000;                 \
    for (int i = 0; i < WEIGHTS; i++) d_variance[i] = (REAL)((int)(random_bits() % 2001) - 1000) / 1000;             \
    const REAL prior[KINDS] = {-1, -2, -1, (REAL)-1.5, -3};                                                          \
    for (int turn = 0; turn < 6; turn++) {                                                                           \
      struct signet_weights_##REAL weights = {.parameterization = (enum signet_parameterization)(turn % 3),          \
                                              .kinds = KINDS, .values = values, .parameters = logits,                \
                                              .stride = WEIGHTS, .mean = mean, .variance = variance,                 \
                                              .log_prior = turn < 3 ? prior : NULL, .divergence_weight = 2};         \
      signet_weight_moments_##REAL(&weights, 0, WEIGHTS);                                                            \
      signet_weight_gradient_##REAL(&weights, d_mean, d_variance, p, 0, WEIGHTS);                                    \
      signet_weight_step_##REAL(&weights, d_mean, d_variance, first, second, step, 4, 0, WEIGHTS);                   \
      if (turn < 3) signet_weight_divergence_##REAL(&weights, divergence, 0, WEIGHTS);                               \
    }                                                                                                                \
    signet_sqrt_##REAL(second, second, KINDS * WEIGHTS);                                                             \
    const REAL *arrays[] = {logits, p, first, second, mean, variance, divergence};                                   \
    const size_t bytes[] = {sizeof logits, sizeof p, sizeof first, sizeof second, sizeof mean, sizeof variance,      \
                            sizeof divergence};                                                                      \
    struct hash hash = new_hash();                                                                                   \
    for (int k = 0; k < 7; k++)                                                                                      \
      for (size_t i = 0; i < bytes[k]; i++) hash_word(&hash, ((const unsigned char *)arrays[k])[i], 1);              \
    print_hash("weights " #REAL, hash);                                                                        \
  }
CHECK_WEIGHTS(float)
CHECK_WEIGHTS(double)

// MARK: - Bit products

/// Products of five planes with three terms; the signs of their sums as inputs of a second one; planes and patches of bytes.
static void check_bits(void) {
  enum { ROWS = 37, PLANES = 5, OUTPUTS = 72, WORDS = 9, BYTES = 500 };
  static uint64_t x[ROWS * PLANES * WORDS], signs[OUTPUTS * WORDS], mask[OUTPUTS * WORDS];
  static int32_t sums[ROWS * OUTPUTS], starts[2 * OUTPUTS];
  uint64_t planes[8 * 8], bits[ROWS * 2], patches[7 * 6] = {0};
  uint32_t start_of[ROWS];
  uint8_t bytes[BYTES];
  for (int i = 0; i < ROWS * PLANES * WORDS; i++) x[i] = random_bits();
  for (int i = 0; i < OUTPUTS * WORDS; i++) signs[i] = random_bits(), mask[i] = random_bits();
  for (int i = 0; i < 2 * OUTPUTS; i++) starts[i] = (int32_t)(random_bits() >> 33) % 1000;
  for (int i = 0; i < ROWS; i++) start_of[i] = random_bits() >> 40 & 1;
  for (int i = 0; i < BYTES; i++) bytes[i] = (uint8_t)(random_bits() >> 40);
  const uint64_t flips[] = {signs[0], signs[1] & 255};  // of 72 outputs
  const struct signet_bit_term terms[] = {{signs, mask, -2}, {signs, NULL, 3}, {NULL, mask, 5}};
  struct hash hash = new_hash();
#define HASH(array) for (size_t i = 0; i < sizeof array / sizeof *array; i++) hash_word(&hash, (uint64_t)array[i], sizeof *array)
  signet_bit_product(ROWS, PLANES, OUTPUTS, WORDS, x, terms, 3, starts, start_of, sums);
  HASH(sums);
  signet_bit_signs(ROWS, OUTPUTS, sums, starts, flips, bits);
  HASH(bits);
  signet_bit_product(ROWS, 1, OUTPUTS, 2, bits, terms, 1, starts, NULL, sums);
  HASH(sums);
  signet_bit_planes(bytes, BYTES, 8, 8, planes);
  HASH(planes);
  signet_bit_patches(7, planes, 3, 65, 3, 100, 130, 5, patches, 6);
  HASH(patches);
  memset(x, 0, sizeof x);
  signet_bit_places(ROWS, OUTPUTS, bits, x, 11);
  HASH(x);
  print_hash("bit products", hash);
  // Pixels, of which a third is 0 in neighboring rows, too; and those of patches of an image.
  enum { PIXELS = 72, CHANNELS = 2 };
  static uint8_t pixels[ROWS * PIXELS], patch[20 * 24];
  static int8_t weights[5 * SIGNET_BYTE_LANES * PIXELS];
  for (int i = 0; i < ROWS * PIXELS; i++) pixels[i] = i % PIXELS / 4 % 3 == 0 ? 0 : (uint8_t)(random_bits() >> 40);
  for (size_t i = 0; i < sizeof weights; i++) weights[i] = (int8_t)((int)(random_bits() >> 40 & 127) - 63);
  hash = new_hash();
  signet_byte_product(ROWS, OUTPUTS, PIXELS, pixels, weights, 64, starts, start_of, sums);
  HASH(sums);
  signet_byte_patches(20, bytes, CHANNELS, 250, 30, 3, 24, patch);
  HASH(patch);
  signet_byte_product(20, OUTPUTS, 24, patch, weights, 64, starts, NULL, sums);
  HASH(sums);
#undef HASH
  print_hash("byte products", hash);
}

// MARK: - Matrix products and convolutions

uint64_t portability_matmul(void);
uint64_t portability_convolution(void);

// MARK: - All

int main(void) {
  fprintf(stderr, "variant %s\n", signet_kernels_variant());
  if (signet_kernels_variant_error()) return fprintf(stderr, "%s\n", signet_kernels_variant_error()), 2;
  check_functions();
  check_philox();
  check_weights_float();
  check_weights_double();
  check_bits();
  print_hash("matrix products", (struct hash){portability_matmul()});
  print_hash("convolutions", (struct hash){portability_convolution()});
  printf("%-22s %016" PRIx64 "\n", "total", total.state);
  return 0;
}
