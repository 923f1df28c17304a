// The arithmetic whose bits Signet guarantees. Umbrella header of the module `Kernels`.
#ifndef SIGNET_KERNELS_H
#define SIGNET_KERNELS_H

#include "BitProduct.h"
#include "ByteProduct.h"
#include "Convolution.h"
#include "DeviceText.h"
#include "Digests.h"
#include "Dispatch.h"
#include "Functions.h"
#include "MatrixProduct.h"
#include "Memory.h"
#include "Passes.h"
#include "Philox.h"
#include "Processors.h"
#include "WeightPasses.h"

#endif
