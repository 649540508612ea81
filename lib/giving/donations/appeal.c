/*
 * appeal: what is collected for, how far it is, and who collects.
 *
 * Perks are in appeal_perk.c.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/db/db.h"
#include "lib/giving/donations/appeal.h"
#include "lib/giving/donations/appeal_row.h"
#include "lib/giving/donations/nonprofit.h"

const struct shape appeal_fundraiser_out = SHAPE("Fundraiser",
    struct appeal_fundraiser,
	{ "id",    INT(struct appeal_fundraiser, id),
	    .about = "its number: fundraiserId of a donation" },
	{ "title", TEXT(struct appeal_fundraiser, title),
	    .about = "what people call it" });

const struct shape appeal_out = SHAPE("Appeal", struct appeal,
	{ "id",       INT(struct appeal, id),
	    .about = "its number: appealId of a donation" },
	{ "title",    TEXT(struct appeal, title),
	    .about = "what people call it" },
	{ "nonprofitSlug", TEXT(struct appeal, nonprofit_slug),
	    .about = "whom it collects for" },
	{ "goal",     INT(struct appeal, goal), NULLS, .preset = 0,
	    .about = "how much it wants, in minor units, or null" },
	{ "raised",   INT(struct appeal, raised),
	    .about = "how much was given, in minor units" },
	{ "currency", TEXT(struct appeal, currency_code),
	    .about = "of these amounts, as ISO 4217 has it" },
	{ "donors",   INT(struct appeal, donors),
	    .about = "how many gifts that was; a recurring one is one" },
	{ "perks",    LIST(struct appeal, perks), .each = &appeal_perk_out,
	    .about = "what donors can get for it" },
	{ "fundraisers", LIST(struct appeal, fundraisers),
	    .each = &appeal_fundraiser_out,
	    .about = "who collects for it in their own name" });

/* Text that people read, said and not too long, on one line. */
bool
appeal_check(struct work *w, const struct appeal_line *line)
{
	bool	 good = line->text == NULL ? !line->need :
	    line->text[0] != '\0' &&
	    encode_is_utf8(line->text, strlen(line->text)) &&
	    encode_length(line->text) <= line->most &&
	    strpbrk(line->text, "\r\n\t") == NULL;

	if (!good)
		faults_add(w->faults, line->pointer,
		    "Must be 1 to %zu characters on one line.", line->most);

	return good;
}

static void
read_row(struct work *w, struct query *q, struct appeal *out)
{
	memset(out, 0, sizeof(*out));
	out->id = db_col_int(q, "id");
	out->title = db_col_text(q, w->arena, "title");
	out->nonprofit = db_col_int(q, "nonprofit");
	out->nonprofit_slug = db_col_text(q, w->arena, "slug");
	out->goal = db_col_int(q, "goal");
	out->raised = db_col_int(q, "raised");
	out->donors = db_col_int(q, "donors");
	out->currency = money_currency(
	    db_col_text(q, w->arena, "currency"));
	out->currency_code = out->currency->code;
	out->created_at.ms = db_col_int(q, "created_at");
}

static void
read_fundraisers(struct work *w, int64_t appeal, struct list *out)
{
	struct appeal_fundraiser	*rows, *f;
	struct query			*q;

	rows = arena_array(w->arena, LIMIT_APPEAL_PARTS, sizeof(*rows));
	*out = (struct list){ rows, 0 };
	q = db_query(w->db, SQL(
	    "SELECT id, title, owner FROM fundraisers"
	    " WHERE tenant = ? AND appeal = ? ORDER BY id LIMIT ?"));
	db_int(q, w->tenant);
	db_int(q, appeal);
	db_int(q, LIMIT_APPEAL_PARTS);
	while (out->count < LIMIT_APPEAL_PARTS && db_next(q)) {
		f = &rows[out->count++];
		f->id = db_col_int(q, "id");
		f->appeal = appeal;
		f->title = db_col_text(q, w->arena, "title");
		f->owner = db_col_text(q, w->arena, "owner");
	}
	db_done(q);
}

enum err
appeal_find(struct work *w, int64_t id, struct appeal *out)
{
	struct query	*q;
	bool		 found;

	q = db_query(w->db, SQL(
	    "SELECT a.id, title, nonprofit, slug, goal, raised, donors,"
	    " currency, a.created_at FROM appeals a"
	    " JOIN nonprofits n ON n.id = a.nonprofit"
	    " WHERE a.tenant = ? AND a.id = ?"));
	db_int(q, w->tenant);
	db_int(q, id);
	found = db_next(q);
	if (found)
		read_row(w, q, out);
	db_done(q);
	if (!found)
		return ERR_APPEAL_NOT_FOUND;
	appeal_perk_read(w, id, &out->perks);
	read_fundraisers(w, id, &out->fundraisers);

	return OK;
}

