/*
 * page_perk: an appeal and its perks, as a donor without scripts sees them.
 */
#include <string.h>

#include "lib/api/call.h"
#include "lib/api/page.h"
#include "lib/api/page_field.h"
#include "lib/api/page_perk.h"
#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/faults.h"
#include "lib/base/limits.h"
#include "lib/base/money.h"
#include "lib/giving/donations/appeal.h"

void
page_perk_appeal(struct buf *out, const struct appeal *a)
{
	char	 raised[32], goal[32];

	buf_text(out, "<p><strong>");
	page_text(out, a->title);
	buf_text(out, "</strong>");
	money_format(raised, a->raised, a->currency);
	money_format(goal, a->goal, a->currency);
	if (a->goal > 0)
		buf_printf(out, "<br>%s of %s %s raised", raised, goal,
		    a->currency->code);
	buf_text(out, "</p>\n");
}

/* "Red. From 49.50 USD. 2 left." */
static const char *
terms(struct arena *arena, const struct appeal *a,
    const struct appeal_perk *p)
{
	struct buf	 out;
	char		 least[32];

	buf_init(&out, arena);
	if (p->description != NULL && p->description[0] != '\0')
		buf_printf(&out, "%s%s", p->description,
		    strchr(".!?", p->description[strlen(p->description) - 1])
		    != NULL ? " " : ". ");
	money_format(least, p->min_amount, a->currency);
	if (p->min_amount > 0)
		buf_printf(&out, "From %s %s. ", least, a->currency->code);
	if (p->remaining == 0)
		buf_text(&out, "Sold out.");
	else if (p->remaining > 0)
		buf_printf(&out, "%lld left.", (long long)p->remaining);

	return buf_str(&out)[0] != '\0' ? buf_str(&out) : NULL;
}

/* One line for the answer to whichever question; what they are, above it. */
static void
write_answer(struct call *c, struct buf *out, const struct appeal *a,
    const char *answer)
{
	const struct appeal_perk	*perks = a->perks.items;
	struct buf			 hint;
	size_t				 n = 0;

	buf_init(&hint, out->arena);
	for (size_t i = 0; i < a->perks.count; i++) {
		if (perks[i].question == NULL || perks[i].remaining == 0)
			continue;
		buf_text(&hint, n++ == 0 ? "" : "<br>");
		page_text(&hint, perks[i].title);
		buf_text(&hint, ": ");
		page_text(&hint, perks[i].question);
	}
	if (n > 0)
		page_field_line(c, out, &(struct page_field){ "answer",
		    "Your answer, if your gift asks for one", answer,
		    " autocomplete=\"off\" maxlength=\"500\"",
		    buf_str(&hint) });
}

void
page_perk(struct call *c, struct buf *out, const struct appeal *a,
    int64_t chosen, const char *answer)
{
	const struct appeal_perk	*perks = a->perks.items;
	struct page_option		*options;
	const char			*value = "0";
	size_t				 n = a->perks.count;

	buf_printf(out, "<input type=\"hidden\" name=\"appealId\""
	    " value=\"%lld\">\n", (long long)a->id);
	if (n == 0)
		return;
	options = arena_array(out->arena, n + 1, sizeof(*options));
	options[0] = (struct page_option){ "0", "No thank-you gift" };
	for (size_t i = 0; i < n; i++) {
		options[i + 1] = (struct page_option){
			arena_printf(out->arena, "%lld",
			(long long)perks[i].id), perks[i].title,
			terms(out->arena, a, &perks[i]),
			perks[i].remaining == 0 };
		if (perks[i].id == chosen && perks[i].remaining != 0)
			value = options[i + 1].value;
	}
	page_field_radios(c, out, &(struct page_field){ "perk",
	    "Choose a thank-you gift", value, NULL, NULL }, options, n + 1);
	write_answer(c, out, a, answer);
}

enum err
page_perk_refused(struct work *w, enum err e)
{
	if (e == ERR_PERK_SOLD_OUT)
		faults_add(w->faults, "/perk", "%s", w->detail);
	if (e == ERR_PERK_NOT_FOUND)
		faults_add(w->faults, "/perk", "There is no such gift:"
		    " choose another one.");
	/* The amount itself is good: it is too little for that perk. */
	for (struct fault *f = w->faults->first; f != NULL; f = f->next)
		if (strcmp(f->pointer, "/amount") == 0)
			f->pointer = "/perk";

	return e;
}
