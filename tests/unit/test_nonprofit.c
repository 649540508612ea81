/*
 * Nonprofits: their slugs, and what a line about one of them changes.
 */
#define _XOPEN_SOURCE 700		/* semctl() */
#include "tests/unit/semaphores.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/giving/donations/nonprofit.h"
#include "tests/unit/books.h"

static struct faults	 faults;

static int
set_up(void **state)
{
	(void)state;
	if (books_make() != 0)
		return -1;
	faults_init(&faults, books.arena);
	books.faults = &faults;
	db_begin(books.db, DB_WRITE);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	db_rollback(books.db);
	return books_remove();
}

static void
names_become_slugs(void **state)
{
	static const struct {
		const char	*name, *slug;
	} slugs[] = {
		{ "American Red Cross", "american-red-cross" },
		{ "  M\xC3\xA9" "decins & Co.  ", "medecins-co" },
		{ "ST JOHN'S CHURCH #2", "st-johns-church-2" },
		{ "Stra\xC3\x9F" "e f\xC3\xBCr \xC3\x84rzte",
		    "strasse-fuer-aerzte" },
		{ "\xC5\x81\xC3\xB3" "d\xC5\xBA", "lodz" },
		{ "A\xC3\x97" "B", "a-b" },
		{ "\xC5\xBF", "s" },
		{ "\xE7\xBA\xA2\xE5\x8D\x81\xE5\xAD\x97", "" },
		{ "\xF0\x9F\x90\xB6 Dogs", "dogs" },
		{ "\xC4\x80\xC6\x80", "a" },
		{ "---", "" }, { "", "" }, { "a--b__c", "a-b-c" },
	};
	char		 long_name[201];
	const char	*slug;

	(void)state;
	for (size_t i = 0; i < sizeof(slugs) / sizeof(slugs[0]); i++)
		assert_string_equal(nonprofit_slug(books.arena,
		    slugs[i].name), slugs[i].slug);
	memset(long_name, 'x', 200);
	long_name[200] = '\0';
	long_name[LIMIT_SLUG - 1] = ' ';
	slug = nonprofit_slug(books.arena, long_name);
	assert_int_equal(strlen(slug), LIMIT_SLUG - 1);
}

static enum nonprofit_put
put(const struct nonprofit_entry *entry)
{
	enum nonprofit_put	 done;

	assert_int_equal(nonprofit_put(&books, entry, &done), OK);

	return done;
}

static void
refuse(const struct nonprofit_entry *entry, const char *pointer)
{
	enum nonprofit_put	 done;

	assert_int_equal(nonprofit_put(&books, entry, &done),
	    ERR_INVALID_REQUEST);
	assert_string_equal(faults.first->pointer, pointer);
	faults_init(&faults, books.arena);
}

static struct nonprofit
find(const char *slug)
{
	struct nonprofit	 found;

	assert_int_equal(nonprofit_find(&books, slug, &found), OK);

	return found;
}

#define ENTRY(...) (&(struct nonprofit_entry){ __VA_ARGS__ })

/* The same line again changes nothing; another one its own nonprofit. */
static void
a_line_is_of_one_nonprofit(void **state)
{
	struct nonprofit	 first, again;

	(void)state;
	assert_int_equal(put(ENTRY(.name = "Hope", .ein = "010000001",
	    .city = "Bath")), NONPROFIT_ADDED);
	first = find("hope");
	assert_string_equal(first.ein, "010000001");
	assert_int_equal(put(ENTRY(.name = "Hope", .ein = "01-0000001")),
	    NONPROFIT_SAME);
	assert_int_equal(put(ENTRY(.name = "New Hope", .ein = "010000001",
	    .logo_url = "https://hope.example/a.png")), NONPROFIT_CHANGED);
	again = find("hope");
	assert_int_equal(again.number, first.number);
	assert_string_equal(again.name, "New Hope");
	assert_string_equal(again.city, "Bath");
	assert_string_equal(find("01-0000001").slug, "hope");

	/* Another of the same name; and one without a number of its own. */
	assert_int_equal(put(ENTRY(.name = "Hope", .ein = "010000002")),
	    NONPROFIT_ADDED);
	assert_string_equal(find("010000002").slug, "hope-010000002");
	assert_int_equal(put(ENTRY(.name = "Love")), NONPROFIT_ADDED);
	assert_int_equal(put(ENTRY(.name = "Love")), NONPROFIT_SAME);
	assert_int_equal(put(ENTRY(.slug = "love", .name = "Love",
	    .ein = "010000003")), NONPROFIT_CHANGED);
	assert_string_equal(find("010000003").slug, "love");

	/* Names without a letter that a slug can have. */
	assert_int_equal(put(ENTRY(.name = "\xE7\xBA\xA2",
	    .ein = "010000004")), NONPROFIT_ADDED);
	assert_int_equal(put(ENTRY(.name = "\xE5\x8D\x81",
	    .ein = "010000005")), NONPROFIT_ADDED);
	assert_string_equal(find("010000004").slug, "nonprofit");
	assert_string_equal(find("010000005").slug, "nonprofit-010000005");
}

