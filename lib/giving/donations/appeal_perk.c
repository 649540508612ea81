/*
 * appeal_perk: what donors get, while there are any.
 */
#include <assert.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/db/db.h"
#include "lib/giving/donations/appeal_row.h"

const struct shape appeal_perk_out = SHAPE("Perk", struct appeal_perk,
	{ "id",          INT(struct appeal_perk, id),
	    .about = "its number: perk.id of a donation" },
	{ "title",       TEXT(struct appeal_perk, title),
	    .about = "what people call it" },
	{ "description", TEXT(struct appeal_perk, description), NULLS,
	    .about = "more about it, or null" },
	{ "minAmount",   INT(struct appeal_perk, min_amount),
	    .about = "the least gift for one, in the appeal's minor units" },
	{ "stock",       INT(struct appeal_perk, stock), NULLS, .preset = -1,
	    .about = "how many there are in all, null for no end" },
	{ "remaining",   INT(struct appeal_perk, remaining), NULLS,
	    .preset = -1,
	    .about = "how many are left, null for no end" },
	{ "question",    TEXT(struct appeal_perk, question), NULLS,
	    .about = "what to ask the donor, or null" });

static void
read_row(struct work *w, struct query *q, struct appeal_perk *out)
{
	memset(out, 0, sizeof(*out));
	out->id = db_col_int(q, "id");
	out->appeal = db_col_int(q, "appeal");
	out->title = db_col_text(q, w->arena, "title");
	out->description = db_col_text(q, w->arena, "description");
	out->question = db_col_text(q, w->arena, "question");
	out->min_amount = db_col_int(q, "min_amount");
	out->taken = db_col_int(q, "taken");
	out->stock = db_col_null(q, "stock") ? -1 : db_col_int(q, "stock");
	out->remaining = out->stock < 0 ? -1 : out->stock - out->taken;
}

void
appeal_perk_read(struct work *w, int64_t appeal, struct list *out)
{
	struct appeal_perk	*rows;
	struct query		*q;

	rows = arena_array(w->arena, LIMIT_APPEAL_PARTS, sizeof(*rows));
	*out = (struct list){ rows, 0 };
	q = db_query(w->db, SQL(
	    "SELECT id, appeal, title, description, question, min_amount,"
	    " stock, taken FROM perks"
	    " WHERE tenant = ? AND appeal = ? ORDER BY id LIMIT ?"));
	db_int(q, w->tenant);
	db_int(q, appeal);
	db_int(q, LIMIT_APPEAL_PARTS);
	while (out->count < LIMIT_APPEAL_PARTS && db_next(q))
		read_row(w, q, &rows[out->count++]);
	db_done(q);
}

static enum err
find(struct work *w, int64_t appeal, int64_t id, struct appeal_perk *out)
{
	struct query	*q;
	bool		 found;

	q = db_query(w->db, SQL(
	    "SELECT id, appeal, title, description, question, min_amount,"
	    " stock, taken FROM perks WHERE tenant = ? AND id = ?"));
	db_int(q, w->tenant);
	db_int(q, id);
	found = db_next(q);
	if (found)
		read_row(w, q, out);
	db_done(q);

	return found && out->appeal == appeal ? OK : ERR_PERK_NOT_FOUND;
}

static void
change_taken(struct work *w, int64_t perk, int64_t by)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE perks SET taken = taken + ?"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, by);
	db_int(q, w->tenant);
	db_int(q, perk);
	db_run(q);
}

/*
 * Writers come one after the other (see db_begin()), so what is read here is
 * still so when it is written; the CHECK of perks says it a second time.
 */
enum err
appeal_perk_reserve(struct work *w, const struct appeal_choice *choice,
    struct appeal_perk *out)
{
	enum err	 e = find(w, choice->appeal, choice->perk, out);
	char		 least[32];

	assert(choice->times >= 1 && choice->times <= LIMIT_PERKS);
	assert(choice->amount >= 0 && choice->amount <= LIMIT_AMOUNT);
	if (e != OK)
		return e;
	if (choice->amount < out->min_amount * choice->times) {
		if (choice->currency == NULL)
			return ERR_INVALID_REQUEST;
		money_format(least, out->min_amount * choice->times,
		    choice->currency);
		faults_add(w->faults, "/amount", "It takes %s %s or more to"
		    " have that.", least, choice->currency->code);
		return ERR_INVALID_REQUEST;
	}
	if (out->stock >= 0 && out->remaining < choice->times) {
		w->detail = arena_printf(w->arena, "%lld of that perk are"
		    " left: choose another perk, or give without one.",
		    (long long)out->remaining);
		return ERR_PERK_SOLD_OUT;
	}
	change_taken(w, choice->perk, choice->times);

	return find(w, choice->appeal, choice->perk, out);
}

void
appeal_perk_release(struct work *w, int64_t perk, int64_t times)
{
	assert(times >= 1 && times <= LIMIT_PERKS);
	change_taken(w, perk, -times);
}

static enum err
check(struct work *w, const struct appeal_perk *new)
{
	const struct appeal_line lines[] = {
		{ "/title", new->title, LIMIT_TITLE, true },
		{ "/description", new->description, LIMIT_DESCRIPTION,
		    false },
		{ "/question", new->question, LIMIT_TITLE, false },
	};
	struct appeal	 appeal;

	if (appeal_find(w, new->appeal, &appeal) != OK)
		return ERR_APPEAL_NOT_FOUND;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		appeal_check(w, &lines[i]);
	if (new->min_amount < 0 || new->min_amount > LIMIT_AMOUNT)
		faults_add(w->faults, "/minAmount", "Must be 0 to %lld minor"
		    " units.", (long long)LIMIT_AMOUNT);
	if (appeal.perks.count == LIMIT_APPEAL_PARTS)
		faults_add(w->faults, "/appeal", "It has %d perks, and no"
		    " more can be.", LIMIT_APPEAL_PARTS);

	return w->faults->count > 0 ? ERR_INVALID_REQUEST : OK;
}

enum err
appeal_perk_create(struct work *w, const struct appeal_perk *new,
    struct appeal_perk *out)
{
	struct query	*q;
	int64_t		 id;
	enum err	 e = check(w, new);

	if (e != OK)
		return e;
	id = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM perks WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1"));
	q = db_query(w->db, SQL(
	    "INSERT INTO perks (tenant, id, appeal, title, description,"
	    " question, min_amount, stock) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, id);
	db_int(q, new->appeal);
	db_text(q, new->title);
	db_text(q, new->description);
	db_text(q, new->question);
	db_int(q, new->min_amount);
	if (new->stock < 0)
		db_null(q);
	else
		db_int(q, new->stock);
	db_run(q);

	return find(w, new->appeal, id, out);
}
