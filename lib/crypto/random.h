#ifndef CRYPTO_RANDOM_H
#define CRYPTO_RANDOM_H

#include <stddef.h>

/* Unpredictable bytes; a generator that fails ends the process. */
void	random_bytes(void *, size_t);

/* 2 * size lower-case hex digits and a NUL, from `size` random bytes. */
void	random_hex(char *out, size_t size);

/* The same for what is unique but no secret, such as a request's id. */
void	random_name(char *out, size_t size);

#endif
