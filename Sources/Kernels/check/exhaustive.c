// Checks the float functions against every one of the 2^32 arguments, and the double functions on samples. Not part of
// the package: ci/exhaustive builds and runs it. Usage:
//   exhaustive [--threads N] [--stride N] [--hard N] [FUNCTION ...]   float; every Nth argument; lists the N hardest
//   exhaustive --plant BITS [...]                                     float; spoils one result by an ulp, so must fail
//   exhaustive --double N [FUNCTION ...]                              double; N sampled arguments per function
//
// Truth: the C library's double function is off by a few ulp, about 2^-50; where all doubles within 2^-44 of its value round
// to one float, that float is the answer. Otherwise, and for every 4096th argument in any case, MPFR decides, and the bound
// of 2^-44 is checked, too.
#include "exhaustive.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum { CHUNK = 1 << 16, SHOWN = 10, HARD = 64 };

struct hard {
  uint32_t input, expected;
  double distance;
};

struct job {
  const struct function *function;
  uint64_t stride, planted;
  atomic_uint_fast64_t next;
  pthread_mutex_t lock;
  uint64_t checked, by_mpfr, wrong, bound_broken;
  int hard_wanted, hard_count;
  struct hard hard[HARD];
};

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/// Keeps the hardest cases, sorted. The caller holds the lock.
static void keep_hard(struct job *job, struct hard found) {
  int at = job->hard_count < job->hard_wanted ? job->hard_count++ : job->hard_wanted;
  for (; at > 0 && job->hard[at - 1].distance > found.distance; at--)
    if (at < job->hard_wanted) job->hard[at] = job->hard[at - 1];
  if (at < job->hard_wanted) job->hard[at] = found;
}

static void report(struct job *job, uint32_t input, uint32_t expected, uint32_t got) {
  if (job->wrong++ < SHOWN)
    printf("%s: x = 0x%08x expected 0x%08x got 0x%08x\n", job->function->name, input, expected, got);
}

/// The correctly rounded float. If `sampled`, asks MPFR in any case and checks the bound on libm's error.
static float truth(struct job *job, struct scratch *scratch, float x, bool sampled, uint64_t *by_mpfr) {
  double r = job->function->libm(x);
  float low = (float)(r * (1 - 0x1p-44)), high = (float)(r * (1 + 0x1p-44));
  bool decided = r != r || low == high;
  if (decided && !sampled) return r != r ? float_of(0x7fc00000) : low;
  ++*by_mpfr;
  bool broken = sampled && !within_bound(scratch, job->function, x, r);
  float expected = float_by_mpfr(scratch, job->function, x);
  double distance;
  bool hard = !decided && job->hard_wanted && midpoint_distance(scratch, job->function, x, &distance);
  pthread_mutex_lock(&job->lock);
  if (broken) {
    job->bound_broken++;
    printf("%s: libm is off by more than 2^-44 at 0x%08x\n", job->function->name, bits_of_float(x));
  }
  if (hard) keep_hard(job, (struct hard){bits_of_float(x), bits_of_float(expected), distance});
  pthread_mutex_unlock(&job->lock);
  return expected;
}

static void check_chunk(struct job *job, struct scratch *scratch, uint64_t first) {
  static _Thread_local float x[CHUNK], y[CHUNK];
  size_t count = 0;
  for (uint64_t k = 0; k < CHUNK && first + k * job->stride < 1ull << 32; k++)
    x[count++] = float_of((uint32_t)(first + k * job->stride));
  job->function->in_float(x, y, count);
  uint64_t by_mpfr = 0;
  for (size_t i = 0; i < count; i++) {
    if (bits_of_float(x[i]) == job->planted) y[i] = float_of(bits_of_float(y[i]) ^ 1);
    bool sampled = i % 4096 == 0, number = x[i] == x[i];
    uint32_t expected = 0x7fc00000;
    if (number || sampled) expected = bits_of_float(truth(job, scratch, x[i], sampled, &by_mpfr));
    if (expected == bits_of_float(y[i])) continue;
    pthread_mutex_lock(&job->lock);
    report(job, bits_of_float(x[i]), expected, bits_of_float(y[i]));
    pthread_mutex_unlock(&job->lock);
  }
  pthread_mutex_lock(&job->lock);
  job->checked += count;
  job->by_mpfr += by_mpfr;
  pthread_mutex_unlock(&job->lock);
}

