/*
 * page_thanks: where donors end whose page named no place to come back to.
 *
 * Whoever comes from a payment may be here before we have been told of it.
 */
#include "lib/api/api.h"
#include "lib/api/page.h"
#include "lib/api/page_gift.h"
#include "lib/api/page_thanks.h"
#include "lib/base/buf.h"
#include "lib/giving/donations/donation.h"

static const struct said {
	const char	*title, *more;
} says[] = {
	[DONATION_PENDING] = { "Thank you!", "We have not been told of the"
	    " payment yet. That takes a moment: load this page again to see"
	    " whether it has arrived." },
	[DONATION_PROCESSING] = { "Thank you!", "Your bank is still to"
	    " confirm the payment, which can take some days. There is"
	    " nothing more for you to do." },
	[DONATION_COMPLETED] = { "Thank you for your donation!", NULL },
	[DONATION_FAILED] = { "The payment did not succeed",
	    "Nothing was charged." },
	[DONATION_EXPIRED] = { "The time to pay has run out",
	    "Nothing was charged. If you still wish to give, go back to the"
	    " page that you came from and begin again." },
	[DONATION_REFUNDED] = { "Your donation was paid back", NULL },
};

static void
write_pay(struct buf *out, const struct donation *d, const char *words)
{
	if (d->link == NULL)
		return;
	buf_printf(out, "<p>%s <a href=\"", words);
	page_text(out, d->link);
	buf_text(out, "\">Pay now</a></p>\n");
}

static void
write_tokens(struct buf *out, const struct donation *d)
{
	if (d->status == DONATION_COMPLETED && d->tokens.units > 0)
		buf_printf(out, "<p>You were rewarded with %lld token%s.</p>"
		    "\n", (long long)d->tokens.units,
		    d->tokens.units == 1 ? "" : "s");
}

static const struct said	nothing = { "Nothing was paid", NULL };

enum err
page_thanks(struct call *c, const struct donation *d, bool gave_up)
{
	bool			 out = donation_ran_out(api_work(c), d);
	bool			 waits = d->status == DONATION_PENDING && !out;
	const struct said	*s = &says[out ? DONATION_EXPIRED :
				    d->status];
	struct buf		 page;

	if (gave_up && waits)
		s = &nothing;
	buf_init(&page, api_work(c)->arena);
	page_begin(c, &page, s->title);
	if (s->more != NULL)
		buf_printf(&page, "<p>%s</p>\n", s->more);
	page_gift(&page, d);
	write_tokens(&page, d);
	if (waits)
		write_pay(&page, d, gave_up ? "You can still give." :
		    "You have not paid?");
	page_end(&page);

	return api_page(c, 200, buf_str(&page));
}
