// Forwards the passes to the variant in use.
#include "Variant.h"

struct signet_pass_shape signet_pass_shape(enum signet_pass pass) {
  static const struct signet_pass_shape shapes[] = {
#define MEMBER(name, swift, inputs, channels, outputs, constants) {#swift, inputs, channels, outputs, constants},
      SIGNET_PASSES(MEMBER)
#undef MEMBER
  };
  return shapes[pass];
}

struct signet_window_shape signet_window_shape(enum signet_window_pass pass) {
  static const struct signet_window_shape shapes[] = {
#define MEMBER(name, swift, windows, numbers, window_outputs, number_outputs, constants) \
  {#swift, windows, numbers, window_outputs, number_outputs, constants},
      SIGNET_WINDOW_PASSES(MEMBER)
#undef MEMBER
  };
  return shapes[pass];
}

#define FORWARD(REAL)                                                                                                 \
  void signet_pass_##REAL(enum signet_pass pass, const REAL *const *inputs, const REAL *const *channels,              \
                          REAL *const *outputs, const REAL *constants, size_t pixels, size_t channel_count,           \
                          size_t first, size_t count) {                                                               \
    signet_variant->pass_##REAL(pass, inputs, channels, outputs, constants, pixels, channel_count, first, count);     \
  }                                                                                                                   \
  void signet_pass_sums_##REAL(enum signet_pass pass, const REAL *const *inputs, const REAL *const *channels,         \
                               const REAL *constants, size_t pixels, size_t channel_count, size_t rows,               \
                               size_t columns, size_t first, size_t count, REAL *const *sums) {                       \
    signet_variant->pass_sums_##REAL(pass, inputs, channels, constants, pixels, channel_count, rows, columns, first,  \
                                     count, sums);                                                                    \
  }                                                                                                                   \
  void signet_windows_##REAL(enum signet_window_pass pass, const REAL *const *windows, const REAL *const *numbers,    \
                             REAL *const *window_outputs, REAL *const *number_outputs, const REAL *constants,         \
                             size_t height, size_t width, size_t first, size_t count) {                               \
    signet_variant->windows_##REAL(pass, windows, numbers, window_outputs, number_outputs, constants, height, width,  \
                                   first, count);                                                                     \
  }
FORWARD(float)
FORWARD(double)
#undef FORWARD

#define FORWARD(REAL)                                                                                                 \
  void signet_weight_probabilities_##REAL(const struct signet_weights_##REAL *weights, REAL *p, size_t first,         \
                                          size_t count) {                                                             \
    signet_variant->weight_probabilities_##REAL(weights, p, first, count);                                            \
  }                                                                                                                   \
  void signet_weight_moments_##REAL(const struct signet_weights_##REAL *weights, size_t first, size_t count) {        \
    signet_variant->weight_moments_##REAL(weights, first, count);                                                     \
  }                                                                                                                   \
  void signet_weight_divergence_##REAL(const struct signet_weights_##REAL *weights, REAL *divergence, size_t first,   \
                                       size_t count) {                                                                \
    signet_variant->weight_divergence_##REAL(weights, divergence, first, count);                                      \
  }                                                                                                                   \
  void signet_weight_gradient_##REAL(const struct signet_weights_##REAL *weights, const REAL *d_mean,                 \
                                     const REAL *d_variance, REAL *gradient, size_t first, size_t count) {            \
    signet_variant->weight_gradient_##REAL(weights, d_mean, d_variance, gradient, first, count);                      \
  }                                                                                                                   \
  void signet_weight_step_##REAL(const struct signet_weights_##REAL *weights, const REAL *d_mean,                     \
                                 const REAL *d_variance, REAL *adam_first, REAL *adam_second,                         \
                                 struct signet_adam_step_##REAL step, REAL limit, size_t first, size_t count) {       \
    signet_variant->weight_step_##REAL(weights, d_mean, d_variance, adam_first, adam_second, step, limit, first,      \
                                       count);                                                                        \
  }                                                                                                                   \
  void signet_sqrt_##REAL(const REAL *x, REAL *y, size_t count) { signet_variant->sqrt_##REAL(x, y, count); }         \
  void signet_clip_##REAL(REAL *parameters, REAL limit, size_t count) {                                               \
    signet_variant->clip_##REAL(parameters, limit, count);                                                            \
  }                                                                                                                   \
  void signet_adam_##REAL(REAL *parameters, const REAL *gradients, REAL *first, REAL *second, size_t count,           \
                          struct signet_adam_step_##REAL step) {                                                      \
    signet_variant->adam_##REAL(parameters, gradients, first, second, count, step);                                   \
  }
FORWARD(float)
FORWARD(double)
