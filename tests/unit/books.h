#ifndef UNIT_BOOKS_H
#define UNIT_BOOKS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/work.h"
#include "lib/crypto/id.h"
#include "lib/ledger/ledger.h"
#include "tests/unit/database.h"

/*
 * Books made from schema.sql, in a folder of their own, with the tenants 1
 * and 2.  What the laws forbid is tried with SQLite's own shell, which knows
 * nothing of our code.  Include cmocka.h and tests/unit/semaphores.h first;
 * run in the project's folder, where schema.sql is.
 */
static struct work	books;

/* All that can be read from `f`, which is closed. */
static inline const char *
books_read(FILE *f)
{
	static char text[256 * 1024];

	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	(void)fclose(f);
	return arena_text(books.arena, text);
}

/*
 * Let a program of the shell read `input`, and give back what it said.
 * *good: did it end well?
 */
static inline const char *
books_pipe(const char *program, const char *input, bool *good)
{
	const char *in = arena_printf(books.arena, "%s/input",
	    database_folder);
	const char *out = arena_printf(books.arena, "%s/output",
	    database_folder);
	FILE	*f = fopen(in, "w");

	assert_non_null(f);
	assert_true(fputs(input, f) >= 0);
	assert_int_equal(fclose(f), 0);
	*good = system(arena_printf(books.arena, "(%s) <'%s' >'%s' 2>&1",
	    program, in, out)) == 0;
	return books_read(fopen(out, "r"));
}

/* What SQLite's shell says to these statements. */
static inline const char *
books_shell(const char *sql, bool *good)
{
	return books_pipe(arena_printf(books.arena,
	    "sqlite3 -batch -bail '%s'", database_path), sql, good);
}

static inline int
books_make(void)
{
	static const unsigned char key[ID_KEY_SIZE] = "not very secret";

	strcpy(database_folder, "/tmp/almoner-books-XXXXXX");
	if (mkdtemp(database_folder) == NULL)
		return -1;
	(void)snprintf(database_path, sizeof(database_path), "%s/ledger.db",
	    database_folder);
	books = (struct work){ .arena = arena_new(), .tenant = 1,
		.now = { 1746876000123 },
		.db = database_open(DB_CREATE) };
	id_key(key);
	return db_script(books.db, books_read(fopen("schema.sql", "r"))) &&
	    db_script(books.db,
	    "INSERT INTO partners (id, name, slug, created_at)"
	    " VALUES (1, 'Shop', 'shop', 0);"
	    "INSERT INTO tenants (id, partner, side)"
	    " VALUES (1, 1, 'test'), (2, 1, 'live')") ? 0 : -1;
}

static inline int
books_remove(void)
{
	db_close(books.db);
	arena_free(books.arena);
	return database_remove();
}

/* One that is to succeed, in a transaction of its own; its number. */
static inline int64_t
books_post(const struct journal *j)
{
	struct transaction t = { 0 };

	db_begin(books.db, DB_WRITE);
	assert_int_equal(ledger_post(&books, j, &t), OK);
	assert_true(db_commit(books.db));
	return t.number;
}

/* The same of a single move. */
static inline int64_t
books_move(enum transaction_kind kind, struct account from, struct account to,
    int64_t tokens)
{
	struct journal j = { .kind = kind, .refers = 1 };

	ledger_move(&j, from, to, (struct tokens){ tokens });
	return books_post(&j);
}

static inline struct account
books_account(enum account_kind kind, int64_t owner)
{
	return (struct account){ kind, owner };
}

static inline struct turnover
books_turnover(struct account a)
{
	struct turnover t;

	db_begin(books.db, DB_READ);
	t = ledger_turnover(&books, a);
	assert_true(db_commit(books.db));
	return t;
}

#endif
