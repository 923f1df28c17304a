// Elementary functions, elementwise.
//
//   void signet_NAME_float(const float *x, float *y, size_t count);           y[i] = NAME(x[i]), i = 0 ..< count
//   void signet_NAME_double(const double *x, double *y, size_t count);
//   void signet_NAME_float_accurate(const float *x, float *y, size_t count);  the same bits, slowly
//
// NAME    function                        special values
// exp     e^x                             exp(-inf) = +0, exp(inf) = inf
// log     ln x                            log(±0) = -inf, log(inf) = inf, log(x) = NaN for x < 0
// log1p   ln(1 + x)                       log1p(±0) = ±0, log1p(-1) = -inf, log1p(inf) = inf, NaN for x < -1
// erf     2/sqrt(pi) ∫₀ˣ e^(-t²) dt       erf(±0) = ±0, erf(±inf) = ±1
// erfc    1 - erf x                       erfc(inf) = +0, erfc(-inf) = 2
// tanh    (e^2x - 1)/(e^2x + 1)           tanh(±0) = ±0, tanh(±inf) = ±1
// sinpi   sin(pi x)                       sinpi(±n) = ±0 for whole n >= 0, NaN for x = ±inf
// cospi   cos(pi x)                       cospi(n + 1/2) = +0, NaN for x = ±inf
//
// NaN gives NaN, and every NaN result is the one quiet NaN 0x7fc00000 (in double 0x7ff8000000000000), whatever the
// argument's payload and sign. Overflow gives infinity; results in the subnormal range are rounded like all others.
//
// Float: correctly rounded (to nearest, ties to even) for each of the 2^32 arguments; ci/exhaustive checks them all.
// So the bits depend on nothing else: not on the processor, the variant, the array's length or the element's place.
// Double: an evaluation in double-double arithmetic off by less than 2^-90, rounded once; so off by less than
// 0.5 + 2^-37 ulp, the same bits everywhere.
//
// y may equal x (in place); otherwise the two must not overlap. Neither need be aligned. The floating-point environment
// must be the default one: round to nearest, subnormals kept.
#ifndef SIGNET_FUNCTIONS_H
#define SIGNET_FUNCTIONS_H

#include <stddef.h>

/// All the functions, for lists made by macro.
#define SIGNET_FUNCTIONS(X) X(exp) X(log) X(log1p) X(erf) X(erfc) X(tanh) X(sinpi) X(cospi)

#define SIGNET_DECLARE(name)                                                   \
  void signet_##name##_float(const float *x, float *y, size_t count);          \
  void signet_##name##_float_accurate(const float *x, float *y, size_t count); \
  void signet_##name##_double(const double *x, double *y, size_t count);
SIGNET_FUNCTIONS(SIGNET_DECLARE)
#undef SIGNET_DECLARE

#endif
