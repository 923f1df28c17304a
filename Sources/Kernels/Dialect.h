// The dialect of the sources that are compiled for processors and, when the program runs, for devices: C here, OpenCL C 1.2 and CUDA
// C++ there. Whatever the three languages say in different ways has a name of its own, which is defined here and nowhere else.
//
//     TABLE         a constant array of the whole program; FROM_TABLE, in a parameter's type, says that it points into one
//     MEMORY        in a pointer's type, says that it points into a tensor; other pointers point to a thread's own variables
//     INLINE        a function that is always inlined; RARE, one that is not; OUTLINE, one that is inlined on a device only
//     FOR_KINDS     FOR_KINDS(kinds, f, …) calls f(kinds, …), on a processor with a constant, so that a loop over the values of a weight is
//                   unrolled and its numbers stay in registers
//     FMA, SQRT, ABS, COPY_SIGN     of one number, rounded correctly
//     bits_of, of_bits              a double's bits, and back
//     float_bits                    a float's bits, on a device
//     COPY          copies some elements of one array to another
//     PREFETCH      begins to read what is at an address, on a processor
//     NOT_A_NUMBER, INFINITE        of type double
//
// A device computes in float, and with doubles in the elementary functions. Structures are made by functions, since C++ has no compound
// literals, and no formula has the name of one of OpenCL's functions.
#ifndef SIGNET_DIALECT_H
#define SIGNET_DIALECT_H

#if defined(__OPENCL_C_VERSION__)
// MARK: OpenCL C 1.2
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#pragma OPENCL FP_CONTRACT OFF
typedef uchar uint8_t;
typedef int int32_t;
typedef uint uint32_t;
typedef long int64_t;
typedef ulong uint64_t;
#define TABLE __constant
#define FROM_TABLE __constant
#define MEMORY __global
#define INLINE static inline __attribute__((always_inline))
#define RARE static __attribute__((noinline))
#define OUTLINE INLINE
#define FOR_KINDS(kinds, function, ...) function(kinds, __VA_ARGS__)
#define FMA(a, b, c) fma(a, b, c)
#define SQRT(x) sqrt(x)
#define ABS(x) fabs(x)
#define COPY_SIGN(size, x) copysign(size, x)
#define bits_of(x) as_ulong(x)
#define of_bits(bits) as_double(bits)
#define float_bits(x) as_uint(x)
#define COPY(to, from, count) for (size_t copied = 0; copied < (count); copied++) (to)[copied] = (from)[copied]
#define PREFETCH(address) ((void)(address))
#define NOT_A_NUMBER as_double(0x7ff8000000000000ul)
#define INFINITE as_double(0x7ff0000000000000ul)

#elif defined(__CUDACC_RTC__)
// MARK: CUDA C++, compiled with --fmad=false and without annotations of where a function runs
typedef unsigned char uint8_t;
typedef int int32_t;
typedef unsigned int uint32_t;
typedef long long int64_t;
typedef unsigned long long uint64_t;
#define TABLE static const
#define FROM_TABLE
#define MEMORY
#define INLINE static __forceinline__
#define RARE static __noinline__
#define OUTLINE INLINE
#define FOR_KINDS(kinds, function, ...) function(kinds, __VA_ARGS__)
#define restrict __restrict__
#define FMA(a, b, c) fma(a, b, c)
#define SQRT(x) sqrtf(x)
#define ABS(x) fabs(x)
#define COPY_SIGN(size, x) copysign(size, x)
#define bits_of(x) ((uint64_t)__double_as_longlong(x))
#define of_bits(bits) __longlong_as_double((long long)(bits))
#define float_bits(x) ((uint32_t)__float_as_int(x))
#define COPY(to, from, count) for (size_t copied = 0; copied < (count); copied++) (to)[copied] = (from)[copied]
#define PREFETCH(address) ((void)(address))
#define NOT_A_NUMBER of_bits(0x7ff8000000000000ull)
#define INFINITE of_bits(0x7ff0000000000000ull)

#else
// MARK: C, of vectors, too
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#define TABLE static const
#define FROM_TABLE
#define MEMORY
#define INLINE static inline __attribute__((always_inline))
#define RARE static
#define OUTLINE static __attribute__((noinline))
#define FOR_KINDS(kinds, function, ...)         \
  switch (kinds) {                              \
    case 2: function(2, __VA_ARGS__); break;    \
    case 3: function(3, __VA_ARGS__); break;    \
    case 4: function(4, __VA_ARGS__); break;    \
    case 5: function(5, __VA_ARGS__); break;    \
    case 6: function(6, __VA_ARGS__); break;    \
    case 7: function(7, __VA_ARGS__); break;    \
    case 8: function(8, __VA_ARGS__); break;    \
    case 9: function(9, __VA_ARGS__); break;    \
    case 10: function(10, __VA_ARGS__); break;  \
    case 11: function(11, __VA_ARGS__); break;  \
    case 12: function(12, __VA_ARGS__); break;  \
    case 13: function(13, __VA_ARGS__); break;  \
    case 14: function(14, __VA_ARGS__); break;  \
    case 15: function(15, __VA_ARGS__); break;  \
    case 16: function(16, __VA_ARGS__); break;  \
    default: function(kinds, __VA_ARGS__);      \
  }
#define FMA(a, b, c) __builtin_fma(a, b, c)
#define SQRT(x) __builtin_elementwise_sqrt(x)
#define ABS(x) __builtin_elementwise_abs(x)
#define COPY_SIGN(size, x) __builtin_copysign(size, x)
#define COPY(to, from, count) memcpy(to, from, (count) * sizeof *(to))
#define PREFETCH(address) __builtin_prefetch(address)
#define NOT_A_NUMBER __builtin_nan("")
#define INFINITE __builtin_inf()

static inline uint64_t bits_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline double of_bits(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}
#endif

#endif
