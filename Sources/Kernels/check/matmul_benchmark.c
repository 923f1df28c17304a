// Measures the matrix product against OpenBLAS on one thread, and against itself on two. Run by ci/benchmark-matmul.
#define _GNU_SOURCE
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cblas.h>
#include "Kernels.h"

extern char *openblas_get_corename(void);

struct product {
  bool transpose_a, transpose_b;
  size_t m, n, k, lda, ldb, ldc;
  const float *a, *b;
  float *c;
};

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void ours(const struct product *x) {
  if (!signet_matmul_float(x->transpose_a, x->transpose_b, x->m, x->n, x->k, x->a, x->lda, x->b, x->ldb, x->c, x->ldc))
    exit(1);
}

static void openblas(const struct product *x) {
  cblas_sgemm(CblasRowMajor, x->transpose_a ? CblasTrans : CblasNoTrans, x->transpose_b ? CblasTrans : CblasNoTrans,
              (int)x->m, (int)x->n, (int)x->k, 1, x->a, (int)x->lda, x->b, (int)x->ldb, 0, x->c, (int)x->ldc);
}

// The second thread is awake before the clock starts, as in a pool: starting a thread takes a tenth of a millisecond.
static sem_t helper_wanted;
static atomic_bool helper_ready;
static const struct product *_Atomic helper_job;

static void *help(void *unused) {
  for (;;) {
    sem_wait(&helper_wanted);
    helper_ready = true;
    const struct product *job;
    while (!(job = helper_job)) {
    }
    ours(job);
    helper_job = NULL;
  }
  return unused;
}

static void wake_helper(void) {
  helper_ready = false;
  sem_post(&helper_wanted);
  while (!helper_ready) {
  }
}

/// Splits the larger of m and n in half and gives one half to the helper, which must be awake.
static void ours_on_two(const struct product *x) {
  struct product low = *x, high = *x;
  if (x->m > x->n) {
    low.m = x->m / 2;
    high.m = x->m - low.m;
    high.a += x->transpose_a ? low.m : low.m * x->lda;
    high.c += low.m * x->ldc;
  } else {
    low.n = x->n / 2;
    high.n = x->n - low.n;
    high.b += x->transpose_b ? low.n * x->ldb : low.n;
    high.c += low.n;
  }
  helper_job = &high;
  ours(&low);
  while (helper_job) {
  }
}

static double seconds(void (*run)(const struct product *), const struct product *x) {
  const double start = now();
  run(x);
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

/// Floating-point operations per second of independent fused multiply-adds in registers: the best of many short runs.
#define PEAK(name, isa, bytes, registers)                                                               \
  __attribute__((target(isa), noinline)) static double name(void) {                                     \
    typedef float vector __attribute__((vector_size(bytes)));                                           \
    double best = 0;                                                                                    \
    for (int attempt = 0; attempt < 200; attempt++) {                                                   \
      vector sum[registers] = {{0}}, x = {1}, y = {2};                                                  \
      const double start = now();                                                                       \
      for (int i = 0; i < 20000; i++) {                                                                 \
        _Pragma("clang loop unroll(full)") for (int j = 0; j < registers; j++) {                        \
          sum[j] = __builtin_elementwise_fma(x, y, sum[j]);                                             \
          __asm__ volatile("" : "+v"(sum[j]));                                                          \
        }                                                                                               \
      }                                                                                                 \
      const double rate = 20000.0 * registers * (bytes / 4) * 2 / (now() - start);                      \
      if (rate > best) best = rate;                                                                     \
    }                                                                                                   \
    return best;                                                                                        \
  }

#if defined(__x86_64__)
PEAK(peak_avx512, "arch=x86-64-v4", 64, 12)
PEAK(peak_avx2, "arch=x86-64-v3", 32, 12)
#endif

static double peak(void) {
#if defined(__x86_64__)
  if (!strcmp(signet_kernels_variant(), "avx512")) return peak_avx512();
  if (!strcmp(signet_kernels_variant(), "avx2")) return peak_avx2();
#endif
  return NAN;
}

static float *matrix(size_t count, uint32_t seed) {
  float *x = aligned_alloc(64, (count * sizeof(float) + 63) / 64 * 64);
  if (!x) exit(1);
  for (size_t i = 0; i < count; i++) {
    seed = seed * 1664525u + 1013904223u;
    x[i] = (float)(int32_t)seed * 0x1p-31f;
  }
  return x;
}

static void measure(size_t m, size_t n, size_t k, bool transpose_a, bool transpose_b, double seconds_allowed) {
  enum { most = 2000 };
  static double one[most], two[most], theirs[most], ratio[most], speed_up[most];
  float *a = matrix(m * k, 1), *b = matrix(k * n, 2), *c = matrix(m * n, 3);
  const struct product x = {transpose_a, transpose_b, m, n, k, transpose_a ? m : k, transpose_b ? k : n, n, a, b, c};
  for (int i = 0; i < 2; i++) ours(&x), openblas(&x);
  int count = 0;
  for (const double start = now(); count < most && (count < 7 || now() - start < seconds_allowed); count++) {
    one[count] = seconds(ours, &x);
    theirs[count] = seconds(openblas, &x);
    wake_helper();
    two[count] = seconds(ours_on_two, &x);
    ratio[count] = theirs[count] / one[count];
    speed_up[count] = one[count] / two[count];
  }
  const double work = 2e-9 * (double)m * (double)n * (double)k, ours_rate = work / median(one, count);
  printf("%5zu x %5zu x %5zu  %c%c %8.1f %9.1f %7.2f %7.2f %7.0f%% %6d\n", m, n, k, transpose_a ? 'T' : 'N',
         transpose_b ? 'T' : 'N', ours_rate, work / median(theirs, count), median(ratio, count),
         median(speed_up, count), 100e9 * ours_rate / peak(), count);
  fflush(stdout);
  free(a);
  free(b);
  free(c);
}

int main(int count, char **arguments) {
  const double time = count > 1 ? atof(arguments[1]) : 3;
  if (signet_kernels_variant_error()) return fprintf(stderr, "%s\n", signet_kernels_variant_error()), 1;
  pthread_t helper;
  if (sem_init(&helper_wanted, 0, 0) || pthread_create(&helper, NULL, help, NULL)) return 1;
  printf("ours: %s; OpenBLAS: %s; GFLOP/s on one thread; medians of interleaved runs; peak: %.1f GFLOP/s\n",
         signet_kernels_variant(), openblas_get_corename(), peak() * 1e-9);
  printf("%21s  %2s %8s %9s %7s %7s %8s %6s\n", "m x n x k", "op", "ours", "OpenBLAS", "ratio", "2 thr.", "of peak",
         "runs");
  measure(100, 1200, 1200, false, false, time);
  measure(100, 1200, 1200, false, true, time);
  measure(100, 1200, 1200, true, false, time);
  measure(1200, 1200, 100, true, false, time);
  measure(784, 1200, 100, true, false, time);
  measure(100, 1200, 784, false, false, time);
  measure(100, 10, 1200, false, false, time / 3);
  measure(256, 25600, 1152, false, false, time);
  measure(2048, 2048, 2048, false, false, time * 2);
  measure(2048, 2048, 2048, true, true, time * 2);
}
