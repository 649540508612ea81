/*
 * Which URLs may be called, by their spelling: no two readers of one may
 * think of two hosts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/limits.h"
#include "lib/net/net.h"
#include "lib/net/net_url.h"

#define SCHEME	"it must begin with https://"
#define NUMBER	"its host is a number, but is not written as an address " \
		"usually is"
#define PLAIN	"its host must be a plain name: letters, digits, hyphens, " \
		"and dots between"
#define USER	"it must not hold a user name or password"
#define PORT	"its port is not one that may be called"
#define PORTS	"its port must be a number from 1 to 65535"
#define HOST	"its host is missing or too long"
#define BYTES	"it holds a character that must be percent-encoded"
#define AT	"its host is at an address that may not be called: "

static const struct net_rules	 strict = { 0 };
static const struct net_rules	 lenient = {
	.loopback_http = true, .ports = "443, 8443",
};

static const struct {
	const char	*url, *why;
} refused[] = {
	{ "", SCHEME },
	{ "example.com", SCHEME },
	{ "http://example.com/", SCHEME },
	{ "ftp://example.com/", SCHEME },
	{ "file:///etc/passwd", SCHEME },
	{ "gopher://127.0.0.1:6379/", SCHEME },
	{ " https://example.com/", SCHEME },
	{ "https:/example.com/", SCHEME },
	{ "https:\\\\example.com/", SCHEME },
	{ "https://", HOST },
	{ "https:///etc", HOST },
	{ "https://:443/", HOST },
	{ "https://[]/", HOST },
	{ "https://user@example.com/", USER },
	{ "https://user:word@example.com/", USER },
	{ "https://@example.com/", USER },
	{ "https://example.com@127.0.0.1/", USER },
	{ "https://example.com:443@127.0.0.1/", USER },
	{ "https://127.1/", NUMBER },
	{ "https://127.0.1/", NUMBER },
	{ "https://0x7f.1/", NUMBER },
	{ "https://0x7f000001/", NUMBER },
	{ "https://2130706433/", NUMBER },
	{ "https://017700000001/", NUMBER },
	{ "https://0177.0.0.1/", NUMBER },
	{ "https://127.0.0.01/", NUMBER },
	{ "https://127.0.0.0x1/", NUMBER },
	{ "https://127.0.0.256/", NUMBER },
	{ "https://1.2.3.4.5/", NUMBER },
	{ "https://example.0x1/", NUMBER },
	{ "https://example.123/", NUMBER },
	{ "https://0/", NUMBER },
	{ "https://[127.0.0.1]/", NUMBER },
	{ "https://[::1/", NUMBER },
	{ "https://[fe80::1%25eth0]/", NUMBER },
	{ "https://[fe80::1%eth0]/", NUMBER },
	{ "https://[v1.x]/", NUMBER },
	{ "https://127.0.0.1./", PLAIN },
	{ "https://example.com./", PLAIN },
	{ "https://.example.com/", PLAIN },
	{ "https://example..com/", PLAIN },
	{ "https://%65xample.com/", PLAIN },
	{ "https://127%2e0%2e0%2e1/", PLAIN },
	{ "https://\xe2\x91\xa0\xe2\x91\xa1.example.com/", PLAIN },
	{ "https://b\xc3\xbc\x63her.example/", PLAIN },
	{ "https://example.com\\@127.0.0.1/", USER },
	{ "https://example.com\\.evil.example/", PLAIN },
	{ "https://exa mple.com/", PLAIN },
	{ "https://exa\tmple.com/", PLAIN },
	{ "https://example.com\r\nX: y/", PLAIN },
	{ "https://example.com:/", PORTS },
	{ "https://example.com:0/", PORTS },
	{ "https://example.com:65979/", PORTS },
	{ "https://example.com:18446744073709552059/", PORTS },
	{ "https://example.com:-1/", PORTS },
	{ "https://example.com:+443/", PORTS },
	{ "https://example.com:443x/", PORTS },
	{ "https://[2606:4700::1111]x/", PORTS },
	{ "https://example.com:80/", PORT },
	{ "https://example.com:22/", PORT },
	{ "https://example.com/#part", "it must not hold a #fragment: that is "
	    "never sent" },
	{ "https://example.com/a b", BYTES },
	{ "https://example.com/\r\nX-Evil: 1", BYTES },
	{ "https://example.com/\x7f", BYTES },
	{ "https://example.com/\xc3\xbc", BYTES },
	{ "https://example.com/{id}", BYTES },
	{ "https://example.com/\\x", BYTES },
	{ "https://127.0.0.1/", AT "loopback" },
	{ "https://10.1.2.3/", AT "a private network" },
	{ "https://169.254.169.254/latest", AT "a cloud's metadata" },
	{ "https://[::1]/", AT "loopback" },
	{ "https://[::ffff:127.0.0.1]/", AT "an IPv4 address inside IPv6" },
	{ "https://[::FFFF:7f00:1]/", AT "an IPv4 address inside IPv6" },
	{ "https://[64:ff9b::7f00:1]/", AT "an IPv4 address inside IPv6" },
	{ "https://[fd00:ec2::254]/", AT "a cloud's metadata" },
	{ "https://0.0.0.0/", AT "unspecified" },
};

static const char *const good[] = {
	"https://example.com", "https://example.com/", "HTTPS://Example.COM/A",
	"https://example.com:443/a?b=c&d=%20@x", "https://example.com?x=1",
	"https://xn--bcher-kva.example/", "https://a_b.example.com/",
	"https://3com.com/", "https://8.8.8.8/", "https://1e100.net/",
	"https://[2606:4700::1111]/", "https://[2606:4700::1111]:443/x",
	"https://example.com/a@b:c", "https://example.com/?a[]=1",
};

static void
refuses_spellings(void **state)
{
	char	 why[128];

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (net_url(&strict, refused[i].url, why, sizeof(why)))
			fail_msg("%s is good", refused[i].url);
		if (strcmp(why, refused[i].why) != 0)
			fail_msg("%s: %s", refused[i].url, why);
	}
}

static void
allows_urls(void **state)
{
	char	 why[128];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!net_url(&strict, good[i], why, sizeof(why)))
			fail_msg("%s: %s", good[i], why);
}

static void
is_as_long_as_limits_say(void **state)
{
	char	 url[LIMIT_URL + 2], why[128];
	size_t	 n;

	(void)state;
	n = (size_t)snprintf(url, sizeof(url), "https://example.com/");
	memset(url + n, 'a', sizeof(url) - n);
	url[LIMIT_URL] = '\0';
	assert_true(net_url(&strict, url, why, sizeof(why)));
	url[LIMIT_URL] = 'a';
	url[LIMIT_URL + 1] = '\0';
	assert_false(net_url(&strict, url, why, sizeof(why)));
	assert_string_equal(why, "it is too long");

	n = (size_t)snprintf(url, sizeof(url), "https://");
	for (int i = 0; i < 127; i++)
		n += (size_t)snprintf(url + n, sizeof(url) - n, "a.");
	url[n - 1] = '\0';	/* 253 bytes of host */
	assert_true(net_url(&strict, url, why, sizeof(why)));
	url[n - 1] = 'b';
	url[n] = '\0';
	assert_false(net_url(&strict, url, why, sizeof(why)));
	assert_string_equal(why, HOST);

	n = (size_t)snprintf(url, sizeof(url), "https://");
	memset(url + n, 'a', 64);
	(void)snprintf(url + n + 64, sizeof(url) - n - 64, ".com/");
	assert_false(net_url(&strict, url, why, sizeof(why)));
	assert_string_equal(why, PLAIN);
	assert_true(net_url(&strict, memmove(url + 1, url, 8), why,
	    sizeof(why)));
}

