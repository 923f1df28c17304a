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
// clang splits vectors of 512 bits in two for x86-64-v4, except in functions that it sees take, return or pass one; the tile of a
// product, whose accumulators then spill, took 1.5 to 1.9 times as long.
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"), min_vector_width(512))), apply_to = function)
#define VARIANT avx512
#define VECTOR_BYTES 64
#define BIT_LOOK_UP
#include "Variant.inc"
#pragma clang attribute pop
#endif
