/*
 * network: is this address inside that network?
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/network.h"

/* Longer than any address in text with a prefix length behind it. */
#define TEXT_SIZE 64

struct network {
	unsigned char	bytes[16];	/* IPv4 as ::ffff:a.b.c.d */
	unsigned	bits;
};

/* "a.b.c.d" or "x:y::z" into 16 bytes; how many of the 128 bits are fixed. */
static unsigned
read_address(const char *text, unsigned char bytes[16])
{
	static const unsigned char	 mapped[12] = { [10] = 0xff, 0xff };

	if (inet_pton(AF_INET6, text, bytes) == 1)
		return 128;
	memcpy(bytes, mapped, sizeof(mapped));

	return inet_pton(AF_INET, text, bytes + 12) == 1 ? 32 : 0;
}

static bool
read_network(const char *text, size_t size, struct network *out)
{
	char	 copy[TEXT_SIZE], *slash, *end;
	unsigned long	 prefix;
	unsigned width;

	if (size == 0 || size >= sizeof(copy))
		return false;
	memcpy(copy, text, size);
	copy[size] = '\0';
	slash = strchr(copy, '/');
	if (slash != NULL)
		*slash++ = '\0';
	width = read_address(copy, out->bytes);
	if (width == 0)
		return false;

	prefix = width;
	if (slash != NULL) {
		if (*slash < '0' || *slash > '9')
			return false;
		prefix = strtoul(slash, &end, 10);
		if (*end != '\0' || prefix > width)
			return false;
	}
	out->bits = 128 - width + (unsigned)prefix;

	return true;
}

static bool
same_bits(const unsigned char *a, const unsigned char *b, unsigned bits)
{
	unsigned	 whole = bits / 8, rest = bits % 8;

	if (memcmp(a, b, whole) != 0)
		return false;

	return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

bool
network_is(const char *text)
{
	struct network	 n;

	return read_network(text, strlen(text), &n);
}

bool
network_contains(const char *networks, const char *address)
{
	unsigned char	 bytes[16];
	struct network	 n;
	size_t		 size;

	if (read_address(address, bytes) == 0)
		return false;
	for (const char *at = networks; *at != '\0'; at += size) {
		size = strcspn(at, "\n");
		if (read_network(at, size, &n) &&
		    same_bits(bytes, n.bytes, n.bits))
			return true;
		if (at[size] == '\n')
			size++;
	}

	return false;
}
