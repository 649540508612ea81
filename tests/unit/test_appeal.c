/*
 * Appeals: sums that grow and shrink, and perks that run out.
 */
#define _XOPEN_SOURCE 700		/* semctl() */
#include "tests/unit/semaphores.h"

#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/giving/donations/appeal.h"
#include "tests/unit/books.h"

static struct faults	 faults;

#define SCARVES	3

/* Appeal 1 with perk 1, of which there are three, and perk 2 without end. */
static int
set_up(void **state)
{
	const struct appeal		 new = { .title = "Winter",
	    .nonprofit_slug = "american-red-cross", .goal = 500000,
	    .currency = money_currency("USD") };
	const struct appeal_perk	 scarf = { .appeal = 1,
	    .title = "A scarf", .min_amount = 5000, .stock = SCARVES };
	const struct appeal_perk	 card = { .appeal = 1,
	    .title = "A card", .stock = -1 };
	struct appeal			 made;
	struct appeal_perk		 perk;

	(void)state;
	if (books_make() != 0)
		return -1;
	faults_init(&faults, books.arena);
	books.faults = &faults;
	db_begin(books.db, DB_WRITE);
	assert_int_equal(appeal_create(&books, &new, &made), OK);
	assert_int_equal(made.id, 1);
	assert_int_equal(appeal_perk_create(&books, &scarf, &perk), OK);
	assert_int_equal(perk.id, 1);
	assert_int_equal(appeal_perk_create(&books, &card, &perk), OK);
	assert_int_equal(perk.id, 2);
	return db_commit(books.db) ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	return books_remove();
}

/* In a transaction of its own, kept whatever it says. */
static enum err
reserve(int64_t perk, int64_t times, int64_t amount)
{
	const struct appeal_choice	 choice = { 1, perk, times, amount,
					    money_currency("USD") };
	struct appeal_perk		 now;
	enum err			 e;

	db_begin(books.db, DB_WRITE);
	e = appeal_perk_reserve(&books, &choice, &now);
	assert_true(db_commit(books.db));

	return e;
}

static struct appeal
look(void)
{
	struct appeal	 found;

	db_begin(books.db, DB_READ);
	assert_int_equal(appeal_find(&books, 1, &found), OK);
	db_rollback(books.db);

	return found;
}

static int64_t
scarves(void)
{
	return ((const struct appeal_perk *)look().perks.items)[0].remaining;
}

static void
perks_run_out(void **state)
{
	(void)state;
	assert_int_equal(reserve(1, 1, 4999), ERR_INVALID_REQUEST);
	assert_string_equal(faults.first->pointer, "/amount");
	assert_int_equal(reserve(1, 2, 9999), ERR_INVALID_REQUEST);
	assert_int_equal(reserve(3, 1, 5000), ERR_PERK_NOT_FOUND);
	assert_int_equal(reserve(1, 4, 20000), ERR_PERK_SOLD_OUT);
	assert_int_equal(scarves(), 3);
	assert_int_equal(reserve(1, 2, 10000), OK);
	assert_int_equal(reserve(1, 2, 10000), ERR_PERK_SOLD_OUT);
	assert_non_null(strstr(books.detail, "1 of that perk"));
	assert_int_equal(reserve(1, 1, 5000), OK);
	assert_int_equal(reserve(1, 1, 5000), ERR_PERK_SOLD_OUT);
	assert_int_equal(scarves(), 0);

	db_begin(books.db, DB_WRITE);
	appeal_perk_release(&books, 1, 2);
	assert_true(db_commit(books.db));
	assert_int_equal(scarves(), 2);
	assert_int_equal(reserve(2, LIMIT_PERKS, 0), OK);
	assert_int_equal(reserve(2, LIMIT_PERKS, 0), OK);
}

