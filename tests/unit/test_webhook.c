/*
 * The words of webhooks: tables of two rooms say the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/giving/events/webhook.h"
#include "lib/hooks/outbox.h"

static void
formats_are_the_dialects(void **state)
{
	(void)state;
	for (int name = 1; name < DIALECT__MAX; name++) {
		const char	*word = webhook_formats[name - 1];

		assert_string_equal(word,
		    dialect_get((enum dialect_name)name)->name);
		assert_int_equal(dialect_find(word), name);
	}
	assert_null(webhook_formats[DIALECT__MAX - 1]);
}

static void
every_type_has_a_word_of_its_own(void **state)
{
	(void)state;
	for (int type = 1; type < EVENT__MAX; type++) {
		const char	*word = outbox_word((enum event_type)type);

		assert_non_null(word);
		assert_int_equal(outbox_find(word), type);
		assert_true((OUTBOX_ALL & OUTBOX_BIT(type)) != 0);
	}
	assert_null(outbox_word(EVENT__MAX));
	assert_null(outbox_word(0));
	assert_int_equal(outbox_find("no.such"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_are_the_dialects),
		cmocka_unit_test(every_type_has_a_word_of_its_own),
	};

	return cmocka_run_group_tests_name("webhook", tests, NULL, NULL);
}
