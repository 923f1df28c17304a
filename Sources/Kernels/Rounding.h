// Rounds a pair with an exponent to the nearest float or double, in one rounding.
#ifndef SIGNET_ROUNDING_H
#define SIGNET_ROUNDING_H

#include "DoubleDouble.h"

/// (value.high + value.low) 2^exponent. Where the exponent is not 0, |value.high| lies in [2^-800, 2^100].
struct scaled {
  struct pair value;
  int exponent;
};

INLINE struct scaled scaled_of(struct pair value, int exponent) {
  struct scaled x = {value, exponent};
  return x;
}

/// 2^n, -1022 <= n <= 1023.
INLINE double power_of_two(int n) { return of_bits((uint64_t)(n + 1023) << 52); }

/// x 2^n, rounded once: only the last multiplication can be inexact. Beyond |n| = 1200 the result is the same as there.
INLINE double times_power_of_two(double x, int n) {
  if (n > 1200) n = 1200;
  if (n < -1200) n = -1200;
  int last = n < 0 ? -400 : n / 2;
  return x * power_of_two(n - last) * power_of_two(last);
}

INLINE double rounded_to_double(struct scaled x) {
  double high = x.value.high, low = x.value.low;
  if (high != high) return NOT_A_NUMBER;
  if (x.exponent == 0) return high;
  double result = times_power_of_two(high, x.exponent);
  if (x.exponent < -1200 || ABS(result) >= 0x1p-1021) return result;
  // A subnormal: `high` has been rounded to double once, so decide by what both roundings left, in units of `high`.
  double half_ulp = times_power_of_two(1, -1075 - x.exponent);
  struct pair rest = two_sum(high - times_power_of_two(result, -x.exponent), low);
  if (rest.high > half_ulp || (rest.high == half_ulp && rest.low > 0)) result += 0x1p-1074;
  if (rest.high < -half_ulp || (rest.high == -half_ulp && rest.low < 0)) result -= 0x1p-1074;
  return result;
}

INLINE float rounded_to_float(struct scaled x) {
  double high = x.value.high, low = x.value.low;
  if (high != high) return (float)NOT_A_NUMBER;
  // Round to odd: a last bit of 1 says "inexact", so that the second rounding is as good as rounding once.
  uint64_t bits = bits_of(high);
  if (low != 0 && !(bits & 1)) bits += (high > 0) == (low > 0) ? 1 : -1;
  return (float)times_power_of_two(of_bits(bits), x.exponent);
}

#endif
