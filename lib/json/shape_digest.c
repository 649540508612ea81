/*
 * shape_digest: was the same said?  What a body says is folded field by field
 * as it was understood, so order, spaces, escapes and trailing zeros do not
 * show; what says nothing is left out, so that a field that is new does not
 * change what was said without it.  Whoever makes two bodies collide fools
 * only themselves, so this need not be a cryptographic hash.
 *
 * Free JSON is folded from its text, which json-c wrote: it is well-formed,
 * has no spaces, and one spelling for each string.
 */
#include <assert.h>
#include <string.h>

#include "lib/json/shape.h"
#include "lib/json/writing.h"

/* The longest number that can be one of our decimals; others are text. */
#define NUMBER	64

static_assert(sizeof(struct tokens) == sizeof(int64_t) &&
    sizeof(struct moment) == sizeof(int64_t), "both are read as a number");

static uint64_t	fold_fields(uint64_t, const struct shape *, const void *);
static uint64_t	json_value(const char **);

/* 2^64 divided by the golden ratio: it spreads every bit upwards. */
static uint64_t
fold(uint64_t h, uint64_t word)
{
	h = (h ^ word) * 0x9e3779b97f4a7c15;

	return h ^ h >> 32;
}

/* The final mix of SplitMix64: each bit counts for each other. */
static uint64_t
finish(uint64_t h)
{
	h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9;
	h = (h ^ h >> 27) * 0x94d049bb133111eb;

	return h ^ h >> 31;
}

/* Eight bytes as one number, on every machine the same. */
static uint64_t
word(const void *text)
{
	const unsigned char	*b = text;

	return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 |
	    (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 |
	    (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 |
	    (uint64_t)b[7] << 56;
}

static uint64_t
fold_bytes(uint64_t h, const char *text, size_t size)
{
	char	 rest[8] = { 0 };

	h = fold(h, size);
	for (; size >= 8; text += 8, size -= 8)
		h = fold(h, word(text));
	memcpy(rest, text, size);

	return fold(h, word(rest));
}

/* 100, 100.0 and 1e2 are one number. */
static uint64_t
fold_number(uint64_t h, struct decimal d)
{
	if (d.digits == 0)
		d.scale = 0;
	for (; d.digits != 0 && d.digits % 10 == 0; d.digits /= 10)
		d.scale--;

	return fold(fold(h, (uint64_t)d.digits), (uint64_t)d.scale);
}

/* free JSON */

/* The string that begins here, as it is spelled, and *at behind it. */
static uint64_t
json_string(const char **at)
{
	const char	*from = ++*at;

	for (; **at != '"'; ++*at)
		if (**at == '\\')
			++*at;
	++*at;

	return fold_bytes('"', from, (size_t)(*at - from) - 1);
}

/* Members come in any order: what they add up to has none. */
static uint64_t
json_object(const char **at)
{
	uint64_t	 sum = 0, count = 0, name;

	for (++*at; **at != '}'; count++) {
		*at += **at == ',';
		name = json_string(at);
		++*at;		/* the colon */
		sum += finish(fold(name, json_value(at)));
	}
	++*at;

	return fold(fold('{', count), sum);
}

static uint64_t
json_array(const char **at)
{
	uint64_t	 h = '[';

	for (++*at; **at != ']';) {
		*at += **at == ',';
		h = fold(h, json_value(at));
	}
	++*at;

	return fold(h, ']');
}

/* A number, true, false or null.  Too long for a decimal, it is its text. */
static uint64_t
json_plain(const char **at)
{
	const char	*from = *at;
	size_t		 size = strcspn(from, ",]}");
	char		 text[NUMBER];
	struct decimal	 d;

	*at += size;
	if (size < sizeof(text)) {
		memcpy(text, from, size);
		text[size] = '\0';
		if (money_decimal(text, &d))
			return fold_number('0', d);
	}

	return fold_bytes('?', from, size);
}

/* As deep as the body was nested: LIMIT_JSON_DEPTH. */
static uint64_t
json_value(const char **at)
{
	switch (**at) {
	case '{':
		return json_object(at);
	case '[':
		return json_array(at);
	case '"':
		return json_string(at);
	default:
		return json_plain(at);
	}
}

/* fields: one function and one row for each kind */

static uint64_t
fold_text(uint64_t h, const struct field *f, const void *at)
{
	const char	*text = *(const char *const *)at;

	(void)f;

	return fold_bytes(h, text, strlen(text));
}

static uint64_t
fold_word(uint64_t h, const struct field *f, const void *at)
{
	const char	*text = f->words[*(const int *)at];

	return fold_bytes(h, text, strlen(text));
}

/* An int64_t, alone or as all that a struct has. */
static uint64_t
fold_int(uint64_t h, const struct field *f, const void *at)
{
	(void)f;

	return fold(h, (uint64_t)*(const int64_t *)at);
}

static uint64_t
fold_bool(uint64_t h, const struct field *f, const void *at)
{
	(void)f;

	return fold(h, *(const bool *)at);
}

static uint64_t
fold_maybe(uint64_t h, const struct field *f, const void *at)
{
	(void)f;

	return fold(h, *(const enum maybe *)at);
}

static uint64_t
fold_decimal(uint64_t h, const struct field *f, const void *at)
{
	(void)f;

	return fold_number(h, *(const struct decimal *)at);
}

/* Of a field that CLEARS, "" is said too, and is no JSON. */
static uint64_t
fold_raw(uint64_t h, const struct field *f, const void *at)
{
	const char	*text = *(const char *const *)at;

	(void)f;

	return *text != '\0' ? fold(h, json_value(&text)) : fold(h, 0);
}

static uint64_t
fold_list(uint64_t h, const struct field *f, const void *at)
{
	const struct list	*list = at;
	const char		*item = list->items;
	size_t			 size;

	size = f->each != NULL ? f->each->size : sizeof(const char *);
	h = fold(h, list->count);
	for (size_t i = 0; i < list->count; i++, item += size)
		h = f->each != NULL ? fold_fields(h, f->each, item) :
		    fold_text(h, f, item);

	return h;
}

static uint64_t
fold_object(uint64_t h, const struct field *f, const void *at)
{
	return fold_fields(h, f->each, *(const void *const *)at);
}

/* Elements that are read for themselves are digested for themselves. */
static uint64_t	(*const folds[])(uint64_t, const struct field *,
    const void *) = {
	[F_TEXT] = fold_text,		[F_INT] = fold_int,
	[F_BOOL] = fold_bool,		[F_MAYBE] = fold_maybe,
	[F_TOKENS] = fold_int,		[F_DECIMAL] = fold_decimal,
	[F_MOMENT] = fold_int,		[F_WORD] = fold_word,
	[F_RAW] = fold_raw,		[F_LIST] = fold_list,
	[F_OBJECT] = fold_object,	[F_INTS] = NULL,
	[F_ITEMS] = NULL,
};

/* Each that says something, by its name: so it is no other. */
static uint64_t
fold_fields(uint64_t h, const struct shape *shape, const void *from)
{
	const char	*start = from;

	for (const struct field *f = shape->fields; f->name != NULL; f++) {
		assert(folds[f->kind] != NULL);
		if (shape_write_nothing(f, start + f->at))
			continue;
		h = fold_bytes(h, f->name, strlen(f->name));
		h = folds[f->kind](h, f, start + f->at);
	}

	return fold(h, '}');
}

int64_t
shape_digest(const struct shape *shape, const void *from)
{
	return (int64_t)(finish(fold_fields('{', shape, from)) >> 17);
}