static void
wrong_lines_are_refused(void **state)
{
	char	 name[LIMIT_TITLE + 2];

	(void)state;
	memset(name, 'x', LIMIT_TITLE + 1);
	name[LIMIT_TITLE + 1] = '\0';
	refuse(ENTRY(.name = NULL), "/name");
	refuse(ENTRY(.name = ""), "/name");
	refuse(ENTRY(.name = name), "/name");
	name[LIMIT_TITLE] = '\0';
	assert_int_equal(put(ENTRY(.name = name)), NONPROFIT_ADDED);
	refuse(ENTRY(.name = "a\nb"), "/name");
	refuse(ENTRY(.name = "a\xFF"), "/name");
	refuse(ENTRY(.name = "a", .ein = "12345678"), "/ein");
	refuse(ENTRY(.name = "a", .ein = "1-23456789"), "/ein");
	refuse(ENTRY(.name = "a", .ein = "1234567890"), "/ein");
	refuse(ENTRY(.name = "a", .slug = "A"), "/slug");
	refuse(ENTRY(.name = "a", .slug = "a--b"), "/slug");
	refuse(ENTRY(.name = "a", .slug = "-a"), "/slug");
	refuse(ENTRY(.name = "a", .slug = ""), "/slug");
	refuse(ENTRY(.name = "a", .logo_url = "http://a.example/"),
	    "/logoUrl");
	refuse(ENTRY(.name = "a", .logo_url = "https://a/\"onload=x"),
	    "/logoUrl");
	refuse(ENTRY(.name = "a", .logo_url = "javascript:alert(1)"),
	    "/logoUrl");

	/* A slug stays whose it is. */
	refuse(ENTRY(.name = "a", .slug = "american-red-cross",
	    .ein = "010000001"), "/slug");
	refuse(ENTRY(.name = "a", .slug = "other", .ein = "530196605"),
	    "/slug");
}

static size_t
hits(const char *q)
{
	const struct nonprofit_filter	 in = { q, { 1, 100, NULL } };
	struct nonprofit_list		 found;
	enum err			 e;

	e = nonprofit_search(&books, &in, &found);
	faults_init(&faults, books.arena);

	return e == OK ? found.rows.count : 99;
}

static void
names_are_found(void **state)
{
	static const struct {
		const char	*q;
		size_t		 hits;
	} asked[] = {
		{ "red", 1 }, { "Red Cross", 1 }, { "CROSS red", 1 },
		{ "r c a", 1 }, { "ross", 0 }, { "medecins", 1 },
		{ "M\xC3\x89" "DEC", 1 }, { "fur", 1 },
		{ "f\xC3\xBC", 1 }, { "53-0196605", 1 },
		{ "530196605", 1 }, { "530196606", 0 },
		{ "\"red\" OR *", 0 }, { "NOT", 0 }, { "red*", 1 },
		{ "red:cross", 1 }, { "AND", 0 }, { "-red", 1 },
		{ "\xE7\xBA\xA2", 1 }, { "\xE2\x80\x94", 0 },
		{ "  ", 99 }, { "!?", 99 },
		{ "r r r r r r r r zzz", 1 },
	};

	(void)state;
	assert_int_equal(put(ENTRY(.name = "M\xC3\xA9" "decins f\xC3\xBCr")),
	    NONPROFIT_ADDED);
	assert_int_equal(put(ENTRY(.name = "\xE7\xBA\xA2\xE5\x8D\x81")),
	    NONPROFIT_ADDED);
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		if (hits(asked[i].q) != asked[i].hits)
			fail_msg("%s: %zu", asked[i].q, hits(asked[i].q));
}

/* What is found keeps in step with names, and with who is switched off. */
static void
what_is_found_keeps_in_step(void **state)
{
	struct nonprofit	 found;

	(void)state;
	assert_int_equal(put(ENTRY(.name = "Old Oak", .ein = "010000001")),
	    NONPROFIT_ADDED);
	assert_int_equal(put(ENTRY(.name = "New Elm", .ein = "010000001")),
	    NONPROFIT_CHANGED);
	assert_int_equal(hits("oak"), 0);
	assert_int_equal(hits("elm"), 1);
	for (int twice = 0; twice < 2; twice++)
		assert_int_equal(nonprofit_set_status(&books, "old-oak",
		    NONPROFIT_INACTIVE), OK);
	assert_int_equal(hits("elm"), 0);
	assert_int_equal(hits("010000001"), 0);
	assert_int_equal(nonprofit_receiver(&books, "old-oak", &found),
	    ERR_NONPROFIT_INACTIVE);
	assert_int_equal(put(ENTRY(.name = "Red Elm", .ein = "010000001")),
	    NONPROFIT_CHANGED);
	assert_int_equal(hits("elm"), 0);
	for (int twice = 0; twice < 2; twice++)
		assert_int_equal(nonprofit_set_status(&books, "old-oak",
		    NONPROFIT_ACTIVE), OK);
	assert_int_equal(hits("red elm"), 1);
	assert_int_equal(nonprofit_receiver(&books, "old-oak", &found), OK);
	assert_int_equal(nonprofit_receiver(&books, "nobody", &found),
	    ERR_NONPROFIT_NOT_FOUND);
	assert_int_equal(nonprofit_set_status(&books, "nobody",
	    NONPROFIT_ACTIVE), ERR_NOT_FOUND);
	assert_true(db_commit(books.db));
	db_begin(books.db, DB_READ);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(names_become_slugs),
		TEST(a_line_is_of_one_nonprofit),
		TEST(wrong_lines_are_refused),
		TEST(names_are_found),
		TEST(what_is_found_keeps_in_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
