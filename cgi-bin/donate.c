/*
 * donate: the donate widget's way for browsers without scripts: a small form,
 * then the checkout.  What is refused is the form again, with what was typed
 * and what is wrong beside it.  doc/widget.md has the link to it.
 */
#include <string.h>

#include "lib/api/api.h"
#include "lib/api/page.h"
#include "lib/api/page_field.h"
#include "lib/api/page_offer.h"
#include "lib/api/page_perk.h"
#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/limits.h"
#include "lib/base/money.h"
#include "lib/giving/donations/appeal.h"
#include "lib/giving/donations/donation_typed.h"
#include "lib/giving/donations/nonprofit.h"
#include "lib/giving/partners/partner.h"
#include "lib/giving/people/user.h"
#include "lib/giving/providers/linking.h"

static const struct shape	ask_in, gift_in;

static enum err	show(struct call *, const void *);
static enum err	begin(struct call *, const void *);
static void	ask(struct call *, const void *);
static enum err	end(struct call *, const void *);
static void	again(struct call *, const void *, const char *);

static const struct route routes[] = {
	{ "GET", "/v1/partner/donate/{slug}",
	    ACCESS_WIDGET, NULL, &ask_in, NULL, show, .page = true },
	{ "POST", "/v1/partner/donate/{slug}",
	    ACCESS_WIDGET, NULL, &gift_in, NULL, begin,
	    .calls = ask, .ends = end, .page = true, .again = again },
	{ 0 }
};

/* What the link says, to be filled in. */
struct ask {
	const char	*slug, *currency;
	int64_t		 amount, tip_percent;
	int64_t		 appeal, fundraiser, perk;
	int		 frequency, provider;
};

static const struct shape ask_in = SHAPE("DonateForm", struct ask,
	{ "slug", TEXT(struct ask, slug), PATH | NEED, 1, LIMIT_SLUG,
	    .about = "the nonprofit's" },
	{ "amount", INT(struct ask, amount), QUERY, 0, LIMIT_GIFT_MAX,
	    .about = "proposed, in minor units" },
	{ "currency", TEXT(struct ask, currency), QUERY, 3, 3,
	    .about = "proposed" },
	{ "frequency", WORD(struct ask, frequency), QUERY,
	    .words = donation_frequency_words, .about = "proposed" },
	{ "tipPercent", INT(struct ask, tip_percent), QUERY, 0, 100,
	    .preset = -1, .about = "proposed" },
	{ "appealId", INT(struct ask, appeal), QUERY, 0, LIMIT_AMOUNT,
	    .about = "the appeal that it is for" },
	{ "fundraiserId", INT(struct ask, fundraiser), QUERY, 0, LIMIT_AMOUNT,
	    .about = "and the fundraiser of that appeal" },
	{ "perk", INT(struct ask, perk), QUERY, 0, LIMIT_AMOUNT,
	    .about = "proposed, of the appeal's" },
	{ "provider", WORD(struct ask, provider), QUERY,
	    .words = donation_provider_words,
	    .about = "who takes the payment" });

/* What a person typed: as create-link has it, but an amount as people write
 * it. */
struct gift {
	const char	*slug, *give, *currency;
	const char	*email, *first_name, *last_name, *answer;
	int64_t		 tip_percent, appeal, fundraiser, perk;
	int		 frequency, visibility, provider;
};

static const char *const	visibilities[] = { "visible", "anonymous",
	NULL };

static const struct shape gift_in = SHAPE("Gift", struct gift,
	{ "slug", TEXT(struct gift, slug), PATH | NEED, 1, LIMIT_SLUG,
	    .about = "the nonprofit's" },
	{ "give", TEXT(struct gift, give), QUERY | NEED, 0, 64,
	    .about = "in major units, as people write it" },
	{ "currency", TEXT(struct gift, currency), QUERY | NEED, 3, 3,
	    .about = "ISO 4217" },
	{ "frequency", WORD(struct gift, frequency), QUERY,
	    .words = donation_frequency_words, .about = "how often" },
	{ "tipPercent", INT(struct gift, tip_percent), QUERY, 0, 100,
	    .about = "for the platform, on top" },
	{ "appealId", INT(struct gift, appeal), QUERY, 0, LIMIT_AMOUNT,
	    .about = "the appeal that it is for" },
	{ "fundraiserId", INT(struct gift, fundraiser), QUERY, 0,
	    LIMIT_AMOUNT, .about = "and the fundraiser of that appeal" },
	{ "perk", INT(struct gift, perk), QUERY, 0, LIMIT_AMOUNT,
	    .about = "what the donor gets for it; 0 for nothing" },
	{ "answer", TEXT(struct gift, answer), QUERY, 0, LIMIT_REASON,
	    .about = "the donor's, to the question of the perk" },
	{ "donorEmail", TEXT(struct gift, email), QUERY, 0, LIMIT_EMAIL,
	    .about = "who gives" },
	{ "firstName", TEXT(struct gift, first_name), QUERY, 0, LIMIT_NAME,
	    .about = "of the donor" },
	{ "lastName", TEXT(struct gift, last_name), QUERY, 0, LIMIT_NAME,
	    .about = "of the donor" },
	{ "visibility", WORD(struct gift, visibility), QUERY,
	    .words = visibilities, .about = "may the name be shown" },
	{ "provider", WORD(struct gift, provider), QUERY,
	    .words = donation_provider_words,
	    .about = "who takes the payment" });

