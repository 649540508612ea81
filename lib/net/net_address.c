/*
 * net_address: may this address be called?
 *
 * IPv4 by IANA's registry of special-purpose addresses (RFC 6890), and two
 * addresses by which clouds answer their own machines.  IPv6 the other way
 * round: only 2000::/3 is given out, so all else is refused, and of it what
 * the registry sets apart.  An IPv4 address inside IPv6 is refused in every
 * form, whatever the IPv4 address is: who has a public one can be called by
 * it, and a translator on our side would turn it into any.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#include "lib/base/network.h"
#include "lib/net/net_address.h"

/* A network and what it is; the first that contains an address names it. */
struct row {
	const char	*network, *is;
};

#define METADATA	"a cloud's metadata"
#define INSIDE		"an IPv4 address inside IPv6"

static const struct row v4[] = {
	{ "169.254.169.254",	METADATA },
	{ "100.100.100.200",	METADATA },	/* Alibaba */
	{ "192.0.0.192",	METADATA },	/* Oracle */
	{ "168.63.129.16",	METADATA },	/* Azure: a public number */
	{ "0.0.0.0/8",		"unspecified" },
	{ "10.0.0.0/8",		"a private network" },
	{ "100.64.0.0/10",	"a carrier's private network" },
	{ "127.0.0.0/8",	"loopback" },
	{ "169.254.0.0/16",	"link-local" },
	{ "172.16.0.0/12",	"a private network" },
	{ "192.0.0.0/24",	"reserved for protocols" },
	{ "192.0.2.0/24",	"for documentation" },
	{ "192.88.99.0/24",	"a relay from IPv6" },
	{ "192.168.0.0/16",	"a private network" },
	{ "198.18.0.0/15",	"for benchmarks" },
	{ "198.51.100.0/24",	"for documentation" },
	{ "203.0.113.0/24",	"for documentation" },
	{ "224.0.0.0/4",	"multicast" },
	{ "255.255.255.255",	"broadcast" },
	{ "240.0.0.0/4",	"reserved" },
};

static const struct row v6[] = {
	{ "::",			"unspecified" },
	{ "::1",		"loopback" },
	{ "fd00:ec2::254",	METADATA },	/* Amazon */
	{ "fd20:ce::254",	METADATA },	/* Google */
	{ "::ffff:0:0/96",	INSIDE },	/* mapped */
	{ "::ffff:0:0:0/96",	INSIDE },	/* translated: RFC 2765 */
	{ "::/96",		INSIDE },	/* compatible */
	{ "64:ff9b::/96",	INSIDE },	/* NAT64 */
	{ "64:ff9b:1::/48",	INSIDE },	/* NAT64 of one network */
	{ "2001::/32",		INSIDE },	/* Teredo */
	{ "2002::/16",		INSIDE },	/* 6to4 */
	{ "100::/64",		"thrown away" },
	{ "2001:2::/48",	"for benchmarks" },
	{ "2001:10::/28",	"no place but a key" },	/* ORCHID */
	{ "2001:20::/28",	"no place but a key" },	/* ORCHID 2 */
	{ "2001:db8::/32",	"for documentation" },
	{ "2001::/23",		"reserved for protocols" },
	{ "3fff::/20",		"for documentation" },
	{ "fc00::/7",		"a private network" },
	{ "fe80::/10",		"link-local" },
	{ "fec0::/10",		"a private network" },	/* site-local */
	{ "ff00::/8",		"multicast" },
};

static const char *
find(const struct row *rows, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (network_contains(rows[i].network, text))
			return rows[i].is;

	return NULL;
}

/* RFC 5214: ISATAP has the IPv4 address behind 5efe, in any network. */
static bool
is_isatap(const unsigned char bytes[16])
{
	return (bytes[8] & 0xfd) == 0 && bytes[9] == 0 &&
	    bytes[10] == 0x5e && bytes[11] == 0xfe;
}

static const char *
forbidden_v6(const struct in6_addr *in)
{
	char		 text[INET6_ADDRSTRLEN];
	const char	*is;

	if (inet_ntop(AF_INET6, in, text, sizeof(text)) == NULL)
		return "unreadable";
	is = find(v6, sizeof(v6) / sizeof(v6[0]), text);
	if (is == NULL && is_isatap(in->s6_addr))
		is = INSIDE;
	if (is == NULL && (in->s6_addr[0] & 0xe0) != 0x20)
		is = "reserved";

	return is;
}

const char *
net_address_forbidden(const struct sockaddr *from)
{
	struct sockaddr_in	 in;
	struct sockaddr_in6	 in6;
	char			 text[INET6_ADDRSTRLEN];

	switch (from->sa_family) {
	case AF_INET:
		memcpy(&in, from, sizeof(in));
		if (inet_ntop(AF_INET, &in.sin_addr, text, sizeof(text)) ==
		    NULL)
			return "unreadable";
		return find(v4, sizeof(v4) / sizeof(v4[0]), text);
	case AF_INET6:
		memcpy(&in6, from, sizeof(in6));
		return forbidden_v6(&in6.sin6_addr);
	default:
		return "of no kind that we call";
	}
}

bool
net_address_loopback(const struct sockaddr *from)
{
	struct sockaddr_in	 in;
	struct sockaddr_in6	 in6;

	switch (from->sa_family) {
	case AF_INET:
		memcpy(&in, from, sizeof(in));
		return ntohl(in.sin_addr.s_addr) >> 24 == 127;
	case AF_INET6:
		memcpy(&in6, from, sizeof(in6));
		return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
	default:
		return false;
	}
}
