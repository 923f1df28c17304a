// Compares the integer arithmetic of an exported network's scores with the processor's floats, on many numbers: all pairs of edges, and
// random ones. Prints how many were compared; fails at the first difference.
#include "net.c"

#include <stdio.h>
#include <stdlib.h>

static uint64_t state = 88172645463325252u;

static uint64_t next(void)
{
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state * 2685821657736338717u;
}

static uint32_t bits_of(float value)
{
  union {
    float value;
    uint32_t bits;
  } both;
  both.value = value;
  return both.bits;
}

static float float_of(uint32_t bits)
{
  union {
    uint32_t bits;
    float value;
  } both;
  both.bits = bits;
  return both.value;
}

// The order of keys must be that of the floats.
static void compare_keys(uint32_t a, uint32_t b)
{
  const float x = float_of(a), y = float_of(b);
  if ((net_key(a) < net_key(b)) == (x < y) || (x == 0 && y == 0)) return;
  printf("keys of %a and %a\n", x, y);
  exit(1);
}

static void compare_sum(uint32_t a, uint32_t b)
{
  const volatile float expected = float_of(a) + float_of(b);
  const uint32_t bits = bits_of(expected), found = net_add(a, b);
  const uint32_t exponent = (bits >> 23) & 255u;
  compare_keys(a, b);
  // Neither arises from a product and a shift.
  if (exponent == 255 || (exponent == 0 && (bits << 1) != 0) || ((a | b) << 1) == 0) return;
  if (bits == found || ((bits << 1) == 0 && (found << 1) == 0)) return;
  printf("%a + %a: expected %a, found %a\n", float_of(a), float_of(b), expected, float_of(found));
  exit(1);
}

static void compare_product(int32_t sum, uint32_t factor)
{
  const volatile float expected = (float)sum * float_of(factor);
  const uint32_t magnitude = sum < 0 ? 0u - (uint32_t)sum : (uint32_t)sum;
  const uint32_t found = net_round(sum < 0 ? 0x80000000u : 0u, (uint64_t)magnitude * ((factor & 0x7fffffu) | 0x800000u),
                                   (int32_t)(factor >> 23) - 150);
  if (bits_of(expected) == found) return;
  printf("%d * %a: expected %a, found %a\n", sum, float_of(factor), expected, float_of(found));
  exit(1);
}

// Finite, with an exponent near that of 1 in three of four.
static uint32_t any(void)
{
  const uint32_t bits = (uint32_t)(next() >> 32), kind = (uint32_t)(next() >> 60);
  if (kind < 4) return ((bits >> 23) & 255u) == 255u ? bits ^ 0x800000u : bits;
  // Few bits of the mantissa make ties.
  const uint32_t mantissa = kind < 10 ? bits & 0x7fffffu : bits & (0x7fffffu << (bits >> 28)) & 0x7fffffu;
  return (bits & 0x80000000u) | ((100u + (uint32_t)(next() >> 58)) << 23) | mantissa;
}

int main(int count, char **arguments)
{
  static const uint32_t edges[] = {
      0,          1,          0x7fffff,   0x800000,   0x800001,   0x33800000, 0x33800001, 0x33ffffff, 0x34000000,
      0x3f7fffff, 0x3f800000, 0x3f800001, 0x3fffffff, 0x40000000, 0x4b7fffff, 0x4b800000, 0x4b800001, 0x4bffffff,
      0x4c000000, 0x5f000000, 0x7f000000, 0x7f7ffffe, 0x7f7fffff,
  };
  const uint32_t edge_count = sizeof edges / sizeof *edges;
  const long rounds = count > 1 ? atol(arguments[1]) : 1000000;
  for (uint32_t i = 0; i < 4 * edge_count * edge_count; i++) {
    const uint32_t a = edges[i / 4 % edge_count] | (i & 1u) << 31, b = edges[i / 4 / edge_count] | (i & 2u) << 30;
    compare_sum(a, b);
  }
  for (long i = 0; i < rounds; i++) {
    const uint32_t a = any(), b = any();
    const int32_t sum = (int32_t)(next() >> 40) * ((i & 1) != 0 ? 1 : -1) / (int32_t)(1u << (next() >> 59) % 25) + 1;
    const uint32_t factor = ((95u + (uint32_t)(next() >> 58)) << 23) | ((uint32_t)next() & 0x7fffffu);
    compare_sum(a, b);
    compare_sum(a, (a ^ 0x80000000u) + (uint32_t)(next() >> 60));
    if (sum != 0) compare_product(sum, factor);
  }
  printf("%ld\n", rounds);
  return 0;
}
