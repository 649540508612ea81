/*
 * page_field: fields of the forms in our pages.
 *
 * What is wrong with a field stands beside it and is tied to it, so that it
 * is seen and heard.  WCAG 2.2, 3.3.1 and 3.3.3.
 */
#include <stdbool.h>
#include <string.h>

#include "lib/api/call.h"
#include "lib/api/page.h"
#include "lib/api/page_field.h"

/* What is wrong with it, or NULL. */
static const char *
wrong(struct call *c, const char *name)
{
	for (const struct fault *f = c->faults.first; f != NULL; f = f->next)
		if (f->pointer[0] == '/' && strcmp(f->pointer + 1, name) == 0)
			return f->detail;

	return NULL;
}

static void
begin(struct call *c, struct buf *out, const struct page_field *f)
{
	const char	*why = wrong(c, f->name);

	buf_printf(out, "<div class=\"field\">\n<label for=\"%s\">%s</label>"
	    "\n", f->name, f->label);
	if (f->hint != NULL)
		buf_printf(out, "<p class=\"small\" id=\"%s-hint\">%s</p>\n",
		    f->name, f->hint);
	if (why == NULL)
		return;
	buf_printf(out, "<p class=\"wrong\" id=\"%s-wrong\">", f->name);
	page_text(out, why);
	buf_text(out, "</p>\n");
}

/* The attributes that all kinds have. */
static void
name(struct call *c, struct buf *out, const struct page_field *f)
{
	bool	 bad = wrong(c, f->name) != NULL;

	buf_printf(out, " id=\"%s\" name=\"%s\"%s", f->name, f->name,
	    f->attributes != NULL ? f->attributes : "");
	if (bad)
		buf_text(out, " aria-invalid=\"true\"");
	if (!bad && f->hint == NULL)
		return;
	buf_text(out, " aria-describedby=\"");
	if (f->hint != NULL)
		buf_printf(out, "%s-hint%s", f->name, bad ? " " : "");
	if (bad)
		buf_printf(out, "%s-wrong", f->name);
	buf_byte(out, '"');
}

void
page_field_line(struct call *c, struct buf *out, const struct page_field *f)
{
	begin(c, out, f);
	buf_text(out, "<input");
	name(c, out, f);
	if (f->value != NULL) {
		buf_text(out, " value=\"");
		page_text(out, f->value);
		buf_byte(out, '"');
	}
	buf_text(out, ">\n</div>\n");
}

void
page_field_choice(struct call *c, struct buf *out,
    const struct page_field *f, const struct page_option *options,
    size_t count)
{
	begin(c, out, f);
	buf_text(out, "<select");
	name(c, out, f);
	buf_text(out, ">\n");
	for (size_t i = 0; i < count; i++) {
		buf_text(out, "<option value=\"");
		page_text(out, options[i].value);
		buf_text(out, f->value != NULL &&
		    strcmp(f->value, options[i].value) == 0 ?
		    "\" selected>" : "\">");
		page_text(out, options[i].label);
		buf_text(out, "</option>\n");
	}
	buf_text(out, "</select>\n</div>\n");
}

static void
radio(struct buf *out, const struct page_field *f,
    const struct page_option *o)
{
	buf_printf(out, "<label class=\"check\"><input type=\"radio\""
	    " name=\"%s\" value=\"", f->name);
	page_text(out, o->value);
	buf_text(out, o->disabled ? "\" disabled" : "\"");
	if (f->value != NULL && strcmp(f->value, o->value) == 0)
		buf_text(out, " checked");
	buf_text(out, "> <span>");
	page_text(out, o->label);
	if (o->hint != NULL) {
		buf_text(out, "<br><span class=\"small\">");
		page_text(out, o->hint);
		buf_text(out, "</span>");
	}
	buf_text(out, "</span></label>\n");
}

/* A radio button cannot be wrong, their group can. */
void
page_field_radios(struct call *c, struct buf *out,
    const struct page_field *f, const struct page_option *options,
    size_t count)
{
	const char	*why = wrong(c, f->name);

	buf_text(out, "<fieldset class=\"field\"");
	if (why != NULL)
		buf_printf(out, " role=\"radiogroup\" aria-invalid=\"true\""
		    " aria-describedby=\"%s-wrong\"", f->name);
	buf_printf(out, ">\n<legend>%s</legend>\n", f->label);
	if (why != NULL) {
		buf_printf(out, "<p class=\"wrong\" id=\"%s-wrong\">",
		    f->name);
		page_text(out, why);
		buf_text(out, "</p>\n");
	}
	for (size_t i = 0; i < count; i++)
		radio(out, f, &options[i]);
	buf_text(out, "</fieldset>\n");
}

void
page_field_check(struct buf *out, const struct page_field *f, int checked)
{
	buf_printf(out, "<div class=\"field\">\n<label class=\"check\"><input"
	    " type=\"checkbox\" name=\"%s\" value=\"%s\"%s> %s</label>\n"
	    "</div>\n", f->name, f->value, checked ? " checked" : "",
	    f->label);
}

static bool
is_one(const char *const *names, const char *pointer)
{
	for (; *names != NULL; names++)
		if (pointer[0] == '/' && strcmp(*names, pointer + 1) == 0)
			return true;

	return false;
}

void
page_field_refused(struct call *c, struct buf *out, const char *why,
    const char *const *names)
{
	size_t	 others = 0;

	for (const struct fault *f = c->faults.first; f != NULL; f = f->next)
		others += !is_one(names, f->pointer);
	buf_text(out, "<div class=\"alert\" role=\"alert\">\n<p>");
	if (c->faults.count > 0)
		why = "Please look again at what is marked below.";
	page_text(out, c->faults.count > 0 && others == c->faults.count ?
	    "That did not work." : why);
	buf_text(out, "</p>\n");
	if (others > 0)
		buf_text(out, "<ul>\n");
	for (const struct fault *f = c->faults.first; f != NULL;
	    f = f->next) {
		if (is_one(names, f->pointer))
			continue;
		buf_text(out, "<li>");
		page_text(out, f->detail);
		buf_text(out, "</li>\n");
	}
	buf_text(out, others > 0 ? "</ul>\n</div>\n" : "</div>\n");
}
