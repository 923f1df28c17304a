#include "include/Memory.h"
#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>

void signet_keep_memory(void) {
  mallopt(M_ARENA_MAX, 1);        // All threads share one heap, since others cannot hold large arrays;
  mallopt(M_MMAP_MAX, 0);         // no array has a mapping of its own,
  mallopt(M_TRIM_THRESHOLD, -1);  // and the heap does not shrink.
}
#else
void signet_keep_memory(void) {}
#endif
