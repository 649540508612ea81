/*
 * net_url: is this a URL that may be called, by its spelling?
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/limits.h"
#include "lib/net/net_address.h"
#include "lib/net/net_url.h"

#define DIGITS	"0123456789"
#define LETTERS	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* RFC 3986, 2: all that a URI is made of, but "#", which is never sent. */
static const char	 uri_bytes[] = LETTERS DIGITS "-._~:/?[]@!$&'()*+,;=%";

/* Underscores are in no host name of RFC 952, but in many of DNS. */
static const char	 host_bytes[] = LETTERS DIGITS "-_.";

static bool
refuse(char *why, size_t size, const char *sentence)
{
	(void)snprintf(why, size, "%s", sentence);

	return false;
}

/*
 * inet_aton() and its like read "127.1", "0x7f.1", "017700000001" and
 * "2130706433" as addresses.  A name whose last part could be such a number
 * (and no top-level domain is one) must be four decimal numbers.
 */
static bool
ends_in_number(const char *host)
{
	const char *last = strrchr(host, '.');

	last = last == NULL ? host : last + 1;
	if (last[0] == '0' && (last[1] == 'x' || last[1] == 'X'))
		return true;

	return last[strspn(last, DIGITS)] == '\0';
}

/* Parts of 1 to 63 bytes between dots. */
static bool
is_name(const char *host)
{
	for (size_t size;; host += size + 1) {
		size = strcspn(host, ".");
		if (size == 0 || size > 63)
			return false;
		if (host[size] == '\0')
			return true;
	}
}

static bool
read_number(struct net_place *place, bool bracketed)
{
	struct sockaddr_in	 in = { .sin_family = AF_INET };
	struct sockaddr_in6	 in6 = { .sin6_family = AF_INET6 };

	place->number = true;
	if (bracketed) {
		if (inet_pton(AF_INET6, place->host, &in6.sin6_addr) != 1)
			return false;
		memcpy(&place->address, &in6, sizeof(in6));
	} else {
		if (inet_pton(AF_INET, place->host, &in.sin_addr) != 1)
			return false;
		memcpy(&place->address, &in, sizeof(in));
	}

	return true;
}

/* Copy the host, without its brackets; where it ends, or NULL. */
static const char *
read_host(const char *at, struct net_place *place, char *why, size_t size)
{
	bool	 bracketed = *at == '[';
	size_t	 n;

	at += bracketed;
	n = bracketed ? strcspn(at, "]/?") : strcspn(at, ":/?");
	if (n == 0 || n >= sizeof(place->host)) {
		refuse(why, size, "its host is missing or too long");
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		place->host[i] = (char)tolower((unsigned char)at[i]);
	place->host[n] = '\0';

	if (!bracketed && (strspn(at, host_bytes) < n ||
	    !is_name(place->host))) {
		refuse(why, size, "its host must be a plain name: letters, "
		    "digits, hyphens, and dots between");
		return NULL;
	}
	if (bracketed ? at[n] != ']' || !read_number(place, true) :
	    ends_in_number(place->host) && !read_number(place, false)) {
		refuse(why, size, "its host is a number, but is not written "
		    "as an address usually is");
		return NULL;
	}

	return at + n + bracketed;
}

/* ":8443", if it is there. */
static bool
read_port(const char *at, struct net_place *place, const char **end)
{
	unsigned long	 port;
	char		*stop;

	place->port = place->tls ? 443 : 80;
	*end = at;
	if (*at != ':')
		return true;
	if (!isdigit((unsigned char)at[1]))
		return false;
	port = strtoul(at + 1, &stop, 10);
	place->port = (uint16_t)port;
	*end = stop;

	return port > 0 && port <= 65535;
}

/* By what is written alone: names are looked up later. */
static bool
is_written_loopback(const struct net_place *place)
{
	static const char	 word[] = "localhost", end[] = ".localhost";
	size_t			 size = strlen(place->host);

	if (place->number)
		return net_address_loopback(
		    (const struct sockaddr *)&place->address);

	return strcmp(place->host, word) == 0 || (size >= sizeof(end) &&
	    strcmp(place->host + size - (sizeof(end) - 1), end) == 0);
}

static bool
is_port_allowed(const struct net_rules *rules, const struct net_place *place)
{
	const char	*at = rules->ports == NULL ? "443" : rules->ports;
	char		*end;

	if (rules->anywhere ||
	    (rules->loopback_http && is_written_loopback(place)))
		return true;
	while (*(at += strcspn(at, DIGITS)) != '\0') {
		if (strtoul(at, &end, 10) == place->port)
			return true;
		at = end;
	}

	return false;
}

static bool
read_scheme(const char **at, struct net_place *place)
{
	place->tls = strncasecmp(*at, "https://", 8) == 0;
	if (!place->tls && strncasecmp(*at, "http://", 7) != 0)
		return false;
	*at += place->tls ? 8 : 7;

	return true;
}

/* What the place is, once it is read. */
static bool
check(const struct net_rules *rules, const struct net_place *place, char *why,
    size_t size)
{
	if (!place->tls && !rules->anywhere && !(rules->loopback_http &&
	    is_written_loopback(place)))
		return refuse(why, size, "it must begin with https://");
	if (!is_port_allowed(rules, place))
		return refuse(why, size, "its port is not one that may be "
		    "called");

	return !place->number || net_url_may(rules, place,
	    (const struct sockaddr *)&place->address, why, size);
}

bool
net_url_read(const struct net_rules *rules, const char *url,
    struct net_place *place, char *why, size_t size)
{
	const char	*at = url;

	memset(place, 0, sizeof(*place));
	if (strlen(url) > LIMIT_URL)
		return refuse(why, size, "it is too long");
	if (!read_scheme(&at, place))
		return refuse(why, size, "it must begin with https://");
	if (memchr(at, '@', strcspn(at, "/?#")) != NULL)
		return refuse(why, size, "it must not hold a user name or "
		    "password");
	if (at[strcspn(at, "#")] != '\0')
		return refuse(why, size, "it must not hold a #fragment: that "
		    "is never sent");
	at = read_host(at, place, why, size);
	if (at == NULL)
		return false;
	if (!read_port(at, place, &at) || strchr("/?", *at) == NULL)
		return refuse(why, size, "its port must be a number from 1 "
		    "to 65535");
	if (at[strspn(at, uri_bytes)] != '\0')
		return refuse(why, size, "it holds a character that must be "
		    "percent-encoded");

	return check(rules, place, why, size);
}

bool
net_url_may(const struct net_rules *rules, const struct net_place *place,
    const struct sockaddr *address, char *why, size_t size)
{
	const char	*is;

	if (rules->anywhere ||
	    (rules->loopback_http && net_address_loopback(address)))
		return true;
	is = net_address_forbidden(address);
	if (is != NULL) {
		/* Not which address: our names are no business of theirs. */
		(void)snprintf(why, size, "its host is at an address that may "
		    "not be called: %s", is);
		return false;
	}
	if (!place->tls)
		return refuse(why, size, "it must begin with https://");

	return true;
}

bool
net_url(const struct net_rules *rules, const char *url, char *why,
    size_t size)
{
	struct net_place place;

	return net_url_read(rules, url, &place, why, size);
}