/* Many donors at the same moment, in processes of their own: three get one. */
static void
the_last_perk_is_one_donors(void **state)
{
	pid_t	 donors[8];
	int	 status, got = 0, sold_out = 0;

	(void)state;
	db_close(books.db);
	books.db = NULL;
	for (size_t i = 0; i < 8; i++) {
		donors[i] = fork();
		assert_true(donors[i] >= 0);
		if (donors[i] == 0) {
			books.db = database_open(0);
			_exit(reserve(1, 1, 5000) == OK ? 10 : 20);
		}
	}
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(waitpid(donors[i], &status, 0), donors[i]);
		assert_true(WIFEXITED(status));
		got += WEXITSTATUS(status) == 10;
		sold_out += WEXITSTATUS(status) == 20;
	}
	books.db = database_open(0);
	assert_int_equal(got, SCARVES);
	assert_int_equal(sold_out, 8 - SCARVES);
	assert_int_equal(scarves(), 0);
}

/* What our code never asks, the file refuses. */
static void
the_file_holds_it_too(void **state)
{
	static const char *const laws[] = {
		"UPDATE perks SET taken = 4 WHERE id = 1",
		"UPDATE perks SET taken = -1 WHERE id = 2",
		"UPDATE appeals SET raised = -1",
		"UPDATE appeals SET donors = -1",
		"PRAGMA foreign_keys = ON; INSERT INTO perks (tenant, id,"
		" appeal, title, min_amount) VALUES (2, 1, 1, 'x', 0)",
		"PRAGMA foreign_keys = ON; INSERT INTO fundraisers (tenant,"
		" id, appeal, title) VALUES (1, 1, 9, 'x')",
		"DELETE FROM nonprofits",
		"INSERT INTO exchange_rates VALUES ('USD', 'USD', 1, 1, 0)",
		"INSERT INTO exchange_rates VALUES ('USD', 'EUR', 1, 0, 0)",
		"INSERT INTO exchange_rates VALUES ('USD', 'EUR', 1, 1, 19)",
	};
	bool	 good;

	(void)state;
	for (size_t i = 0; i < sizeof(laws) / sizeof(laws[0]); i++) {
		(void)books_shell(laws[i], &good);
		if (good)
			fail_msg("not refused: %s", laws[i]);
	}
}

static void
sums_grow_and_shrink(void **state)
{
	const struct appeal_change	 gift = { 2500, 1 };
	const struct appeal_change	 refund = { -2500, -1 };

	(void)state;
	db_begin(books.db, DB_WRITE);
	appeal_count(&books, 1, gift);
	appeal_count(&books, 1, gift);
	appeal_count(&books, 1, refund);
	assert_true(db_commit(books.db));
	assert_int_equal(look().raised, 2500);
	assert_int_equal(look().donors, 1);
}

/* Another tenant has none of it, and a copy of it begins from nothing. */
static void
a_copy_begins_from_nothing(void **state)
{
	const struct appeal_fundraiser	 ada = { .appeal = 1,
	    .title = "Ada runs", .owner = "Ada" };
	struct appeal_fundraiser	 made;
	struct appeal			 found;

	(void)state;
	assert_int_equal(reserve(1, 1, 5000), OK);
	db_begin(books.db, DB_WRITE);
	assert_int_equal(appeal_fundraiser_create(&books, &ada, &made), OK);
	appeal_count(&books, 1, (struct appeal_change){ 5000, 1 });
	books.tenant = 2;
	assert_int_equal(appeal_find(&books, 1, &found),
	    ERR_APPEAL_NOT_FOUND);
	assert_int_equal(appeal_fundraiser_find(&books, 1, 1, &made),
	    ERR_FUNDRAISER_NOT_FOUND);
	appeal_copy_all(&books, 1);
	assert_true(db_commit(books.db));
	assert_int_equal(scarves(), 3);
	found = look();
	assert_int_equal(found.raised, 0);
	assert_int_equal(found.donors, 0);
	assert_int_equal(found.goal, 500000);
	assert_int_equal(found.fundraisers.count, 1);
	books.tenant = 1;
	assert_int_equal(scarves(), 2);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(perks_run_out),
		TEST(the_last_perk_is_one_donors),
		TEST(the_file_holds_it_too),
		TEST(sums_grow_and_shrink),
		TEST(a_copy_begins_from_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
