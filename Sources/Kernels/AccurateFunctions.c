// The elementary functions over the whole double range, in double-double arithmetic: slow, and accurate to about 2^-90
// before the single rounding at the end. The fast path calls them where its own accuracy does not settle the rounding.
#pragma STDC FP_CONTRACT OFF
#include "AccurateFunctions.h"

#include <stdbool.h>
#include <stdint.h>

#include "DoubleDouble.h"
#define SIGNET_PAIR_CONSTANTS
#include "Coefficients.h"
#include "Rounding.h"

static const struct scaled not_a_number = {{__builtin_nan(""), 0}, 0};
static const struct scaled infinity = {{__builtin_inf(), 0}, 0};
static const struct scaled minus_infinity = {{-__builtin_inf(), 0}, 0};
static const struct scaled overflowing = {{1, 0}, 2000};
static const struct scaled vanishing = {{1, 0}, -2000};
/// Below this magnitude the first term of a series equals the function to more than the accuracy of a pair.
static const double linear = 0x1p-100;

static struct scaled exactly(double x) { return (struct scaled){{x, 0}, 0}; }
static struct scaled unscaled(struct pair x) { return (struct scaled){x, 0}; }

/// x times the constant, for an x so small that the low part of the product might underflow.
static struct scaled tiny_times(double x, struct pair constant) {
  if (x == 0) return exactly(x);
  return (struct scaled){pair_times_double(constant, x * 0x1p300), -300};
}

/// The value of a function that is within 2^-100 of `limit` (a whole number) and smaller in magnitude.
static struct scaled almost(double limit) { return (struct scaled){{limit, limit * -0x1p-110}, 0}; }

// MARK: - Exponential

/// e^r - 1 = r + r^2/2! + r^3/3! + ..., |r| <= ln(2)/2.
static struct pair exponential_minus_one_reduced(struct pair r) {
  struct pair sum = INVERSE_FACTORIAL[28];
  for (int n = 27; n >= 1; n--) sum = pair_plus(pair_times(sum, r), INVERSE_FACTORIAL[n]);
  return pair_times(sum, r);
}

/// x = n ln 2 + r, where |r| exceeds ln(2)/2 by a trifle at most, for |x| < 2^11.
static struct pair reduce_exponent(struct pair x, int *exponent) {
  double n = x.high * LOG2_E + 0x1.8p52 - 0x1.8p52;
  *exponent = (int)n;
  struct pair r = pair_plus(x, pair_negated(two_product(n, LN2)));
  r = pair_plus(r, pair_negated(two_product(n, LN2_LOW)));
  return pair_plus_double(r, -n * LN2_LOWEST);
}

static struct scaled exponential_of_pair(struct pair x) {
  if (x.high > 800) return overflowing;
  if (x.high < -800) return vanishing;
  struct scaled result;
  struct pair r = reduce_exponent(x, &result.exponent);
  result.value = pair_plus_double(exponential_minus_one_reduced(r), 1);
  return result;
}

static struct scaled exponential(double x) {
  if (x != x) return not_a_number;
  // A little more than 1 + x, which may lie halfway between two doubles: a pair has no room for x^2/2.
  if (__builtin_fabs(x) < 0x1p-52) return unscaled(quick_two_sum(1, x + __builtin_fabs(x) * 0x1p-52));
  return exponential_of_pair((struct pair){x, 0});
}

/// tanh x = t / (t + 2), t = e^(2|x|) - 1, with the sign of x.
static struct scaled hyperbolic_tangent(double x) {
  if (x != x) return not_a_number;
  double size = __builtin_fabs(x), sign = __builtin_copysign(1, x);
  if (size > 40) return almost(sign);
  if (size < linear) return exactly(x);
  int exponent;
  struct pair r = reduce_exponent((struct pair){2 * size, 0}, &exponent);
  struct pair t = exponential_minus_one_reduced(r);
  if (exponent != 0) {
    double power = power_of_two(exponent);
    t = pair_plus_double(pair_plus_double(pair_scaled(t, power), power), -1);
  }
  return unscaled(pair_scaled(pair_over(t, pair_plus_double(t, 2)), sign));
}

