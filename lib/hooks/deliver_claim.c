/*
 * deliver_claim: what is due becomes ours for a while.
 *
 * A claim moves a delivery's due_at ahead by LIMIT_LEASE_MS, so that it is
 * due again should we die.  Of each webhook we take the oldest, and no more
 * than will be sent soon: what waits with us waits out its lease if we are
 * killed.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/db/db.h"
#include "lib/hooks/delivering.h"

/* Of a webhook that answers quickly, that many wait in line … */
#define AHEAD_QUICK	64
#define QUICK_MS	100
/* … and how long a slow one may make the last of them wait. */
#define AHEAD_MS	2000

/* Headers of every delivery, beside the dialect's and the partner's. */
static const struct net_header ours[] = {
	{ "Content-Type", "application/json" },
	{ "User-Agent", "Almoner" },
};

#define OURS	(sizeof(ours) / sizeof(ours[0]))

static void
due(struct round *r, const struct hook *h, int64_t id, int64_t at)
{
	struct query	*q = db_query(r->w->db, SQL(
	    "UPDATE deliveries SET due_at = ? WHERE tenant = ? AND id = ?"));

	db_int(q, at);
	db_int(q, h->tenant);
	db_int(q, id);
	db_run(q);
}

/* How many of this webhook it is good to have in hand. */
static size_t
fill(const struct round *r, const struct hook *h)
{
	size_t	 each = (size_t)r->plan->each, ahead = AHEAD_QUICK, a_while;
	size_t	 share = LIMIT_IN_HAND / (r->hungry + 1);

	if (h->usual_ms < 0 || h->usual_ms > QUICK_MS || h->failing)
		ahead = each;
	if (h->max_per_second > 0) {
		a_while = (size_t)h->max_per_second * AHEAD_MS / 1000;
		ahead = ahead < a_while ? ahead : a_while;
	}

	return each + ahead < share ? each + ahead : share > 1 ? share : 1;
}

/* Has it room for a good part of what it may have? */
static bool
hungry(const struct round *r, const struct hook *h)
{
	return h->due && !h->resting && h->held <= fill(r, h) / 2;
}

bool
deliver_claim_wanted(struct round *r)
{
	size_t	 hungry_ones = 0;

	if (r->leaving || r->held >= LIMIT_IN_HAND)
		return false;
	for (struct hook *h = r->hooks; h != NULL; h = h->next)
		hungry_ones += hungry(r, h);
	r->hungry = hungry_ones;

	return hungry_ones > 0;
}

/* What is pending for a webhook that is told nothing any more. */
static void
drop(struct round *r, struct hook *h)
{
	struct query	*q = db_query(r->w->db, SQL(
	    "UPDATE deliveries SET status = 4, due_at = NULL, ended_at = ?1"
	    " WHERE tenant = ?2 AND id IN (SELECT id FROM deliveries"
	    " WHERE tenant = ?2 AND webhook = ?3 AND due_at IS NOT NULL"
	    " LIMIT ?4)"));

	db_int(q, r->w->now.ms + h->ahead);
	db_int(q, h->tenant);
	db_int(q, h->id);
	db_int(q, LIMIT_DELIVER_BATCH);
	h->due = db_run(q) == LIMIT_DELIVER_BATCH;
	r->look = r->look || h->due;
}

/*
 * The clock was put back, and what was due an hour from then is due two
 * hours from now: what waits longer than its schedule knows is due at once.
 */
static void
pull_in(struct round *r, struct hook *h)
{
	int64_t		 now = r->w->now.ms + h->ahead, found[64];
	size_t		 count = 0;
	struct query	*q = db_query(r->w->db, SQL(
	    "SELECT id, attempts, due_at FROM deliveries"
	    " WHERE tenant = ? AND webhook = ? AND due_at > ?"
	    " ORDER BY due_at LIMIT 64"));

	db_int(q, h->tenant);
	db_int(q, h->id);
	db_int(q, now);
	while (db_next(q))
		if (deliver_is_stray(h->policy, db_col_int(q, "attempts"),
		    db_col_int(q, "due_at") - now))
			found[count++] = db_col_int(q, "id");
	db_done(q);
	for (size_t i = 0; i < count; i++)
		due(r, h, found[i], now);
	h->stray = count == sizeof(found) / sizeof(found[0]);
}

static bool
in_hand(const struct hook *h, int64_t id)
{
	for (struct parcel *p = h->family; p != NULL; p = p->sibling)
		if (p->id == id)
			return true;

	return false;
}

static struct parcel *
parcel_new(struct round *r, struct hook *h)
{
	struct parcel	*p = deliver_pop(&r->pool);
	struct arena	*arena;

	if (p == NULL) {
		p = arena_alloc(r->arena, sizeof(*p));
		p->arena = arena_new();
	}
	arena = p->arena;
	memset(p, 0, sizeof(*p));
	p->arena = arena;
	p->hook = h;
	p->sibling = h->family;
	h->family = p;
	h->held++;
	r->held++;

	return p;
}

void
deliver_release(struct round *r, struct parcel *p)
{
	struct hook	*h = p->hook;
	struct parcel	**at;

	for (at = &h->family; *at != p; at = &(*at)->sibling)
		continue;
	*at = p->sibling;
	h->held--;
	r->held--;
	arena_reset(p->arena);
	deliver_push(&r->pool, p);
}