/* All that a page takes, from its first reading to its last. */
struct sheet {
	struct linking		 linking;
	struct nonprofit	 to;
	struct appeal		 appeal;	/* its id is 0: none */
	struct partner_config	 config;
	struct provider_site	 site;
	enum provider_name	 provider;
};

/* Whom it is for, what its partner offers, and who takes the payment: as the
 * link says, or who is set up here. */
static enum err
prepare(struct call *c, const char *slug, int provider, int64_t appeal,
    struct sheet *f)
{
	enum err	 e = nonprofit_receiver(api_work(c), slug, &f->to);

	f->appeal.id = 0;
	if (e == OK && appeal != 0)
		e = appeal_find(api_work(c), appeal, &f->appeal);
	if (e == OK && appeal != 0 && f->appeal.nonprofit != f->to.number)
		e = ERR_APPEAL_NOT_FOUND;
	f->site = (struct provider_site){ api_conf(c), api_site(c),
		api_live(c) };
	f->provider = provider < 0 ? PROVIDER_STRIPE :
	    (enum provider_name)(provider + 1);
	if (provider < 0 &&
	    !provider_stripe.configured(f->site.conf, f->site.live) &&
	    provider_every_org.configured(f->site.conf, f->site.live))
		f->provider = PROVIDER_EVERY_ORG;

	return e == OK ? partner_config(api_work(c), &f->config) : e;
}

/* The form. */

static void
write_frequency(struct call *c, struct buf *out, const struct sheet *f,
    const struct gift *g)
{
	static const struct page_option	 all[] = {
		{ "once", "Once" }, { "monthly", "Every month" },
		{ "weekly", "Every week" }, { "yearly", "Every year" },
	};

	page_field_choice(c, out, &(struct page_field){ "frequency",
	    "How often", g->frequency < 0 ? NULL :
	    donation_frequency_words[g->frequency], NULL, NULL }, all,
	    f->provider == PROVIDER_EVERY_ORG ? 2 : 4);
}

static void
write_donor(struct call *c, struct buf *out, const struct gift *g)
{
	page_field_line(c, out, &(struct page_field){ "donorEmail",
	    "E-mail (optional)", g->email, " type=\"email\""
	    " autocomplete=\"email\" maxlength=\"254\"",
	    "Your reward goes to this address" });
	page_field_line(c, out, &(struct page_field){ "firstName",
	    "First name (optional)", g->first_name,
	    " autocomplete=\"given-name\" maxlength=\"128\"", NULL });
	page_field_line(c, out, &(struct page_field){ "lastName",
	    "Last name (optional)", g->last_name,
	    " autocomplete=\"family-name\" maxlength=\"128\"", NULL });
	page_field_check(out, &(struct page_field){ "visibility",
	    "Do not show my name", "anonymous", NULL, NULL },
	    g->visibility == 1);
}

/* `why` it was refused; NULL: it is the first time. */
static void
write_page(struct call *c, int status, const struct sheet *f,
    const struct gift *g, const char *why)
{
	static const char *const	 names[] = { "currency", "give",
		"perk", "answer", "frequency", "tipPercent", "donorEmail",
		"firstName", "lastName", NULL };
	struct buf			 page;

	buf_init(&page, api_work(c)->arena);
	page_begin(c, &page, arena_printf(page.arena, "Donate to %s",
	    f->to.name));
	if (why != NULL)
		page_field_refused(c, &page, why, names +
		    (f->config.currencies.count == 1));
	else if (f->to.description != NULL) {
		buf_text(&page, "<p>");
		page_text(&page, f->to.description);
		buf_text(&page, "</p>\n");
	}
	if (f->appeal.id != 0)
		page_perk_appeal(&page, &f->appeal);
	buf_text(&page, "<form method=\"post\" action=\"?key=");
	page_text(&page, api_key(c));
	buf_text(&page, "\" novalidate>\n");
	page_offer_amount(c, &page, &f->config, g->give, g->currency);
	if (f->appeal.id != 0)
		page_perk(c, &page, &f->appeal, g->perk, g->answer);
	write_frequency(c, &page, f, g);
	if (f->provider != PROVIDER_EVERY_ORG)
		page_offer_tip(c, &page, &f->config, g->tip_percent);
	write_donor(c, &page, g);
	if (g->fundraiser != 0)
		buf_printf(&page, "<input type=\"hidden\""
		    " name=\"fundraiserId\" value=\"%lld\">\n",
		    (long long)g->fundraiser);
	if (g->provider >= 0)
		buf_printf(&page, "<input type=\"hidden\" name=\"provider\""
		    " value=\"%s\">\n",
		    donation_provider_words[g->provider]);
	buf_text(&page, "<button type=\"submit\">Go to the payment</button>\n"
	    "</form>\n");
	page_end(&page);
	(void)api_page(c, status, buf_str(&page));
}

