/*
 * word: a number for what is said again and again.
 */
#include "lib/db/db.h"
#include "lib/giving/site/word.h"

int64_t
word_find(struct work *w, const char *word)
{
	struct query	*q;

	q = db_query(w->db, SQL(
	    "SELECT id FROM words WHERE tenant = ? AND word = ?"));
	db_int(q, w->tenant);
	db_text(q, word);

	return db_only_int(q);
}

int64_t
word_number(struct work *w, const char *word)
{
	struct query	*q;
	int64_t		 number = word_find(w, word);

	if (number != 0)
		return number;
	number = db_next_number(w->db, w->tenant, SQL(
	    "SELECT id FROM words WHERE tenant = ?"
	    " ORDER BY id DESC LIMIT 1"));
	q = db_query(w->db, SQL(
	    "INSERT INTO words (tenant, id, word) VALUES (?, ?, ?)"));
	db_int(q, w->tenant);
	db_int(q, number);
	db_text(q, word);
	db_run(q);

	return number;
}
