// Which processors the system lets the process use.
#ifndef SIGNET_PROCESSORS_H
#define SIGNET_PROCESSORS_H

#include <stddef.h>

/// The number of processors that the calling thread, and threads that it starts, may run on (`sched_getaffinity`): those that are
/// running, or fewer after `taskset` or in a `cpuset`. 0 where the system does not tell.
size_t signet_processor_affinity(void);

#endif
