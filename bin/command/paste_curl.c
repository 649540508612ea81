/*
 * paste_curl: a curl command as a shell and curl would read it, as far as it
 * matters to what is signed.
 */
#include <stdlib.h>
#include <string.h>

#include "bin/command/credentials.h"
#include "bin/command/paste.h"
#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/encode.h"

struct curl {
	struct paste	*p;
	const char	*rest;		/* of the command */
	const char	*method;
	bool		 get, head;	/* -G, -I */
};

/* An option; those without `does` only take their value out of the way. */
struct flag {
	char		 letter;
	const char	*name;
	bool		 valued;
	void		(*does)(struct curl *, const char *value);
};

static void	method(struct curl *, const char *);
static void	header(struct curl *, const char *);
static void	data(struct curl *, const char *);
static void	data_raw(struct curl *, const char *);
static void	data_binary(struct curl *, const char *);
static void	url(struct curl *, const char *);
static void	get(struct curl *, const char *);
static void	head(struct curl *, const char *);

static const struct flag options[] = {
	{ 'X', "request", true, method },
	{ 'H', "header", true, header },
	{ 'd', "data", true, data },
	{ 0, "data-ascii", true, data },
	{ 0, "data-raw", true, data_raw },
	{ 0, "data-binary", true, data_binary },
	{ 0, "json", true, data_binary },
	{ 0, "url", true, url },
	{ 'G', "get", false, get },
	{ 'I', "head", false, head },
	{ 'A', "user-agent", true, NULL },
	{ 'b', "cookie", true, NULL },
	{ 'c', "cookie-jar", true, NULL },
	{ 'D', "dump-header", true, NULL },
	{ 'e', "referer", true, NULL },
	{ 'E', "cert", true, NULL },
	{ 'K', "config", true, NULL },
	{ 'm', "max-time", true, NULL },
	{ 'o', "output", true, NULL },
	{ 'u', "user", true, NULL },
	{ 'w', "write-out", true, NULL },
	{ 'x', "proxy", true, NULL },
	{ 0, "cacert", true, NULL },
	{ 0, "connect-timeout", true, NULL },
	{ 0, "key", true, NULL },
	{ 0, "resolve", true, NULL },
	{ 0, "retry", true, NULL },
};

#define OPTIONS (sizeof(options) / sizeof(options[0]))

/* the shell's part */

/* Bash's $'…', which browsers copy: \n, \x41, \u00e9 and their like. */
static const char *
dollar_quoted(struct buf *word, const char *s)
{
	static const char	 names[] = "abfnrtv";
	static const char	 means[] = "\a\b\f\n\r\t\v";
	const char		*name;
	char			*end, hex[5] = "";
	unsigned long		 c;

	for (; *s != '\0' && *s != '\''; s++) {
		if (*s != '\\' || s[1] == '\0') {
			buf_byte(word, *s);
			continue;
		}
		name = strchr(names, *++s);
		if (*s != 'x' && *s != 'u') {
			buf_byte(word, name != NULL ? means[name - names] :
			    *s);
			continue;
		}
		strncpy(hex, s + 1, *s == 'x' ? 2 : 4);
		hex[*s == 'x' ? 2 : 4] = '\0';
		c = strtoul(hex, &end, 16);
		if (c < 0x80)
			buf_byte(word, (char)c);
		else if (c < 0x800)
			buf_printf(word, "%c%c", (int)(0xC0 | c >> 6),
			    (int)(0x80 | (c & 0x3F)));
		else
			buf_printf(word, "%c%c%c", (int)(0xE0 | c >> 12),
			    (int)(0x80 | (c >> 6 & 0x3F)),
			    (int)(0x80 | (c & 0x3F)));
		s += end - hex;
	}

	return s + (*s == '\'');
}

static const char *
quoted(struct buf *word, const char *s, char quote)
{
	for (; *s != '\0' && *s != quote; s++) {
		if (quote == '"' && *s == '\\' && s[1] != '\0' &&
		    strchr("\"\\$`\n", s[1]) != NULL && *++s == '\n')
			continue;
		buf_byte(word, *s);
	}

	return s + (*s != '\0');
}

/* The next word of the command, NULL at its end. */
static const char *
next_word(struct curl *c)
{
	const char	*s = c->rest;
	struct buf	 word;

	buf_init(&word, c->p->arena);
	while (*s == ' ' || *s == '\t' || strncmp(s, "\\\n", 2) == 0 ||
	    strncmp(s, "\\\r\n", 3) == 0)
		s += *s == '\\' ? strcspn(s, "\n") + 1 : 1;
	c->rest = s;
	if (*s == '\0' || strchr("\r\n|;>&", *s) != NULL)
		return NULL;
	while (*s != '\0' && strchr(" \t\r\n|;>&", *s) == NULL)
		if (strncmp(s, "$'", 2) == 0)
			s = dollar_quoted(&word, s + 2);
		else if (*s == '\'' || *s == '"')
			s = quoted(&word, s + 1, *s);
		else if (*s == '\\' && s[1] != '\0') {
			if (s[1] != '\n')
				buf_byte(&word, s[1]);
			s += 2;
		} else
			buf_byte(&word, *s++);
	c->rest = s;

	return buf_str(&word);
}

