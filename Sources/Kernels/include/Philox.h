// The counter-based generator Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3",
// SC 2011, doi:10.1145/2063384.2063405, and uniform numbers made from its words.
#ifndef SIGNET_PHILOX_H
#define SIGNET_PHILOX_H

#include <stddef.h>
#include <stdint.h>

/// Key and counter of a block of four words; successive blocks increment `index`, modulo 2³².
struct signet_philox {
  uint32_t key[2];
  uint32_t index;
  uint32_t rest[3];
};

/// The four words of one block: ten rounds.
void signet_philox_block(struct signet_philox block, uint32_t words[4]);

/// `count` numbers uniform in (0, 1), from the words of the blocks starting at `first`. A float takes one word w: (2k + 1) 2⁻²⁴
/// with k the upper 23 bits of w. A double takes two, low and high: (2k + 1) 2⁻⁵³ with k the upper 52 bits of 2³² high + low.
void signet_uniform_float(struct signet_philox first, float *y, size_t count);
void signet_uniform_double(struct signet_philox first, double *y, size_t count);

/// `count` standard logistic numbers, `log(u / (1 − u))` of those uniform numbers.
void signet_logistic_float(struct signet_philox first, float *y, size_t count);
void signet_logistic_double(struct signet_philox first, double *y, size_t count);

/// `count` standard normal numbers by the Box–Muller transform: elements `2i` and `2i + 1` are `√(−2 log u) cos 2πw` and
/// `√(−2 log u) sin 2πw` of uniform numbers `2i` and `2i + 1`, `u` and `w`.
void signet_normal_float(struct signet_philox first, float *y, size_t count);
void signet_normal_double(struct signet_philox first, double *y, size_t count);

#endif
