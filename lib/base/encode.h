#ifndef BASE_ENCODE_H
#define BASE_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Lower-case hex into `out`, which holds 2 * size + 1 bytes. */
void		 encode_hex(char *out, const void *in, size_t size);

/* Exactly 2 * size hex digits, of either case, then NUL; else false. */
bool		 encode_unhex(void *out, size_t size, const char *in);

/* Base64 with padding, RFC 4648 section 4. */
const char	*encode_base64(struct arena *, const void *, size_t);

/* The same backwards; NULL unless `in` is exactly such text. */
unsigned char	*encode_unbase64(struct arena *, const char *in, size_t *size);

/*
 * The same without padding, and with - and _ for + and / if it is to stand in
 * an address or a token (RFC 4648, section 5).  What is read is `size` bytes.
 */
enum encode_digits { ENCODE_PLAIN, ENCODE_URL };
const char	*encode_base64_bare(struct arena *, enum encode_digits,
		    const void *, size_t);
unsigned char	*encode_unbase64_bare(struct arena *, enum encode_digits,
		    const char *, size_t, size_t *size);

/*
 * Undo percent-encoding of `size` bytes.  NULL if an escape is broken, or
 * hides a NUL, or the result is not UTF-8.  `plus` reads + as a space, as
 * queries have it and paths have not.
 */
const char	*encode_unpercent(struct arena *, const char *, size_t,
		    bool plus);

/* Percent-encode all but the unreserved characters of RFC 3986. */
const char	*encode_percent(struct arena *, const char *);

/* Well-formed UTF-8 (RFC 3629): no surrogates, nothing overlong. */
bool		 encode_is_utf8(const char *, size_t);

/* How many characters (code points) well-formed UTF-8 has. */
size_t		 encode_length(const char *);

#endif
