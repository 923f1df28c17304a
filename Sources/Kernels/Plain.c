// The kernels for any processor: on x86-64 without AVX, elsewhere with whatever the baseline has.
#pragma STDC FP_CONTRACT OFF
#define VARIANT plain
#define VECTOR_BYTES 16
#include "Variant.inc"
