// The truth that exhaustive.c compares with: the C library's double functions, and MPFR.
#ifndef SIGNET_EXHAUSTIVE_H
#define SIGNET_EXHAUSTIVE_H

#include <math.h>
#include <mpfr.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "Kernels.h"

struct function {
  const char *name;
  void (*in_float)(const float *, float *, size_t);
  void (*in_double)(const double *, double *, size_t);
  double (*libm)(double);
  int (*mpfr)(mpfr_t, const mpfr_t, mpfr_rnd_t);
  double low, high;  // Where the function is neither constant nor infinite, for samples.
};

/// sin(pi x) for an x that is exact in float; the reduction is exact.
static double sinpi_by_libm(double x) {
  if (fabs(x) >= 0x1p24 && fabs(x) < HUGE_VAL) return copysign(0, x);
  double r = remainder(x, 2);
  if (fabs(r) > 0.5) r = copysign(1, r) - r;
  return r == 0 ? copysign(0, x) : sin(M_PI * r);
}

static double cospi_by_libm(double x) {
  if (fabs(x) >= 0x1p24 && fabs(x) < HUGE_VAL) return 1;
  return sin(M_PI * (0.5 - fabs(remainder(x, 2))));
}

#define FUNCTION(name, libm, low, high) \
  {#name, signet_##name##_float, signet_##name##_double, libm, mpfr_##name, low, high}
static const struct function functions[] = {
    FUNCTION(exp, exp, -750, 715),          FUNCTION(log, log, 0, 4),
    FUNCTION(log1p, log1p, -1, 3),          FUNCTION(erf, erf, -7, 7),
    FUNCTION(erfc, erfc, -7, 28),           FUNCTION(tanh, tanh, -23, 23),
    FUNCTION(sinpi, sinpi_by_libm, -10, 10), FUNCTION(cospi, cospi_by_libm, -10, 10),
    {0},
};

static inline float float_of(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static inline uint32_t bits_of_float(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline uint64_t bits_of_double(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

struct scratch {
  mpfr_t x, narrow24, narrow53, wide, other;
};

static void scratch_init(struct scratch *s) {
  mpfr_init2(s->x, 53);
  mpfr_init2(s->narrow24, 24);
  mpfr_init2(s->narrow53, 53);
  mpfr_init2(s->wide, 140);
  mpfr_init2(s->other, 140);
}

static void scratch_clear(struct scratch *s) {
  mpfr_clears(s->x, s->narrow24, s->narrow53, s->wide, s->other, (mpfr_ptr)0);
  mpfr_free_cache();
}

/// Correctly rounded in the format whose exponent range is given, subnormals too.
static void round_by_mpfr(mpfr_t y, const struct function *f, const mpfr_t x, mpfr_exp_t emin, mpfr_exp_t emax) {
  mpfr_exp_t old_min = mpfr_get_emin(), old_max = mpfr_get_emax();
  mpfr_set_emin(emin);
  mpfr_set_emax(emax);
  int ternary = f->mpfr(y, x, MPFR_RNDN);
  ternary = mpfr_check_range(y, ternary, MPFR_RNDN);
  mpfr_subnormalize(y, ternary, MPFR_RNDN);
  mpfr_set_emin(old_min);
  mpfr_set_emax(old_max);
}

static float float_by_mpfr(struct scratch *s, const struct function *f, float x) {
  mpfr_set_flt(s->x, x, MPFR_RNDN);
  round_by_mpfr(s->narrow24, f, s->x, -148, 128);
  return mpfr_nan_p(s->narrow24) ? float_of(0x7fc00000) : mpfr_get_flt(s->narrow24, MPFR_RNDN);
}

static double double_by_mpfr(struct scratch *s, const struct function *f, double x) {
  mpfr_set_d(s->x, x, MPFR_RNDN);
  round_by_mpfr(s->narrow53, f, s->x, -1073, 1024);
  return mpfr_nan_p(s->narrow53) ? __builtin_nan("") : mpfr_get_d(s->narrow53, MPFR_RNDN);
}

/// Whether r has a relative error below 2^-44; true where r is not a normal number.
static bool within_bound(struct scratch *s, const struct function *f, float x, double r) {
  if (!isnormal(r)) return true;
  mpfr_set_flt(s->x, x, MPFR_RNDN);
  f->mpfr(s->wide, s->x, MPFR_RNDN);
  mpfr_d_sub(s->other, r, s->wide, MPFR_RNDN);
  mpfr_div(s->other, s->other, s->wide, MPFR_RNDN);
  return fabs(mpfr_get_d(s->other, MPFR_RNDN)) < 0x1p-44;
}

/// The function's relative distance from the midpoint of two floats; returns false if it is not a normal float.
static bool midpoint_distance(struct scratch *s, const struct function *f, float x, double *distance) {
  mpfr_set_flt(s->x, x, MPFR_RNDN);
  f->mpfr(s->wide, s->x, MPFR_RNDN);
  if (mpfr_cmpabs_ui(s->wide, 0) == 0 || mpfr_get_exp(s->wide) < -125 || mpfr_get_exp(s->wide) > 128) return false;
  mpfr_set(s->other, s->wide, MPFR_RNDN);
  mpfr_prec_round(s->other, 25, MPFR_RNDN);
  mpfr_prec_round(s->other, 140, MPFR_RNDN);
  mpfr_sub(s->other, s->other, s->wide, MPFR_RNDN);
  mpfr_div(s->other, s->other, s->wide, MPFR_RNDN);
  *distance = fabs(mpfr_get_d(s->other, MPFR_RNDN));
  return true;
}

/// |y - f(x)| in units of the last place of f(x), which in the subnormal range is 2^-1074.
static double error_in_ulps(struct scratch *s, const struct function *f, double x, double y) {
  mpfr_set_d(s->x, x, MPFR_RNDN);
  f->mpfr(s->wide, s->x, MPFR_RNDN);
  mpfr_exp_t exponent = mpfr_zero_p(s->wide) ? -1074 : mpfr_get_exp(s->wide) - 53;
  if (exponent < -1074) exponent = -1074;
  mpfr_d_sub(s->other, y, s->wide, MPFR_RNDN);
  mpfr_div_2si(s->other, s->other, exponent, MPFR_RNDN);
  return fabs(mpfr_get_d(s->other, MPFR_RNDN));
}

/// Takes turns: any bit pattern; uniform where the function varies; near its zeros and ones, at all scales.
static double sample_double(const struct function *f, uint64_t *state, uint64_t index) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  uint64_t mixed = *state ^ *state >> 29;
  mixed = (mixed * 0xbf58476d1ce4e5b9) ^ (mixed * 0xbf58476d1ce4e5b9) >> 32;
  double uniform = (double)(mixed >> 11) * 0x1p-53;
  double x;
  switch (index % 3) {
    case 0: memcpy(&x, &mixed, sizeof x); return x;
    case 1: return f->low + (f->high - f->low) * uniform;
    default: x = ldexp(1 + uniform, -(int)(mixed & 63)); return mixed & 64 ? x : index % 2 ? 1 + x : -x;
  }
}

#endif
