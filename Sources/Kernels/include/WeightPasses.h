// The passes over weight distributions: probabilities, moments, gradients, and a whole training step (Passes/WeightDistribution.inc).
#ifndef SIGNET_WEIGHT_PASSES_H
#define SIGNET_WEIGHT_PASSES_H

#include <stddef.h>

/// The most values that a weight may have.
enum { SIGNET_WEIGHT_KINDS = 16 };

/// How trainable numbers determine the probabilities (WeightParameterization.swift).
enum __attribute__((enum_extensibility(closed))) signet_parameterization {
  signet_parameterization_logits,
  signet_parameterization_hierarchical,
  signet_parameterization_zeroAnchored,
};

/// A distribution over K values for each weight is given by P planes of parameters, `stride` elements apart: element i of plane k belongs
/// to weight i. Every output depends on its own weight alone, through the operations of the formulas, each rounded once and in the order
/// written: sums are chains in ascending k.
#define SIGNET_DECLARE_WEIGHT_PASSES(REAL)                                                                             \
  /** The constants of a step of Adam, each rounded once (Passes/Adam.inc). The complements are 1 - β₁ and 1 - β₂. */  \
  struct signet_adam_step_##REAL {                                                                                     \
    REAL rate, correction, decay, beta1, complement1, beta2, complement2, epsilon;                                     \
  };                                                                                                                   \
  /** The distributions of a layer's weights, and their regularizer. */                                                \
  struct signet_weights_##REAL {                                                                                       \
    enum signet_parameterization parameterization;                                                                     \
    /** K, and the K values d_1 < … < d_K. */                                                                          \
    size_t kinds;                                                                                                      \
    const REAL *values;                                                                                                \
    /** The planes of parameters. */                                                                                   \
    REAL *parameters;                                                                                                  \
    size_t stride;                                                                                                     \
    /** The moments μ and σ². */                                                                                       \
    REAL *mean, *variance;                                                                                             \
    /** log π of each value and λ of the divergence that is added to the loss; null for none. */                       \
    const REAL *log_prior;                                                                                             \
    REAL divergence_weight;                                                                                            \
  };                                                                                                                   \
  /** Writes the K planes of p, `stride` elements apart. */                                                            \
  void signet_weight_probabilities_##REAL(const struct signet_weights_##REAL *weights, REAL *p, size_t first,          \
                                          size_t count);                                                               \
  /** Computes the moments. */                                                                                         \
  void signet_weight_moments_##REAL(const struct signet_weights_##REAL *weights, size_t first, size_t count);          \
  /** Writes KL(p ‖ π) of each weight. */                                                                              \
  void signet_weight_divergence_##REAL(const struct signet_weights_##REAL *weights, REAL *divergence, size_t first,    \
                                       size_t count);                                                                  \
  /** Writes the P planes of the gradient, `stride` elements apart, given those of the moments. */                     \
  void signet_weight_gradient_##REAL(const struct signet_weights_##REAL *weights, const REAL *d_mean,                  \
                                     const REAL *d_variance, REAL *gradient, size_t first, size_t count);              \
  /** A step of Adam with that gradient, whose moments are P planes `stride` elements apart; then θ = max(min(θ, limit), -limit), \
      and the moments μ and σ² of the new parameters. */                                                               \
  void signet_weight_step_##REAL(const struct signet_weights_##REAL *weights, const REAL *d_mean,                      \
                                 const REAL *d_variance, REAL *adam_first, REAL *adam_second,                          \
                                 struct signet_adam_step_##REAL step, REAL limit, size_t first, size_t count);         \
  /** A step of Adam of real parameters. */                                                                            \
  void signet_adam_##REAL(REAL *parameters, const REAL *gradients, REAL *first, REAL *second, size_t count,            \
                          struct signet_adam_step_##REAL step);                                                        \
  /** θ = max(min(θ, limit), -limit). */                                                                               \
  void signet_clip_##REAL(REAL *parameters, REAL limit, size_t count);                                                 \
  /** y = √x, correctly rounded; y may equal x. */                                                                     \
  void signet_sqrt_##REAL(const REAL *x, REAL *y, size_t count);

SIGNET_DECLARE_WEIGHT_PASSES(float)
SIGNET_DECLARE_WEIGHT_PASSES(double)

#endif
