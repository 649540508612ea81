/*
 * net_header: the headers of a request, so that no caller's text becomes a
 * header of its own; and the one header of an answer that we heed.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/clock.h"
#include "lib/base/limits.h"
#include "lib/net/net_header.h"

#define VALUE_MAX	LIMIT_HEADER
#define WAIT_MAX	INT32_MAX	/* seconds: 68 years */

/* RFC 9110, 5.6.2: what the name of a header is made of. */
static const char	 token_bytes[] = "!#$%&'*+-.^_`|~0123456789"
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

enum { OURS, FRAME };

/*
 * FRAME says where a request ends and who speaks with whom: libcurl writes
 * these, and nobody else.  OURS may be in a wish, but is not for the owner of
 * the URL to choose.
 */
static const struct {
	const char	*name;
	int		 kind;
} reserved[] = {
	{ "Host",		FRAME },
	{ "Content-Length",	FRAME },
	{ "Transfer-Encoding",	FRAME },
	{ "Connection",		FRAME },
	{ "Keep-Alive",		FRAME },
	{ "Proxy-Connection",	FRAME },
	{ "Proxy-Authorization", FRAME },
	{ "TE",			FRAME },
	{ "Trailer",		FRAME },
	{ "Upgrade",		FRAME },
	{ "Expect",		FRAME },
	{ "HTTP2-Settings",	FRAME },
	{ "Content-Type",	OURS },
	{ "Content-Encoding",	OURS },
	{ "User-Agent",		OURS },
	{ "Accept",		OURS },
	{ "Accept-Encoding",	OURS },
};

static bool
is_reserved(const char *name, int kind)
{
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (reserved[i].kind >= kind &&
		    strcasecmp(reserved[i].name, name) == 0)
			return true;

	return false;
}

/* Printable ASCII, blanks and tabs inside, and bytes of UTF-8. */
static bool
is_value(const char *value)
{
	size_t	 size = strlen(value);

	if (size > VALUE_MAX)
		return false;
	if (size > 0 && (strchr(" \t", value[0]) != NULL ||
	    strchr(" \t", value[size - 1]) != NULL))
		return false;
	for (const char *at = value; *at != '\0'; at++)
		if (iscntrl((unsigned char)*at) && *at != '\t')
			return false;

	return true;
}

static bool
check(const struct net_header *header, int kind, char *why, size_t size)
{
	const char *name = header->name;

	if (name[0] == '\0' || strlen(name) > LIMIT_NAME ||
	    name[strspn(name, token_bytes)] != '\0') {
		(void)snprintf(why, size, "a header's name is made of "
		    "letters, digits and hyphens");
		return false;
	}
	if (is_reserved(name, kind)) {
		(void)snprintf(why, size, "the header %.32s is ours to set",
		    name);
		return false;
	}
	if (!is_value(header->value)) {
		(void)snprintf(why, size, "the value of the header %.32s is "
		    "too long, or holds what a header cannot", name);
		return false;
	}

	return true;
}

bool
net_header_ok(const struct net_header *header, char *why, size_t size)
{
	return check(header, OURS, why, size);
}

static bool
has(const struct net_header *headers, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(headers[i].name, name) == 0)
			return true;

	return false;
}

/*
 * Lines are laid behind each other in the text; libcurl takes "Name: value",
 * "Name;" for an empty value and "Name:" for none at all.
 */
static void
add(struct net_lines *lines, const char *name, const char *between,
    const char *value)
{
	char	*line = lines->text + lines->size;

	lines->size += (size_t)snprintf(line, lines->room - lines->size,
	    "%s%s%s", name, between, value) + 1;
	lines->line[lines->count].data = line;
	lines->line[lines->count].next = NULL;
	if (lines->count > 0)
		lines->line[lines->count - 1].next =
		    &lines->line[lines->count];
	lines->count++;
}

/* As much text as all of them can take: lines must not move later. */
static bool
make_room(struct net_lines *lines, const struct net_wish *wish)
{
	size_t	 need = 128;		/* for our own */
	char	*text;

	for (size_t i = 0; i < wish->header_count; i++)
		need += strlen(wish->headers[i].name) +
		    strlen(wish->headers[i].value) + 4;
	if (need <= lines->room)
		return true;
	text = realloc(lines->text, need);
	if (text == NULL)
		return false;
	lines->text = text;
	lines->room = need;

	return true;
}

bool
net_lines_set(struct net_lines *lines, const struct net_wish *wish, char *why,
    size_t size)
{
	const struct net_header *headers = wish->headers;

	if (wish->header_count > LIMIT_NET_HEADERS) {
		(void)snprintf(why, size, "it has too many headers");
		return false;
	}
	for (size_t i = 0; i < wish->header_count; i++)
		if (!check(&headers[i], FRAME, why, size))
			return false;
	if (!make_room(lines, wish)) {
		(void)snprintf(why, size, "our memory ran out");
		return false;
	}

	lines->count = lines->size = 0;
	add(lines, "Expect", ":", "");
	if (wish->size > 0 &&
	    !has(headers, wish->header_count, "Content-Type"))
		add(lines, "Content-Type", ": ", "application/json");
	if (!has(headers, wish->header_count, "User-Agent"))
		add(lines, "User-Agent", ": ", "Almoner/1");
	for (size_t i = 0; i < wish->header_count; i++)
		if (!has(headers, i, headers[i].name))
			add(lines, headers[i].name,
			    headers[i].value[0] == '\0' ? ";" : ": ",
			    headers[i].value);

	return true;
}

void
net_lines_free(struct net_lines *lines)
{
	free(lines->text);
}

int64_t
net_retry_after(const char *value)
{
	size_t	 digits = strspn(value, "0123456789");
	int64_t	 wait = 0;
	time_t	 at;

	if (digits > 0 && value[digits] == '\0') {
		for (size_t i = 0; i < digits && wait <= WAIT_MAX; i++)
			wait = wait * 10 + (value[i] - '0');
		return wait > WAIT_MAX ? WAIT_MAX : wait;
	}
	/* A date has letters; libcurl would read other numbers as one too. */
	at = isalpha((unsigned char)value[0]) ? curl_getdate(value, NULL) : -1;
	if (at == -1)
		return -1;
	wait = ((int64_t)at * 1000 - clock_now().ms + 999) / 1000;

	return wait < 0 ? 0 : wait > WAIT_MAX ? WAIT_MAX : wait;
}
