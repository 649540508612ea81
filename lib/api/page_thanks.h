#ifndef API_PAGE_THANKS_H
#define API_PAGE_THANKS_H

#include <stdbool.h>

#include "lib/base/err.h"

struct call;
struct donation;

/* Answer with what became of a donation; `gave_up`: its donor came back
 * without having paid. */
enum err	page_thanks(struct call *, const struct donation *,
		    bool gave_up);

#endif
