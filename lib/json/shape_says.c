/*
 * shape_says: the rules of one field in a phrase, so that a fault can tell
 * its reader what to do instead.
 */
#include <inttypes.h>

#include <json-c/json.h>

#include "lib/base/buf.h"
#include "lib/base/limits.h"
#include "lib/json/reading.h"

/* " of 1 to 255 characters"; max 0 is no limit, and so is min 0 of these. */
static void
say_count(struct buf *out, int64_t min, int64_t max, const char *of_what)
{
	if (min > 0 && max == min)
		buf_printf(out, " of %" PRId64, min);
	else if (min > 0 && max > 0)
		buf_printf(out, " of %" PRId64 " to %" PRId64, min, max);
	else if (min > 0)
		buf_printf(out, " of at least %" PRId64, min);
	else if (max > 0)
		buf_printf(out, " of at most %" PRId64, max);
	else
		return;
	buf_printf(out, " %s%s", of_what, max == 1 ? "" : "s");
}

/* " from 1 to 100" */
static void
say_range(struct buf *out, int64_t min, int64_t max)
{
	if (max != 0 && min == INT64_MIN)
		buf_printf(out, " of at most %" PRId64, max);
	else if (max != 0)
		buf_printf(out, " from %" PRId64 " to %" PRId64, min, max);
	else if (min != INT64_MIN)
		buf_printf(out, " of at least %" PRId64, min);
}

static void
say_text(struct buf *out, const struct field *f)
{
	buf_text(out, "a string");
	say_count(out, f->min, f->max, "character");
	if (f->form != NULL)
		buf_printf(out, " (%s)", f->form->says);
}

static void
say_int(struct buf *out, const struct field *f)
{
	buf_text(out, "an integer");
	say_range(out, f->min, f->max);
}

static void
say_bool(struct buf *out, const struct field *f)
{
	(void)f;
	buf_text(out, "true or false");
}

static void
say_decimal(struct buf *out, const struct field *f)
{
	buf_text(out, "a number");
	if (f->max != 0 || f->min >= 0)
		say_range(out, f->min, f->max);
	buf_text(out, ", of at most 18 digits");
}

static void
say_moment(struct buf *out, const struct field *f)
{
	(void)f;
	buf_text(out, "a time after 1970, such as \"2026-05-10T09:12:00Z\"");
}

static void
say_word(struct buf *out, const struct field *f)
{
	buf_text(out, "one of ");
	for (size_t i = 0; f->words[i] != NULL; i++)
		buf_printf(out, "%s%s", i > 0 ? ", " : "", f->words[i]);
}

static void
say_raw(struct buf *out, const struct field *f)
{
	buf_text(out, "an object");
	say_count(out, 0, f->max, "member");
	buf_printf(out, "%s at most %d bytes",
	    f->max > 0 ? " and" : " of", LIMIT_METADATA);
}

static void
say_list(struct buf *out, const struct field *f)
{
	buf_text(out, "an array");
	if (f->min > 0 || f->max > 0)
		say_count(out, f->min, f->max,
		    f->each != NULL ? "object" : "string");
	else
		buf_text(out, f->each != NULL ? " of objects" : " of strings");
}

static void
say_object(struct buf *out, const struct field *f)
{
	(void)f;
	buf_text(out, "an object");
}

static void	(*const says[])(struct buf *, const struct field *) = {
	[F_TEXT]	= say_text,
	[F_INT]		= say_int,
	[F_BOOL]	= say_bool,
	[F_MAYBE]	= say_bool,
	[F_TOKENS]	= say_int,
	[F_DECIMAL]	= say_decimal,
	[F_MOMENT]	= say_moment,
	[F_WORD]	= say_word,
	[F_RAW]		= say_raw,
	[F_LIST]	= say_list,
	[F_ITEMS]	= say_list,
	[F_OBJECT]	= say_object,
};

const char *
shape_says(struct arena *arena, const struct field *f)
{
	struct buf	 out;

	buf_init(&out, arena);
	says[f->kind](&out, f);

	return buf_str(&out);
}

const char *
shape_says_type(struct json_object *value)
{
	static const char *const	 types[] = {
		[json_type_null]	= "null",
		[json_type_boolean]	= "a boolean",
		[json_type_double]	= "a number with fraction or exponent",
		[json_type_int]		= "an integer",
		[json_type_object]	= "an object",
		[json_type_array]	= "an array",
		[json_type_string]	= "a string",
	};

	return types[json_object_get_type(value)];
}
