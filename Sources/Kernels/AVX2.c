// The kernels for x86-64 with AVX2 and FMA (x86-64-v3).
#if defined(__x86_64__)
#pragma STDC FP_CONTRACT OFF
#include <immintrin.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <stdint.h>
#include "AccurateFunctions.h"
#include "Variant.h"
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3,tune=znver4"))), apply_to = function)
#define VARIANT avx2
#define VECTOR_BYTES 32
#define BIT_LOOK_UP
#include "Variant.inc"
#pragma clang attribute pop
#endif