/* curl's part */

static void
method(struct curl *c, const char *value)
{
	c->method = value;
}

static void
header(struct curl *c, const char *value)
{
	paste_header(c->p, value);
}

static void
url(struct curl *c, const char *value)
{
	c->p->url = value;
}

static void
get(struct curl *c, const char *value)
{
	(void)value;
	c->get = true;
}

static void
head(struct curl *c, const char *value)
{
	(void)value;
	c->head = true;
}

/* Several pieces of data are one, with & between them. */
static void
add_data(struct curl *c, struct piece more)
{
	struct buf	 all;

	if (c->p->body_said)
		return;
	buf_init(&all, c->p->arena);
	if (c->p->body.data != NULL) {
		buf_add(&all, c->p->body.data, c->p->body.size);
		buf_byte(&all, '&');
	}
	buf_add(&all, more.data, more.size);
	c->p->body = (struct piece){ buf_str(&all), all.size };
}

static void
data_raw(struct curl *c, const char *value)
{
	add_data(c, (struct piece){ value, strlen(value) });
}

/* The file that @FILE names; data NULL if there is none. */
static struct piece
file(struct curl *c, const char *value)
{
	struct piece	 all = { NULL, 0 };

	if (c->p->body_said)
		return all;
	all.data = credentials_file(c->p->arena, value + 1, &all.size);
	if (all.data == NULL && c->p->why == NULL)
		c->p->why = arena_printf(c->p->arena, "the command sends %s,"
		    " which cannot be read here: say --body", value + 1);

	return all;
}

static void
data_binary(struct curl *c, const char *value)
{
	struct piece	 all;

	if (value[0] != '@') {
		data_raw(c, value);
		return;
	}
	all = file(c, value);
	if (all.data != NULL)
		add_data(c, all);
}

/* -d leaves out the line ends of a file. */
static void
data(struct curl *c, const char *value)
{
	struct piece	 all;
	struct buf	 b;

	if (value[0] != '@') {
		data_raw(c, value);
		return;
	}
	all = file(c, value);
	if (all.data == NULL)
		return;
	buf_init(&b, c->p->arena);
	for (const char *s = all.data; s < (const char *)all.data + all.size;
	    s++)
		if (*s != '\n' && *s != '\r' && *s != '\0')
			buf_byte(&b, *s);
	c->p->file = all;
	add_data(c, (struct piece){ buf_str(&b), b.size });
}

static void
take(struct curl *c, const struct flag *o, const char *value)
{
	if (o->valued && value == NULL)
		value = next_word(c);
	if (o->does != NULL && (value != NULL || !o->valued))
		o->does(c, value);
}

static void
long_option(struct curl *c, const char *word)
{
	size_t	 size = strcspn(word, "=");

	for (size_t i = 0; i < OPTIONS; i++)
		if (strlen(options[i].name) == size &&
		    memcmp(options[i].name, word, size) == 0)
			take(c, &options[i], word[size] == '=' ?
			    word + size + 1 : NULL);
}

/* "-sSX", "-XPOST": letters, until one of them takes a value. */
static void
short_options(struct curl *c, const char *word)
{
	const struct flag	*o;

	for (; *word != '\0'; word++)
		for (o = options; o < options + OPTIONS; o++) {
			if (o->letter != *word)
				continue;
			take(c, o, o->valued && word[1] != '\0' ? word + 1 :
			    NULL);
			if (o->valued)
				return;
		}
}

/* -G puts the data behind the address. */
static void
settle(struct curl *c)
{
	struct paste	*p = c->p;

	if (c->get && p->body.data != NULL && p->url != NULL) {
		p->url = arena_printf(p->arena, "%s%c%.*s", p->url,
		    strchr(p->url, '?') != NULL ? '&' : '?',
		    (int)p->body.size, (const char *)p->body.data);
		p->body = (struct piece){ NULL, 0 };
	}
	p->method = c->method != NULL ? c->method : c->head ? "HEAD" :
	    p->body.data != NULL ? "POST" : "GET";
	if (p->body.data == NULL)
		p->body = (struct piece){ "", 0 };
}

const char *
paste_curl(struct paste *p, const char *text)
{
	struct curl	 c = { .p = p, .rest = text };
	const char	*word;

	next_word(&c);	/* curl itself */
	while ((word = next_word(&c)) != NULL)
		if (strncmp(word, "--", 2) == 0)
			long_option(&c, word + 2);
		else if (word[0] == '-' && word[1] != '\0')
			short_options(&c, word + 1);
		else
			url(&c, word);
	settle(&c);

	return p->why == NULL ? c.rest : NULL;
}
