// The bit product for AVX-512 processors that count bits in vectors (VPOPCNTDQ) and sum products of bytes (VNNI); all else is as in the variant avx512.
#if defined(__x86_64__)
#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "Variant.h"
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4,avx512vpopcntdq,avx512vnni,no-prefer-256-bit,tune=znver4"))), apply_to = function)
#define VECTOR_BYTES 64
#include "BitProduct.inc"
#define BYTE_DOT_PRODUCT
#include "ByteProduct.inc"
#define BIT_COUNT
#include "ProductCeilings.inc"
#pragma clang attribute pop

struct signet_variant signet_variant_with_popcount(const struct signet_variant *avx512) {
  struct signet_variant variant = *avx512;
  variant.name = "avx512vpopcntdq";
  variant.bit_product = bit_product;
  variant.bit_signs = bit_signs;
  variant.bit_planes = bit_planes;
  variant.byte_product = byte_product;
  variant.bit_ceiling_work = bit_ceiling_work;
  variant.byte_ceiling_work = byte_ceiling_work;
  return variant;
}
#endif
