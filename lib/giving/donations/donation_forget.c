/*
 * donation_forget: what donations say of a person goes, the money stays.
 */
#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/email.h"
#include "lib/db/db.h"
#include "lib/giving/donations/donation.h"
#include "lib/giving/donations/donation_forget.h"
#include "lib/giving/people/user_actions.h"

#define STEP	100			/* donations at a time */
#define NOTED	3			/* whose texts are looked for */

static void
shred(struct work *w, const char *text)
{
	struct shred	*s;

	if (text == NULL)
		return;
	s = arena_alloc(w->arena, sizeof(*s));
	*s = (struct shred){ w->shreds, text };
	w->shreds = s;
}

/* A row's texts stand side by side in the file. */
static void
note(struct work *w, const struct donation *d)
{
	const char	*texts[] = { d->email, d->first_name, d->last_name,
		d->external_id, d->address, d->phone, d->referral_code };
	struct buf	 row;

	buf_init(&row, w->arena);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i] != NULL)
			buf_text(&row, texts[i]);
	shred(w, buf_str(&row));
	shred(w, d->perk_answer);
	shred(w, d->metadata);
	shred(w, d->link);
}

static void
forget(struct work *w, const struct donation *d)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "UPDATE donations SET forgotten = 1, email = NULL,"
	    " first_name = NULL, last_name = NULL, external_id = NULL,"
	    " address = NULL, phone = NULL, referral_code = NULL,"
	    " perk_answer = NULL, metadata = NULL, success_url = NULL,"
	    " cancel_url = NULL, link = NULL, reward_at = NULL"
	    " WHERE tenant = ? AND id = ?"));
	db_int(q, w->tenant);
	db_int(q, d->number);
	db_run(q);
	/* The link may name them.  scans: as erasing does in any case. */
	q = db_query(w->db, SQL("DELETE FROM replays"
	    " WHERE tenant = ? AND instr(body, ?) > 0"));
	db_int(q, w->tenant);
	db_text(q, d->id);
	db_run(q);
}

/* The numbers that a query finds, up to STEP of them. */
static size_t
each(struct work *w, struct query *q, size_t before)
{
	int64_t		 numbers[STEP];
	struct donation	 d;
	size_t		 n = 0;

	while (n < STEP && db_next(q))
		numbers[n++] = db_col_int(q, "id");
	db_done(q);
	for (size_t i = 0; i < n; i++) {
		if (!donation_numbered(w, numbers[i], &d))
			continue;
		if (before + i < NOTED)
			note(w, &d);
		forget(w, &d);
	}

	return n;
}

static size_t
by_name(struct work *w, const struct donation_donor *who, size_t before)
{
	struct query	*q;

	q = db_query(w->db, SQL("SELECT id FROM donations"
	    " WHERE tenant = ?1 AND forgotten = 0"
	    " AND (external_id = ?2 OR email = ?3)"
	    " ORDER BY id DESC LIMIT 100 /* sorts: they are few. */"));
	db_int(q, w->tenant);
	db_text(q, who->external_id);
	db_text(q, who->email == NULL ? NULL :
	    email_fold(w->arena, who->email));

	return each(w, q, before);
}

/* They may have had another address when they gave. */
static size_t
by_reward(struct work *w, const struct donation_donor *who, size_t before)
{
	struct query	*q;

	q = db_query(w->db, SQL("SELECT id FROM donations"
	    " WHERE tenant = ?1 AND forgotten = 0"
	    " AND action IN (" USER_ACTIONS ") LIMIT 100"));
	db_int(q, w->tenant);
	db_int(q, who->user);

	return each(w, q, before);
}

size_t
donation_forget(struct work *w, const struct donation_donor *who)
{
	size_t	 all = 0, n;

	do
		all += n = by_name(w, who, all);
	while (n == STEP);
	if (who->user == 0)
		return all;
	do
		all += n = by_reward(w, who, all);
	while (n == STEP);

	return all;
}
