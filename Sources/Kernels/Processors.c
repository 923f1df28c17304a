#define _GNU_SOURCE
#include "include/Processors.h"

#ifdef __linux__
#include <errno.h>
#include <sched.h>

size_t signet_processor_affinity(void) {
  // The system refuses a mask that is too small for the processors that it may have.
  for (size_t processors = 1024; processors <= (size_t)1 << 20; processors *= 2) {
    cpu_set_t *mask = CPU_ALLOC(processors);
    if (mask == NULL) return 0;
    size_t size = CPU_ALLOC_SIZE(processors);
    CPU_ZERO_S(size, mask);
    int error = sched_getaffinity(0, size, mask) == 0 ? 0 : errno;
    size_t count = error == 0 ? (size_t)CPU_COUNT_S(size, mask) : 0;
    CPU_FREE(mask);
    if (error != EINVAL) return count;
  }
  return 0;
}
#else
size_t signet_processor_affinity(void) { return 0; }
#endif
