/*
 * The dialects: each body by the letter, the worked examples of signatures
 * (tests/vectors/webhooks.json has the same), what a change of secrets does
 * to the headers, and when it is tried again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/encode.h"
#include "lib/base/limits.h"
#include "lib/hooks/dialect.h"
#include "tests/unit/arena.h"

#define ID	"evt_65f1a0b2c3d4e5f60718293a"
#define DATA	"{\"actionId\":\"65f1a0b2c3d4e5f60718293c\"," \
		"\"tokensDistributed\":50}"
#define BODY	"{\"id\":\"" ID "\",\"type\":\"action.completed\"," \
		"\"createdAt\":\"2026-05-10T09:12:00Z\",\"data\":" DATA "}"
#define SIR	"whsec_9b1f6c3ad0e84e2f7a5c1b0d9e8f7a6b" \
		"5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f"
#define STANDARD "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
#define PROOF	"v1,YOvavHv55BT75kck4gZv0A49uQU35Fure73r2wpF+ZQ="

static struct dialect_header	 headers[DIALECT_HEADERS];
static size_t			 count;

static const char *
header(const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(headers[i].name, name) == 0)
			return headers[i].value;

	return NULL;
}

static void
sign(enum dialect_name name, const char *body, const char *secret,
    const char *before)
{
	struct dialect_seal	 seal = { ID, { 1746868320999 }, body,
				    strlen(body), { secret, before } };

	count = dialect_get(name)->sign(arena, &seal, headers);
	assert_true(count <= DIALECT_HEADERS);
}

static void
vectors(void **state)
{
	(void)state;
	sign(DIALECT_SIR, BODY, SIR, NULL);
	assert_int_equal(count, 5);
	assert_string_equal(header("X-SIR-Timestamp"), "1746868320");
	assert_string_equal(header("X-SIR-Signature"), "sha256=52d53792d6ce"
	    "6e6aa0473a1efd10b5db94780b89f443e7a484a611059ddb527d");
	sign(DIALECT_STANDARD, BODY, STANDARD, NULL);
	assert_int_equal(count, 3);
	assert_string_equal(header("webhook-id"), ID);
	assert_string_equal(header("webhook-timestamp"), "1746868320");
	assert_string_equal(header("webhook-signature"), PROOF);
	sign(DIALECT_CHUFFED, "{\"data\":{\"id\":1}}",
	    "my super cool secret", NULL);
	assert_int_equal(count, 1);
	assert_string_equal(header("Signature"), "70f98d1cbdb9073a88a58ab734"
	    "0662f1d50104666c602a09b8d45ccef093dbab");
	sign(DIALECT_QIIBEE, "{}", "partner:s3cret", NULL);
	assert_int_equal(count, 1);
	assert_string_equal(header("Authorization"),
	    "Basic cGFydG5lcjpzM2NyZXQ=");
}

/* With the headers of "sir" come those of "standard", by the same secret. */
static void
trio(void **state)
{
	const char	*carried;

	(void)state;
	sign(DIALECT_SIR, BODY, SIR, NULL);
	carried = header("webhook-signature");
	assert_non_null(carried);
	assert_string_equal(header("webhook-id"), ID);
	assert_string_equal(header("webhook-timestamp"), "1746868320");
	sign(DIALECT_STANDARD, BODY, SIR, NULL);
	assert_string_equal(header("webhook-signature"), carried);
	/* A secret of the partner's own that is no base64 cannot sign so. */
	sign(DIALECT_SIR, BODY, "no base64", NULL);
	assert_int_equal(count, 4);
	assert_null(header("webhook-signature"));
}

static void
two_secrets(void **state)
{
	const char	*fresh, *both;

	(void)state;
	sign(DIALECT_STANDARD, BODY, SIR, NULL);
	fresh = header("webhook-signature");
	sign(DIALECT_STANDARD, BODY, SIR, STANDARD);
	both = arena_printf(arena, "%s %s", fresh, PROOF);
	assert_string_equal(header("webhook-signature"), both);
	sign(DIALECT_SIR, BODY, SIR, STANDARD);
	assert_string_equal(header("webhook-signature"), both);
	/* One value is compared as a whole: the new secret's. */
	assert_string_equal(header("X-SIR-Signature"), "sha256=52d53792d6ce"
	    "6e6aa0473a1efd10b5db94780b89f443e7a484a611059ddb527d");
	sign(DIALECT_CHUFFED, "{\"data\":{\"id\":1}}",
	    "my super cool secret", "an old one");
	assert_string_equal(header("Signature"), "70f98d1cbdb9073a88a58ab734"
	    "0662f1d50104666c602a09b8d45ccef093dbab");
	sign(DIALECT_QIIBEE, "{}", "partner:s3cret", "partner:old");
	assert_string_equal(header("Authorization"),
	    "Basic cGFydG5lcjpzM2NyZXQ=");
}

