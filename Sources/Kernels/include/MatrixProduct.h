// Matrix products whose every output is one ascending chain of fused multiply-adds.
#ifndef SIGNET_MATRIX_PRODUCT_H
#define SIGNET_MATRIX_PRODUCT_H

#include <stdbool.h>
#include <stddef.h>

/// The matrix product `C = op(A) op(B)`, overwriting C, with the same bits in every variant and on every machine.
///
///     C[i][j] = acc_k,  acc_0 = +0,  acc_{p+1} = fma(op(A)[i][p], op(B)[p][j], acc_p)   for p = 0 … k − 1
///
/// Each output is exactly this chain: `p` ascending, one correctly rounded fused multiply-add per step. With `k` = 0 the
/// outputs are +0. Subnormal numbers keep their full precision; the sign and payload of a NaN from an invalid operation are
/// unspecified.
///
/// All matrices are row-major. op(A) is m × k, op(B) is k × n, C is m × n:
/// `op(A)[i][p]` is `transpose_a ? a[p * lda + i] : a[i * lda + p]`,
/// `op(B)[p][j]` is `transpose_b ? b[j * ldb + p] : b[p * ldb + j]`.
///
/// - Preconditions: each leading dimension is at least the number of columns stored; C overlaps neither A nor B. Only
///   the elements named above are read or written, and no alignment beyond the element's own is needed.
/// - Threads: there is no shared state. To use several, give each its own rows or columns of C.
/// - Returns: false, with C untouched, if the workspace (about 10 MiB at most) could not be allocated.
bool signet_matmul_float(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const float *a, size_t lda,
                         const float *b, size_t ldb, float *c, size_t ldc);

/// `signet_matmul_float` in double precision.
bool signet_matmul_double(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const double *a,
                          size_t lda, const double *b, size_t ldb, double *c, size_t ldc);

/// Does only the arithmetic of products in single precision, in registers: timed, it is the most that a product could reach.
///
/// - Returns: the fused multiply-adds that were done.
double signet_product_ceiling_work_float(size_t turns);

#endif
