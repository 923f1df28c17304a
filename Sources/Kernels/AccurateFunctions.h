// The elementary functions in double-double arithmetic, one value at a time. Internal to the module.
#ifndef SIGNET_ACCURATE_FUNCTIONS_H
#define SIGNET_ACCURATE_FUNCTIONS_H

#include "Functions.h"

// The correctly rounded float, and the double, of each function at one point.
#define SIGNET_DECLARE(name)             \
  float signet_##name##_float_at(float); \
  double signet_##name##_double_at(double);
SIGNET_FUNCTIONS(SIGNET_DECLARE)
#undef SIGNET_DECLARE

#endif
