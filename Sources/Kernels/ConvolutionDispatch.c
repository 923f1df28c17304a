// Forwards the convolutions to the variant in use.
#include "Variant.h"

#define CONVOLUTIONS(REAL)                                                                                         \
  bool signet_convolution_##REAL(struct signet_convolution shape, const REAL *x, const REAL *weights, REAL *y) {   \
    return signet_variant->convolution_##REAL(shape, x, weights, y);                                               \
  }                                                                                                                \
                                                                                                                   \
  bool signet_convolution_weights_##REAL(struct signet_convolution shape, size_t first, size_t rows,               \
                                         const REAL *x, const REAL *dy, REAL *dweights) {                          \
    return signet_variant->convolution_weights_##REAL(shape, first, rows, x, dy, dweights);                        \
  }
CONVOLUTIONS(float)
CONVOLUTIONS(double)