/* The oldest that are due, into `list`; their number. */
static size_t
find(struct round *r, struct hook *h, size_t want, struct parcels *list)
{
	struct query	*q = db_query(r->w->db, SQL(
	    "SELECT id, event, attempts, due_at FROM deliveries"
	    " WHERE tenant = ? AND webhook = ? AND due_at <= ?"
	    " ORDER BY due_at LIMIT ?"));
	struct parcel	*p;
	size_t		 found = 0;

	db_int(q, h->tenant);
	db_int(q, h->id);
	db_int(q, r->w->now.ms + h->ahead);
	db_int(q, (int64_t)want);
	while (db_next(q)) {
		found++;
		/* Ours already: only a clock that jumped brings it here. */
		if (in_hand(h, db_col_int(q, "id")))
			continue;
		p = parcel_new(r, h);
		p->id = db_col_int(q, "id");
		p->event = db_col_int(q, "event");
		p->attempt = db_col_int(q, "attempts") + 1;
		p->due_at = db_col_int(q, "due_at");
		deliver_push(list, p);
	}
	db_done(q);

	return found;
}

static void
claim(struct round *r, struct hook *h, size_t want)
{
	int64_t		 now = r->w->now.ms + h->ahead;
	struct parcels	 list;
	struct parcel	*p;

	deliver_list(&list);
	if (h->stray)
		pull_in(r, h);
	h->due = find(r, h, want, &list) == want || h->stray;
	if (list.count > 0 && !h->begun) {
		h->begun = true;
		h->ramp = r->absent &&
		    list.first->due_at < now - LIMIT_ABSENT_MS;
	}
	while ((p = deliver_pop(&list)) != NULL) {
		due(r, h, p->id, now + LIMIT_LEASE_MS);
		deliver_push(&r->claimed, p);
	}
}

/* What may be claimed of one webhook; false: no more of any. */
static bool
claim_of(struct round *r, struct hook *h)
{
	size_t	 want, room = LIMIT_IN_HAND - r->held;

	if (room > LIMIT_DELIVER_BATCH - r->claimed.count)
		room = LIMIT_DELIVER_BATCH - r->claimed.count;
	if (room == 0)
		return false;
	if (!hungry(r, h))
		return true;
	if (!deliver_hook_read(r, h)) {
		drop(r, h);
	} else if (h->barred) {
		h->resting = true;
	} else {
		want = fill(r, h) - h->held;
		claim(r, h, want < room ? want : room);
	}

	return true;
}

/* From where the last claim ended, so that each webhook has its turn. */
void
deliver_claim(struct round *r)
{
	struct hook	*first = r->turn != NULL ? r->turn : r->hooks;
	struct hook	*h = first;

	if (h == NULL)
		return;
	do {
		if (!claim_of(r, h))
			break;
		h = h->next != NULL ? h->next : r->hooks;
	} while (h != first);
	r->turn = h;
}

/* The wish of a parcel whose body is written. */
static void
address(struct round *r, struct parcel *p, const char *id)
{
	const struct hook	*h = p->hook;
	struct moment		 now = clock_now();
	struct dialect_seal	 seal = { .id = id, .at = now,
				    .body = p->wish.body,
				    .size = p->wish.size };
	struct dialect_header	 signs[DIALECT_HEADERS];
	struct net_header	*headers;
	size_t			 count = 0, signed_by;

	seal.secrets[0] = h->secrets[0].text;
	if (h->old_until > r->w->now.ms + h->ahead)
		seal.secrets[1] = h->secrets[1].text;
	signed_by = h->dialect->sign(p->arena, &seal, signs);
	headers = arena_array(p->arena, OURS + signed_by + h->header_count,
	    sizeof(*headers));
	for (size_t i = 0; i < OURS; i++)
		headers[count++] = ours[i];
	for (size_t i = 0; i < signed_by; i++)
		headers[count++] = (struct net_header){
		    signs[i].name, signs[i].value };
	for (size_t i = 0; i < h->header_count; i++)
		headers[count++] = h->headers[i];
	p->wish.method = "POST";
	p->wish.url = h->url;
	p->wish.headers = headers;
	p->wish.header_count = count;
	p->wish.timeout_ms = h->dialect->timeout_ms;
	p->wish.keep = LIMIT_ANSWER_KEPT;
	p->wish.with = p;
}

/* What it says; false if there is nothing to say. */
static bool
compose(struct round *r, struct parcel *p)
{
	struct work	 w = *r->w;
	struct told	 told = { 0 };
	const char	*body;

	w.arena = p->arena;
	w.tenant = p->hook->tenant;
	if (!r->plan->tell(&w, p->event, &told))
		return false;
	body = p->hook->dialect->body(p->arena, &told);
	if (body == NULL)
		return false;
	p->wish.body = body;
	p->wish.size = strlen(body);
	address(r, p, told.id);

	return true;
}

void
deliver_write(struct round *r)
{
	struct parcels	 list;
	struct parcel	*p;

	deliver_list(&list);
	deliver_join(&list, &r->claimed);
	while ((p = deliver_pop(&list)) != NULL) {
		if (compose(r, p)) {
			deliver_push(&r->claimed, p);
		} else {
			p->fate = FATE_VOID;
			deliver_push(&r->done, p);
		}
	}
}
