// What one training step does to a run of weights: the softmax of their logits, its moments and gradient, and Adam.
//
// A distribution over a grid of K values is stored as K planes, `stride` elements apart: element i of plane k belongs to
// value k of weight i. Every output depends on its own weight alone, through the operations below, each rounded once
// and in the order written: sums are chains in ascending k. A pass calls these functions one after the other on blocks that
// stay in the first-level cache.
#ifndef SIGNET_WEIGHT_BLOCKS_H
#define SIGNET_WEIGHT_BLOCKS_H

#include <stddef.h>

#define SIGNET_DECLARE_WEIGHT_BLOCKS(REAL)                                                                            \
  /** The constants of a step of Adam, each rounded once; see `signet_adam`. The complements are 1 - β₁ and 1 - β₂. */ \
  struct signet_adam_step_##REAL {                                                                                     \
    REAL rate, correction, decay, beta1, complement1, beta2, complement2, epsilon;                                     \
  };                                                                                                                   \
  /** p_k = e_k (1 / Σ_j e_j), e_k = exp(ρ_k - max_j ρ_j). */                                                          \
  void signet_softmax_##REAL(const REAL *logits, size_t stride, REAL *p, size_t p_stride, size_t kinds,                \
                             size_t count);                                                                            \
  /** μ = Σ p_k d_k and σ² = Σ p_k (d_k - μ)²; `values` are d. */                                                      \
  void signet_moments_##REAL(const REAL *p, size_t stride, const REAL *values, size_t kinds, REAL *mean,               \
                             REAL *variance, size_t count);                                                            \
  /** ∂L/∂ρ_k = p_k (∂L/∂μ (d_k - μ) + ∂L/∂σ² ((d_k - μ)² - σ²)), written over p. */                                   \
  void signet_softmax_gradient_##REAL(REAL *p, size_t stride, const REAL *values, size_t kinds, const REAL *mean,      \
                                      const REAL *variance, const REAL *d_mean, const REAL *d_variance,                \
                                      size_t count);                                                                   \
  /** y = √x, correctly rounded; y may equal x. */                                                                     \
  void signet_sqrt_##REAL(const REAL *x, REAL *y, size_t count);                                                       \
  /** θ = max(min(θ, limit), -limit). */                                                                               \
  void signet_clip_##REAL(REAL *parameters, REAL limit, size_t count);                                                 \
  /** g += decay θ; m = β₁ m + (1 - β₁) g; v = β₂ v + (1 - β₂) g²; θ -= (rate m) / (√v correction + ε). */             \
  void signet_adam_##REAL(REAL *parameters, const REAL *gradients, REAL *first, REAL *second, size_t count,            \
                          struct signet_adam_step_##REAL step);

SIGNET_DECLARE_WEIGHT_BLOCKS(float)
SIGNET_DECLARE_WEIGHT_BLOCKS(double)

#endif
