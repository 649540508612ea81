/*
 * partner: who may call us, and the two sides that each has.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/crypto/id.h"
#include "lib/db/db.h"
#include "lib/giving/partners/partner.h"

static const char *const statuses[] = { "PENDING", "ACTIVE", "SUSPENDED",
	NULL };

const struct shape partner_out = SHAPE("Partner", struct partner,
	{ "partnerId", TEXT(struct partner, id),
	    .about = "our id of the partner" },
	{ "name",      TEXT(struct partner, name),
	    .about = "what people call it" },
	{ "slug",      TEXT(struct partner, slug),
	    .about = "its short name in addresses and commands" },
	{ "status",    WORD(struct partner, status), .words = statuses,
	    .about = "PENDING partners have their test side only" },
	{ "tier",      TEXT(struct partner, tier),
	    .about = "how often it may call" },
	{ "createdAt", MOMENT(struct partner, created_at),
	    .about = "when it was made" });

static const struct {
	const char	*tier;
	int64_t		 a_minute;
} tiers[] = {
	{ "STANDARD", 1000 },
	{ "PROFESSIONAL", 5000 },
	{ "ENTERPRISE", 20000 },
};

int64_t
partner_rate_limit(const char *tier, int64_t own)
{
	if (own > 0)
		return own;
	for (size_t i = 0; i < sizeof(tiers) / sizeof(tiers[0]); i++)
		if (strcmp(tiers[i].tier, tier) == 0)
			return tiers[i].a_minute;

	return tiers[0].a_minute;
}

enum partner_status
partner_status_read(const char *word)
{
	for (int i = 0; statuses[i] != NULL; i++)
		if (strcmp(word, statuses[i]) == 0)
			return (enum partner_status)i;

	return PARTNER_SUSPENDED;
}

static int64_t
add_side(struct work *w, int64_t partner, const char *side)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "INSERT INTO tenants (partner, side) VALUES (?, ?)"
	    " RETURNING id"));
	db_int(q, partner);
	db_text(q, side);

	return db_only_int(q);
}

enum err
partner_create(struct work *w, const char *name, const char *slug,
    struct partner *out)
{
	struct query	*q;
	int64_t		 id;

	if (partner_find(w, slug, out) == OK) {
		faults_add(w->faults, "/slug",
		    "Another partner has it: choose another.");
		return ERR_INVALID_REQUEST;
	}
	q = db_query(w->db, SQL(
	    "INSERT INTO partners (name, slug, created_at)"
	    " VALUES (?, ?, ?) RETURNING id"));
	db_text(q, name);
	db_text(q, slug);
	db_int(q, w->now.ms);
	id = db_only_int(q);
	add_side(w, id, "test");
	add_side(w, id, "live");

	return partner_find(w, slug, out);
}

static void
read_row(struct work *w, struct query *q, struct partner *p)
{
	p->created_at.ms = db_col_int(q, "created_at");
	p->id = id_text(w->arena, ID_PARTNER,
	    (struct id){ 0, db_col_int(q, "id"), p->created_at });
	p->name = db_col_text(q, w->arena, "name");
	p->slug = db_col_text(q, w->arena, "slug");
	p->status = (int)partner_status_read(
	    db_col_text(q, w->arena, "status"));
	p->tier = db_col_text(q, w->arena, "tier");
	p->test = db_col_int(q, "test");
	p->live = db_col_int(q, "live");
}

enum err
partner_find(struct work *w, const char *slug, struct partner *out)
{
	struct query	*q;
	enum err	 e = ERR_NOT_FOUND;

	q = db_query(w->db, SQL(
	    "SELECT p.id, p.name, p.slug, p.status, p.tier, p.created_at,"
	    " t.id AS test, l.id AS live FROM partners p"
	    " JOIN tenants t ON t.partner = p.id AND t.side = 'test'"
	    " AND t.gone_at IS NULL"
	    " JOIN tenants l ON l.partner = p.id AND l.side = 'live'"
	    " AND l.gone_at IS NULL"
	    " WHERE p.slug = ?"));
	db_text(q, slug);
	if (db_next(q)) {
		read_row(w, q, out);
		e = OK;
	}
	db_done(q);

	return e;
}

void
partner_list(struct work *w, struct list *out)
{
	struct partner	*rows;
	struct query	*q;
	size_t		 n = 0;

	/* scans: they are few. */
	q = db_query(w->db, SQL("SELECT count(*) AS n FROM partners"));
	if (db_next(q))
		n = (size_t)db_col_int(q, "n");
	db_done(q);
	rows = arena_array(w->arena, n, sizeof(*rows));
	out->items = rows;
	out->count = 0;

	/* scans: an operator asked for all of them. sorts: they are few. */
	q = db_query(w->db, SQL(
	    "SELECT p.id, p.name, p.slug, p.status, p.tier, p.created_at,"
	    " t.id AS test, l.id AS live FROM partners p"
	    " JOIN tenants t ON t.partner = p.id AND t.side = 'test'"
	    " AND t.gone_at IS NULL"
	    " JOIN tenants l ON l.partner = p.id AND l.side = 'live'"
	    " AND l.gone_at IS NULL"
	    " ORDER BY p.id"));
	while (out->count < n && db_next(q))
		read_row(w, q, &rows[out->count++]);
	db_done(q);
}

