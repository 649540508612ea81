/*
 * donation: what donors gave, and what was paid back to them.
 */
#include <stdio.h>
#include <string.h>

#include "bin/command/cli.h"
#include "lib/base/arena.h"
#include "lib/giving/donations/donation.h"
#include "lib/giving/providers/dispute.h"

static int	list(struct cli *);
static int	show(struct cli *);
static int	refund(struct cli *);

static const struct option list_options[] = {
	TENANT_OPTIONS,
	{ "status", "STATUS", "PENDING, PROCESSING, COMPLETED, FAILED,"
	    " EXPIRED or REFUNDED", false },
	{ "from", "TIME", "begun then or later, as 2026-05-10T00:00:00Z",
	    false },
	{ "to", "TIME", "begun then or before", false },
	{ "limit", "N", "how many, the newest first; else 20", false },
	{ 0 }
};

static const struct option show_options[] = {
	{ "donation", "DONATION_ID", "which", true },
	{ 0 }
};

static const struct option refund_options[] = {
	{ "donation", "DONATION_ID", "which", true },
	{ "amount", "AMOUNT", "how much, as 12.50; else all that is left",
	    false },
	{ 0 }
};

const struct command donation_commands[] = {
	{ "donation list", "List a side's donations", list_options, list },
	{ "donation show", "Show a donation with its donor", show_options,
	    show },
	{ "donation refund", "Book that a donation was paid back",
	    refund_options, refund },
	{ 0 }
};

/* A donation as the operator reads it: amounts in minor units. */
struct row {
	struct donation	 d;
	const char	*status, *provider, *frequency;
	struct dispute	 dispute;
};

static const struct shape row_out = SHAPE("DonationRow", struct row,
	{ "donationId", TEXT(struct row, d.id) },
	{ "status",     TEXT(struct row, status) },
	{ "amount",     INT(struct row, d.amount) },
	{ "tip",        INT(struct row, d.tip) },
	{ "refunded",   INT(struct row, d.refunded) },
	{ "currency",   TEXT(struct row, d.currency) },
	{ "frequency",  TEXT(struct row, frequency) },
	{ "iteration",  INT(struct row, d.iteration) },
	{ "nonprofitSlug", TEXT(struct row, d.nonprofit.slug) },
	{ "tokens",     TOKENS(struct row, d.tokens) },
	{ "provider",   TEXT(struct row, provider) },
	{ "createdAt",  MOMENT(struct row, d.created_at) },
	{ "paidAt",     MOMENT(struct row, d.paid_at) });

static const struct shape whole_out = SHAPE("Donation", struct row,
	{ "donationId", TEXT(struct row, d.id) },
	{ "status",     TEXT(struct row, status) },
	{ "amount",     INT(struct row, d.amount) },
	{ "tip",        INT(struct row, d.tip) },
	{ "refunded",   INT(struct row, d.refunded) },
	{ "disputed",   INT(struct row, d.disputed) },
	{ "disputeId",  TEXT(struct row, dispute.name), NULLS },
	{ "disputeStatus", TEXT(struct row, dispute.status), NULLS },
	{ "currency",   TEXT(struct row, d.currency) },
	{ "frequency",  TEXT(struct row, frequency) },
	{ "iteration",  INT(struct row, d.iteration) },
	{ "nonprofitSlug", TEXT(struct row, d.nonprofit.slug) },
	{ "tokens",     TOKENS(struct row, d.tokens) },
	{ "provider",   TEXT(struct row, provider) },
	{ "reference",  TEXT(struct row, d.reference), NULLS },
	{ "subscription", TEXT(struct row, d.subscription), NULLS },
	{ "email",      TEXT(struct row, d.email), NULLS },
	{ "firstName",  TEXT(struct row, d.first_name), NULLS },
	{ "lastName",   TEXT(struct row, d.last_name), NULLS },
	{ "partnerUserId", TEXT(struct row, d.external_id), NULLS },
	{ "address",    TEXT(struct row, d.address), NULLS },
	{ "phone",      TEXT(struct row, d.phone), NULLS },
	{ "anonymous",  BOOL(struct row, d.anonymous) },
	{ "appealId",   INT(struct row, d.appeal), NULLS, .preset = 0 },
	{ "fundraiserId", INT(struct row, d.fundraiser), NULLS,
	    .preset = 0 },
	{ "createdAt",  MOMENT(struct row, d.created_at) },
	{ "paidAt",     MOMENT(struct row, d.paid_at) });

static struct row
row_of(struct cli *c, const struct donation *d)
{
	return (struct row){ .d = *d, .status =
		donation_status_words[(donation_ran_out(&c->work, d) ?
		DONATION_EXPIRED : d->status) - 1],
		.provider = donation_provider_word(d->provider),
		.frequency = donation_frequency_words[d->frequency - 1] };
}

