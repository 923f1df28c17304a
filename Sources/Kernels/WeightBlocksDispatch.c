// Forwards the weight blocks to the variant in use.
#include "Variant.h"

#define FORWARD(REAL)                                                                                             \
  void signet_softmax_##REAL(const REAL *logits, size_t stride, REAL *p, size_t p_stride, size_t kinds,           \
                             size_t count) {                                                                      \
    signet_variant->softmax_##REAL(logits, stride, p, p_stride, kinds, count);                                    \
  }                                                                                                               \
  void signet_moments_##REAL(const REAL *p, size_t stride, const REAL *values, size_t kinds, REAL *mean,          \
                             REAL *variance, size_t count) {                                                      \
    signet_variant->moments_##REAL(p, stride, values, kinds, mean, variance, count);                              \
  }                                                                                                               \
  void signet_softmax_gradient_##REAL(REAL *p, size_t stride, const REAL *values, size_t kinds, const REAL *mean, \
                                      const REAL *variance, const REAL *d_mean, const REAL *d_variance,           \
                                      size_t count) {                                                             \
    signet_variant->softmax_gradient_##REAL(p, stride, values, kinds, mean, variance, d_mean, d_variance, count); \
  }                                                                                                               \
  void signet_sqrt_##REAL(const REAL *x, REAL *y, size_t count) { signet_variant->sqrt_##REAL(x, y, count); }     \
  void signet_clip_##REAL(REAL *parameters, REAL limit, size_t count) {                                           \
    signet_variant->clip_##REAL(parameters, limit, count);                                                        \
  }                                                                                                               \
  void signet_adam_##REAL(REAL *parameters, const REAL *gradients, REAL *first, REAL *second, size_t count,       \
                          struct signet_adam_step_##REAL step) {                                                  \
    signet_variant->adam_##REAL(parameters, gradients, first, second, count, step);                               \
  }

FORWARD(float)
FORWARD(double)
