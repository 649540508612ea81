/*
 * net_name: which names have been looked up, and what came of it.
 *
 * One row is one name at one port by http or https, since what is allowed
 * hangs on all of them.  All addresses that came are looked at, and one that
 * is forbidden refuses the name; libcurl is then given these addresses and
 * asks nobody itself.
 */
#undef _GNU_SOURCE
#define _GNU_SOURCE		/* EAI_NODATA, which only glibc tells */
#include <sys/socket.h>
#include <sys/types.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "lib/base/clock.h"
#include "lib/base/limits.h"
#include "lib/net/net_lookup.h"
#include "lib/net/net_name.h"

#define BUCKETS		256
#define KEPT_US		(LIMIT_NAME_KEPT_S * INT64_C(1000000))
#define ADDRESSES	8	/* that libcurl is given; all are looked at */

struct row {
	struct net_name		 name;		/* first: one is the other */
	struct row		*next;
	struct net_place	 place;
	int64_t			 until_us;
	bool			 asked;
};

struct net_names {
	const struct net_rules	*rules;
	struct net_lookup	*lookup;
	int64_t			 swept_us;
	struct row		*rows[BUCKETS];
};

/* FNV-1a. */
static size_t
bucket(const char *host)
{
	uint32_t hash = 2166136261u;

	for (; *host != '\0'; host++)
		hash = (hash ^ (unsigned char)*host) * 16777619u;

	return hash % BUCKETS;
}

static bool
is_same(const struct net_place *a, const struct net_place *b)
{
	return a->port == b->port && a->tls == b->tls &&
	    strcmp(a->host, b->host) == 0;
}

/* Forget what is over, now and then, so that a long run stays small. */
static void
sweep(struct net_names *names, int64_t now_us)
{
	struct row **at, *row;

	if (now_us - names->swept_us < KEPT_US)
		return;
	names->swept_us = now_us;
	for (size_t i = 0; i < BUCKETS; i++)
		for (at = &names->rows[i]; (row = *at) != NULL;) {
			if (row->asked || row->until_us > now_us) {
				at = &row->next;
				continue;
			}
			*at = row->next;
			free(row);
		}
}

static void
settle(struct row *row, enum net_outcome outcome, const char *why)
{
	row->name.outcome = outcome;
	(void)snprintf(row->name.why, sizeof(row->name.why), "%s", why);
}

/*
 * Of getaddrinfo()'s errors only two say that the name is no name.  The
 * others (EAI_AGAIN before all) say that nobody could be asked.
 */
static void
settle_error(struct row *row, int error)
{
	if (error == EAI_NONAME
#ifdef EAI_NODATA
	    || error == EAI_NODATA
#endif
	    )
		settle(row, NET_NO_NAME, "its host name has no address");
	else
		settle(row, NET_NO_DNS, "no name server could be asked for "
		    "its host name");
}

/* "+host:port:" and the addresses, in the order of getaddrinfo(). */
static void
spell(struct row *row, const struct addrinfo *list)
{
	char	 text[INET6_ADDRSTRLEN];
	char	*out = row->name.resolve;
	size_t	 left = sizeof(row->name.resolve), n;
	int	 count = 0;

	/* The plus: it is forgotten in time (since libcurl 7.75). */
	n = (size_t)snprintf(out, left, "%s%s:%u",
	    LIBCURL_VERSION_NUM >= 0x074b00 ? "+" : "", row->place.host,
	    (unsigned)row->place.port);
	for (; list != NULL && count < ADDRESSES; list = list->ai_next) {
		if (getnameinfo(list->ai_addr, list->ai_addrlen, text,
		    sizeof(text), NULL, 0, NI_NUMERICHOST) != 0)
			continue;
		n += (size_t)snprintf(out + n, left - n,
		    list->ai_family == AF_INET6 ? "%c[%s]" : "%c%s",
		    count++ == 0 ? ':' : ',', text);
	}
}

