#ifndef GIVING_MIGRATION_H
#define GIVING_MIGRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;

/*
 * How a database of an older schema becomes one of ours: steps in order of
 * their numbers, each a script in a transaction of its own, never backwards.
 * A step that only adds (tables, indices, columns with defaults) leaves
 * `oldest` as it was, and running programs go on; one that takes something
 * away sets it to its own number, and must find nobody connected.
 * REFERENCES are checked before each commit, not while a step works.
 */
struct migration {
	int		 version;	/* that it makes, from the one before */
	int		 oldest;	/* program that can live with it */
	const char	*about;		/* "users have a birthday" */
	const char	*sql;
};

/* Up to SITE_VERSION; they end with a version of 0. */
extern const struct migration	migration_all[];

/* What a database has: false if it is not that of a site. */
struct migration_state {
	int64_t	version, oldest;
};
bool	migration_look(struct db *, struct migration_state *);

/* Would these steps end the use of programs that can work with it now? */
bool	migration_breaks(const struct migration *,
	    const struct migration_state *);

/*
 * Take the steps that are missing, on a handle opened with DB_LOOSE.  `done`,
 * if not NULL, is called inside the transaction of each, before its commit.
 * False, with a sentence in `why`: all steps before the one that it names are
 * done, and of that one nothing.
 */
bool	migration_run(struct db *, const struct migration *,
	    void (*done)(const struct migration *), char *why, size_t size);

#endif
