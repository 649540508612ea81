#ifndef DB_HANDLE_H
#define DB_HANDLE_H

#include <sqlite3.h>

#include "lib/base/limits.h"
#include "lib/db/db.h"

/*
 * What the files of this room share about a connection, and nobody else
 * sees.
 */

struct lock;
struct wal;

enum db_state { DB_IDLE, DB_READING, DB_WRITING };

/* A statement: prepared, and while it is in use, where it stands. */
struct query {
	struct db	*db;
	sqlite3_stmt	*stmt;		/* NULL: nothing is ever found */
	const char	*sql;		/* its address is the key */
	struct query	*next;		/* in use, in one transaction */
	bool		 used;		/* between db_query() and db_done() */
	bool		 row;		/* a row can be read */
	bool		 ended;		/* there are no more rows */
	int		 bound;		/* ?s filled so far */
	int		 hint;		/* the column likely asked for next */
	int		 columns;
	const char	**names;	/* by which each was last found */
};

/* At most half full, so that a search ends soon; a power of two. */
#define DB_SLOTS	(2 * LIMIT_STATEMENTS)

struct db {
	sqlite3		*sql;
	struct lock	*lock;		/* NULL if opened to read */
	struct wal	*wal;		/* NULL: a rollback journal */
	char		 journal[96];
	bool		 full;		/* COMMIT syncs the log */

	enum db_state	 state;
	bool		 locked;	/* we hold the lock */
	int		 marks;		/* not undone or kept yet */
	struct query	*used;		/* those not db_done() yet */

	enum db_trouble	 trouble;
	char		 why[256];

	struct query	*slots[DB_SLOTS];
	size_t		 statements;
	struct query	 nothing;	/* stands in for what failed */
};

/* Note trouble, unless there is some already: the first is the cause. */
void		 db_stick(struct db *, int code);
void		 db_stick_as(struct db *, enum db_trouble, const char *why);

/* Run BEGIN, COMMIT and their like; the engine's code. */
int		 db_order(struct db *, const char *sql);

/* The statement of a text, prepared now or before; NULL: see db_stick(). */
struct query	*db_statement(struct db *, const char *sql);
void		 db_done_all(struct db *);
void		 db_forget_all(struct db *);

#endif
