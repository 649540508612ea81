/*
 * Which addresses may be called: every class that may not, in each way to
 * write an IPv4 address inside IPv6, and the neighbours of each network.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/un.h>

#include <cmocka.h>

#include "lib/net/net_address.h"

static struct sockaddr_storage
address(const char *text)
{
	struct sockaddr_storage	 all = { 0 };
	struct sockaddr_in	 in = { .sin_family = AF_INET };
	struct sockaddr_in6	 in6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &in.sin_addr) == 1) {
		memcpy(&all, &in, sizeof(in));
	} else {
		assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
		memcpy(&all, &in6, sizeof(in6));
	}

	return all;
}

static const char *
forbidden(const char *text)
{
	struct sockaddr_storage all = address(text);

	return net_address_forbidden((const struct sockaddr *)&all);
}

static bool
loopback(const char *text)
{
	struct sockaddr_storage all = address(text);

	return net_address_loopback((const struct sockaddr *)&all);
}

static const struct {
	const char	*text, *is;
} refused[] = {
	{ "0.0.0.0", "unspecified" },
	{ "0.255.255.255", "unspecified" },
	{ "10.0.0.0", "a private network" },
	{ "10.255.255.255", "a private network" },
	{ "100.64.0.0", "a carrier's private network" },
	{ "100.127.255.255", "a carrier's private network" },
	{ "100.100.100.200", "a cloud's metadata" },
	{ "127.0.0.1", "loopback" },
	{ "127.255.255.254", "loopback" },
	{ "168.63.129.16", "a cloud's metadata" },
	{ "169.254.0.1", "link-local" },
	{ "169.254.169.254", "a cloud's metadata" },
	{ "172.16.0.0", "a private network" },
	{ "172.31.255.255", "a private network" },
	{ "192.0.0.1", "reserved for protocols" },
	{ "192.0.0.192", "a cloud's metadata" },
	{ "192.0.2.1", "for documentation" },
	{ "192.88.99.1", "a relay from IPv6" },
	{ "192.168.0.0", "a private network" },
	{ "192.168.255.255", "a private network" },
	{ "198.18.0.0", "for benchmarks" },
	{ "198.19.255.255", "for benchmarks" },
	{ "198.51.100.7", "for documentation" },
	{ "203.0.113.7", "for documentation" },
	{ "224.0.0.1", "multicast" },
	{ "239.255.255.255", "multicast" },
	{ "240.0.0.1", "reserved" },
	{ "255.255.255.254", "reserved" },
	{ "255.255.255.255", "broadcast" },
	{ "::", "unspecified" },
	{ "::1", "loopback" },
	{ "::2", "an IPv4 address inside IPv6" },
	{ "::8.8.8.8", "an IPv4 address inside IPv6" },
	{ "::ffff:8.8.8.8", "an IPv4 address inside IPv6" },
	{ "::ffff:127.0.0.1", "an IPv4 address inside IPv6" },
	{ "::ffff:0:10.0.0.1", "an IPv4 address inside IPv6" },
	{ "64:ff9b::10.0.0.1", "an IPv4 address inside IPv6" },
	{ "64:ff9b:1::a00:1", "an IPv4 address inside IPv6" },
	{ "64:ff9b:1:ffff:a00:1::", "an IPv4 address inside IPv6" },
	{ "2001::ce49:7601:e866:efff:62c3:fffe",
	    "an IPv4 address inside IPv6" },
	{ "2002:a00:1::1", "an IPv4 address inside IPv6" },
	{ "2a00:1450:4001:81b:0:5efe:a00:1", "an IPv4 address inside IPv6" },
	{ "2a00:1450:4001:81b:200:5efe:a00:1",
	    "an IPv4 address inside IPv6" },
	{ "fe80::5efe:10.0.0.1", "link-local" },
	{ "100::1", "thrown away" },
	{ "2001:2::1", "for benchmarks" },
	{ "2001:10::1", "no place but a key" },
	{ "2001:2f:ffff::1", "no place but a key" },
	{ "2001:1ff::1", "reserved for protocols" },
	{ "2001:db8::1", "for documentation" },
	{ "3fff:fff::1", "for documentation" },
	{ "fc00::1", "a private network" },
	{ "fdff::1", "a private network" },
	{ "fd00:ec2::254", "a cloud's metadata" },
	{ "fd20:ce::254", "a cloud's metadata" },
	{ "fe80::1", "link-local" },
	{ "febf::1", "link-local" },
	{ "fec0::1", "a private network" },
	{ "ff02::1", "multicast" },
	{ "4000::1", "reserved" },
	{ "1fff::1", "reserved" },
	{ "5f00::1", "reserved" },
};

static const char *const allowed[] = {
	"1.0.0.0", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255",
	"100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255",
	"169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
	"192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
	"198.20.0.0", "223.255.255.255", "2000::1", "2001:200::1",
	"2001:4860:4860::8888", "2003::1", "2606:4700::1111",
	"2a00:1450:4001:81b::200e", "3ffe::1", "3fff:1000::1",
};

static void
refuses_each_class(void **state)
{
	const char *is;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		is = forbidden(refused[i].text);
		if (is == NULL)
			fail_msg("%s may be called", refused[i].text);
		else if (strcmp(is, refused[i].is) != 0)
			fail_msg("%s is %s", refused[i].text, is);
	}
}

static void
allows_the_world(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		if (forbidden(allowed[i]) != NULL)
			fail_msg("%s: %s", allowed[i], forbidden(allowed[i]));
}

static void
refuses_other_families(void **state)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	(void)state;
	assert_non_null(net_address_forbidden((const struct sockaddr *)&un));
	assert_false(net_address_loopback((const struct sockaddr *)&un));
}

static void
knows_loopback(void **state)
{
	(void)state;
	assert_true(loopback("127.0.0.1"));
	assert_true(loopback("127.200.0.1"));
	assert_true(loopback("::1"));
	assert_false(loopback("::ffff:127.0.0.1"));
	assert_false(loopback("::127.0.0.1"));
	assert_false(loopback("0.0.0.0"));
	assert_false(loopback("::"));
	assert_false(loopback("128.0.0.1"));
	assert_false(loopback("10.0.0.1"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_each_class),
		cmocka_unit_test(allows_the_world),
		cmocka_unit_test(refuses_other_families),
		cmocka_unit_test(knows_loopback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
