// Matrix products whose every output is one ascending chain of fused multiply-adds.
#ifndef SIGNET_MATRIX_PRODUCT_H
#define SIGNET_MATRIX_PRODUCT_H

#include <stdbool.h>
#include <stddef.h>

#endif