static int
status_of(struct cli *c)
{
	const char	*text = cli_value(c, "status");

	if (text == NULL)
		return -1;
	for (int i = 0; donation_status_words[i] != NULL; i++)
		if (strcmp(donation_status_words[i], text) == 0)
			return i;
	cli_usage(c, "--status is PENDING, PROCESSING, COMPLETED, FAILED,"
	    " EXPIRED or REFUNDED");
}

static struct moment
moment_of(struct cli *c, const char *option)
{
	const char	*text = cli_value(c, option);
	struct moment	 at = { 0 };

	if (text != NULL && !clock_parse(text, &at))
		cli_usage(c, "--%s is a time, as 2026-05-10T00:00:00Z",
		    option);

	return at;
}

static int
list(struct cli *c)
{
	struct donation_filter	 f = { .status = status_of(c),
		.from = moment_of(c, "from"), .to = moment_of(c, "to") };
	struct donation_list	 found;
	const struct donation	*d;
	struct row		*rows;
	enum err		 e;

	f.page = (struct page_in){ 1, cli_number(c, "limit",
	    (struct cli_range){ 1, LIMIT_PAGE, 20 }), NULL };
	cli_open(c, DB_READ);
	cli_tenant(c);
	e = donation_list(&c->work, &f, &found);
	if (e != OK)
		return cli_refuse(c, e);
	d = found.rows.items;
	rows = arena_array(c->arena, found.rows.count, sizeof(*rows));
	for (size_t i = 0; i < found.rows.count; i++)
		rows[i] = row_of(c, &d[i]);
	print_list(c, &row_out, &(struct list){ rows, found.rows.count });

	return cli_close(c);
}

/* Its id says whose it is. */
static enum err
find(struct cli *c, struct donation *d)
{
	const char		*id = cli_value(c, "donation");
	struct donation_side	 side;
	enum err		 e = ERR_NOT_FOUND;

	if (donation_side(&c->work, id, &side)) {
		c->work.tenant = side.tenant;
		c->work.now.ms += side.ahead_ms;
		e = donation_find(&c->work, id, d);
	}
	if (e == ERR_NOT_FOUND)
		c->work.detail = "There is no such donation: almoner donation"
		    " list shows them.";

	return e;
}

static int
show(struct cli *c)
{
	struct donation	 d;
	struct row	 row;
	enum err	 e;

	cli_open(c, DB_READ);
	e = find(c, &d);
	if (e != OK)
		return cli_refuse(c, e);
	row = row_of(c, &d);
	if (d.reference != NULL)
		(void)dispute_latest(&c->work, &d, &row.dispute);
	print_one(c, &whole_out, &row);

	return cli_close(c);
}

/* How much is paid back in all, when this has been. */
static int64_t
refunded_of(struct cli *c, const struct donation *d)
{
	const struct currency	*currency = money_currency(d->currency);
	const char		*text = cli_value(c, "amount");
	int64_t			 rest = d->amount + d->tip - donation_taken(d);
	int64_t			 minor;
	struct decimal		 said;
	char			 left[32];

	if (text == NULL)
		return d->refunded + rest;
	money_format(left, rest, currency);
	if (!money_decimal(text, &said) ||
	    !money_minor(said, currency, &minor) || minor < 1 ||
	    minor > rest)
		cli_usage(c, "--amount is of what is left: up to %s %s", left,
		    d->currency);

	return d->refunded + minor;
}

/* What the operator still has to do, in words for people. */
static void
remind(const struct cli *c, const struct donation *d)
{
	if (c->json || d->provider == PROVIDER_SANDBOX)
		return;
	printf("\nThis books it here.  The money is paid back at %s: look"
	    " there for\n%s.\n", donation_provider_word(d->provider),
	    d->reference);
}

static int
refund(struct cli *c)
{
	struct donation	 d;
	struct row	 row;
	enum err	 e;

	cli_open(c, DB_WRITE);
	e = find(c, &d);
	if (e == OK && d.status != DONATION_COMPLETED) {
		c->work.detail = arena_printf(c->arena, "It is %s: only what"
		    " was paid, and is not paid back yet, can be.",
		    donation_status_words[d.status - 1]);
		e = ERR_INVALID_REQUEST;
	}
	if (e != OK)
		return cli_refuse(c, e);
	donation_refund(&c->work, &d, refunded_of(c, &d));
	row = row_of(c, &d);
	print_one(c, &row_out, &row);
	remind(c, &d);

	return cli_close(c);
}
