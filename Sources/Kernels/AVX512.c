// The kernels for x86-64 with AVX-512 (x86-64-v4).
#if defined(__x86_64__)
#pragma STDC FP_CONTRACT OFF
#include <immintrin.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <stdint.h>
#include "AccurateFunctions.h"
#include "Variant.h"
// Without the tuning, clang prefers vectors of 256 bits: a product's accumulators then spill (1.5 to 1.9 times as long), and the passes take
// 3 % longer on processors whose vectors are 512 bits wide throughout.
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4,no-prefer-256-bit,tune=znver4"))), apply_to = function)
#define VARIANT avx512
#define VECTOR_BYTES 64
#define BIT_LOOK_UP
#define SIGNET_LOOK_UP_TABLES
/// Of a table of 32 floats, those that the lowest five bits of 16 numbers name.
#define LOOK_UP_FLOAT(table, numbers) \
  (__m512)_mm512_permutex2var_ps(_mm512_loadu_ps(table), (__m512i)(numbers), _mm512_loadu_ps(table + 16))
#include "Variant.inc"
#pragma clang attribute pop
#endif
