/*
 * donation_url: where a donor may be sent back to.
 *
 * Browsers read addresses generously (a backslash is a slash, a tab is
 * nothing), so what is not plainly spelled is refused.
 */
#include <string.h>
#include <strings.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/giving/donations/donation_url.h"

/* Does one of the words name this host? */
static bool
listed(const char *hosts, const char *host, size_t size)
{
	size_t	 n;

	for (; *hosts != '\0'; hosts += n, hosts += *hosts == ' ') {
		n = strcspn(hosts, " ");
		if (*hosts == '.' ? size > n &&
		    strncasecmp(hosts, host + size - n, n) == 0 :
		    n == size && strncasecmp(hosts, host, n) == 0)
			return true;
	}

	return false;
}

static bool
is_loopback(const char *host, size_t size)
{
	return listed("localhost 127.0.0.1 [::1]", host, size);
}

bool
donation_url_good(const char *url, const char *hosts, bool test)
{
	bool		 secure = strncmp(url, "https://", 8) == 0;
	const char	*host;
	size_t		 size, port, authority;

	if (!secure && strncmp(url, "http://", 7) != 0)
		return false;
	for (const char *s = url; *s != '\0'; s++)
		if ((unsigned char)*s <= ' ' || *s == '\\' || *s == '\x7f' ||
		    *s == '"' || *s == '<' || *s == '>')
			return false;
	host = url + (secure ? 8 : 7);
	authority = strcspn(host, "/?#");
	if (memchr(host, '@', authority) != NULL || authority == 0)
		return false;
	size = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?#");
	if (size > authority)
		return false;
	port = host[size] == ':' ?
	    1 + strspn(host + size + 1, "0123456789") : 0;
	if (size + port != authority)
		return false;
	if (test && is_loopback(host, size))
		return true;

	return secure && listed(hosts, host, size);
}

const char *
donation_url_with(struct arena *arena, const char *url, const char *name,
    const char *value)
{
	size_t		 size = strcspn(url, "#");
	const char	*mark = memchr(url, '?', size);

	return arena_printf(arena, "%.*s%c%s=%s%s", (int)size, url,
	    mark == NULL ? '?' : '&', name, encode_percent(arena, value),
	    url + size);
}
