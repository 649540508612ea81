/*
 * Orders: the requests that the load generator sends, written and signed.
 *
 * A body is that of a shop which rewards a purchase: a new idempotency key,
 * one stakeholder out of a set of customers, a little metadata.  Varied ones
 * are of several types and amounts, and some name who sent the customer; they
 * are short, since there are to be many.
 *
 * The signature is the one of the API: HMAC-SHA256 over timestamp, method,
 * target and the hex SHA-256 of the body.  Fetching an algorithm by name costs
 * OpenSSL more than using it, so both are fetched once and their contexts used
 * again.
 */

#include <err.h>
#include <string.h>
#include <time.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "tests/bench/order.h"

#define SHA256_SIZE	32
#define HEX_SIZE	(2 * SHA256_SIZE + 1)

static EVP_MD		*sha256;
static EVP_MD_CTX	*digest;
static EVP_MAC_CTX	*mac;

void
order_init(const struct order *o)
{
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	char name[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
		    name, 0),
		OSSL_PARAM_construct_end()
	};

	sha256 = EVP_MD_fetch(NULL, name, NULL);
	digest = EVP_MD_CTX_new();
	mac = hmac != NULL ? EVP_MAC_CTX_new(hmac) : NULL;
	if (sha256 == NULL || digest == NULL || mac == NULL)
		errx(1, "OpenSSL has no HMAC-SHA256");
	if (!EVP_MAC_init(mac, (const unsigned char *)o->secret,
	    strlen(o->secret), params))
		errx(1, "the secret can't be used as a key");
	EVP_MAC_free(hmac);
}

static void
to_hex(char out[static HEX_SIZE], const unsigned char in[static SHA256_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < SHA256_SIZE; i++) {
		out[2 * i] = digits[in[i] >> 4];
		out[2 * i + 1] = digits[in[i] & 15];
	}
	out[HEX_SIZE - 1] = '\0';
}

static void
hash_body(char out[static HEX_SIZE], const char *body, size_t size)
{
	unsigned char raw[SHA256_SIZE];

	if (!EVP_DigestInit_ex(digest, sha256, NULL) ||
	    !EVP_DigestUpdate(digest, body, size) ||
	    !EVP_DigestFinal_ex(digest, raw, NULL))
		errx(1, "SHA-256 failed");
	to_hex(out, raw);
}

static void
feed(const char *text)
{
	if (!EVP_MAC_update(mac, (const unsigned char *)text, strlen(text)))
		errx(1, "HMAC failed");
}

/*
 * What is signed of a target starts at its first /v1/: a site may sit in a
 * sub-folder whose name the signature does not cover.
 */
static void
sign(char out[static HEX_SIZE], const struct order *o, const char *timestamp,
    const char *body_hash)
{
	const char *path = strstr(o->target, "/v1/");
	unsigned char raw[SHA256_SIZE];
	size_t size;

	/* Without a key this begins again with the one it has. */
	if (!EVP_MAC_init(mac, NULL, 0, NULL))
		errx(1, "HMAC failed");
	feed(timestamp);
	feed(o->kind == ORDER_GET ? "GET" : "POST");
	feed(path != NULL ? path : o->target);
	feed(body_hash);
	if (!EVP_MAC_final(mac, raw, &size, sizeof(raw)))
		errx(1, "HMAC failed");
	to_hex(out, raw);
}

/* A number that looks drawn at random, and is the same in every run. */
static uint64_t
scatter(uint64_t n)
{
	/* Steele and others, "Fast Splittable Pseudorandom Number
	 * Generators", 2014: the finalizer of SplitMix64. */
	n += 0x9e3779b97f4a7c15;
	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9;
	n = (n ^ n >> 27) * 0x94d049bb133111eb;
	return n ^ n >> 31;
}

