// The formulas that are computed element by element. One text serves every processor, both precisions, and devices (Passes/).
#ifndef SIGNET_PASSES_H
#define SIGNET_PASSES_H

#include <stddef.h>

/// Every pass: its file, its name in C and in Swift, and its numbers of inputs, channel operands, outputs and constants.
///
/// An input has a number for each element, a channel operand one for each channel, a constant one in all.
#define SIGNET_PASSES(PASS)                                                              \
  /* Sign.inc */                                                                         \
  PASS(sign, sign, 2, 0, 3, 0)                                                           \
  PASS(sign_gradient, signGradient, 3, 0, 2, 0)                                          \
  PASS(hard_sign, hardSign, 1, 0, 1, 0)                                                  \
  /* StraightThroughSign.inc */                                                          \
  PASS(straight_through_gradient, straightThroughGradient, 2, 0, 1, 0)                   \
  /* BernoulliReparameterization.inc */                                                  \
  PASS(relaxed_sample, relaxedSample, 2, 0, 2, 1)                                        \
  PASS(hard_sample, hardSample, 2, 0, 2, 1)                                              \
  PASS(relaxed_sample_gradient, relaxedSampleGradient, 3, 0, 1, 1)                       \
  /* GaussianReparameterization.inc */                                                   \
  PASS(gaussian_sample, gaussianSample, 3, 0, 2, 0)                                      \
  PASS(gaussian_sample_gradient, gaussianSampleGradient, 3, 0, 1, 0)                     \
  /* BatchNormalization.inc */                                                           \
  PASS(squared_deviation, squaredDeviation, 1, 1, 1, 0)                                  \
  PASS(gaussian_spread, gaussianSpread, 2, 1, 1, 0)                                      \
  PASS(normalize, normalize, 1, 3, 1, 0)                                                 \
  PASS(normalize_gaussian, normalizeGaussian, 2, 4, 2, 0)                                \
  PASS(normalization_sums, normalizationSums, 2, 1, 2, 0)                                \
  PASS(gaussian_normalization_sums, gaussianNormalizationSums, 4, 1, 3, 0)               \
  PASS(normalization_gradient, normalizationGradient, 2, 4, 1, 0)                        \
  PASS(gaussian_normalization_gradient, gaussianNormalizationGradient, 3, 4, 2, 0)       \
  PASS(inverse_deviation, inverseDeviation, 1, 0, 1, 2)                                  \
  PASS(running_average, runningAverage, 2, 0, 1, 2)                                      \
  PASS(normalization_factors, normalizationFactors, 2, 0, 2, 0)                          \
  PASS(scale_gradient, scaleGradient, 2, 0, 1, 0)                                        \
  PASS(gaussian_scale_gradient, gaussianScaleGradient, 4, 0, 1, 0)                       \
  PASS(gradient_factors, gradientFactors, 4, 0, 3, 2)                                    \
  /* ReLU.inc, Tanh.inc */                                                               \
  PASS(relu, relu, 1, 0, 1, 0)                                                           \
  PASS(relu_gradient, reluGradient, 2, 0, 1, 0)                                          \
  PASS(tanh, tanh, 1, 0, 1, 0)                                                           \
  PASS(tanh_gradient, tanhGradient, 2, 0, 1, 0)                                          \
  /* Dropout.inc */                                                                      \
  PASS(dropout, dropout, 2, 0, 1, 1)                                                     \
  PASS(dropout_moments, dropoutMoments, 3, 0, 2, 1)                                      \
  /* Signal.inc: the moments of a ±1 Bernoulli */                                        \
  PASS(bernoulli_variance, bernoulliVariance, 1, 0, 1, 0)                                \
  PASS(bernoulli_gradient, bernoulliGradient, 3, 0, 1, 0)                                \
  /* DistributionLinear.inc */                                                           \
  PASS(square, square, 1, 0, 1, 0)                                                       \
  PASS(second_moment, secondMoment, 2, 0, 1, 0)                                          \
  PASS(sum, sum, 2, 0, 1, 0)                                                             \
  PASS(sum_divided, sumDivided, 2, 0, 1, 1)                                              \
  PASS(through_square, throughSquare, 3, 0, 1, 0)                                        \
  PASS(copy, copy, 1, 0, 1, 0)                                                           \
  /* LinearMap.inc */                                                                    \
  PASS(divided, divided, 1, 0, 1, 1)                                                     \
  PASS(biased, biased, 1, 1, 1, 1)                                                       \
  /* PredictionStep.inc */                                                               \
  PASS(multiply, multiply, 1, 0, 1, 1)                                                   \
  PASS(multiply_add, multiplyAdd, 1, 1, 1, 1)

/// The passes by name.
enum __attribute__((enum_extensibility(closed))) signet_pass {
#define SIGNET_MEMBER(name, swift, inputs, channels, outputs, constants) signet_pass_##swift,
  SIGNET_PASSES(SIGNET_MEMBER)
#undef SIGNET_MEMBER
};