static void *work(void *argument) {
  struct job *job = argument;
  struct scratch scratch;
  scratch_init(&scratch);
  for (;;) {
    uint64_t first = atomic_fetch_add(&job->next, CHUNK * job->stride);
    if (first >= 1ull << 32) break;
    check_chunk(job, &scratch, first);
    if ((first >> 16) / job->stride % 4096 == 0)
      fprintf(stderr, "%s %3d %%\r", job->function->name, (int)(first * 100 >> 32));
  }
  scratch_clear(&scratch);
  return NULL;
}

static bool check_float(const struct function *function, int threads, uint64_t stride, int hard, uint64_t planted) {
  static struct job job;
  memset(&job, 0, sizeof job);
  job.function = function;
  job.stride = stride;
  job.hard_wanted = hard;
  job.planted = planted;
  pthread_mutex_init(&job.lock, NULL);
  double start = seconds();
  pthread_t ids[256];
  for (int t = 0; t < threads; t++) pthread_create(&ids[t], NULL, work, &job);
  for (int t = 0; t < threads; t++) pthread_join(ids[t], NULL);
  printf("%-6s float %s: inputs %llu, decided by MPFR %llu, wrong %llu, seconds %.0f\n", function->name,
         signet_kernels_variant(), (unsigned long long)job.checked, (unsigned long long)job.by_mpfr,
         (unsigned long long)job.wrong, seconds() - start);
  for (int k = 0; k < job.hard_count; k++)
    printf("hard %s 0x%08x 0x%08x %.2f\n", function->name, job.hard[k].input, job.hard[k].expected,
           log2(job.hard[k].distance));
  fflush(stdout);
  uint64_t expected_count = ((1ull << 32) + stride - 1) / stride;
  return job.wrong == 0 && job.bound_broken == 0 && job.checked == expected_count;
}

static bool check_double(const struct function *function, uint64_t count) {
  struct scratch scratch;
  scratch_init(&scratch);
  double worst = 0, start = seconds();
  uint64_t different = 0, wrong = 0, random = 0x9e3779b97f4a7c15;
  for (uint64_t i = 0; i < count; i++) {
    double x = sample_double(function, &random, i), y;
    function->in_double(&x, &y, 1);
    double expected = double_by_mpfr(&scratch, function, x);
    if (bits_of_double(y) == bits_of_double(expected)) continue;
    different++;
    double ulps = y == y && expected == expected ? error_in_ulps(&scratch, function, x, y) : HUGE_VAL;
    if (ulps > worst) worst = ulps;
    if (!(ulps <= 1) && wrong++ < SHOWN)
      printf("%s: x = %a expected %a got %a, %g ulp\n", function->name, x, expected, y, ulps);
  }
  printf("%-6s double: inputs %llu, not correctly rounded %llu (their largest error %.6f ulp), wrong %llu, "
         "seconds %.0f\n",
         function->name, (unsigned long long)count, (unsigned long long)different, worst, (unsigned long long)wrong,
         seconds() - start);
  fflush(stdout);
  scratch_clear(&scratch);
  return wrong == 0;
}

int main(int argc, char **argv) {
  uint64_t stride = 1, doubles = 0, planted = UINT64_MAX;
  int threads = 1, hard = 0, first = 1;
  for (; first + 1 < argc && !strncmp(argv[first], "--", 2); first += 2) {
    uint64_t value = strtoull(argv[first + 1], NULL, 0);
    if (!strcmp(argv[first], "--threads") && value >= 1 && value <= 256) threads = (int)value;
    else if (!strcmp(argv[first], "--stride") && value >= 1) stride = value;
    else if (!strcmp(argv[first], "--plant")) planted = value;
    else if (!strcmp(argv[first], "--double") && value >= 1) doubles = value;
    else if (!strcmp(argv[first], "--hard") && value >= 1 && value <= HARD) hard = (int)value;
    else break;
  }
  for (int k = first; k < argc; k++) {
    bool known = false;
    for (const struct function *f = functions; f->name; f++) known |= !strcmp(argv[k], f->name);
    if (!known) return fprintf(stderr, "exhaustive: unknown option or function: %s\n", argv[k]), 2;
  }
  if (signet_kernels_variant_error()) return fprintf(stderr, "%s\n", signet_kernels_variant_error()), 2;

  bool right = true;
  for (const struct function *f = functions; f->name; f++) {
    bool wanted = first == argc;
    for (int k = first; k < argc; k++) wanted |= !strcmp(argv[k], f->name);
    if (wanted) right &= doubles ? check_double(f, doubles) : check_float(f, threads, stride, hard, planted);
  }
  return right ? 0 : 1;
}
