/*
 * shape_field: one value into one member of a C struct.  One row and one
 * function for each kind of field; where path and query can say it too, the
 * same function reads the text of a JSON string or number and theirs.
 */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include <json-c/json.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/base/faults.h"
#include "lib/base/limits.h"
#include "lib/json/reading.h"

/* As json-c 0.16 writes it: short, and "/" stands for itself. */
#define PLAIN (JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)

static const char *
whence(const struct field *f)
{
	if (f->flags & PATH)
		return " in the path";
	if (f->flags & QUERY)
		return " in the query";

	return "";
}

/* Say what it must be and, unless `not` is NULL, what it is instead. */
static void
refuse(const struct spot *s, const char *not)
{
	struct faults	*faults = s->r->faults;

	/* Phrases that would not be heard any more cost memory all the same. */
	s->r->wrong = true;
	if (faults->count == LIMIT_FAULTS)
		return;
	faults_add(faults, place_pointer(s->r->arena, s->at),
	    "Must be %s%s%s%s.", shape_says(s->r->arena, s->f),
	    whence(s->f), not != NULL ? ", not " : "", not != NULL ? not : "");
}

static void
refuse_number(const struct spot *s, int64_t number)
{
	refuse(s, arena_printf(s->r->arena, "%" PRId64, number));
}

/* Is it within min and max?  Says so if not. */
static bool
check_range(const struct spot *s, int64_t n)
{
	if (n >= s->f->min && (s->f->max == 0 || n <= s->f->max))
		return true;
	refuse_number(s, n);

	return false;
}

/* text */

static void
read_text(const struct spot *s, const char *text)
{
	const struct form	*form = s->f->form;

	if (!check_range(s, (int64_t)encode_length(text)))
		return;
	if (form != NULL && form->fits != NULL && !form->fits(text)) {
		refuse(s, NULL);
		return;
	}
	*(const char **)s->out = arena_text(s->r->arena, text);
}

/* Moments as RFC 3339 has them; the first one of all means "not said". */
static void
read_moment(const struct spot *s, const char *text)
{
	struct moment	 at;

	if (clock_parse(text, &at) && at.ms > 0)
		*(struct moment *)s->out = at;
	else
		refuse(s, NULL);
}

static void
read_word(const struct spot *s, const char *text)
{
	for (int i = 0; s->f->words[i] != NULL; i++) {
		if (strcmp(s->f->words[i], text) == 0) {
			*(int *)s->out = i;
			return;
		}
	}
	refuse(s, NULL);
}

/* numbers */

static void
keep_int(const struct spot *s, int64_t n)
{
	if (!check_range(s, n))
		return;
	if (s->f->kind == F_TOKENS)
		((struct tokens *)s->out)->units = n;
	else
		*(int64_t *)s->out = n;
}

static void
take_int(const struct spot *s, struct json_object *value)
{
	keep_int(s, json_object_get_int64(value));
}

/* "-12": summed up below zero, where there is one number more. */
static void
text_int(const struct spot *s, const char *text)
{
	bool		 minus = *text == '-', good;
	const char	*p = text + minus;
	int64_t		 n = 0;

	good = *p != '\0';
	for (; good && *p != '\0'; p++) {
		good = *p >= '0' && *p <= '9' &&
		    n >= (INT64_MIN + (*p - '0')) / 10;
		if (good)
			n = 10 * n - (*p - '0');
	}
	if (!good || (!minus && n == INT64_MIN))
		refuse(s, NULL);
	else
		keep_int(s, minus ? n : -n);
}

/* min and max are whole; a max of 0 with a min below it allows any. */
static bool
in_range(const struct field *f, struct decimal d)
{
	int64_t	 unit = 1, whole, rest;

	for (int i = 0; i < d.scale; i++)
		unit *= 10;
	whole = d.digits / unit;
	rest = d.digits % unit;		/* has the sign of the whole number */

	if (f->max == 0 && f->min < 0)
		return true;
	if (whole < f->min || (whole == f->min && rest < 0))
		return false;

	return f->max == 0 || whole < f->max ||
	    (whole == f->max && rest <= 0);
}

static void
read_decimal(const struct spot *s, const char *text)
{
	struct decimal	 d;

	if (money_decimal(text, &d) && in_range(s->f, d))
		*(struct decimal *)s->out = d;
	else
		refuse(s, NULL);
}

/* json-c keeps the digits of a fraction as they were sent. */
static void
take_decimal(const struct spot *s, struct json_object *value)
{
	read_decimal(s, json_object_to_json_string_ext(value, PLAIN));
}

/* booleans */

static void
keep_bool(const struct spot *s, bool yes)
{
	if (s->f->kind == F_MAYBE)
		*(enum maybe *)s->out = yes ? YES : NO;
	else
		*(bool *)s->out = yes;
}

static void
take_bool(const struct spot *s, struct json_object *value)
{
	keep_bool(s, json_object_get_boolean(value));
}

static void
text_bool(const struct spot *s, const char *text)
{
	if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
		keep_bool(s, *text == 't');
	else
		refuse(s, NULL);
}

/* objects and lists, which only a body can say */

