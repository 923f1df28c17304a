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

/// Knuth's linear congruential generator; the high bits are the good ones.
static uint64_t random_bits(void) {
  static uint64_t state = 1;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return state ^ state >> 33;
}

// MARK: - Elementary functions

enum { FLOATS = 20001, DOUBLES = 500 };

/// Every other one any bit pattern, the rest of size 2^-10 to 2^6.
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

// MARK: - Matrix products

// MARK: - All

int main(void) {
  fprintf(stderr, "variant %s\n", signet_kernels_variant());
  if (signet_kernels_variant_error()) return fprintf(stderr, "%s\n", signet_kernels_variant_error()), 2;
  check_functions();
  printf("%-22s %016" PRIx64 "\n", "total", total.state);
  return 0;
}
