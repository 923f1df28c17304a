// How the process deals with the system's memory.
#ifndef SIGNET_MEMORY_H
#define SIGNET_MEMORY_H

/// From now on, memory that is freed stays in the process, where the C library can be told so (glibc); to be called before there are
/// other threads. For programs whose steps free and allocate the same large arrays again and again: glibc gives those of 32 MiB and more
/// back to the system at once, and fetches them anew, page by page.
void signet_keep_memory(void);

#endif