enum err
partner_set_status(struct work *w, const char *slug,
    enum partner_status status)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE partners SET status = ? WHERE slug = ?"));
	db_text(q, statuses[status]);
	db_text(q, slug);
	w->keys_changed = true;

	return db_run(q) == 1 ? OK : ERR_NOT_FOUND;
}

enum err
partner_change(struct work *w, const char *slug,
    const struct partner_change *change)
{
	struct query	*q;
	bool		 known = change->tier == NULL;

	for (size_t i = 0; i < sizeof(tiers) / sizeof(tiers[0]); i++)
		known = known || strcmp(tiers[i].tier, change->tier) == 0;
	if (!known) {
		faults_add(w->faults, "/tier",
		    "STANDARD, PROFESSIONAL or ENTERPRISE.");
		return ERR_INVALID_REQUEST;
	}
	q = db_query(w->db, SQL(
	    "UPDATE partners SET name = coalesce(?, name),"
	    " tier = coalesce(?, tier),"
	    " rate_limit = coalesce(nullif(?, 0), rate_limit)"
	    " WHERE slug = ?"));
	db_text(q, change->name);
	db_text(q, change->tier);
	db_int(q, change->rate_limit);
	db_text(q, slug);
	w->keys_changed = true;

	return db_run(q) == 1 ? OK : ERR_NOT_FOUND;
}

/* "10 20" as the numbers 10 and 20, or as the texts. */
static struct list
words(struct work *w, const char *text, bool numbers)
{
	char		*copy = arena_text(w->arena, text), *rest = NULL;
	size_t		 room = strlen(text) / 2 + 1;
	const char	**texts = arena_array(w->arena, room, sizeof(*texts));
	int64_t		*ints = arena_array(w->arena, room, sizeof(*ints));
	size_t		 n = 0;

	for (char *word = strtok_r(copy, " ", &rest); word != NULL;
	    word = strtok_r(NULL, " ", &rest)) {
		texts[n] = word;
		ints[n] = strtoll(word, NULL, 10);
		n++;
	}

	return (struct list){ numbers ? (void *)ints : (void *)texts, n };
}

enum err
partner_config(struct work *w, struct partner_config *out)
{
	struct partner_tip	*tip;
	struct query		*q;
	enum err		 e = ERR_NOT_FOUND;

	tip = arena_alloc(w->arena, sizeof(*tip));
	memset(out, 0, sizeof(*out));
	q = db_query(w->db, SQL(
	    "SELECT p.id, p.name, p.slug, p.status, p.created_at,"
	    " p.tier, p.rate_limit, p.tip_enabled, p.tip_percent, p.currencies,"
	    " p.suggested_amounts FROM tenants t"
	    " JOIN partners p ON p.id = t.partner WHERE t.id = ?"));
	db_int(q, w->tenant);
	if (db_next(q)) {
		out->id = id_text(w->arena, ID_PARTNER, (struct id){ 0,
		    db_col_int(q, "id"), { db_col_int(q, "created_at") } });
		out->name = db_col_text(q, w->arena, "name");
		out->slug = db_col_text(q, w->arena, "slug");
		out->enabled_features = words(w, "rewards", false);
		out->rate_limit = partner_rate_limit(
		    db_col_text(q, w->arena, "tier"),
		    db_col_int(q, "rate_limit"));
		out->is_active = strcmp("SUSPENDED",
		    db_col_text(q, w->arena, "status")) != 0;
		tip->enabled = db_col_int(q, "tip_enabled") != 0;
		tip->default_percent = db_col_int(q, "tip_percent");
		out->tip = tip;
		out->currencies = words(w,
		    db_col_text(q, w->arena, "currencies"), false);
		out->suggested_amounts = words(w,
		    db_col_text(q, w->arena, "suggested_amounts"), true);
		e = OK;
	}
	db_done(q);

	return e;
}
