/*
 * minute: what need not be written with every request.
 */
#include "lib/api/counts.h"
#include "lib/api/minute.h"
#include "lib/base/log.h"
#include "lib/db/db.h"
#include "lib/giving/partners/key.h"
#include "lib/giving/site/usage.h"

static void
keep_usage(void *with, const struct count *n)
{
	struct work	*w = with;

	w->tenant = n->tenant;
	usage_add(w, n->day, n->group, n->counter, n->times);
}

static void
keep_key(void *with, int64_t number, struct moment at)
{
	key_used(with, number, at);
}

void
minute_work(struct work *w, struct counts *counts)
{
	if (!counts_due(counts, w->now))
		return;
	db_begin(w->db, DB_WRITE);
	counts_take(counts, keep_usage, keep_key, w);
	(void)key_warn(w);
	if (!db_commit(w->db))
		log_line(LOG_WARN, "the counts of a minute are lost: %s",
		    db_why(w->db));
}