// MARK: - Logarithm

/// ln(2^k (1 + f)) = k ln 2 + 2 artanh s, s = f / (2 + f), sqrt(1/2) <= 1 + f <= sqrt(2).
static struct scaled logarithm_reduced(struct pair f, int k) {
  struct pair s = pair_over(f, pair_plus_double(f, 2));
  struct pair z = pair_times(s, s);
  struct pair sum = INVERSE_ODD[22];
  for (int j = 21; j >= 0; j--) sum = pair_plus(pair_times(sum, z), INVERSE_ODD[j]);
  struct pair result = pair_scaled(pair_times(sum, s), 2);
  if (k == 0) return unscaled(result);
  struct pair shift = pair_plus(two_product(k, LN2), two_product(k, LN2_LOW));
  return unscaled(pair_plus(shift, result));
}

/// k with x = 2^k m, sqrt(1/2) <= m < sqrt(2), for a normal x > 0.
static int nearest_exponent(double x) {
  const uint64_t root_half = 0x3fe6a09e667f3bcd, one = 0x3ff0000000000000;
  return (int)((bits_of(x) + (one - root_half)) >> 52) - 1023;
}

static struct scaled logarithm(double x) {
  if (x != x || x < 0) return not_a_number;
  if (x == 0) return minus_infinity;
  if (x == __builtin_inf()) return infinity;
  int lift = x < 0x1p-1022 ? 64 : 0;
  if (lift) x *= 0x1p64;
  int k = nearest_exponent(x);
  return logarithm_reduced((struct pair){times_power_of_two(x, -k) - 1, 0}, k - lift);
}

static struct scaled logarithm_of_one_plus(double x) {
  if (x != x || x < -1) return not_a_number;
  if (x == -1) return minus_infinity;
  if (x == __builtin_inf()) return infinity;
  if (__builtin_fabs(x) < linear) return exactly(x);
  struct pair sum = two_sum(1, x);
  int k = nearest_exponent(sum.high);
  if (k == 0) return logarithm_reduced((struct pair){x, 0}, 0);
  struct pair m = {times_power_of_two(sum.high, -k), times_power_of_two(sum.low, -k)};
  return logarithm_reduced(pair_plus_double(m, -1), k);
}

// MARK: - Sine and cosine of multiples of pi

/// 1/start! - t^2/(start + 2)! + t^4/(start + 4)! - ..., t = pi r, |r| <= 1/4: cos t for start 0, sin(t)/t for 1.
static struct pair circular_series(struct pair t, int start) {
  struct pair minus_square = pair_negated(pair_times(t, t));
  struct pair sum = INVERSE_FACTORIAL[28 + start];
  for (int n = 26 + start; n >= start; n -= 2)
    sum = pair_plus(pair_times(sum, minus_square), INVERSE_FACTORIAL[n]);
  return sum;
}

/// sin(pi (r + quarter/2)), |r| <= 1/4.
static struct scaled sine_in_quarter(double r, int quarter) {
  struct pair pi = {PI, PI_LOW};
  double sign = quarter & 2 ? -1 : 1;
  bool cosine = quarter & 1;
  if (!cosine && r == 0) return exactly(0);
  if (!cosine && __builtin_fabs(r) < linear) return tiny_times(sign * r, pi);
  struct pair t = pair_times_double(pi, r);
  struct pair sum = circular_series(t, !cosine);
  return unscaled(pair_scaled(cosine ? sum : pair_times(sum, t), sign));
}

/// |x| = r + quarter/2 modulo 2, |r| <= 1/4, exactly.
static double reduce_half_turns(double x, int *quarter) {
  double size = __builtin_fabs(x);
  size = size < 0x1p53 ? size - 2 * (double)(int64_t)(size * 0.5) : 0;
  *quarter = (int)(size * 2 + 0.5);
  return size - *quarter * 0.5;
}