static void
take(struct net_names *names, struct row *row, const struct net_found *found,
    int64_t now_us)
{
	char	 why[sizeof(row->name.why)];

	row->asked = false;
	row->until_us = now_us;
	if (found->error != 0) {
		settle_error(row, found->error);
		return;
	}
	for (const struct addrinfo *at = found->list; at != NULL;
	    at = at->ai_next)
		if (!net_url_may(names->rules, &row->place, at->ai_addr, why,
		    sizeof(why))) {
			settle(row, NET_FORBIDDEN, why);
			return;
		}
	spell(row, found->list);
	settle(row, NET_ANSWERED, "");
	row->until_us = now_us + KEPT_US;
}

struct net_names *
net_names_open(const struct net_rules *rules)
{
	struct net_names *names = calloc(1, sizeof(*names));

	if (names == NULL)
		return NULL;
	names->rules = rules;
	names->lookup = net_lookup_open();
	if (names->lookup == NULL) {
		free(names);
		return NULL;
	}

	return names;
}

void
net_names_close(struct net_names *names)
{
	struct row *row, *next;

	net_lookup_close(names->lookup);
	for (size_t i = 0; i < BUCKETS; i++)
		for (row = names->rows[i]; row != NULL; row = next) {
			next = row->next;
			free(row);
		}
	free(names);
}

static struct row *
row_new(struct row **chain, const struct net_place *place)
{
	struct row *row = calloc(1, sizeof(*row));

	if (row == NULL)
		return NULL;
	row->place = *place;
	row->next = *chain;
	*chain = row;

	return row;
}

struct net_name *
net_names_get(struct net_names *names, const struct net_place *place,
    int64_t now_us)
{
	struct row **chain = &names->rows[bucket(place->host)], *row;

	for (row = *chain; row != NULL; row = row->next)
		if (is_same(&row->place, place))
			break;
	if (row != NULL && (row->asked || row->until_us > now_us))
		return &row->name;
	if (row == NULL) {
		sweep(names, now_us);
		row = row_new(chain, place);
		if (row == NULL)
			return NULL;
	}

	row->name.outcome = 0;
	row->asked = net_lookup_ask(names->lookup, place->host, row);
	if (!row->asked)
		settle(row, NET_NO_DNS, "too many host names were being "
		    "looked up");

	return &row->name;
}

bool
net_names_collect(struct net_names *names, int64_t now_us)
{
	struct net_found	 found;
	bool			 any = false;

	while (net_lookup_next(names->lookup, &found)) {
		take(names, found.with, &found, now_us);
		if (found.list != NULL)
			freeaddrinfo(found.list);
		any = true;
	}

	return any;
}

int
net_names_fd(const struct net_names *names)
{
	return net_lookup_fd(names->lookup);
}

/* A desk of its own, since whoever asks has no requests under way. */
bool
net_url_resolved(const struct net_rules *rules, const char *url, char *why,
    size_t size)
{
	struct net_place	 place;
	struct net_names	*names;
	struct net_name		*name;
	struct pollfd		 wait;
	bool			 good = false;

	if (!net_url_read(rules, url, &place, why, size))
		return false;
	if (place.number)
		return true;
	names = net_names_open(rules);
	if (names == NULL) {
		(void)snprintf(why, size, "its host could not be looked up");
		return false;
	}
	name = net_names_get(names, &place, clock_ticks_us());
	if (name != NULL && name->outcome == 0) {
		wait = (struct pollfd){ net_names_fd(names), POLLIN, 0 };
		while (poll(&wait, 1, LIMIT_LOOKUP_MS) == -1 &&
		    errno == EINTR)
			continue;
		(void)net_names_collect(names, clock_ticks_us());
	}
	if (name != NULL)
		good = name->outcome == NET_ANSWERED;
	if (!good)
		(void)snprintf(why, size, "%s", name == NULL ||
		    name->outcome == 0 ? "its host name could not be looked "
		    "up in time" : name->why);
	net_names_close(names);

	return good;
}