static size_t
write_action(const struct order *o, uint64_t number, char *out, size_t size)
{
	unsigned user = (unsigned)(scatter(number) % o->users);
	unsigned long long n = number;

	return (size_t)snprintf(out, size, "{\"idempotencyKey\":\"%s_%llu\","
	    "\"actionType\":\"PURCHASE\",\"amount\":49.99,"
	    "\"currency\":\"USD\",\"stakeholders\":[{"
	    "\"stakeholderTypeCode\":\"CUSTOMER\","
	    "\"partnerUserId\":\"user_%u\","
	    "\"userEmail\":\"customer%u@example.com\","
	    "\"userFirstName\":\"Jane\",\"userLastName\":\"Doe\"}],"
	    "\"autoCreateUsers\":true,\"metadata\":{\"orderId\":\"%llu\","
	    "\"sku\":\"WIDGET-001\",\"channel\":\"web\"}}",
	    o->prefix, n, user, user, n);
}

/* One in sixteen names a referrer; which of all it is, the number decides. */
static size_t
write_varied(const struct order *o, uint64_t number, char *out, size_t size)
{
	static const char *const types[] = { "PURCHASE", "REVIEW", "VISIT" };
	static const char *const amounts[] = { "9.99", "49.99", "149.99" };
	static const char referrer[] = ",{\"stakeholderTypeCode\":"
	    "\"REFERRER\",\"partnerUserId\":\"friend\"}";
	uint64_t drawn = scatter(number);

	return (size_t)snprintf(out, size, "{\"idempotencyKey\":\"%s_%llu\","
	    "\"actionType\":\"%s\",\"amount\":%s,\"currency\":\"USD\","
	    "\"stakeholders\":[{\"stakeholderTypeCode\":\"CUSTOMER\","
	    "\"partnerUserId\":\"user_%u\"}%s],\"autoCreateUsers\":true}",
	    o->prefix, (unsigned long long)number, types[drawn % 3],
	    amounts[drawn / 3 % 3], (unsigned)(drawn / 9 % o->users),
	    drawn >> 60 == 0 ? referrer : "");
}

static size_t
write_body(const struct order *o, uint64_t number, char *out, size_t size)
{
	size_t (*write)(const struct order *, uint64_t, char *, size_t) =
	    o->varied ? write_varied : write_action;
	size_t used = 0;

	switch (o->kind) {
	case ORDER_GET:
		return 0;
	case ORDER_SUBMIT:
		return write(o, number, out, size);
	case ORDER_BULK:
		break;
	}
	used += (size_t)snprintf(out, size, "{\"actions\":[");
	for (unsigned i = 0; i < o->batch; i++) {
		if (i > 0)
			out[used++] = ',';
		used += write(o, number * o->batch + i, out + used,
		    size - used);
	}
	used += (size_t)snprintf(out + used, size - used, "]}");
	return used;
}

size_t
order_write(const struct order *o, uint64_t number, char *out)
{
	static char body[ORDER_SIZE - 1024];
	char timestamp[24], body_hash[HEX_SIZE], signature[HEX_SIZE];
	size_t size = write_body(o, number, body, sizeof(body)), head;

	snprintf(timestamp, sizeof(timestamp), "%lld", (long long)
	    (o->signed_at != 0 ? o->signed_at : time(NULL)));
	hash_body(body_hash, body, size);
	sign(signature, o, timestamp, body_hash);
	head = (size_t)snprintf(out, ORDER_SIZE - size,
	    "%s %s HTTP/1.1\r\nHost: %s\r\nX-Partner-Key: %s\r\n"
	    "X-Timestamp: %s\r\nX-Signature: %s\r\n",
	    o->kind == ORDER_GET ? "GET" : "POST", o->target, o->host,
	    o->key, timestamp, signature);
	if (o->kind != ORDER_GET)
		head += (size_t)snprintf(out + head, ORDER_SIZE - size - head,
		    "Content-Type: application/json\r\n"
		    "Content-Length: %zu\r\n", size);
	if (head + 2 + size > ORDER_SIZE)
		errx(1, "a request is larger than %d bytes", ORDER_SIZE);
	memcpy(out + head, "\r\n", 2);
	memcpy(out + head + 2, body, size);
	return head + 2 + size;
}

void
order_keys(const struct order *o, uint64_t number, FILE *out)
{
	unsigned count = o->kind == ORDER_BULK ? o->batch : 1;

	for (unsigned i = 0; i < count; i++)
		fprintf(out, "%s_%llu\n", o->prefix,
		    (unsigned long long)(number * count + i));
}