/* What the link says, as if it had been typed. */
static struct gift
proposed(struct call *c, const struct ask *in, const struct sheet *f)
{
	const char *const		*codes = f->config.currencies.items;
	const int64_t			*some =
		f->config.suggested_amounts.items;
	const struct partner_tip	*tip = f->config.tip;
	struct gift			 g = { .frequency = in->frequency,
		.provider = in->provider, .tip_percent = in->tip_percent,
		.appeal = in->appeal, .fundraiser = in->fundraiser,
		.perk = in->perk };
	char				 amount[32];

	g.currency = codes[0];
	for (size_t i = 0; i < f->config.currencies.count; i++)
		if (in->currency != NULL &&
		    strcmp(codes[i], in->currency) == 0)
			g.currency = codes[i];
	money_format(amount, in->amount > 0 ? in->amount : some[0],
	    money_currency(g.currency));
	g.give = arena_text(api_work(c)->arena, amount);
	if (g.tip_percent < 0)
		g.tip_percent = tip->default_percent;

	return g;
}

static enum err
show(struct call *c, const void *input)
{
	const struct ask	*in = input;
	struct sheet		 f;
	struct gift		 g;
	enum err		 e = prepare(c, in->slug, in->provider,
		in->appeal, &f);

	if (e != OK)
		return e;
	g = proposed(c, in, &f);
	write_page(c, 200, &f, &g, NULL);

	return OK;
}

static void
again(struct call *c, const void *input, const char *why)
{
	const struct sheet	*f = api_memory(c, sizeof(*f));
	const struct gift	*g = input;

	write_page(c, 0, f, g, why);
}

/* The gift. */

/* A field that was left empty says nothing. */
static const char *
said(const char *text)
{
	return text == NULL || text[0] == '\0' ? NULL : text;
}

static enum err
begin(struct call *c, const void *input)
{
	const struct gift	*in = input;
	struct work		*w = api_work(c);
	struct sheet		 read, *f;
	struct donation_wish	 wish = { .nonprofit = in->slug,
		.currency = in->currency, .frequency = in->frequency,
		.email = said(in->email), .first_name = said(in->first_name),
		.last_name = said(in->last_name), .tip_amount = -1,
		.tip_percent = in->tip_percent, .appeal = in->appeal,
		.fundraiser = in->fundraiser,
		.visibility = in->visibility };
	struct donation_perk	 perk = { in->perk, 1, said(in->answer) };
	enum err		 e;

	e = prepare(c, in->slug, in->provider, in->appeal, &read);
	if (e != OK)
		return e;
	f = api_memory(c, sizeof(*f));
	*f = read;
	wish.provider = (int)f->provider - 1;
	wish.amount = donation_typed(w, "/give", in->give, in->currency);
	if (wish.email != NULL && !user_email_form.fits(wish.email))
		faults_add(w->faults, "/donorEmail", "Write an address like"
		    " name@example.org.");
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;

	if (in->perk != 0)
		wish.perk = &perk;
	e = linking_begin(w, &f->site, &wish, &f->linking);

	return in->perk != 0 ? page_perk_refused(w, e) : e;
}

static void
ask(struct call *c, const void *input)
{
	struct sheet	*f = api_memory(c, sizeof(*f));

	(void)input;
	linking_ask(api_work(c), api_conf(c), &f->linking);
}

static enum err
end(struct call *c, const void *input)
{
	struct sheet	*f = api_memory(c, sizeof(*f));
	enum err	 e = linking_end(api_work(c), &f->linking);

	(void)input;

	return e == OK ? api_redirect(c, f->linking.at.link) : e;
}

int
main(int argc, char **argv)
{
	return api_main(argc, argv, routes);
}
