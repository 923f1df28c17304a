// Forwards the random words and numbers to the variant in use.
#include "Variant.h"

void signet_philox_block(struct signet_philox block, uint32_t words[4]) { signet_variant->philox_block(block, words); }

#define FORWARD(name, REAL)                                                                    \
  void signet_##name##_##REAL(struct signet_philox first, REAL *y, size_t count) {             \
    signet_variant->name##_##REAL(first, y, count);                                            \
  }
FORWARD(uniform, float)
FORWARD(uniform, double)
FORWARD(logistic, float)
FORWARD(logistic, double)
FORWARD(normal, float)
FORWARD(normal, double)
