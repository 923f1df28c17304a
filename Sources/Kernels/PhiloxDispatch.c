// Forwards the random words and numbers to the variant in use.
#include "Variant.h"

void signet_philox_block(struct signet_philox block, uint32_t words[4]) { signet_variant->philox_block(block, words); }

void signet_uniform_float(struct signet_philox first, float *y, size_t count) {
  signet_variant->uniform_float(first, y, count);
}

void signet_uniform_double(struct signet_philox first, double *y, size_t count) {
  signet_variant->uniform_double(first, y, count);
}
