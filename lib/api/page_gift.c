/*
 * page_gift: a donation, as its donor reads it.
 */
#include "lib/api/page.h"
#include "lib/api/page_gift.h"
#include "lib/base/buf.h"
#include "lib/base/money.h"
#include "lib/giving/donations/donation.h"

static void
write_line(struct buf *out, const struct donation *d, const char *what,
    int64_t minor)
{
	char	 amount[32];

	money_format(amount, minor, money_currency(d->currency));
	buf_printf(out, "<dt>%s</dt><dd>%s %s</dd>\n", what, amount,
	    d->currency);
}

void
page_gift(struct buf *out, const struct donation *d)
{
	static const char *const	 often[] = { "once", "every week",
		"every month", "every year" };

	buf_text(out, "<dl>\n<dt>To</dt><dd>");
	page_text(out, d->nonprofit.name);
	buf_text(out, "</dd>\n");
	write_line(out, d, "Donation", d->amount);
	if (d->tip > 0) {
		write_line(out, d, "Tip for the platform", d->tip);
		write_line(out, d, "Together", d->amount + d->tip);
	}
	buf_printf(out, "<dt>How often</dt><dd>%s</dd>\n</dl>\n",
	    often[d->frequency - 1]);
}