/// The number of passes.
enum {
#define SIGNET_MEMBER(name, swift, inputs, channels, outputs, constants) +1
  SIGNET_PASS_COUNT = SIGNET_PASSES(SIGNET_MEMBER)
#undef SIGNET_MEMBER
};

/// Every pass over windows of 2 × 2 pixels: its names, how many operands with a window and with a number for each window it reads, how
/// many of both it writes, and its number of constants.
#define SIGNET_WINDOW_PASSES(PASS)                                                       \
  /* Pooling.inc */                                                                      \
  PASS(largest, largest, 1, 0, 0, 1, 0)                                                  \
  PASS(largest_gradient, largestGradient, 1, 1, 1, 0, 0)                                 \
  PASS(scaled_sum, scaledSum, 1, 0, 0, 1, 1)                                             \
  PASS(scaled_sum_gradient, scaledSumGradient, 0, 1, 1, 0, 1)                            \
  PASS(bernoulli_maximum, bernoulliMaximum, 1, 0, 0, 1, 0)                               \
  PASS(bernoulli_maximum_gradient, bernoulliMaximumGradient, 1, 1, 1, 0, 0)              \
  /* GaussianMaximum.inc */                                                              \
  PASS(gaussian_maximum, gaussianMaximum, 2, 0, 0, 2, 0)                                 \
  PASS(gaussian_maximum_gradient, gaussianMaximumGradient, 2, 2, 2, 0, 0)

/// The window passes by name.
enum __attribute__((enum_extensibility(closed))) signet_window_pass {
#define SIGNET_MEMBER(name, swift, windows, numbers, window_outputs, number_outputs, constants) signet_window_pass_##swift,
  SIGNET_WINDOW_PASSES(SIGNET_MEMBER)
#undef SIGNET_MEMBER
};

/// The number of passes over windows.
enum {
#define SIGNET_MEMBER(name, swift, windows, numbers, window_outputs, number_outputs, constants) +1
  SIGNET_WINDOW_PASS_COUNT = SIGNET_WINDOW_PASSES(SIGNET_MEMBER)
#undef SIGNET_MEMBER
};

/// A window pass's name, and how many operands of each kind it has.
struct signet_window_shape {
  const char *name;
  size_t windows, numbers, window_outputs, number_outputs, constants;
};

struct signet_window_shape signet_window_shape(enum signet_window_pass pass);

/// The most operands of one kind that a pass has.
enum { SIGNET_PASS_OPERANDS = 4 };

/// A pass's name, and how many operands of each kind it has.
struct signet_pass_shape {
  const char *name;
  size_t inputs, channels, outputs, constants;
};

struct signet_pass_shape signet_pass_shape(enum signet_pass pass);

/// For each `REAL`, `float` and `double`:
///
/// `signet_pass_REAL` writes elements `first ..< first + count` of each output. Element `i` is in channel `i / pixels % channel_count`.
///
/// `signet_pass_sums_REAL` writes `sums[k][j] = Σ_r output_k[r · columns + j]` for columns `first ..< first + count` over `rows` rows,
/// in the fixed order: up to 16 terms are added one by one, ascending, to 0; more are split at the first multiple of 16 that is not below
/// half, and the parts' sums are added. Nothing else of the outputs is written. Channels are as above.
///
/// `signet_windows_REAL` computes windows `first ..< first + count` of images of `height` by `width` pixels, both at least 2: two pixels
/// apart, in row-major order, image by image. Pixels of an odd last row or column belong to no window; an output with windows gets 0
/// there, from the call that has the last window of the line beside it.
///
/// - Preconditions: every operand has a number for each element; outputs overlap nothing; `channel_count ≥ 1` if there are channel
///   operands.
#define SIGNET_PASS_FUNCTIONS(REAL)                                                                                    \
  void signet_pass_##REAL(enum signet_pass pass, const REAL *const *inputs, const REAL *const *channels,              \
                          REAL *const *outputs, const REAL *constants, size_t pixels, size_t channel_count,           \
                          size_t first, size_t count);                                                                 \
  void signet_pass_sums_##REAL(enum signet_pass pass, const REAL *const *inputs, const REAL *const *channels,         \
                               const REAL *constants, size_t pixels, size_t channel_count, size_t rows,               \
                               size_t columns, size_t first, size_t count, REAL *const *sums);                        \
  void signet_windows_##REAL(enum signet_window_pass pass, const REAL *const *windows, const REAL *const *numbers,     \
                             REAL *const *window_outputs, REAL *const *number_outputs, const REAL *constants,          \
                             size_t height, size_t width, size_t first, size_t count);
SIGNET_PASS_FUNCTIONS(float)
SIGNET_PASS_FUNCTIONS(double)

#endif
