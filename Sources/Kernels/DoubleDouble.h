// Arithmetic on pairs of doubles: the unevaluated sum high + low, |low| <= ulp(high)/2, about 106 bits.
// Joldes, Muller, Popescu, "Tight and rigorous error bounds for basic building blocks of double-word arithmetic",
// ACM TOMS 44 (2017), doi:10.1145/3121432: each operation here is off by a few times 2^-106 at most.
#ifndef SIGNET_DOUBLE_DOUBLE_H
#define SIGNET_DOUBLE_DOUBLE_H

#include "Dialect.h"

struct pair {
  double high, low;
};

INLINE struct pair pair_of(double high, double low) {
  struct pair x = {high, low};
  return x;
}

/// a + b exactly, given |a| >= |b| or a = 0.
INLINE struct pair quick_two_sum(double a, double b) {
  double sum = a + b;
  return pair_of(sum, b - (sum - a));
}

/// a + b exactly.
INLINE struct pair two_sum(double a, double b) {
  double sum = a + b;
  double of_b = sum - a;
  double of_a = sum - of_b;
  return pair_of(sum, (a - of_a) + (b - of_b));
}

/// a b exactly, unless the low part underflows.
INLINE struct pair two_product(double a, double b) {
  double product = a * b;
  return pair_of(product, FMA(a, b, -product));
}

INLINE struct pair pair_negated(struct pair a) { return pair_of(-a.high, -a.low); }

/// a times a power of two.
INLINE struct pair pair_scaled(struct pair a, double power) {
  return pair_of(a.high * power, a.low * power);
}

INLINE struct pair pair_plus_double(struct pair a, double b) {
  struct pair sum = two_sum(a.high, b);
  return quick_two_sum(sum.high, sum.low + a.low);
}

/// The relative error stays small even when a and b cancel.
INLINE struct pair pair_plus(struct pair a, struct pair b) {
  struct pair high = two_sum(a.high, b.high);
  struct pair low = two_sum(a.low, b.low);
  struct pair sum = quick_two_sum(high.high, high.low + low.high);
  return quick_two_sum(sum.high, sum.low + low.low);
}

INLINE struct pair pair_times_double(struct pair a, double b) {
  struct pair product = two_product(a.high, b);
  return quick_two_sum(product.high, FMA(a.low, b, product.low));
}

INLINE struct pair pair_times(struct pair a, struct pair b) {
  struct pair product = two_product(a.high, b.high);
  double cross = FMA(a.high, b.low, a.low * b.high);
  return quick_two_sum(product.high, product.low + cross);
}

INLINE struct pair pair_over(struct pair a, struct pair b) {
  double quotient = a.high / b.high;
  struct pair rest = pair_plus(a, pair_negated(pair_times_double(b, quotient)));
  double correction = rest.high / b.high;
  rest = pair_plus(rest, pair_negated(pair_times_double(b, correction)));
  struct pair sum = quick_two_sum(quotient, correction);
  return pair_plus_double(sum, rest.high / b.high);
}

#endif
