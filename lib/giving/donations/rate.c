/*
 * rate: what a currency was worth on a day, and how much that makes.
 *
 * Products are taken in 128 bits and divided once, as in lib/base/money.c.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/limits.h"
#include "lib/db/db.h"
#include "lib/giving/donations/rate.h"

__extension__ typedef __int128 wide;

#define DAY_MS	(24 * 60 * 60 * 1000LL)

const struct shape rate_out = SHAPE("ExchangeRate", struct rate_said,
	{ "day",   TEXT(struct rate_said, day),
	    .about = "from which day on, in UTC" },
	{ "from",  TEXT(struct rate_said, from),
	    .about = "one of this currency" },
	{ "to",    TEXT(struct rate_said, to),
	    .about = "is worth in this one" },
	{ "rate",  DECIMAL(struct rate_said, units),
	    .about = "so much, in major units of both" });

/* The latest that was written in this direction; false if none was. */
static bool
find_written(struct work *w, const char *from, const char *to, int64_t day,
    struct rate *out)
{
	struct query	*q;
	bool		 found;

	q = db_query(w->db, SQL(
	    "SELECT day, digits, scale FROM exchange_rates"
	    " WHERE from_currency = ? AND to_currency = ? AND day <= ?"
	    " ORDER BY day DESC LIMIT 1"));
	db_text(q, from);
	db_text(q, to);
	db_int(q, day);
	found = db_next(q);
	if (found) {
		out->day = db_col_int(q, "day");
		out->units.digits = db_col_int(q, "digits");
		out->units.scale = (int)db_col_int(q, "scale");
		out->units.said = true;
	}
	db_done(q);

	return found;
}

enum err
rate_find(struct work *w, const struct currency *from,
    const struct currency *to, struct moment at, struct rate *out)
{
	struct rate	 there = { .from = from, .to = to };
	struct rate	 back = { .from = from, .to = to, .inverse = true };
	int64_t		 day = at.ms / DAY_MS;
	bool		 direct, reverse;

	if (strcmp(from->code, to->code) == 0) {
		there.day = day;
		there.units = (struct decimal){ 1, 0, true };
		*out = there;
		return OK;
	}
	direct = find_written(w, from->code, to->code, day, &there);
	reverse = find_written(w, to->code, from->code, day, &back);
	if (!direct && !reverse) {
		w->detail = arena_printf(w->arena, "There is no exchange rate"
		    " from %s to %s for that day or an earlier one.",
		    from->code, to->code);
		return ERR_NO_EXCHANGE_RATE;
	}
	*out = direct && (!reverse || there.day >= back.day) ? there : back;

	return OK;
}

static wide
ten_to(int power)
{
	wide	 product = 1;

	while (power-- > 0)
		product *= 10;

	return product;
}

/*
 * In major units it is minor / 10^from × rate × 10^to.  The products are
 * below 2 × 10^15 × 10^18 × 10^4, which 128 bits hold.
 */
bool
rate_convert(const struct rate *rate, int64_t minor, int64_t *out)
{
	wide	 times = ten_to(rate->to->exponent);
	wide	 per = ten_to(rate->from->exponent);
	wide	 units = rate->units.digits;
	wide	 one = ten_to(rate->units.scale);
	wide	 sum;

	assert(minor >= 0 && minor <= LIMIT_AMOUNT);
	assert(rate->units.digits > 0 && rate->units.scale >= 0 &&
	    rate->units.scale <= 18);

	times *= rate->inverse ? one : units;
	per *= rate->inverse ? units : one;
	sum = (2 * (wide)minor * times + per) / (2 * per);
	if (sum > LIMIT_AMOUNT)
		return false;
	*out = (int64_t)sum;

	return true;
}

enum err
rate_exchange(struct work *w, struct rate_sum from,
    const struct currency *to, struct moment at, int64_t *out)
{
	struct rate	 rate;
	enum err	 e;

	e = rate_find(w, from.currency, to, at, &rate);
	if (e != OK)
		return e;
	if (!rate_convert(&rate, from.minor, out)) {
		faults_add(w->faults, "/amount",
		    "That is too much in %s.", to->code);
		return ERR_INVALID_REQUEST;
	}

	return OK;
}

bool
rate_day(const char *text, int64_t *day)
{
	char		 whole[sizeof("2026-05-10T00:00:00Z")];
	struct moment	 at;

	if (strlen(text) != strlen("2026-05-10"))
		return false;
	memcpy(whole, text, strlen(text));
	memcpy(whole + strlen(text), "T00:00:00Z", sizeof("T00:00:00Z"));
	if (!clock_parse(whole, &at))
		return false;
	*day = at.ms / DAY_MS;

	return true;
}

enum err
rate_set(struct work *w, const struct rate *rate)
{
	struct query	*q;

	if (rate->units.digits <= 0)
		faults_add(w->faults, "/rate", "Must be above 0.");
	if (strcmp(rate->from->code, rate->to->code) == 0)
		faults_add(w->faults, "/to", "Must be another currency.");
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;
	assert(!rate->inverse);
	q = db_query(w->db, SQL(
	    "INSERT INTO exchange_rates"
	    " (from_currency, to_currency, day, digits, scale)"
	    " VALUES (?, ?, ?, ?, ?)"
	    " ON CONFLICT (from_currency, to_currency, day) DO UPDATE SET"
	    " digits = excluded.digits, scale = excluded.scale"));
	db_text(q, rate->from->code);
	db_text(q, rate->to->code);
	db_int(q, rate->day);
	db_int(q, rate->units.digits);
	db_int(q, rate->units.scale);
	db_run(q);

	return OK;
}

struct rate_said
rate_say(struct work *w, const struct rate *rate)
{
	struct moment	 at = { rate->day * DAY_MS };
	char		 text[CLOCK_TEXT];

	clock_text(text, at);

	return (struct rate_said){
	    arena_copy(w->arena, text, strlen("2026-05-10")),
	    rate->from->code, rate->to->code, rate->units };
}

void
rate_list(struct work *w, struct list *out)
{
	struct rate_said	*rows;
	struct query		*q;
	struct rate		 rate = { 0 };

	rows = arena_array(w->arena, LIMIT_PAGE, sizeof(*rows));
	*out = (struct list){ rows, 0 };
	q = db_query(w->db, SQL(
	    "SELECT day, from_currency, to_currency, digits, scale"
	    " FROM exchange_rates WHERE day >= 0"
	    " ORDER BY day DESC, from_currency DESC, to_currency DESC"
	    " LIMIT 100"));
	while (out->count < LIMIT_PAGE && db_next(q)) {
		rate.day = db_col_int(q, "day");
		rate.from = money_currency(
		    db_col_text(q, w->arena, "from_currency"));
		rate.to = money_currency(
		    db_col_text(q, w->arena, "to_currency"));
		rate.units = (struct decimal){ db_col_int(q, "digits"),
		    (int)db_col_int(q, "scale"), true };
		rows[out->count++] = rate_say(w, &rate);
	}
	db_done(q);
}