static bool
lenient_takes(const char *url)
{
	char	 why[128];

	return net_url(&lenient, url, why, sizeof(why));
}

static void
allows_loopback_where_the_rules_do(void **state)
{
	(void)state;
	assert_true(lenient_takes("http://127.0.0.1:8080/"));
	assert_true(lenient_takes("http://127.9.9.9/"));
	assert_true(lenient_takes("http://[::1]:8080/"));
	assert_true(lenient_takes("https://127.0.0.1:9443/"));
	assert_true(lenient_takes("http://localhost:1234/"));
	assert_true(lenient_takes("http://a.localhost:1234/"));
	assert_false(lenient_takes("http://.localhost:1234/"));
	assert_false(lenient_takes("http://alocalhost:1234/"));
	assert_false(lenient_takes("http://localhost.example/"));
	assert_false(lenient_takes("http://[::ffff:127.0.0.1]/"));
	assert_false(lenient_takes("http://10.0.0.1/"));
	assert_false(lenient_takes("http://8.8.8.8/"));
	assert_false(lenient_takes("https://10.0.0.1/"));
	assert_false(lenient_takes("http://127.1/"));
	assert_true(lenient_takes("https://example.com:8443/"));
	assert_true(lenient_takes("https://example.com/"));
	assert_false(lenient_takes("https://example.com:844/"));
}

static void
reads_the_place(void **state)
{
	struct net_place place;
	char		 why[128];

	(void)state;
	assert_true(net_url_read(&strict, "https://Example.com/x", &place,
	    why, sizeof(why)));
	assert_string_equal(place.host, "example.com");
	assert_int_equal(place.port, 443);
	assert_true(place.tls);
	assert_false(place.number);
	assert_true(net_url_read(&lenient, "http://[::1]/x", &place, why,
	    sizeof(why)));
	assert_string_equal(place.host, "::1");
	assert_int_equal(place.port, 80);
	assert_false(place.tls);
	assert_true(place.number);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_spellings),
		cmocka_unit_test(allows_urls),
		cmocka_unit_test(is_as_long_as_limits_say),
		cmocka_unit_test(allows_loopback_where_the_rules_do),
		cmocka_unit_test(reads_the_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
