#ifndef CRYPTO_QUICK_H
#define CRYPTO_QUICK_H

#include <openssl/types.h>

/*
 * This process will use OpenSSL by this room alone, so it need not know what
 * others ask it for: all algorithms but four, their old names, and the words
 * for its errors.  To learn them is most of what it takes to start, which a
 * CGI program does for every request.  Before anything else of this room,
 * once, and never where TLS is spoken: certificates could not be checked.
 */
void		 quick_start(void);

/* For this room only: where to fetch from; NULL, the usual, without a start. */
OSSL_LIB_CTX	*quick_library(void);

#endif
