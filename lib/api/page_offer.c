/*
 * page_offer: what a partner offers a donor, as fields of the form.
 */
#include <string.h>

#include "lib/api/call.h"
#include "lib/api/page_field.h"
#include "lib/api/page_offer.h"
#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/money.h"
#include "lib/giving/partners/partner.h"

void
page_offer_amount(struct call *c, struct buf *out,
    const struct partner_config *config, const char *give,
    const char *currency)
{
	const char *const	*codes = config->currencies.items;
	const int64_t		*some = config->suggested_amounts.items;
	size_t			 n = config->currencies.count;
	struct page_option	*options;
	struct buf		 hint;
	char			 amount[32];

	/* What is suggested is in the first currency's minor units. */
	buf_init(&hint, out->arena);
	for (size_t i = 0; i < config->suggested_amounts.count; i++) {
		money_format(amount, some[i], money_currency(codes[0]));
		buf_printf(&hint, "%s%s", i == 0 ? "For example " : ", ",
		    amount);
	}
	page_field_line(c, out, &(struct page_field){ "give",
	    arena_printf(out->arena, n > 1 ? "Amount" : "Amount in %s",
	    codes[0]), give, " inputmode=\"decimal\""
	    " autocomplete=\"off\" maxlength=\"20\"",
	    n > 1 ? NULL : buf_str(&hint) });
	if (n == 1) {
		buf_printf(out, "<input type=\"hidden\" name=\"currency\""
		    " value=\"%s\">\n", codes[0]);
		return;
	}
	options = arena_array(out->arena, n, sizeof(*options));
	for (size_t i = 0; i < n; i++)
		options[i] = (struct page_option){ codes[i], codes[i] };
	page_field_choice(c, out, &(struct page_field){ "currency",
	    "Currency", currency, NULL, NULL }, options, n);
}

/* None, the one that the partner or the link proposes, and two more. */
void
page_offer_tip(struct call *c, struct buf *out,
    const struct partner_config *config, int64_t percent)
{
	const struct partner_tip	*tip = config->tip;
	const int64_t			 some[] = { 0, 5, 10, 15,
		tip->default_percent, percent };
	struct page_option		 options[6];
	size_t				 n = 0, k;

	if (!tip->enabled)
		return;
	for (size_t i = 0; i < 6; i++) {
		for (k = 0; k < i && some[k] != some[i]; k++)
			continue;
		if (k < i)
			continue;
		options[n].value = arena_printf(out->arena, "%lld",
		    (long long)some[i]);
		options[n++].label = some[i] == 0 ? "No tip" :
		    arena_printf(out->arena, "%lld %%", (long long)some[i]);
	}
	page_field_choice(c, out, &(struct page_field){ "tipPercent",
	    "Tip for the platform", arena_printf(out->arena, "%lld",
	    (long long)percent), NULL, "On top of what you give" },
	    options, n);
}
