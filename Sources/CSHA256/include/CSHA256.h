#ifndef CSHA256_H
#define CSHA256_H

#include <stddef.h>
#include <stdint.h>

/// Whether this processor has instructions for SHA-256 that are used here (x86-64 with SHA and SSE 4.1).
int csha256_is_available(void);

/// The compression function of FIPS 180-4 over whole blocks of 64 bytes; only where it is available.
void csha256_compress(uint32_t state[8], const uint8_t *bytes, size_t blocks);

#endif
