/*
 * checkout: the page where a sandbox's donors "pay", in place of a payment
 * provider's; and the pages for those who are not sent back elsewhere.
 * doc/donations.md has its cards.
 */
#include <ctype.h>
#include <string.h>

#include "lib/api/api.h"
#include "lib/api/page.h"
#include "lib/api/page_field.h"
#include "lib/api/page_gift.h"
#include "lib/api/page_thanks.h"
#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/giving/donations/donation.h"
#include "lib/giving/providers/provider.h"

static const struct shape	which_in, step_in;

static enum err	show(struct call *, const void *);
static enum err	step(struct call *, const void *);
static enum err	thanks(struct call *, const void *);
static enum err	cancelled(struct call *, const void *);

static const struct route routes[] = {
	{ "GET", "/v1/checkout/{id}",
	    ACCESS_OPEN, NULL, &which_in, NULL, show, .page = true },
	{ "POST", "/v1/checkout/{id}",
	    ACCESS_OPEN, NULL, &step_in, NULL, step, .page = true },
	{ "GET", "/v1/checkout/{id}/thanks",
	    ACCESS_OPEN, NULL, &which_in, NULL, thanks, .page = true },
	{ "GET", "/v1/checkout/{id}/cancelled",
	    ACCESS_OPEN, NULL, &which_in, NULL, cancelled, .page = true },
	{ 0 }
};

/* Whose checkout it is: its id is all that one needs to know. */

struct which {
	const char	*id;
};

static const struct shape which_in = SHAPE("WhichCheckout", struct which,
	{ "id", TEXT(struct which, id), PATH | NEED, 1, 64,
	    .about = "the donation's" });

static enum err
find(struct call *c, const char *id, struct donation *d, bool *live)
{
	struct donation_side	 side;

	if (!donation_side(api_work(c), id, &side))
		return ERR_NOT_FOUND;
	api_tenant(c, side.tenant, side.ahead_ms);
	*live = side.live;

	return donation_find(api_work(c), id, d);
}

/* The sandbox plays for test keys alone. */
static enum err
find_played(struct call *c, const char *id, struct donation *d)
{
	bool		 live;
	enum err	 e = find(c, id, d, &live);

	if (e == OK && (live || d->provider != PROVIDER_SANDBOX))
		return ERR_NOT_FOUND;

	return e;
}

static void
write_button(struct buf *out, const char *step, const char *words)
{
	buf_printf(out, "<button type=\"submit\" name=\"step\" value=\"%s\""
	    "%s>%s</button>\n", step, strcmp(step, "return") == 0 ?
	    " class=\"quiet\"" : "", words);
}

/* What is wrong with the card, if anything is, is a fault of the call. */
static void
write_cards(struct call *c, struct buf *out, const char *typed)
{
	static const char *const	 names[] = { "card", NULL };

	if (api_work(c)->faults->count > 0)
		page_field_refused(c, out, "", names);
	page_field_line(c, out, &(struct page_field){ "card", "Card number",
	    typed, " inputmode=\"numeric\" autocomplete=\"off\"", NULL });
	write_button(out, "pay", "Pay");
	buf_text(out, "<button type=\"submit\" name=\"step\" value=\"cancel\""
	    " class=\"quiet\">Cancel</button>\n"
	    "<table>\n<caption>Cards to try</caption>\n"
	    "<tbody>\n"
	    "<tr><th scope=\"row\">4242 4242 4242 4242</th>"
	    "<td>is paid</td></tr>\n"
	    "<tr><th scope=\"row\">4000 0000 0000 0002</th>"
	    "<td>is declined</td></tr>\n"
	    "<tr><th scope=\"row\">4000 0000 0000 0077</th>"
	    "<td>is paid later, when the bank says so</td></tr>\n"
	    "</tbody>\n</table>\n");
}

/* What can be tried next, where the donation stands. */
static void
write_steps(struct call *c, struct buf *out, const struct donation *d,
    const char *typed)
{
	if (d->status == DONATION_PROCESSING) {
		buf_text(out, "<p>The bank has not decided yet.</p>\n");
		write_button(out, "confirm", "The bank pays");
		write_button(out, "fail", "The bank does not pay");
		write_button(out, "return", "Back to the page");
		return;
	}
	if (d->status != DONATION_COMPLETED &&
	    d->status != DONATION_REFUNDED) {
		if (d->status == DONATION_FAILED)
			buf_text(out, "<p>The payment failed.  It can be"
			    " tried again.</p>\n");
		if (donation_ran_out(api_work(c), d))
			buf_text(out, "<p>The time to pay has run out.  A"
			    " payment that comes all the same is taken.</p>"
			    "\n");
		write_cards(c, out, typed);
		return;
	}
	buf_printf(out, "<p>It is %s.</p>\n",
	    d->status == DONATION_REFUNDED ? "paid back" : "paid");
	if (d->subscription != NULL && d->iteration == 1)
		write_button(out, "renew", "The next payment comes");
	if (d->status == DONATION_COMPLETED)
		write_button(out, "refund", "Pay it back");
	write_button(out, "return", "Back to the page");
}

static enum err
checkout(struct call *c, int status, const struct donation *d,
    const char *typed)
{
	struct buf	 page;

	buf_init(&page, api_work(c)->arena);
	page_begin(c, &page, "Sandbox checkout");
	buf_text(&page, "<p class=\"note\">This is a test: nothing is"
	    " charged.</p>\n");
	page_gift(&page, d);
	buf_text(&page, "<form method=\"post\">\n");
	write_steps(c, &page, d, typed);
	buf_text(&page, "</form>\n");
	page_end(&page);

	return api_page(c, status, buf_str(&page));
}

