// Two-dimensional convolutions whose every output is one ascending chain of fused multiply-adds.
#ifndef SIGNET_CONVOLUTION_H
#define SIGNET_CONVOLUTION_H

#include <stdbool.h>
#include <stddef.h>

/// A convolution of stride 1: N = `images` images of C = `channels` channels, H × W = `height` × `width` pixels, with
/// `padding` p zeros around each, a square `kernel` of k × k and O = `outputs` output channels.
/// Its outputs are Y × X = (H + 2p − k + 1) × (W + 2p − k + 1) pixels.
struct signet_convolution {
  size_t images, channels, height, width;
  size_t kernel, padding, outputs;
};

/// The convolution `y` (N, O, Y, X) of the images `x` (N, C, H, W) with `weights` (C k², O), whose row (c, ky, kx) has
/// c outermost:
///
///     y[n][o][i][j] = acc_K,  acc_0 = +0,  acc_{r+1} = fma(weights[r][o], x[n][c][i + ky − p][j + kx − p], acc_r)
///
/// for r = (c, ky, kx) = 0 … K − 1 = C k² − 1, with x = +0 beyond the image's edges: these terms, too, are part of the chain.
///
/// - Preconditions: k ≥ 1, Y ≥ 1, X ≥ 1; y overlaps neither x nor weights.
/// - Threads: there is no shared state. To use several, give each its own images.
/// - Returns: false, with y unspecified, if the workspace (several padded images, k times if there are few outputs, and a few
///   MiB) could not be allocated.
bool signet_convolution_float(struct signet_convolution shape, const float *x, const float *weights, float *y);

/// `signet_convolution_float` in double precision.
bool signet_convolution_double(struct signet_convolution shape, const double *x, const double *weights, double *y);

/// Rows `first` … `first + rows − 1` of the gradient with respect to the weights, `dweights` (C k², O), given `x` and the
/// gradient `dy` (N, O, Y, X) with respect to y:
///
///     dweights[(c, ky, kx)][o] = acc_T,  acc_{t+1} = fma(x[n][c][i + ky − p][j + kx − p], dy[n][o][i][j], acc_t)
///
/// for t = (n, i, j) = 0 … T − 1 = N Y X − 1 from +0, one chain across all images. All pointers are to the whole arrays.
///
/// - Preconditions and returned value: as for `signet_convolution_float`. Threads: give each its own rows.
bool signet_convolution_weights_float(struct signet_convolution shape, size_t first, size_t rows, const float *x,
                                      const float *dy, float *dweights);

/// `signet_convolution_weights_float` in double precision.
bool signet_convolution_weights_double(struct signet_convolution shape, size_t first, size_t rows, const double *x,
                                       const double *dy, double *dweights);

#endif