static void
take_raw(const struct spot *s, struct json_object *value)
{
	const char	*text;
	size_t		 size;
	int64_t		 count = json_object_object_length(value);

	if (!check_range(s, count))
		return;
	text = json_object_to_json_string_length(value, PLAIN, &size);
	if (size > LIMIT_METADATA)
		refuse(s, arena_printf(s->r->arena, "%zu bytes", size));
	else
		*(const char **)s->out = arena_copy(s->r->arena, text, size);
}

static void
take_object(const struct spot *s, struct json_object *value)
{
	void	*out = arena_alloc(s->r->arena, s->f->each->size);

	shape_read_object(s->r, s->f->each, s->at, value, out);
	*(const void **)s->out = out;
}

/* Elements are neither absent nor null; text has LIMIT_ELEMENT characters. */
static void
take_list(const struct spot *s, struct json_object *value)
{
	const struct shape	*each = s->f->each;
	struct field		 field = { s->f->name,
	    each != NULL ? F_OBJECT : F_TEXT, .min = 1, .max = LIMIT_ELEMENT,
	    .form = s->f->form };
	struct place		 at = { s->at, NULL, 0, 0 };
	struct list		*list = s->out;
	size_t			 size, count;
	char			*items;

	count = json_object_array_length(value);
	if (!check_range(s, (int64_t)count))
		return;
	size = each != NULL ? each->size : sizeof(const char *);
	items = arena_array(s->r->arena, count, size);
	for (at.index = 0; at.index < count; at.index++) {
		struct json_object	*item;
		void			*out = items + at.index * size;
		struct spot		 spot = { s->r, &field, &at, out };

		item = json_object_array_get_idx(value, at.index);
		if (each == NULL)
			shape_field_json(&spot, item);
		else if (json_object_is_type(item, json_type_object))
			shape_read_object(s->r, each, &at, item, out);
		else
			refuse(&spot, shape_says_type(item));
	}
	list->items = items;
	list->count = count;
}

/* Each element with faults of its own. */
static void
take_items(const struct spot *s, struct json_object *value)
{
	struct field	 field = { s->f->name, F_OBJECT, .each = s->f->each };
	struct place	 at = { s->at, NULL, 0, 0 };
	struct list	*list = s->out;
	struct reading	 alone = *s->r;
	struct item	*items;
	size_t		 count = json_object_array_length(value);

	if (!check_range(s, (int64_t)count))
		return;
	items = arena_array(s->r->arena, count, sizeof(*items));
	for (at.index = 0; at.index < count; at.index++) {
		struct item	*item = &items[at.index];
		struct spot	 spot = { &alone, &field, &at, &item->value };

		faults_init(&item->faults, s->r->arena);
		alone.faults = &item->faults;
		shape_field_json(&spot,
		    json_object_array_get_idx(value, at.index));
	}
	list->items = items;
	list->count = count;
}

/*
 * A kind is said by one type of JSON, or two where the second is given.  A
 * kind without `json` is read from the text of a string.
 */
static const struct kind {
	enum json_type	 type, other;
	void		(*json)(const struct spot *, struct json_object *);
	void		(*text)(const struct spot *, const char *);
} kinds[] = {
	[F_TEXT]    = { json_type_string,  0, NULL,          read_text },
	[F_INT]     = { json_type_int,     0, take_int,      text_int },
	[F_BOOL]    = { json_type_boolean, 0, take_bool,     text_bool },
	[F_MAYBE]   = { json_type_boolean, 0, take_bool,     text_bool },
	[F_TOKENS]  = { json_type_int,     0, take_int,      text_int },
	[F_DECIMAL] = { json_type_double,  json_type_int, take_decimal,
	    read_decimal },
	[F_MOMENT]  = { json_type_string,  0, NULL,          read_moment },
	[F_WORD]    = { json_type_string,  0, NULL,          read_word },
	[F_RAW]     = { json_type_object,  0, take_raw,      NULL },
	[F_LIST]    = { json_type_array,   0, take_list,     NULL },
	[F_OBJECT]  = { json_type_object,  0, take_object,   NULL },
	[F_ITEMS]   = { json_type_array,   0, take_items,    NULL },
	[F_INTS]    = { json_type_null,    0, NULL,          NULL },
};

void
shape_field_json(const struct spot *s, struct json_object *value)
{
	const struct kind	*kind = &kinds[s->f->kind];
	enum json_type		 type = json_object_get_type(value);

	if (type == json_type_null && (s->f->flags & NULLS))
		shape_field_absent(s);
	else if (type == json_type_null && (s->f->flags & CLEARS))
		*(const char **)s->out = "";
	else if (type == json_type_null ||
	    (type != kind->type && type != kind->other))
		refuse(s, shape_says_type(value));
	else if (kind->json != NULL)
		kind->json(s, value);
	else
		kind->text(s, json_object_get_string(value));
}

void
shape_field_text(const struct spot *s, const char *text)
{
	assert(kinds[s->f->kind].text != NULL);
	kinds[s->f->kind].text(s, text);
}

/* The struct is zeroed, which says most that is to be said. */
void
shape_field_absent(const struct spot *s)
{
	if (s->f->kind == F_INT)
		*(int64_t *)s->out = s->f->preset;
	if (s->f->kind == F_WORD)
		*(int *)s->out = -1;
	if (!(s->f->flags & (NEED | PATH)))
		return;
	s->r->wrong = true;
	faults_add(s->r->faults, place_pointer(s->r->arena, s->at),
	    "Required%s: %s.", whence(s->f), shape_says(s->r->arena, s->f));
}
