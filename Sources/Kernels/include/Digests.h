// The compression functions of SHA-256 (FIPS 180-4, §6.2) and MD5 (RFC 1321, §3.4), which identify files.
#ifndef SIGNET_DIGESTS_H
#define SIGNET_DIGESTS_H

#include <stddef.h>
#include <stdint.h>

/// Updates the state of SHA-256 with `blocks` blocks of 64 bytes.
void signet_sha256_blocks(uint32_t state[8], const uint8_t *bytes, size_t blocks);

/// Updates the state of MD5 with `blocks` blocks of 64 bytes.
void signet_md5_blocks(uint32_t state[4], const uint8_t *bytes, size_t blocks);

#endif
