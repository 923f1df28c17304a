// Forwards the matrix products to the variant in use.
#include "Variant.h"

bool signet_matmul_float(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const float *a, size_t lda,
                         const float *b, size_t ldb, float *c, size_t ldc) {
  return signet_variant->matmul_float(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, c, ldc);
}

bool signet_matmul_double(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const double *a,
                          size_t lda, const double *b, size_t ldb, double *c, size_t ldc) {
  return signet_variant->matmul_double(transpose_a, transpose_b, m, n, k, a, lda, b, ldb, c, ldc);
}

double signet_product_ceiling_work_float(size_t turns) { return signet_variant->product_ceiling_work_float(turns); }
