// Checks the plain variant's float fma, which x86-64 without the instruction emulates, against the C library's fmaf.
// In Sources/Kernels:
//   clang -O2 -I. -Iinclude check/multiply_add.c -lm -o multiply_add && ./multiply_add [millions of random cases]
// fmaf uses the processor's instruction where there is one; under `qemu-x86_64 -cpu Nehalem` it is software.
#include "Plain.c"

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

static uint64_t state = 1, cases, faults;

static uint64_t next_random(void) {
  state += 0x9e3779b97f4a7c15u;
  uint64_t x = state;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

static uint32_t bits_of(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static float float_of(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static void check(const float *a, const float *b, const float *c) {
  vector_float x, y, z;
  memcpy(&x, a, sizeof x);
  memcpy(&y, b, sizeof y);
  memcpy(&z, c, sizeof z);
  const vector_float sum = multiply_add_float(x, y, z);
  for (int lane = 0; lane < 4; lane++) {
    const float expected = fmaf(a[lane], b[lane], c[lane]), actual = sum[lane];
    cases++;
    if (isnan(expected) ? isnan(actual) : bits_of(expected) == bits_of(actual)) continue;
    if (faults++ < 10)
      printf("fma(%a, %a, %a): expected %a, got %a\n", a[lane], b[lane], c[lane], expected, actual);
  }
}

/// A significand with few bits set, or with random ones: sums are then often on a midpoint or right next to one.
static uint32_t random_significand(uint64_t x) {
  const uint32_t sparse = 1u << (x & 31) | 1u << (x >> 5 & 31);
  return (x >> 63 ? (uint32_t)(x >> 20) : x >> 62 & 1 ? sparse : 0u - sparse) & 0x7fffff;
}

static float random_float(int exponent) {
  const uint64_t x = next_random();
  exponent = exponent < 0 ? 0 : exponent > 254 ? 254 : exponent;
  return float_of((uint32_t)(next_random() & 1) << 31 | (uint32_t)exponent << 23 | random_significand(x));
}

/// Exponents chosen so that the addend is near the product, above it or far below it, over the whole range.
static void check_random(uint64_t count) {
  for (uint64_t i = 0; i < count; i += 4) {
    float a[4], b[4], c[4];
    for (int lane = 0; lane < 4; lane++) {
      const int first = (int)(next_random() % 255), product = (int)(next_random() % 330) - 40;
      a[lane] = random_float(first);
      b[lane] = random_float(product - first + 127);
      c[lane] = random_float(product + (int)(next_random() % 110) - 55);
    }
    check(a, b, c);
  }
}

static void check_special(void) {
  const float values[] = {0, 0x1p-149f, 0x1.8p-148f, 0x1.fffffcp-127f, 0x1p-126f, 0x1.000002p-126f, 0x1p-75f, 0x1p-74f,
                          0x1.fffffep-1f, 1, 0x1.000002p0f, 3, 0x1.fffffep63f, 0x1p64f, 0x1p103f, 0x1p104f,
                          0x1.fffffep127f, INFINITY, NAN};
  const int count = sizeof values / sizeof *values * 2;
  for (int i = 0; i < count; i++)
    for (int j = 0; j < count; j++)
      for (int k = 0; k < count; k++) {
        const float a = i & 1 ? -values[i / 2] : values[i / 2], b = j & 1 ? -values[j / 2] : values[j / 2];
        const float c = k & 1 ? -values[k / 2] : values[k / 2];
        check((float[]){a, a, a, a}, (float[]){b, b, b, b}, (float[]){c, c, c, c});
      }
}

int main(int count, char **arguments) {
  check_special();
  check_random((uint64_t)(count > 1 ? atoll(arguments[1]) : 20) * 1000000);
  printf("%" PRIu64 " cases, %" PRIu64 " faults\n", cases, faults);
  return faults != 0;
}
