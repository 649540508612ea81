/*
 * shape_write: a C struct as JSON, straight into a buffer.  One function and
 * one row for each kind of field; the row also knows when a field says
 * nothing, which HIDE leaves out and others write as null or zero.
 */
#include <assert.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/json/shape.h"
#include "lib/json/writing.h"

static void
write_text(struct buf *out, const struct field *f, const void *at)
{
	(void)f;
	shape_quote(out, *(const char *const *)at);
}

static bool
no_text(const void *at)
{
	return *(const char *const *)at == NULL;
}

static void
write_int(struct buf *out, const struct field *f, const void *at)
{
	(void)f;
	buf_int(out, *(const int64_t *)at);
}

static bool
no_int(const void *at)
{
	return *(const int64_t *)at == 0;
}

static void
write_bool(struct buf *out, const struct field *f, const void *at)
{
	(void)f;
	buf_text(out, *(const bool *)at ? "true" : "false");
}

static bool
no_bool(const void *at)
{
	return !*(const bool *)at;
}

static void
write_maybe(struct buf *out, const struct field *f, const void *at)
{
	(void)f;
	buf_text(out, *(const enum maybe *)at == YES ? "true" : "false");
}

static bool
no_maybe(const void *at)
{
	return *(const enum maybe *)at == UNSAID;
}

static void
write_tokens(struct buf *out, const struct field *f, const void *at)
{
	(void)f;
	buf_int(out, ((const struct tokens *)at)->units);
}

static bool
no_tokens(const void *at)
{
	return ((const struct tokens *)at)->units == 0;
}

/* All digits and no exponent: 49.99, 0.10, 500. */
static void
write_decimal(struct buf *out, const struct field *f, const void *at)
{
	const struct decimal	*d = at;
	uint64_t		 digits, unit = 1;

	(void)f;
	assert(d->scale >= 0 && d->scale <= 18);
	for (int i = 0; i < d->scale; i++)
		unit *= 10;
	digits = d->digits < 0 ? -(uint64_t)d->digits : (uint64_t)d->digits;
	if (d->digits < 0)
		buf_byte(out, '-');
	buf_int(out, (int64_t)(digits / unit));
	if (d->scale > 0)
		buf_byte(out, '.');
	for (digits %= unit; unit > 1; digits %= unit) {
		unit /= 10;
		buf_byte(out, (char)('0' + digits / unit));
	}
}

static bool
no_decimal(const void *at)
{
	return !((const struct decimal *)at)->said;
}

static void
write_moment(struct buf *out, const struct field *f, const void *at)
{
	(void)f;
	shape_quote(out,
	    clock_format(out->arena, *(const struct moment *)at));
}

static bool
no_moment(const void *at)
{
	return ((const struct moment *)at)->ms == 0;
}

static void
write_word(struct buf *out, const struct field *f, const void *at)
{
	shape_quote(out, f->words[*(const int *)at]);
}

static bool
no_word(const void *at)
{
	return *(const int *)at < 0;
}

/* As compact JSON already. */
static void
write_raw(struct buf *out, const struct field *f, const void *at)
{
	(void)f;
	buf_text(out, *(const char *const *)at);
}

static void
write_list(struct buf *out, const struct field *f, const void *at)
{
	const struct list	*list = at;
	const char		*item = list->items;
	size_t			 size;

	size = f->each != NULL ? f->each->size : sizeof(const char *);
	buf_byte(out, '[');
	for (size_t i = 0; i < list->count; i++, item += size) {
		if (i > 0)
			buf_byte(out, ',');
		if (f->each != NULL)
			shape_write(out, f->each, item);
		else
			write_text(out, f, item);
	}
	buf_byte(out, ']');
}

static void
write_ints(struct buf *out, const struct field *f, const void *at)
{
	const struct list	*list = at;
	const int64_t		*items = list->items;

	(void)f;
	buf_byte(out, '[');
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			buf_byte(out, ',');
		buf_int(out, items[i]);
	}
	buf_byte(out, ']');
}

static bool
no_list(const void *at)
{
	return ((const struct list *)at)->count == 0;
}

static void
write_object(struct buf *out, const struct field *f, const void *at)
{
	shape_write(out, f->each, *(const void *const *)at);
}

static bool
no_object(const void *at)
{
	return *(const void *const *)at == NULL;
}

/*
 * Numbers, booleans and lists that HIDE does not hide are written as they
 * are, 0, false or [], and any other kind that says nothing as null.
 */
static const struct kind {
	void	(*write)(struct buf *, const struct field *, const void *);
	bool	(*nothing)(const void *);
	bool	null;
} kinds[] = {
	[F_TEXT]	= { write_text,    no_text,    true },
	[F_INT]		= { write_int,     no_int,     false },
	[F_BOOL]	= { write_bool,    no_bool,    false },
	[F_MAYBE]	= { write_maybe,   no_maybe,   true },
	[F_TOKENS]	= { write_tokens,  no_tokens,  false },
	[F_DECIMAL]	= { write_decimal, no_decimal, true },
	[F_MOMENT]	= { write_moment,  no_moment,  true },
	[F_WORD]	= { write_word,    no_word,    true },
	[F_RAW]		= { write_raw,     no_text,    true },
	[F_LIST]	= { write_list,    no_list,    false },
	[F_OBJECT]	= { write_object,  no_object,  true },
	[F_ITEMS]	= { NULL,          NULL,       false },
	[F_INTS]	= { write_ints,    no_list,    false },
};

/* Is it written as null?  A number is where its preset stands for none. */
static bool
is_null(const struct field *f, bool nothing, const void *at)
{
	if (f->kind == F_INT && (f->flags & NULLS))
		return *(const int64_t *)at == f->preset;

	return nothing && kinds[f->kind].null;
}

bool
shape_write_nothing(const struct field *f, const void *at)
{
	return kinds[f->kind].nothing(at);
}

void
shape_write(struct buf *out, const struct shape *shape, const void *from)
{
	const char	*start = from;
	bool		 first = true;

	buf_byte(out, '{');
	for (const struct field *f = shape->fields; f->name != NULL; f++) {
		const struct kind	*kind = &kinds[f->kind];
		bool			 nothing;

		assert(kind->write != NULL);
		nothing = kind->nothing(start + f->at);
		if (nothing && (f->flags & HIDE))
			continue;
		/* Names of ours have nothing in them to be escaped. */
		buf_text(out, first ? "\"" : ",\"");
		buf_text(out, f->name);
		buf_text(out, "\":");
		first = false;
		if (is_null(f, nothing, start + f->at))
			buf_text(out, "null");
		else
			kind->write(out, f, start + f->at);
	}
	buf_byte(out, '}');
}
