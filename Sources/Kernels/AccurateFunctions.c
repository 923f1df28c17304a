// The elementary functions of AccurateFunctions.inc, each rounded once.
#pragma STDC FP_CONTRACT OFF
#include "AccurateFunctions.h"

#include "AccurateFunctions.inc"

#define DEFINE(name, function)                                                        \
  float signet_##name##_float_at(float x) { return rounded_to_float(function(x)); } \
  double signet_##name##_double_at(double x) { return rounded_to_double(function(x)); }
ACCURATE_FUNCTIONS(DEFINE)
