// Measures convolutions against matrix products of the same m, n, k on one thread. Run by ci/benchmark-convolution.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "Kernels.h"

struct job {
  struct signet_convolution shape;
  float *x, *weights, *y, *product;
};

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void require(bool done) {
  if (!done) exit(1);
}

static size_t positions(struct signet_convolution s) {
  return (s.height + 2 * s.padding - s.kernel + 1) * (s.width + 2 * s.padding - s.kernel + 1);
}

static size_t elements(struct signet_convolution s) { return s.channels * s.kernel * s.kernel; }

static void convolution(const struct job *j) {
  require(signet_convolution_float(j->shape, j->x, j->weights, j->y));
}

static void convolution_weights(const struct job *j) {
  require(signet_convolution_weights_float(j->shape, 0, elements(j->shape), j->x, j->y, j->weights));
}

/// The transposed weights times all windows of all images.
static void product(const struct job *j) {
  const size_t m = j->shape.outputs, n = j->shape.images * positions(j->shape), k = elements(j->shape);
  require(signet_matmul_float(true, false, m, n, k, j->weights, m, j->product, n, j->y, n));
}

/// All windows of all images times the transposed gradients.
static void product_weights(const struct job *j) {
  const size_t m = elements(j->shape), n = j->shape.outputs, k = j->shape.images * positions(j->shape);
  require(signet_matmul_float(false, true, m, n, k, j->product, k, j->y, k, j->weights, n));
}

static double seconds(void (*run)(const struct job *), const struct job *j) {
  const double start = now();
  run(j);
  return now() - start;
}

static int ascending(const void *x, const void *y) {
  const double a = *(const double *)x, b = *(const double *)y;
  return (a > b) - (a < b);
}

static double median(double *values, int count) {
  qsort(values, (size_t)count, sizeof *values, ascending);
  return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static float *numbers(size_t count, uint32_t seed) {
  float *x = aligned_alloc(64, (count * sizeof(float) + 63) / 64 * 64);
  require(x);
  for (size_t i = 0; i < count; i++) {
    seed = seed * 1664525u + 1013904223u;
    x[i] = (float)(int32_t)seed * 0x1p-31f;
  }
  return x;
}

static void compare(const char *name, const struct job *j, void (*ours)(const struct job *),
                    void (*theirs)(const struct job *), double seconds_allowed) {
  enum { most = 1000 };
  static double convolution[most], product[most], ratio[most];
  ours(j), theirs(j);
  int count = 0;
  for (const double start = now(); count < most && (count < 5 || now() - start < seconds_allowed); count++) {
    convolution[count] = seconds(ours, j);
    product[count] = seconds(theirs, j);
    ratio[count] = product[count] / convolution[count];
  }
  const struct signet_convolution s = j->shape;
  const double work = 2e-9 * (double)(s.images * positions(s) * elements(s) * s.outputs);
  printf("%4zu x %3zu x %2zu x %2zu, k %zu, %3zu out  %-8s %8.1f %8.1f %6.2f %6d\n", s.images, s.channels, s.height,
         s.width, s.kernel, s.outputs, name, work / median(convolution, count), work / median(product, count),
         median(ratio, count), count);
  fflush(stdout);
}

/// Measures convolutions that keep the size, and their gradients with respect to the weights. The gradient with respect to
/// the input is a convolution too, with channels and outputs exchanged.
static void measure(size_t images, size_t channels, size_t size, size_t kernel, size_t outputs, double time) {
  struct job j = {{images, channels, size, size, kernel, (kernel - 1) / 2, outputs}, NULL, NULL, NULL, NULL};
  const size_t most = channels > outputs ? channels : outputs, pixels = images * size * size;
  j.x = numbers(pixels * most, 1);
  j.y = numbers(pixels * most, 2);
  j.weights = numbers(elements(j.shape) * outputs, 3);
  j.product = numbers(pixels * most * kernel * kernel, 4);
  compare("forward", &j, convolution, product, time);
  compare("weights", &j, convolution_weights, product_weights, time);
  if (channels > 3 && channels != outputs) {
    j.shape.channels = outputs;
    j.shape.outputs = channels;
    compare("input", &j, convolution, product, time);
  }
  free(j.x);
  free(j.y);
  free(j.weights);
  free(j.product);
}

int main(int count, char **arguments) {
  const double time = count > 1 ? atof(arguments[1]) : 3;
  if (signet_kernels_variant_error()) return fprintf(stderr, "%s\n", signet_kernels_variant_error()), 1;
  printf("%s; GFLOP/s on one thread; medians of interleaved runs\n", signet_kernels_variant());
  printf("%-34s %-8s %8s %8s %6s %6s\n", "images x channels x pixels", "", "convol.", "product", "ratio", "runs");
  measure(100, 1, 28, 5, 32, time);
  measure(100, 32, 14, 5, 64, time);
  measure(10, 3, 32, 3, 128, time);
  measure(10, 128, 32, 3, 128, time);
  measure(20, 128, 16, 3, 256, time);
  measure(20, 256, 16, 3, 256, time);
  measure(40, 256, 8, 3, 512, time);
  measure(40, 512, 8, 3, 512, time);
}
