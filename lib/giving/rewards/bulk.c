/*
 * bulk: many submissions, one commit.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/db/db.h"
#include "lib/giving/rewards/bulk.h"

/* One of them, with faults and a detail of its own. */
static void
submit_one(struct work *w, const struct item *item,
    const struct shape *shape, struct bulk_result *r)
{
	struct work		 alone = *w;
	const struct submit	*in = item->value;
	struct action		 a = { 0 };

	alone.detail = NULL;
	alone.shortage = NULL;
	alone.faults = &r->faults;
	r->faults = item->faults;
	if (r->faults.count == 0)
		faults_init(&r->faults, w->arena);
	r->refusal = ERR_INVALID_REQUEST;
	if (r->faults.count == 0) {
		r->key = in->key;
		r->refusal = submit_action(&alone, in,
		    shape_digest(shape, in), &a);
		r->detail = alone.detail;
		r->shortage = alone.shortage;
		w->told = w->told || alone.told;
		faults_under(&r->faults, arena_printf(w->arena,
		    "/actions/%lld", (long long)r->index));
	}
	r->action = a.id;
	r->tokens = a.tokens;
	r->body_matches = a.body_matches;
}

static void
count(struct bulk_summary *s, struct bulk_result *r)
{
	s->submitted++;
	switch (r->refusal) {
	case OK:
		r->status = "COMPLETED";
		s->completed++;
		s->distributed.units += r->tokens.units;
		break;
	case ERR_IDEMPOTENT:
		r->status = "DUPLICATE";
		s->duplicates++;
		break;
	default:
		r->status = "FAILED";
		s->failed++;
		break;
	}
}

static enum err
submit_all(struct work *w, const struct bulk *in, const struct shape *shape,
    struct bulk_outcome *out)
{
	const struct item	*items = in->actions.items;

	for (size_t i = 0; i < in->actions.count; i++) {
		struct bulk_result	*r = &out->results[i];

		r->index = (int64_t)i;
		submit_one(w, &items[i], shape, r);
		count(&out->summary, r);
		if (!in->atomic || r->refusal == OK ||
		    r->refusal == ERR_IDEMPOTENT)
			continue;
		faults_join(w->faults, &r->faults);
		if (r->faults.count == 0)
			faults_add(w->faults, arena_printf(w->arena,
			    "/actions/%zu", i), "Because of this one nothing"
			    " was done.");
		w->detail = r->detail;
		w->shortage = r->shortage;
		return r->refusal;
	}

	return OK;
}

/* With all or nothing, everything that is badly said is told at once. */
static enum err
check_all(struct work *w, const struct bulk *in)
{
	const struct item	*items = in->actions.items;

	for (size_t i = 0; i < in->actions.count; i++)
		faults_join(w->faults, &items[i].faults);

	return w->faults->count > 0 ? ERR_INVALID_REQUEST : OK;
}

enum err
bulk_submit(struct work *w, const struct bulk *in, const struct shape *shape,
    struct bulk_outcome *out)
{
	enum err	 e;

	memset(out, 0, sizeof(*out));
	out->results = arena_array(w->arena, in->actions.count,
	    sizeof(*out->results));
	if (!in->atomic)
		return submit_all(w, in, shape, out);
	e = check_all(w, in);
	if (e != OK)
		return e;

	db_mark(w->db);
	e = submit_all(w, in, shape, out);
	if (e == OK)
		db_keep(w->db);
	else
		db_undo(w->db);

	return e;
}
