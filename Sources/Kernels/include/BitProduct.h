// Products of ±1 inputs with a few planes of bits: the integer sums of the deployed network (Method.md §6).
#ifndef SIGNET_BIT_PRODUCT_H
#define SIGNET_BIT_PRODUCT_H

#include <stddef.h>
#include <stdint.h>

/// Outputs that lie side by side, one a lane.
enum { SIGNET_BIT_LANES = 8 };

/// One term of the weights: bits that are counted, and what the count is multiplied by.
///
///     count(x, o) = Σ_i popcount(mask[i][o] & (x[i] ^ signs[i][o]))
///
/// `signs` null stands for bits 0, `mask` null for bits 1; not both are null. Both lie in blocks of SIGNET_BIT_LANES outputs:
/// word `i` of output `o` is `bits[((o / LANES) * words + i) * LANES + o % LANES]`.
struct signet_bit_term {
  const uint64_t *signs, *mask;
  int32_t factor;
};

/// The integer sums of `rows` rows of ±1 inputs, each a row of `words` words in which bit 1 stands for −1.
///
///     sums[r][o] = starts[start_of[r]][o] + Σ_b 2^b Σ_terms factor · count(x[r · planes + b], o)
///
/// Several planes of bits belong to one row if its inputs are integers: plane `b` has bit `b` of each.
///
/// - Preconditions: `outputs` is a multiple of SIGNET_BIT_LANES; `planes ≥ 1`; no partial sum leaves an int32_t. Row `r` of
///   `sums` and of `starts` has `outputs` numbers; `start_of` null stands for zeros: then all rows start from row 0.
/// - Threads: there is no shared state. To use several, give each its own rows.
void signet_bit_product(size_t rows, size_t planes, size_t outputs, size_t words, const uint64_t *x,
                        const struct signet_bit_term *terms, size_t term_count, const int32_t *starts,
                        const uint32_t *start_of, int32_t *sums);

/// Does the arithmetic of a bit product in registers, without loads, `turns` turns of a dozen instructions; to be timed.
///
/// - Returns: the multiply-adds that so many instructions do at best in `signet_bit_product`; 0 if the variant in use counts bits
///   by instructions of no fixed number.
double signet_bit_ceiling_work(size_t turns);

/// The signs of sums as bits, 1 for −1: bit `o` of row `r` is `(sums[r][o] < thresholds[o]) ^ flips[o]`.
///
/// - Preconditions: `outputs` is a multiple of SIGNET_BIT_LANES. A row of `bits` is `⌈outputs / 64⌉` words, as are `flips`; the bits
///   past `outputs` are 0.
void signet_bit_signs(size_t rows, size_t outputs, const int32_t *sums, const int32_t *thresholds,
                      const uint64_t *flips, uint64_t *bits);

/// The planes of `count` bytes: bit `i` of plane `b` is 1 where bit `b` of `bytes[i]` is 0, for `b` below `planes`.
///
/// So `2p − (2^planes − 1) = Σ_b 2^b s_b` with `s_b = −1` where the plane's bit is 1. Plane `b` is the words
/// `bits[b · words] …`; bits past `count` are 0.
///
/// - Precondition: `words ≥ ⌈count / 64⌉`, `planes ≤ 8`.
void signet_bit_planes(const uint8_t *bytes, size_t count, size_t planes, size_t words, uint64_t *bits);

/// The rows of a bit product that compute a convolution: each is `runs` runs of `run_bits` bits, one after the other, and zeros up to
/// `words` words.
///
/// Row `r` has the bits of `map` from `first + r · step`, then those `run_stride` later, and so on. From one row of `patches` to the
/// next there are `stride` words.
void signet_bit_patches(size_t rows, const uint64_t *map, size_t first, size_t step, size_t runs, size_t run_bits,
                        size_t run_stride, size_t words, uint64_t *patches, size_t stride);

/// Writes `rows` rows of `⌈count / 64⌉` words, of each the first `count` bits, one after the other into `map` from bit `first` on.
///
/// - Precondition: bits past `count` of a row, and the bits that are written to, are 0.
void signet_bit_places(size_t rows, size_t count, const uint64_t *bits, uint64_t *map, size_t first);

/// A plane of bits of weights: bit `i` of output `o` is `bits[indices[rows[i] · outputs + o]]`, in blocks of outputs as the terms have
/// it; outputs that fill the last block have bits 0.
///
/// - Parameters:
///   - indices: which value each weight has, a row of `outputs` for each input.
///   - rows: of `inputs` bits, the rows that they belong to.
///   - bits: 0 or 1 for each value.
///   - plane: `⌈outputs / LANES⌉ · LANES · ⌈inputs / 64⌉` words.
void signet_bit_pack(const uint8_t *indices, size_t outputs, const uint32_t *rows, size_t inputs, const uint8_t *bits,
                     uint64_t *plane);

#endif
