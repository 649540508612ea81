/*
 * provider_stripe: Stripe's hosted checkout.
 *
 * A Checkout Session (https://docs.stripe.com/api/checkout/sessions/create)
 * in the mode `payment`, or `subscription` for gifts that come again.  The
 * body is a form with names like line_items[0][quantity]; the version of the
 * API is pinned, and the donation's id keeps a second try from making a
 * second session.  The donation's id rides in the metadata of all that
 * Stripe makes of it, so that each of its events tells which is meant:
 * stripe_event.c.
 */
#include <stdio.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/encode.h"
#include "lib/giving/providers/provider.h"
#include "lib/giving/providers/stripe_amount.h"

#define VERSION		"2026-10-28.endive"
#define TIMEOUT_MS	15000

static bool
configured(const struct conf *conf, bool live)
{
	return live ? conf->stripe_key[0] != '\0' :
	    conf->stripe_test_key[0] != '\0';
}

static void
check_step(struct work *w, const struct currency *c, const char *field,
    int64_t amount)
{
	int64_t	 step = stripe_amount_step(c);

	if (amount % step != 0)
		faults_add(w->faults, field, "Stripe takes %s in steps of"
		    " %lld minor units.", c->code, (long long)step);
}

static void
check(struct work *w, const struct donation_wish *in)
{
	const struct currency	*c = money_currency(in->currency);

	if (c == NULL)
		return;
	check_step(w, c, "/amount", in->amount);
	if (in->tip_amount > 0)
		check_step(w, c, "/tipAmount", in->tip_amount);
	else if (in->tip_percent > 0)
		check_step(w, c, "/tipPercent",
		    donation_tip(in->amount, in->tip_percent));
}

/*
 * name=value, as the libraries of Stripe write it: brackets stand as they
 * are, in values too, and all else but the unreserved is escaped.
 */
static void
add(struct buf *out, const char *name, const char *value)
{
	const char	*text;

	if (value == NULL)
		return;
	if (out->size > 0)
		buf_byte(out, '&');
	buf_printf(out, "%s=", name);
	for (text = encode_percent(out->arena, value); *text != '\0'; text++)
		if (strncmp(text, "%5B", 3) == 0 ||
		    strncmp(text, "%5D", 3) == 0) {
			buf_byte(out, text[2] == 'B' ? '[' : ']');
			text += 2;
		} else
			buf_byte(out, *text);
}

static void
add_int(struct buf *out, const char *name, int64_t value)
{
	add(out, name, arena_printf(out->arena, "%lld", (long long)value));
}

/* What is paid for: the gift, and the tip for the platform. */
static void
add_line(struct buf *out, const struct donation *d, int place)
{
	static const char *const	 intervals[] = { NULL, "week",
		"month", "year" };
	const char			*line, *price, *code;
	struct arena			*arena = out->arena;
	char				 lower[4] = "";

	for (size_t i = 0; i < 3; i++)
		lower[i] = (char)(d->currency[i] | 0x20);
	code = lower;
	line = arena_printf(arena, "line_items[%d]", place);
	price = arena_printf(arena, "%s[price_data]", line);
	add(out, arena_printf(arena, "%s[quantity]", line), "1");
	add(out, arena_printf(arena, "%s[currency]", price), code);
	add_int(out, arena_printf(arena, "%s[unit_amount]", price),
	    stripe_amount_of(money_currency(d->currency),
	    place == 0 ? d->amount : d->tip));
	add(out, arena_printf(arena, "%s[product_data][name]", price),
	    place == 0 ? arena_printf(arena, "Donation to %s",
	    d->nonprofit.name) : "Tip for the platform");
	if (d->frequency != DONATION_ONCE)
		add(out, arena_printf(arena, "%s[recurring][interval]",
		    price), intervals[d->frequency - 1]);
}

