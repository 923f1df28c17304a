// Measures the product of ±1 inputs with ternary weights on one thread, beside what the processor's registers could do at that moment.
//
//     cd Sources/Kernels
//     clang -O2 -Wall -Iinclude check/bit_product_benchmark.c ./*.c -lm -o /tmp/bit_product_benchmark
//     SIGNET_KERNELS=avx2 /tmp/bit_product_benchmark [seconds a shape]
//
// SIGNET_KERNELS chooses the variant; the fastest is the default. The ceiling (ProductCeilings.inc) is measured before and after each
// run; so the share says how good the kernel is even where others use the machine. Seconds are of the processor's time of this thread.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "Kernels.h"

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/// Multiply-adds a second of the same arithmetic in registers; 0 of a variant without a ceiling.
static double ceiling(void) {
  const double start = now(), work = signet_bit_ceiling_work(50000);
  return work / (now() - start);
}

struct product {
  size_t rows, outputs, words;
  uint64_t *x;
  struct signet_bit_term term;
  int32_t *starts, *sums;
};

static void run(const struct product *p) {
  signet_bit_product(p->rows, 1, p->outputs, p->words, p->x, &p->term, 1, p->starts, NULL, p->sums);
}

static void *memory(size_t bytes) {
  void *space = aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (!space) exit(1);
  return space;
}

static uint64_t random_bits(void) {
  static uint64_t state = 1;
  state += 0x9e3779b97f4a7c15u;
  uint64_t x = state;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

static int ascending(const void *x, const void *y) {
  const double a = *(const double *)x, b = *(const double *)y;
  return (a > b) - (a < b);
}

static void measure(size_t rows, size_t outputs, size_t inputs, double seconds) {
  enum { MOST = 5000 };
  static double rate[MOST], most[MOST], share[MOST];
  const size_t words = (inputs + 63) / 64;
  uint64_t *x = memory(8 * rows * words), *signs = memory(8 * outputs * words), *mask = memory(8 * outputs * words);
  for (size_t i = 0; i < rows * words; i++) x[i] = random_bits();
  for (size_t i = 0; i < outputs * words; i++) mask[i] = random_bits() | random_bits(), signs[i] = random_bits() & mask[i];
  const struct product p = {.rows = rows, .outputs = outputs, .words = words, .x = x, .term = {signs, mask, -2},
                            .starts = memory(4 * outputs), .sums = memory(4 * rows * outputs)};
  memset(p.starts, 0, 4 * outputs);
  const double work = (double)rows * (double)outputs * (double)inputs;
  const int times = work < 5e8 ? (int)(5e8 / work) + 1 : 1;
  run(&p);
  int count = 0;
  for (const double begin = now(); count < MOST && (count < 5 || now() - begin < seconds); count++) {
    const double before = ceiling(), start = now();
    for (int k = 0; k < times; k++) run(&p);
    rate[count] = work * times / (now() - start);
    const double after = ceiling();
    most[count] = before > after ? before : after;
    share[count] = most[count] > 0 ? rate[count] / most[count] : 0;
  }
  qsort(rate, (size_t)count, sizeof *rate, ascending);
  qsort(most, (size_t)count, sizeof *most, ascending);
  qsort(share, (size_t)count, sizeof *share, ascending);
  printf("%5zu x %5zu x %5zu %9.0f %9.0f %9.0f %8.0f%% %6d\n", rows, outputs, inputs, 1e-9 * rate[count / 2],
         1e-9 * rate[count - 1], 1e-9 * most[count / 2], 100 * share[count / 2], count);
  fflush(stdout);
  free(x), free(signs), free(mask), free(p.starts), free(p.sums);
}

int main(int count, char **arguments) {
  const double seconds = count > 1 ? atof(arguments[1]) : 2;
  if (signet_kernels_variant_error()) return fprintf(stderr, "%s\n", signet_kernels_variant_error()), 1;
  printf("%s; ±1 inputs, ternary weights; 10⁹ multiply-adds a second on one thread\n", signet_kernels_variant());
  printf("%21s %9s %9s %9s %9s %6s\n", "rows x outputs x inputs", "median", "best", "ceiling", "of it", "runs");
  measure(256, 1024, 8192, seconds);
  measure(1024, 128, 1152, seconds);
  measure(2048, 2048, 2048, seconds);
  measure(100, 1200, 1200, seconds);
  measure(1, 1200, 1200, seconds);
}
