// Chooses the variant when the program is loaded.
#include <stdlib.h>
#include <string.h>

#include "Variant.h"

const struct signet_variant *signet_variant = &signet_variant_plain;
#if defined(__x86_64__)
static struct signet_variant with_popcount;
#endif
static const char *variant_error = NULL;

__attribute__((constructor)) static void choose_variant(void) {
  const struct signet_variant *possible[4] = {&signet_variant_plain};
  int count = 1;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v3")) possible[count++] = &signet_variant_avx2;
  if (__builtin_cpu_supports("x86-64-v4")) possible[count++] = &signet_variant_avx512;
  if (__builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512vpopcntdq") &&
      __builtin_cpu_supports("avx512vnni")) {
    with_popcount = signet_variant_with_popcount(&signet_variant_avx512);
    possible[count++] = &with_popcount;
  }
#endif
  signet_variant = possible[count - 1];

  const char *wanted = getenv("SIGNET_KERNELS");
  if (!wanted || !*wanted) return;
  for (int i = 0; i < count; i++) {
    if (!strcmp(wanted, possible[i]->name)) {
      signet_variant = possible[i];
      return;
    }
  }
  if (!strcmp(wanted, "avx2") || !strcmp(wanted, "avx512") || !strcmp(wanted, "avx512vpopcntdq"))
    variant_error = "SIGNET_KERNELS: this processor cannot run the variant asked for";
  else
    variant_error = "SIGNET_KERNELS: unknown variant; expected plain, avx2, avx512 or avx512vpopcntdq";
}

const char *signet_kernels_variant(void) { return signet_variant->name; }
const char *signet_kernels_variant_error(void) { return variant_error; }