static const struct {
	enum dialect_name	 name;
	const char		*expected;
} bodies[] = {
	{ DIALECT_SIR, BODY },
	{ DIALECT_STANDARD, "{\"id\":\"" ID "\",\"type\":\"action.completed"
	    "\",\"timestamp\":\"2026-05-10T09:12:00Z\",\"data\":" DATA "}" },
	{ DIALECT_CHUFFED, "{\"data\":{\"id\":1,"
	    "\"created_at\":\"2026-05-10T09:12:00Z\","
	    "\"donation\":{\"amount\":1295,\"currency\":\"AUD\"},"
	    "\"total\":{\"amount\":1495,\"currency\":\"AUD\"},"
	    "\"donation_converted\":{\"amount\":895,\"currency\":\"USD\"},"
	    "\"recurring\":true,\"recurring_period\":\"weekly\","
	    "\"recurring_iteration\":3,\"payment_type\":\"stripe\","
	    "\"visibility\":\"anonymous\","
	    "\"payment_vendor\":{\"name\":\"stripe\","
	    "\"reference\":\"py_1234abcd\"},"
	    "\"recipient\":{\"type\":\"fundraiser\",\"id\":678},"
	    "\"campaign\":{\"id\":12345,\"title\":\"A sample campaign\"},"
	    "\"identity\":{\"email\":\"zoe@example.com\","
	    "\"first_name\":\"Zo\xC3\xAB\",\"last_name\":\"Sample\","
	    "\"subscriptions\":{\"campaign\":true},"
	    "\"address\":\"1 Sample Street, Sampleton, 12345\","
	    "\"phone\":\"12345678\"},"
	    "\"perk\":{\"title\":\"A sample perk\",\"multiplier\":2,"
	    "\"answer\":\"Size M\"}}}" },
	{ DIALECT_QIIBEE, "{\"amount\":100,"
	    "\"token_name\":\"Sample Points\",\"token_symbol\":\"SMPL\","
	    "\"transaction_type\":\"credit\","
	    "\"tx_hash\":\"3f79bb7b435b05321651daefd374cdc6"
	    "81dc06faa65e374e38337b88ca046dea\","
	    "\"tx_hash_reverted\":null,\"auth_id\":\"zoe@example.com\","
	    "\"timestamp\":\"2026-05-10T09:12:00\"}" },
};

static void
letters(void **state)
{
	/* 2026-05-10T09:12:00.000Z, and 789 ms that two of them leave out. */
	const int64_t	 at = 1778404320000;

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		enum dialect_name	 name = bodies[i].name;
		int64_t			 more =
		    name == DIALECT_CHUFFED || name == DIALECT_QIIBEE ?
		    789 : 0;

		assert_string_equal(dialect_get(name)->body(arena,
		    dialect_sample(arena, name, 0,
		    (struct moment){ at + more })), bodies[i].expected);
	}
}

/* What is not there is null or empty, and a service without a word has one. */
static void
little(void **state)
{
	struct told_donation	 d = { .number = 9, .vendor = "every.org",
				    .donation = { 1, "USD" },
				    .total = { 1, "USD" },
				    .converted = { 1, "USD" },
				    .recipient = "campaign" };
	struct told		 t = { .id = ID, .donation = &d,
				    .type = EVENT_DONATION_PAYMENT_CONFIRMED };
	const char		*body;

	(void)state;
	body = dialect_get(DIALECT_CHUFFED)->body(arena, &t);
	for (const char *const *s = (const char *const[]){
	    "\"recurring\":false,\"recurring_period\":null,",
	    "\"payment_type\":\"offline\",\"visibility\":\"visible\",",
	    "{\"name\":\"offline\",\"reference\":\"\"}",
	    "\"title\":\"\"}", "{\"email\":\"\",\"first_name\":\"\",",
	    "\"last_name\":\"\",\"subscriptions\":{\"campaign\":false},",
	    "\"address\":\"\",\"phone\":\"\"},\"perk\":null}}", NULL };
	    *s != NULL; s++)
		assert_non_null(strstr(body, *s));
}

static void
no_body(void **state)
{
	struct told	 t = { .id = ID, .type = EVENT_WEBHOOK_TEST };
	char		*data = arena_alloc(arena, LIMIT_PAYLOAD + 1);

	(void)state;
	for (int i = 1; i < DIALECT__MAX; i++)
		assert_null(dialect_get((enum dialect_name)i)->body(arena,
		    &t));
	t.data = "{}";
	assert_non_null(dialect_get(DIALECT_SIR)->body(arena, &t));
	assert_non_null(dialect_get(DIALECT_STANDARD)->body(arena, &t));
	assert_null(dialect_get(DIALECT_CHUFFED)->body(arena, &t));
	assert_null(dialect_get(DIALECT_QIIBEE)->body(arena, &t));
	memset(data, ' ', LIMIT_PAYLOAD);
	memcpy(data, "{}", 2);
	t.data = data;
	assert_null(dialect_get(DIALECT_SIR)->body(arena, &t));
	assert_null(dialect_get(DIALECT_STANDARD)->body(arena, &t));
}

