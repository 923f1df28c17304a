// The system's zlib (Debian, Ubuntu: libz-dev), nothing added.
#include <zlib.h>