static struct scaled sine_of_pi_times(double x) {
  if (x - x != 0) return not_a_number;
  int quarter;
  double r = reduce_half_turns(x, &quarter);
  struct scaled result = sine_in_quarter(r, quarter);
  result.value = pair_scaled(result.value, __builtin_copysign(1, x));
  return result;
}

static struct scaled cosine_of_pi_times(double x) {
  if (x - x != 0) return not_a_number;
  int quarter;
  double r = reduce_half_turns(x, &quarter);
  return sine_in_quarter(r, quarter + 1);
}

// MARK: - Error function

/// erf x = 2 x / sqrt(pi) e^(-x^2) (1 + 2x^2/3 + (2x^2)^2/(3 5) + ...): all terms positive. 2^-100 <= |x| <= 5/2.
static struct pair error_function_series(double x) {
  struct pair square = two_product(x, x);
  struct pair twice = pair_scaled(square, 2), term = {1, 0}, sum = {1, 0};
  for (int n = 1; term.high > sum.high * 0x1p-112; n++) {
    term = pair_times(pair_times(term, twice), INVERSE_ODD[n]);
    sum = pair_plus(sum, term);
  }
  struct scaled gauss = exponential_of_pair(pair_negated(square));
  sum = pair_times(sum, pair_scaled(gauss.value, power_of_two(gauss.exponent)));
  return pair_times(sum, pair_times_double((struct pair){TWO_OVER_ROOT_PI, TWO_OVER_ROOT_PI_LOW}, x));
}

/// erfc x = e^(-x^2)/sqrt(pi) / (x + (1/2)/(x + (2/2)/(x + (3/2)/(x + ...)))), x >= 5/2.
static struct scaled error_function_fraction(double x) {
  struct pair fraction = {x, 0};
  // Enough for 2^-104, found by experiment from 5/2 to 28.
  for (int k = 16 + (int)(800 / (x * x)); k >= 1; k--)
    fraction = pair_plus_double(pair_over((struct pair){k * 0.5, 0}, fraction), x);
  struct scaled result = exponential_of_pair(pair_negated(two_product(x, x)));
  result.value = pair_over(result.value, fraction);
  result.value = pair_times(result.value, (struct pair){ONE_OVER_ROOT_PI, ONE_OVER_ROOT_PI_LOW});
  return result;
}

/// limit - sign erfc(size), for 5/2 <= size <= 8.
static struct scaled complement(double limit, double sign, double size) {
  struct scaled tail = error_function_fraction(size);
  return unscaled(pair_plus_double(pair_scaled(tail.value, -sign * power_of_two(tail.exponent)), limit));
}

static struct scaled error_function(double x) {
  if (x != x) return not_a_number;
  double size = __builtin_fabs(x), sign = __builtin_copysign(1, x);
  if (size < linear) return tiny_times(x, (struct pair){TWO_OVER_ROOT_PI, TWO_OVER_ROOT_PI_LOW});
  if (size < 2.5) return unscaled(error_function_series(x));
  return size < 8 ? complement(sign, sign, size) : almost(sign);
}

static struct scaled complementary_error_function(double x) {
  if (x != x) return not_a_number;
  if (x > 28) return vanishing;
  if (x >= 2.5) return error_function_fraction(x);
  if (x <= -2.5) return x > -8 ? complement(2, 1, -x) : almost(2);
  if (__builtin_fabs(x) < linear) return almost(1);
  return unscaled(pair_plus_double(pair_negated(error_function_series(x)), 1));
}

// MARK: - One rounding

#define DEFINE(name, function)                                                        \
  float signet_##name##_float_at(float x) { return rounded_to_float(function(x)); } \
  double signet_##name##_double_at(double x) { return rounded_to_double(function(x)); }
DEFINE(exp, exponential)
DEFINE(log, logarithm)
DEFINE(log1p, logarithm_of_one_plus)
DEFINE(erf, error_function)
DEFINE(erfc, complementary_error_function)
DEFINE(tanh, hyperbolic_tangent)
DEFINE(sinpi, sine_of_pi_times)
DEFINE(cospi, cosine_of_pi_times)