void
appeal_list(struct work *w, struct list *out)
{
	struct appeal	*rows;
	struct query	*q;

	rows = arena_array(w->arena, LIMIT_PAGE, sizeof(*rows));
	*out = (struct list){ rows, 0 };
	q = db_query(w->db, SQL(
	    "SELECT a.id, title, nonprofit, slug, goal, raised, donors,"
	    " currency, a.created_at FROM appeals a"
	    " JOIN nonprofits n ON n.id = a.nonprofit"
	    " WHERE a.tenant = ? ORDER BY a.id DESC LIMIT ?"));
	db_int(q, w->tenant);
	db_int(q, LIMIT_PAGE);
	while (out->count < LIMIT_PAGE && db_next(q))
		read_row(w, q, &rows[out->count++]);
	db_done(q);
}

void
appeal_count(struct work *w, int64_t id, struct appeal_change change)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE appeals SET raised = raised + ?, donors = donors + ?"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, change.raised);
	db_int(q, change.donors);
	db_int(q, w->tenant);
	db_int(q, id);
	db_run(q);
}

enum err
appeal_create(struct work *w, const struct appeal *new, struct appeal *out)
{
	const struct appeal_line title = { "/title", new->title, LIMIT_TITLE,
	    true };
	struct nonprofit	 nonprofit;
	struct query		*q;
	int64_t			 id;
	enum err		 e;

	appeal_check(w, &title);
	if (new->goal < 0 || new->goal > LIMIT_AMOUNT)
		faults_add(w->faults, "/goal", "Must be 0 to %lld minor"
		    " units.", (long long)LIMIT_AMOUNT);
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;
	e = nonprofit_receiver(w, new->nonprofit_slug, &nonprofit);
	if (e != OK)
		return e;

	id = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM appeals WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1"));
	q = db_query(w->db, SQL(
	    "INSERT INTO appeals (tenant, id, nonprofit, title, currency,"
	    " goal, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, id);
	db_int(q, nonprofit.number);
	db_text(q, new->title);
	db_text(q, new->currency->code);
	db_int(q, new->goal);
	db_int(q, w->now.ms);
	db_run(q);

	return appeal_find(w, id, out);
}

enum err
appeal_fundraiser_find(struct work *w, int64_t appeal, int64_t fundraiser,
    struct appeal_fundraiser *out)
{
	struct query	*q;
	enum err	 e = ERR_FUNDRAISER_NOT_FOUND;

	memset(out, 0, sizeof(*out));
	q = db_query(w->db, SQL(
	    "SELECT title, owner FROM fundraisers"
	    " WHERE tenant = ? AND id = ? AND appeal = ?"));
	db_int(q, w->tenant);
	db_int(q, fundraiser);
	db_int(q, appeal);
	if (db_next(q)) {
		out->id = fundraiser;
		out->appeal = appeal;
		out->title = db_col_text(q, w->arena, "title");
		out->owner = db_col_text(q, w->arena, "owner");
		e = OK;
	}
	db_done(q);

	return e;
}

enum err
appeal_fundraiser_create(struct work *w,
    const struct appeal_fundraiser *new, struct appeal_fundraiser *out)
{
	const struct appeal_line title = { "/title", new->title, LIMIT_TITLE,
	    true }, owner = { "/owner", new->owner, LIMIT_NAME, false };
	struct appeal	 appeal;
	struct query	*q;
	int64_t		 id;

	if (appeal_find(w, new->appeal, &appeal) != OK)
		return ERR_APPEAL_NOT_FOUND;
	appeal_check(w, &title);
	appeal_check(w, &owner);
	if (appeal.fundraisers.count == LIMIT_APPEAL_PARTS)
		faults_add(w->faults, "/appeal", "It has %d fundraisers,"
		    " and no more can be.", LIMIT_APPEAL_PARTS);
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;

	id = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM fundraisers WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1"));
	q = db_query(w->db, SQL(
	    "INSERT INTO fundraisers (tenant, id, appeal, title, owner)"
	    " VALUES (?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, id);
	db_int(q, new->appeal);
	db_text(q, new->title);
	db_text(q, new->owner);
	db_run(q);

	return appeal_fundraiser_find(w, new->appeal, id, out);
}