static enum err
show(struct call *c, const void *input)
{
	const struct which	*in = input;
	struct donation		 d;
	enum err		 e = find_played(c, in->id, &d);

	return e == OK ? checkout(c, 200, &d, "4242 4242 4242 4242") : e;
}

/* The steps that a payment can take. */

struct step {
	const char	*id, *card;
	int		 step;		/* index of steps */
};

enum { PAY, CANCEL, CONFIRM, FAIL, RENEW, REFUND, RETURN };

static const char *const	steps[] = { "pay", "cancel", "confirm",
	"fail", "renew", "refund", "return", NULL };

static const struct shape step_in = SHAPE("CheckoutStep", struct step,
	{ "id",   TEXT(struct step, id), PATH | NEED, 1, 64,
	    .about = "the donation's" },
	{ "card", TEXT(struct step, card), QUERY, 0, 64,
	    .about = "a card's number" },
	{ "step", WORD(struct step, step), QUERY | NEED, .words = steps,
	    .about = "what happens" });

static struct provider_site
this_site(struct call *c)
{
	return (struct provider_site){ api_conf(c), api_site(c), false };
}

static enum err
back(struct call *c, const struct donation *d)
{
	struct provider_site	 site = this_site(c);

	return api_redirect(c, provider_success_url(api_work(c), &site, d));
}

static void
confirm(struct call *c, struct donation *d)
{
	struct arena	*arena = api_work(c)->arena;

	donation_confirm(api_work(c), d, &(struct donation_payment){
	    .reference = arena_printf(arena, "sandbox_%s", d->id),
	    .subscription = d->frequency == DONATION_ONCE ? NULL :
	    arena_printf(arena, "sandbox_sub_%s", d->id) });
}

static void
renew(struct call *c, const struct donation *d)
{
	struct arena	*arena = api_work(c)->arena;
	struct donation	 next;
	const char	*reference;
	int64_t		 n = 2, number;

	/* The first name that is not taken. */
	do
		reference = arena_printf(arena, "sandbox_%s_%lld", d->id,
		    (long long)n++);
	while (donation_by_reference(api_work(c), PROVIDER_SANDBOX,
	    reference, &(struct donation_side){ 0 }, &number));
	donation_renew(api_work(c), d, &(struct donation_payment){
	    .reference = reference, .subscription = d->subscription },
	    &next);
}

/* Digits alone: people write cards in groups of four. */
static const char *
digits(struct arena *arena, const char *card)
{
	char	*out = arena_alloc(arena, strlen(card) + 1), *at = out;

	for (; *card != '\0'; card++)
		if (isdigit((unsigned char)*card))
			*at++ = *card;

	return out;
}

static enum err
decline(struct call *c, const struct donation *d, const char *typed,
    const char *why)
{
	faults_add(api_work(c)->faults, "/card", "%s", why);

	return checkout(c, 402, d, typed);
}

static enum err
pay(struct call *c, struct donation *d, const char *said)
{
	const char	*typed = said == NULL ? "" : said;
	const char	*card = digits(api_work(c)->arena, typed);

	if (strcmp(card, "4242424242424242") == 0) {
		confirm(c, d);
		return back(c, d);
	}
	if (strcmp(card, "4000000000000077") == 0) {
		donation_process(api_work(c), d);
		return back(c, d);
	}
	if (strcmp(card, "4000000000000002") == 0)
		return decline(c, d, typed, "The card was declined: try"
		    " another one.");

	return decline(c, d, typed, "That is none of the cards below.");
}

/* What happens behind the donor's back, and then the page again. */
static enum err
happen(struct call *c, struct donation *d, int what)
{
	switch (what) {
	case CONFIRM:
		if (d->status == DONATION_PROCESSING)
			confirm(c, d);
		break;
	case FAIL:
		if (d->status == DONATION_PROCESSING)
			donation_fail(api_work(c), d, DONATION_FAILED);
		break;
	case RENEW:
		if (d->subscription != NULL && d->iteration == 1)
			renew(c, d);
		break;
	default:
		donation_refund(api_work(c), d, d->amount + d->tip);
		break;
	}

	return api_redirect(c, arena_printf(api_work(c)->arena,
	    "%s/v1/checkout/%s", api_site(c), d->id));
}

static enum err
step(struct call *c, const void *input)
{
	const struct step	*in = input;
	struct provider_site	 site = this_site(c);
	struct donation		 d;
	enum err		 e = find_played(c, in->id, &d);

	if (e != OK)
		return e;
	switch (in->step) {
	case PAY:
		return pay(c, &d, in->card);
	case CANCEL:
		return api_redirect(c, provider_cancel_url(api_work(c),
		    &site, &d));
	case RETURN:
		return back(c, &d);
	default:
		return happen(c, &d, in->step);
	}
}

/* thanks, cancelled: for donors whose page named no place to come back to. */

static enum err
came_back(struct call *c, const struct which *in, bool gave_up)
{
	struct donation	 d;
	bool		 live;
	enum err	 e = find(c, in->id, &d, &live);

	return e == OK ? page_thanks(c, &d, gave_up) : e;
}

static enum err
thanks(struct call *c, const void *input)
{
	return came_back(c, input, false);
}

static enum err
cancelled(struct call *c, const void *input)
{
	return came_back(c, input, true);
}

int
main(int argc, char **argv)
{
	return api_main(argc, argv, routes);
}