static const char *
form(struct work *w, const struct provider_site *site,
    const struct donation *d)
{
	bool		 once = d->frequency == DONATION_ONCE;
	struct buf	 out;

	buf_init(&out, w->arena);
	add(&out, "success_url", provider_success_url(w, site, d));
	add(&out, "cancel_url", provider_cancel_url(w, site, d));
	add(&out, "client_reference_id", d->id);
	add(&out, "customer_email", d->email);
	add(&out, "metadata[partner_donation_id]", d->id);
	add(&out, "mode", once ? "payment" : "subscription");
	if (once)
		add(&out, "submit_type", "donate");
	add_line(&out, d, 0);
	if (d->tip > 0)
		add_line(&out, d, 1);
	add(&out, once ? "payment_intent_data[metadata][partner_donation_id]"
	    : "subscription_data[metadata][partner_donation_id]", d->id);

	return buf_str(&out);
}

static void
begin(struct work *w, const struct provider_site *site,
    const struct donation *d, struct provider_link *out)
{
	const struct conf	*conf = site->conf;
	struct net_header	*h = arena_array(w->arena, 4, sizeof(*h));
	const char		*body = form(w, site, d);

	h[0] = (struct net_header){ "Authorization",
		arena_printf(w->arena, "Bearer %s",
		site->live ? conf->stripe_key : conf->stripe_test_key) };
	h[1] = (struct net_header){ "Content-Type",
		"application/x-www-form-urlencoded" };
	h[2] = (struct net_header){ "Idempotency-Key", d->id };
	h[3] = (struct net_header){ "Stripe-Version", VERSION };
	out->asks = true;
	out->wish = (struct net_wish){ .method = "POST",
		.url = arena_printf(w->arena, "%s/v1/checkout/sessions",
		    conf->stripe_url),
		.headers = h, .header_count = 4, .body = body,
		.size = strlen(body), .timeout_ms = TIMEOUT_MS,
		.keep = LIMIT_ANSWER };
}

/* What of its answer counts. */
struct session {
	const char	*id, *url;
	const void	*error;		/* struct complaint */
};

/* Its message is left out: it may repeat what the donor had typed. */
struct complaint {
	const char	*type, *code, *param;
};

static const struct shape complaint_in = SHAPE("StripeError",
    struct complaint,
	{ "type",  TEXT(struct complaint, type), NULLS, 0, 255,
	    .about = "invalid_request_error, api_error …" },
	{ "code",  TEXT(struct complaint, code), NULLS, 0, 255,
	    .about = "what was wrong, in a word" },
	{ "param", TEXT(struct complaint, param), NULLS, 0, 255,
	    .about = "with what of the request" });

static const struct shape session_in = SHAPE("StripeSession", struct session,
	{ "id",  TEXT(struct session, id), NULLS, 1, 255,
	    .about = "cs_…" },
	{ "url", TEXT(struct session, url), NULLS, 8, LIMIT_URL,
	    .about = "where the donor pays" },
	{ "error", OBJECT(struct session, error), NULLS,
	    .each = &complaint_in, .about = "or why there is none" });

/* For the log: what Stripe says was wrong, if it says so. */
static const char *
why_not(struct work *w, int status, const struct session *s)
{
	const struct complaint	*c = s->error;
	struct buf		 out;

	buf_init(&out, w->arena);
	buf_printf(&out, "status %d", status);
	if (c == NULL)
		buf_text(&out, " and no session");
	if (c != NULL && c->type != NULL)
		buf_printf(&out, " %s", c->type);
	if (c != NULL && c->code != NULL)
		buf_printf(&out, " %s", c->code);
	if (c != NULL && c->param != NULL)
		buf_printf(&out, " at %s", c->param);

	return buf_str(&out);
}

static void
end(struct work *w, const struct net_answer *answer,
    struct provider_link *out)
{
	struct session		 s = { 0 };
	struct faults		 faults;
	struct ignored		 ignored;

	faults_init(&faults, w->arena);
	if (answer->outcome != NET_ANSWERED)
		out->why = arena_text(w->arena, answer->why);
	else if (shape_read(&session_in, &(struct source){
	    .body = answer->body, .body_size = answer->size }, w->arena, &s,
	    &faults, &ignored) != SHAPE_GOOD || answer->status != 200 ||
	    s.url == NULL || strncmp(s.url, "http", 4) != 0)
		out->why = why_not(w, answer->status, &s);
	else {
		out->link = s.url;
		out->session = s.id;
	}
}

const struct provider	provider_stripe = { "stripe", configured, check,
	begin, end };
