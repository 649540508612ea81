/*
 * openapi_schema: shapes as JSON Schema, the dialect of OpenAPI 3.1.
 *
 * What is heard is described as shape_read() takes it, what is said as
 * shape_write() writes it.  Numbers that are said have no limits here, since
 * a row of zeros is then no limit but silence.
 */
#include "lib/api/openapi.h"
#include "lib/base/arena.h"
#include "lib/base/limits.h"

/* What JSON Schema calls a kind of field, and its limits. */
static const struct kind {
	const char	*type, *format;
	const char	*min, *max;
	bool		 counted;	/* limits count: min 0 says nothing */
} kinds[] = {
	[F_TEXT]    = { "string",  NULL, "minLength", "maxLength", true },
	[F_INT]     = { "integer", "int64", "minimum", "maximum", false },
	[F_BOOL]    = { "boolean", NULL, NULL, NULL, false },
	[F_MAYBE]   = { "boolean", NULL, NULL, NULL, false },
	[F_TOKENS]  = { "integer", "int64", "minimum", "maximum", false },
	[F_DECIMAL] = { "number",  NULL, "minimum", "maximum", false },
	[F_MOMENT]  = { "string",  "date-time", NULL, NULL, false },
	[F_WORD]    = { "string",  NULL, NULL, NULL, false },
	[F_RAW]     = { "object",  NULL, "minProperties", "maxProperties",
	    true },
	[F_LIST]    = { "array",   NULL, "minItems", "maxItems", true },
	[F_OBJECT]  = { "object",  NULL, NULL, NULL, false },
	[F_INTS]    = { "array",   NULL, "minItems", "maxItems", true },
	[F_ITEMS]   = { "array",   NULL, "minItems", "maxItems", true },
};

/* A preset that is itself out of range stands for "not said". */
static void
write_default(struct buf *out, const struct field *f)
{
	if (f->flags & NEED)
		return;
	if (f->kind == F_BOOL) {
		openapi_json_name(out, "default");
		buf_text(out, "false");
	}
	if (f->kind == F_INT && f->preset >= f->min &&
	    (f->max == 0 || f->preset <= f->max))
		openapi_json_int(out, "default", f->preset);
}

static void
write_limits(struct buf *out, const struct field *f, enum openapi_way way)
{
	const struct kind	*kind = &kinds[f->kind];
	bool			 any, least;

	/* See enum field_kind: then a decimal may be of any size. */
	any = f->kind == F_DECIMAL && f->max == 0 && f->min < 0;
	if (kind->min == NULL || any)
		return;
	least = way == HEARD || f->max != 0;
	if (f->min > 0 || (least && !kind->counted && f->min != INT64_MIN))
		openapi_json_int(out, kind->min, f->min);
	if (f->max != 0)
		openapi_json_int(out, kind->max, f->max);
}

static void
write_words(struct buf *out, const struct field *f, bool nullable)
{
	openapi_json_name(out, "enum");
	buf_byte(out, '[');
	for (size_t i = 0; f->words[i] != NULL; i++) {
		openapi_json_next(out);
		shape_quote(out, f->words[i]);
	}
	if (nullable)
		buf_text(out, ",null");
	buf_byte(out, ']');
}

/* See take_list() for the limits of listed text. */
static void
write_items(struct buf *out, const struct field *f, enum openapi_way way)
{
	openapi_json_name(out, "items");
	buf_byte(out, '{');
	if (f->each != NULL)
		openapi_json_ref(out, "schemas", f->each->name);
	else if (f->kind == F_INTS)
		openapi_json_text(out, "type", "integer");
	else {
		openapi_json_text(out, "type", "string");
		if (way == HEARD) {
			openapi_json_int(out, "minLength", 1);
			openapi_json_int(out, "maxLength", LIMIT_ELEMENT);
		}
		if (f->form != NULL)
			openapi_json_text(out, "pattern", f->form->pattern);
	}
	buf_byte(out, '}');
}

