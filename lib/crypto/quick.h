#ifndef CRYPTO_QUICK_H
#define CRYPTO_QUICK_H

/*
 * This process will use OpenSSL by this room alone, so it need not know what
 * others ask it for: the old names of all algorithms, and the words for its
 * errors.  To learn them is half of what it takes to start, which a CGI
 * program does for every request.  Before anything else of this room, and
 * never where TLS is spoken: certificates could not be checked.
 */
void	quick_start(void);

#endif
