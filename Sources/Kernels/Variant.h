// The table of one compiled variant of the kernels. Internal to the module.
#ifndef SIGNET_VARIANT_H
#define SIGNET_VARIANT_H

#include "Kernels.h"

struct signet_variant {
  const char *name;
#define SIGNET_MEMBER(name) void (*name##_float)(const float *x, float *y, size_t count);
  SIGNET_FUNCTIONS(SIGNET_MEMBER)
#undef SIGNET_MEMBER
  bool (*matmul_float)(bool, bool, size_t, size_t, size_t, const float *, size_t, const float *, size_t, float *,
                       size_t);
  bool (*matmul_double)(bool, bool, size_t, size_t, size_t, const double *, size_t, const double *, size_t, double *,
                        size_t);
  bool (*convolution_float)(struct signet_convolution, const float *, const float *, float *);
  bool (*convolution_double)(struct signet_convolution, const double *, const double *, double *);
  bool (*convolution_weights_float)(struct signet_convolution, size_t, size_t, const float *, const float *, float *);
  bool (*convolution_weights_double)(struct signet_convolution, size_t, size_t, const double *, const double *,
                                     double *);
  void (*bit_product)(size_t, size_t, size_t, size_t, const uint64_t *, const struct signet_bit_term *, size_t,
                      const int32_t *, const uint32_t *, int32_t *);
  void (*bit_signs)(size_t, size_t, const int32_t *, const int32_t *, const uint64_t *, uint64_t *);
  void (*bit_planes)(const uint8_t *, size_t, size_t, size_t, uint64_t *);
  void (*byte_product)(size_t, size_t, size_t, const uint8_t *, const int8_t *, int, const int32_t *, const uint32_t *,
                       int32_t *);
  double (*bit_ceiling_work)(size_t), (*byte_ceiling_work)(size_t), (*product_ceiling_work_float)(size_t);
  void (*philox_block)(struct signet_philox, uint32_t[4]);
  void (*uniform_float)(struct signet_philox, float *, size_t);
  void (*uniform_double)(struct signet_philox, double *, size_t);
#define SIGNET_MEMBERS(REAL)                                                                                           \
  void (*weight_probabilities_##REAL)(const struct signet_weights_##REAL *, REAL *, size_t, size_t);                  \
  void (*weight_moments_##REAL)(const struct signet_weights_##REAL *, size_t, size_t);                                \
  void (*weight_divergence_##REAL)(const struct signet_weights_##REAL *, REAL *, size_t, size_t);                     \
  void (*weight_gradient_##REAL)(const struct signet_weights_##REAL *, const REAL *, const REAL *, REAL *, size_t,    \
                                 size_t);                                                                             \
  void (*weight_step_##REAL)(const struct signet_weights_##REAL *, const REAL *, const REAL *, REAL *, REAL *,        \
                             struct signet_adam_step_##REAL, REAL, size_t, size_t);                                   \
  void (*clip_##REAL)(REAL *, REAL, size_t);                                                                          \
  void (*adam_##REAL)(REAL *, const REAL *, REAL *, REAL *, size_t, struct signet_adam_step_##REAL);                  \
  void (*sqrt_##REAL)(const REAL *, REAL *, size_t);                                                                  \
  void (*pass_##REAL)(enum signet_pass, const REAL *const *, const REAL *const *, REAL *const *, const REAL *,        \
                      size_t, size_t, size_t, size_t);                                                                \
  void (*pass_sums_##REAL)(enum signet_pass, const REAL *const *, const REAL *const *, const REAL *, size_t, size_t,  \
                           size_t, size_t, size_t, size_t, REAL *const *);                                            \
  void (*windows_##REAL)(enum signet_window_pass, const REAL *const *, const REAL *const *, REAL *const *,            \
                         REAL *const *, const REAL *, size_t, size_t, size_t, size_t);                                \
  void (*logistic_##REAL)(struct signet_philox, REAL *, size_t);                                                      \
  void (*normal_##REAL)(struct signet_philox, REAL *, size_t);
  SIGNET_MEMBERS(float)
  SIGNET_MEMBERS(double)
#undef SIGNET_MEMBERS
};

extern const struct signet_variant signet_variant_plain;
#if defined(__x86_64__)
extern const struct signet_variant signet_variant_avx2;
extern const struct signet_variant signet_variant_avx512;
/// The variant avx512 with the bit product of processors that have VPOPCNTDQ.
struct signet_variant signet_variant_with_popcount(const struct signet_variant *avx512);
#endif

/// The variant in use, chosen before `main`.
extern const struct signet_variant *signet_variant;

#endif