/* Without a $ref in it: what a row says of a value. */
static void
write_plain(struct buf *out, const struct field *f, enum openapi_way way)
{
	const struct kind	*kind = &kinds[f->kind];
	bool			 nullable;

	nullable = (f->flags & (NULLS | CLEARS)) &&
	    !(f->flags & (PATH | QUERY));
	if (nullable) {
		openapi_json_name(out, "type");
		buf_byte(out, '[');
		shape_quote(out, kind->type);
		buf_text(out, ",\"null\"]");
	} else
		openapi_json_text(out, "type", kind->type);
	if (kind->format != NULL)
		openapi_json_text(out, "format", kind->format);
	write_limits(out, f, way);
	if (f->kind == F_TEXT && f->form != NULL)
		openapi_json_text(out, "pattern", f->form->pattern);
	if (f->words != NULL)
		write_words(out, f, nullable);
	if (kind->type[0] == 'a')
		write_items(out, f, way);
	if (f->kind == F_RAW) {
		openapi_json_name(out, "additionalProperties");
		buf_text(out, "true");
	}
	if (way == HEARD)
		write_default(out, f);
}

void
openapi_schema_field(struct buf *out, const struct field *f,
    enum openapi_way way)
{
	buf_byte(out, '{');
	if (f->kind != F_OBJECT)
		write_plain(out, f, way);
	else if (f->flags & NULLS) {
		openapi_json_name(out, "anyOf");
		buf_text(out, "[{");
		openapi_json_ref(out, "schemas", f->each->name);
		buf_text(out, "},{\"type\":\"null\"}]");
	} else
		openapi_json_ref(out, "schemas", f->each->name);
	if (!(f->flags & (PATH | QUERY)))
		openapi_json_text(out, "description", f->about);
	buf_byte(out, '}');
}

static bool
in_body(const struct field *f)
{
	return !(f->flags & (PATH | QUERY));
}

bool
openapi_schema_body(const struct shape *shape)
{
	if (shape != NULL)
		for (const struct field *f = shape->fields; f->name != NULL;
		    f++)
			if (in_body(f))
				return true;

	return false;
}

static bool
required(const struct field *f, enum openapi_way way)
{
	return in_body(f) && (way == SAID ? !(f->flags & HIDE) :
	    (f->flags & NEED) != 0);
}

bool
openapi_schema_needed(const struct shape *shape)
{
	for (const struct field *f = shape->fields; f->name != NULL; f++)
		if (required(f, HEARD))
			return true;

	return false;
}

static void
write_required(struct buf *out, const struct shape *shape,
    enum openapi_way way)
{
	bool	 any = false;

	for (const struct field *f = shape->fields; f->name != NULL; f++) {
		if (!required(f, way))
			continue;
		if (!any) {
			openapi_json_name(out, "required");
			buf_byte(out, '[');
		}
		any = true;
		openapi_json_next(out);
		shape_quote(out, f->name);
	}
	if (any)
		buf_byte(out, ']');
}

void
openapi_schema_lines(struct openapi *o, const struct shape *shape,
    enum openapi_way way)
{
	struct buf	*out = &o->lines;

	buf_printf(out, "schemas\t%s\t{", shape->name);
	openapi_json_text(out, "type", "object");
	openapi_json_name(out, "properties");
	buf_byte(out, '{');
	for (const struct field *f = shape->fields; f->name != NULL; f++) {
		if (!in_body(f))
			continue;
		if (f->about == NULL) {
			o->broken = arena_printf(out->arena, "%s.%s says not"
			    " what it is about", shape->name, f->name);
			return;
		}
		openapi_json_name(out, f->name);
		openapi_schema_field(out, f, way);
	}
	buf_byte(out, '}');
	write_required(out, shape, way);
	buf_text(out, "}\n");

	for (const struct field *f = shape->fields; f->name != NULL; f++)
		if (f->each != NULL)
			openapi_schema_lines(o, f->each, way);
}
