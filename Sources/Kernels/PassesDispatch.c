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
