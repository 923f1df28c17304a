// Products of pixels with small integer weights: the first layer of the deployed network (Method.md §6).
#ifndef SIGNET_BYTE_PRODUCT_H
#define SIGNET_BYTE_PRODUCT_H

#include <stddef.h>
#include <stdint.h>

enum {
  /// Outputs, and inputs of each, that lie side by side in memory.
  SIGNET_BYTE_LANES = 16,
  SIGNET_BYTE_DEPTH = 4,
  /// The largest size of a weight, with which the sum of two products fits 16 bits.
  SIGNET_BYTE_LARGEST = 64,
};

/// The integer sums of rows of bytes, each of `depth` bytes, with weights of at most SIGNET_BYTE_LARGEST in size. The more zeros
/// neighboring rows have in common, the faster.
///
///     sums[r][o] = starts[start_of[r]][o] + 2 Σ_i x[r][i] · w[i][o]
///
/// - Parameters:
///   - depth: a multiple of SIGNET_BYTE_DEPTH.
///   - weights: weight `w[i][o]` is at `((o / LANES · depth / DEPTH + i / DEPTH) · LANES + o % LANES) · DEPTH + i % DEPTH`, in whole
///     blocks of outputs.
///   - largest: the largest size of a weight.
/// - Preconditions: `outputs` is a multiple of 8. Row `r` of `sums` and of `starts` has `outputs` numbers; `start_of` null stands for
///   zeros. No partial sum leaves an int32_t.
void signet_byte_product(size_t rows, size_t outputs, size_t depth, const uint8_t *x, const int8_t *weights,
                         int largest, const int32_t *starts, const uint32_t *start_of, int32_t *sums);

/// Does the arithmetic of a byte product in registers, without loads, `turns` turns of a dozen steps; to be timed.
///
/// - Returns: the multiply-adds that these are.
double signet_byte_ceiling_work(size_t turns);

/// The rows of a byte product that compute a convolution: row `r` is, channel by channel and row of the kernel by row, `kernel` bytes
/// of `image` from column `r` on, then zeros up to `depth` bytes.
///
/// - Parameters:
///   - image: the first row of the first channel that the kernel meets.
///   - channel_stride: bytes from one channel to the next.
///   - row_stride: bytes from one row to the next.
void signet_byte_patches(size_t rows, const uint8_t *image, size_t channels, size_t channel_stride, size_t row_stride,
                         size_t kernel, size_t depth, uint8_t *patches);

#endif