static const struct {
	enum dialect_name	 name;
	int64_t			 gaps, all_s, first_s, last_s, timeout_ms;
} schedules[] = {
	{ DIALECT_SIR, 10, 257770, 10, 86400, 10000 },
	{ DIALECT_STANDARD, 9, 272105, 5, 86400, 15000 },
	{ DIALECT_CHUFFED, 4, 48 * 3600, 4320, 116640, 2000 },
	{ DIALECT_QIIBEE, 13, 30 * 8191, 30, 30 * 4096, 10000 },
};

static void
times(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(schedules) / sizeof(schedules[0]);
	    i++) {
		enum dialect_name	 name = schedules[i].name;
		int64_t			 all = 0, wait, more;

		assert_int_equal(dialect_get(name)->timeout_ms,
		    schedules[i].timeout_ms);
		for (int64_t n = 1; n <= schedules[i].gaps; n++) {
			wait = dialect_wait_ms(name, n, -1, 0);
			assert_true(wait > 0);
			all += wait;
			more = dialect_wait_ms(name, n, -1, 999);
			assert_true(more > wait && more <= wait * 11 / 10);
		}
		assert_int_equal(all, schedules[i].all_s * 1000);
		assert_int_equal(dialect_wait_ms(name, 1, -1, 0),
		    schedules[i].first_s * 1000);
		assert_int_equal(dialect_wait_ms(name, schedules[i].gaps,
		    -1, 0), schedules[i].last_s * 1000);
		assert_int_equal(dialect_wait_ms(name,
		    schedules[i].gaps + 1, -1, 0), -1);
		assert_int_equal(dialect_wait_ms(name, INT64_MAX, 5, 0), -1);
	}
}

static void
retry_after(void **state)
{
	(void)state;
	/* The third gap of "sir" is 300 s. */
	assert_int_equal(dialect_wait_ms(DIALECT_SIR, 3, 0, 0), 300000);
	assert_int_equal(dialect_wait_ms(DIALECT_SIR, 3, 299, 0), 300000);
	assert_int_equal(dialect_wait_ms(DIALECT_SIR, 3, 301, 0), 301000);
	assert_int_equal(dialect_wait_ms(DIALECT_SIR, 3, 301, 500), 316000);
	assert_int_equal(dialect_wait_ms(DIALECT_SIR, 3, 600, 0), 600000);
	assert_int_equal(dialect_wait_ms(DIALECT_SIR, 3, 599, 999), 600000);
	assert_int_equal(dialect_wait_ms(DIALECT_SIR, 3, INT64_MAX, 999),
	    600000);
	assert_int_equal(dialect_wait_ms(DIALECT_SIR, 11, 600, 0), -1);
}

static void
names(void **state)
{
	(void)state;
	assert_null(dialect_get(0));
	assert_null(dialect_get(DIALECT__MAX));
	for (int i = 1; i < DIALECT__MAX; i++) {
		const struct dialect	*d = dialect_get(
					    (enum dialect_name)i);

		assert_int_equal(dialect_find(d->name), i);
	}
	assert_int_equal(dialect_find("SIR"), 0);
	assert_int_equal(dialect_find(""), 0);
	assert_int_equal(dialect_get(DIALECT_CHUFFED)->events,
	    INT64_C(1) << EVENT_DONATION_PAYMENT_CONFIRMED);
	assert_int_equal(dialect_get(DIALECT_QIIBEE)->events,
	    INT64_C(1) << EVENT_EXCHANGE_COMPLETED |
	    INT64_C(1) << EVENT_EXCHANGE_REVERTED);
	for (int i = 1; i < EVENT__MAX; i++)
		assert_non_null(outbox_word((enum event_type)i));
}

static void
secrets(void **state)
{
	size_t	 size;

	(void)state;
	for (int i = 1; i < DIALECT__MAX; i++) {
		const struct dialect	*d = dialect_get(
					    (enum dialect_name)i);
		const char		*one = d->secret(arena);

		assert_string_not_equal(one, d->secret(arena));
		if (i == DIALECT_QIIBEE) {
			assert_non_null(strchr(one, ':'));
			continue;
		}
		assert_memory_equal(one, "whsec_", 6);
		assert_non_null(encode_unbase64(arena, one + 6, &size));
		assert_true(size >= 24 && size <= 64);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors),
		cmocka_unit_test(trio),
		cmocka_unit_test(two_secrets),
		cmocka_unit_test(letters),
		cmocka_unit_test(little),
		cmocka_unit_test(no_body),
		cmocka_unit_test(times),
		cmocka_unit_test(retry_after),
		cmocka_unit_test(names),
		cmocka_unit_test(secrets),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
