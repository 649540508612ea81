#ifndef API_MINUTE_H
#define API_MINUTE_H

#include "lib/base/work.h"

struct counts;

/*
 * Once a minute, after some answer, whichever process finds it due first:
 * write down what was counted, and warn of keys that will expire.  Failing
 * is no harm but to the counts of that minute.
 */
void	minute_work(struct work *, struct counts *);

#endif
