// Forwards each elementary function to the variant in use, or to the accurate path.
#include "AccurateFunctions.h"
#include "Variant.h"

#define FORWARD(name)                                                                                       \
  void signet_##name##_float(const float *x, float *y, size_t count) { signet_variant->name##_float(x, y, count); } \
  void signet_##name##_float_accurate(const float *x, float *y, size_t count) {                             \
    for (size_t i = 0; i < count; i++) y[i] = signet_##name##_float_at(x[i]);                               \
  }                                                                                                         \
  void signet_##name##_double(const double *x, double *y, size_t count) {                                   \
    for (size_t i = 0; i < count; i++) y[i] = signet_##name##_double_at(x[i]);                              \
  }
SIGNET_FUNCTIONS(FORWARD)
