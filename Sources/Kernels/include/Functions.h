// Elementary functions, elementwise.
#ifndef SIGNET_FUNCTIONS_H
#define SIGNET_FUNCTIONS_H

#include <stddef.h>

#endif
