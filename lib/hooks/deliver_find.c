/*
 * deliver_find: which webhooks have something due, and what they are.
 *
 * The index deliveries_due lies in the order of webhooks, so each step of
 * the walk is a seek to the first delivery of the next webhook: its cost is
 * the number of webhooks that have any, not of deliveries.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/crypto/seal.h"
#include "lib/db/db.h"
#include "lib/hooks/delivering.h"

/* The hook of that name, made if it is new, from *at on in their order. */
static struct hook *
hook_at(struct round *r, struct hook ***at, int64_t tenant, int64_t id)
{
	struct hook	*h;

	while ((h = **at) != NULL && (h->tenant < tenant ||
	    (h->tenant == tenant && h->id < id)))
		*at = &h->next;
	if (h != NULL && h->tenant == tenant && h->id == id)
		return h;
	h = arena_alloc(r->arena, sizeof(*h));
	h->tenant = tenant;
	h->id = id;
	h->usual_ms = -1;
	deliver_list(&h->post.waiting);
	h->next = **at;
	**at = h;

	return h;
}

bool
deliver_is_stray(enum dialect_name policy, int64_t attempts, int64_t wait_ms)
{
	int64_t		 most = LIMIT_LEASE_MS, gap;

	if (attempts > 0) {
		gap = dialect_wait_ms(policy, attempts, INT32_MAX, 999);
		most = gap > most ? gap : most;
	}

	return wait_ms > most;
}

/* The first pending delivery of the webhook after that one. */
static struct query *
next_of(struct round *r, int64_t tenant, int64_t webhook)
{
	struct query	*q = db_query(r->w->db, SQL(
	    "SELECT d.tenant, d.webhook, d.attempts, d.due_at, t.ahead,"
	    " coalesce(h.policy, 1) AS policy"
	    " FROM deliveries d INDEXED BY deliveries_due"
	    " CROSS JOIN tenants t ON t.id = d.tenant"
	    " LEFT JOIN webhooks h ON h.tenant = d.tenant"
	    " AND h.id = d.webhook"
	    " WHERE d.due_at IS NOT NULL"
	    " AND (d.tenant, d.webhook) > (?, ?)"
	    " ORDER BY d.tenant, d.webhook, d.due_at LIMIT 1"));

	db_int(q, tenant);
	db_int(q, webhook);

	return q;
}

/* What this row says of its webhook. */
static void
found(struct round *r, struct hook ***at, struct query *q)
{
	int64_t		 wait_ms = db_col_int(q, "due_at") - r->w->now.ms -
	    db_col_int(q, "ahead");
	bool		 stray = deliver_is_stray(
	    (enum dialect_name)db_col_int(q, "policy"),
	    db_col_int(q, "attempts"), wait_ms);
	struct hook	*h;

	if (wait_ms > 0 && !stray)
		return;
	h = hook_at(r, at, db_col_int(q, "tenant"), db_col_int(q, "webhook"));
	h->due = true;
	h->stray = h->stray || stray;
}

void
deliver_find(struct round *r)
{
	struct hook	**at = &r->hooks;
	struct query	*q;
	int64_t		  tenant = 0, id = 0;
	bool		  more = true;

	while (more) {
		q = next_of(r, tenant, id);
		more = db_next(q);
		if (more) {
			tenant = db_col_int(q, "tenant");
			id = db_col_int(q, "webhook");
			found(r, &at, q);
		}
		db_done(q);
	}
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* "Name: value", one a line, taken apart. */
static void
read_headers(struct round *r, struct hook *h, const char *text)
{
	char	*line, *next, *colon;
	size_t	 lines = 1;

	h->header_text = arena_text(r->arena, text);
	h->header_count = 0;
	if (text == NULL)
		return;
	for (const char *at = text; *at != '\0'; at++)
		lines += *at == '\n';
	h->headers = arena_array(r->arena, lines, sizeof(*h->headers));
	for (line = arena_text(r->arena, text); line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		colon = strchr(line, ':');
		if (colon == NULL || colon == line)
			continue;
		*colon++ = '\0';
		h->headers[h->header_count++] = (struct net_header){
			line, colon + strspn(colon, " \t")
		};
	}
}

/* Unseal it, unless it is the one that we have. */
static void
read_secret(struct round *r, struct hook *h, int which, const void *bytes,
    size_t size)
{
	static const char *const labels[] = { "secret", "old" };
	struct sealed		*s = &h->secrets[which];

	if (s->size == size &&
	    (size == 0 || memcmp(s->bytes, bytes, size) == 0))
		return;
	s->size = size;
	s->bytes = arena_copy(r->arena, size > 0 ? bytes : "", size);
	s->text = size == 0 ? NULL : seal_open(r->arena,
	    arena_printf(r->arena, "webhooks.%s:%lld:%lld", labels[which],
	    (long long)h->tenant, (long long)h->id), bytes, size);
	if (size > 0 && s->text == NULL)
		log_line(LOG_ERROR, "webhook %lld of tenant %lld: its secret"
		    " cannot be read with this master key; nothing is sent"
		    " to it", (long long)h->id, (long long)h->tenant);
}

static void
read_row(struct round *r, struct hook *h, struct query *q)
{
	struct arena	*scratch = r->w->arena;
	const char	*text;
	const void	*bytes;
	size_t		 size;

	h->dialect = dialect_get(
	    (enum dialect_name)db_col_int(q, "format"));
	h->policy = (enum dialect_name)db_col_int(q, "policy");
	text = db_col_text(q, scratch, "url");
	if (!same(h->url, text))
		h->url = arena_text(r->arena, text);
	text = db_col_text(q, scratch, "headers");
	if (!same(h->header_text, text))
		read_headers(r, h, text);
	h->max_per_second = db_col_int(q, "max_per_second");
	bytes = db_col_bytes(q, scratch, "secret_sealed", &size);
	read_secret(r, h, 0, bytes, size);
	bytes = db_col_bytes(q, scratch, "old_sealed", &size);
	read_secret(r, h, 1, bytes, size);
	h->old_until = db_col_int(q, "old_until");
	h->failing = !db_col_null(q, "failing_since");
	h->ahead = db_col_int(q, "ahead");
	/* Whatever the site allows its sandboxes. */
	h->barred = h->dialect == NULL || h->secrets[0].text == NULL ||
	    (db_col_int(q, "live") == 1 &&
	    strncmp(h->url, "https://", 8) != 0);
}

bool
deliver_hook_read(struct round *r, struct hook *h)
{
	struct query	*q = db_query(r->w->db, SQL(
	    "SELECT h.url, h.format, h.policy, h.headers, h.max_per_second,"
	    " h.secret_sealed, h.old_sealed, h.old_until, h.failing_since,"
	    " t.ahead, t.side = 'live' AS live"
	    " FROM webhooks h CROSS JOIN tenants t ON t.id = h.tenant"
	    " WHERE h.tenant = ? AND h.id = ? AND h.disabled_at IS NULL"
	    " AND h.removed_at IS NULL AND t.side <> 'gone'"));
	bool		 found;

	db_int(q, h->tenant);
	db_int(q, h->id);
	found = db_next(q);
	if (found)
		read_row(r, h, q);
	db_done(q);

	return found;
}
