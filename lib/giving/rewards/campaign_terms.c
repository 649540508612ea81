/*
 * campaign_terms: what a campaign gives, between its row and numbers.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/db/db.h"
#include "lib/giving/rewards/campaign_terms.h"

#define AMOUNT_SCALE	4	/* of a tier: no currency has more digits */

/* The next word of a text, which moves on; NULL at its end. */
static const char *
word(struct arena *arena, const char **text)
{
	size_t	size;

	*text += strspn(*text, " ");
	size = strcspn(*text, " ");
	if (size == 0)
		return NULL;
	*text += size;

	return arena_copy(arena, *text - size, size);
}

/* Our own writing, so it is a number. */
static int64_t
number(struct arena *arena, const char **text)
{
	const char	*digits = word(arena, text);

	return digits != NULL ? strtoll(digits, NULL, 10) : 0;
}

static void
read_splits(struct arena *arena, const char *text, struct campaign_terms *t)
{
	const char	*role;

	while (text != NULL && t->split_count < LIMIT_SPLITS &&
	    (role = word(arena, &text)) != NULL)
		t->splits[t->split_count++] = (struct campaign_split){
			role, number(arena, &text) };
}

static void
read_tiers(struct arena *arena, const char *text, struct campaign_terms *t)
{
	while (text != NULL && *text != '\0' && t->tier_count < LIMIT_TIERS) {
		t->tiers[t->tier_count].least = number(arena, &text);
		t->tiers[t->tier_count++].multiplier = number(arena, &text);
	}
}

void
campaign_terms_read(struct work *w, struct query *q,
    struct campaign_terms *t)
{
	t->number = db_col_int(q, "id");
	t->pool = db_col_int(q, "pool");
	t->priority = db_col_int(q, "priority");
	t->template = (enum campaign_template)db_col_int(q, "template");
	t->multiplier = db_col_int(q, "multiplier");
	t->fixed = db_col_int(q, "fixed_tokens");
	t->split_count = t->tier_count = 0;
	read_splits(w->arena, db_col_text(q, w->arena, "splits"), t);
	read_tiers(w->arena, db_col_text(q, w->arena, "tiers"), t);
	t->total_budget = db_col_int(q, "total_budget");
	t->per_user = db_col_int(q, "per_user");
	t->per_action = db_col_int(q, "per_action");
	t->per_day = db_col_int(q, "per_day");
	t->spent = db_col_int(q, "spent");
	t->starts_at.ms = db_col_int(q, "starts_at");
	t->ends_at.ms = db_col_int(q, "ends_at");
	t->reached_at.ms = db_col_int(q, "reached_at");
	t->created_at.ms = db_col_int(q, "created_at");
}

int64_t
campaign_terms_left(const struct campaign_terms *t)
{
	return t->total_budget > 0 ? t->total_budget - t->spent :
	    LIMIT_BOOKS;
}

bool
campaign_terms_now(const struct campaign_terms *t, struct moment now)
{
	int64_t	second = now.ms - now.ms % 1000;

	return second >= t->starts_at.ms && second <= t->ends_at.ms;
}

int
campaign_terms_tier(const struct campaign_terms *t, int64_t minor,
    const struct currency *currency)
{
	struct decimal	said = { minor, 0, true };
	int64_t		amount = 0;
	int		found = -1;

	if (currency != NULL) {
		said.scale = currency->exponent;
		/* What does not fit is above every tier. */
		if (!money_scaled(said, AMOUNT_SCALE, &amount))
			amount = INT64_MAX;
	}
	for (size_t i = 0; i < t->tier_count; i++)
		if (t->tiers[i].least <= amount)
			found = (int)i;

	return found;
}

const char *
campaign_terms_splits(struct work *w, const struct campaign_terms *t)
{
	struct buf	 out;

	buf_init(&out, w->arena);
	for (size_t i = 0; i < t->split_count; i++)
		buf_printf(&out, "%s%s %" PRId64, i > 0 ? " " : "",
		    t->splits[i].role, t->splits[i].portion);

	return t->split_count > 0 ? buf_str(&out) : NULL;
}

const char *
campaign_terms_tiers(struct work *w, const struct campaign_terms *t)
{
	struct buf	 out;

	buf_init(&out, w->arena);
	for (size_t i = 0; i < t->tier_count; i++)
		buf_printf(&out, "%s%" PRId64 " %" PRId64, i > 0 ? " " : "",
		    t->tiers[i].least, t->tiers[i].multiplier);

	return t->tier_count > 0 ? buf_str(&out) : NULL;
}

struct decimal
campaign_terms_decimal(int64_t digits, int scale)
{
	while (scale > 0 && digits % 10 == 0) {
		digits /= 10;
		scale--;
	}

	return (struct decimal){ digits, scale, true };
}
