/*
 * db_scrub: what was deleted is to be gone from the disk, too.
 *
 * The page format is that of https://www.sqlite.org/fileformat2.html: a page
 * of a b-tree has its header and the places of its cells at one end and the
 * cells at the other; copies of cells that moved may lie between, and in the
 * blocks among the cells that are free, which form a chain.  Pages are read
 * through SQLite's own descriptor: to close another one on the same file
 * would drop the locks that SQLite holds.
 */
#undef _GNU_SOURCE
#define _GNU_SOURCE		/* memmem() */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lib/db/handle.h"
#include "lib/db/lock.h"
#include "lib/db/wal.h"

#define PAGE_SIZE_MAX	65536
#define FILE_HEADER	100	/* before the header of the first page */

struct pages {
	sqlite3_file	*file;
	sqlite3_int64	 bytes;
	size_t		 size;		/* of each page */
	unsigned char	*page;		/* the one at hand */
};

static size_t
read16(const unsigned char *at)
{
	return (size_t)at[0] << 8 | at[1];
}

/* Is any of the texts between these two places? */
static bool
has_any(const struct pages *p, size_t from, size_t to,
    const struct shred *gone)
{
	size_t	 n = 0, size;

	for (; gone != NULL && n < LIMIT_SHREDS; gone = gone->next, n++) {
		size = strlen(gone->text);
		if (size >= LIMIT_SHRED_MIN && from < to && memmem(
		    p->page + from, to - from, gone->text, size) != NULL)
			return true;
	}
	return false;
}

/* Offsets grow along the chain, so it ends, whatever a page may hold. */
static bool
is_in_blocks(const struct pages *p, size_t at, const struct shred *gone)
{
	size_t	 next, size;

	for (; at != 0 && at + 4 <= p->size; at = next) {
		next = read16(p->page + at);
		size = read16(p->page + at + 2);
		if (at + size <= p->size && has_any(p, at, at + size, gone))
			return true;
		if (next <= at)
			break;
	}
	return false;
}

/* In a page of a b-tree, look at what no cell has; in others, at all. */
static bool
is_tainted(const struct pages *p, size_t header, const struct shred *gone)
{
	const unsigned char *at = p->page + header;
	size_t	 from, to;

	switch (at[0]) {
	case 2:			/* inner pages, of an index and a table */
	case 5:
		from = header + 12;
		break;
	case 10:		/* leaves */
	case 13:
		from = header + 8;
		break;
	default:
		return has_any(p, header, p->size, gone);
	}
	from += 2 * read16(at + 3);
	to = read16(at + 5);
	if (to == 0)
		to = PAGE_SIZE_MAX;
	return has_any(p, from, to < p->size ? to : p->size, gone) ||
	    is_in_blocks(p, read16(at + 1), gone);
}

static bool
read_page(struct pages *p, sqlite3_int64 number)
{
	return p->file->pMethods->xRead(p->file, p->page, (int)p->size,
	    number * (sqlite3_int64)p->size) == SQLITE_OK;
}

static bool
open_pages(struct pages *p, struct db *db)
{
	p->size = FILE_HEADER;
	p->page = malloc(PAGE_SIZE_MAX);
	if (p->page == NULL || sqlite3_file_control(db->sql, "main",
	    SQLITE_FCNTL_FILE_POINTER, &p->file) != SQLITE_OK ||
	    p->file->pMethods->xFileSize(p->file, &p->bytes) != SQLITE_OK ||
	    !read_page(p, 0))
		return false;
	p->size = read16(p->page + 16);
	if (p->size == 1)
		p->size = PAGE_SIZE_MAX;
	return p->size >= 512;
}

/* Is a trace left?  If it cannot be read, there may be. */
static bool
find(struct db *db, const struct shred *gone, sqlite3_int64 *bytes)
{
	struct pages p = { 0 };
	bool	 good = open_pages(&p, db), found = false;
	sqlite3_int64 n;

	n = good ? p.bytes / (sqlite3_int64)p.size : 0;
	for (sqlite3_int64 i = 0; i < n && good && !found; i++) {
		good = read_page(&p, i);
		found = good && is_tainted(&p, i == 0 ? FILE_HEADER : 0,
		    gone);
	}
	*bytes = p.bytes;
	free(p.page);
	return found || !good;
}

/*
 * All of the log into the database, and nothing left of the log.  Who reads
 * in it is waited for; meanwhile all who write wait for us.
 */
static bool
empty_log(struct db *db)
{
	int	 rc;

	if (db->wal == NULL)
		return true;
	sqlite3_busy_timeout(db->sql, LIMIT_READERS_MS);
	rc = sqlite3_wal_checkpoint_v2(db->sql, "main",
	    SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_timeout(db->sql, LIMIT_BACKSTOP_MS);
	wal_judge(rc);
	return rc == SQLITE_OK;
}

static bool
rewrite(struct db *db)
{
	int	 rc = sqlite3_exec(db->sql, "VACUUM", NULL, NULL, NULL);

	wal_judge(rc);
	return rc == SQLITE_OK;
}

static bool
file_size(struct db *db, sqlite3_int64 *bytes)
{
	sqlite3_file *file;

	return sqlite3_file_control(db->sql, "main",
	    SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK &&
	    file->pMethods->xFileSize(file, bytes) == SQLITE_OK;
}

/* Under the lock: NULL, or what went wrong. */
static const char *
write_anew(struct db *db, int64_t most)
{
	sqlite3_int64 bytes;

	if (!empty_log(db))
		return "somebody reads in its log";
	if (!file_size(db, &bytes))
		return "its size cannot be found";
	if (bytes > most)
		return "it is too large to do that while others wait";
	if (!rewrite(db))
		return sqlite3_errmsg(db->sql);
	return empty_log(db) ? NULL : "somebody reads in its log";
}

bool
db_rewrite(struct db *db, int64_t most)
{
	const char *why;

	assert(db->state == DB_IDLE);
	db->trouble = DB_WELL;
	if (db->lock == NULL || wal_is_lost() ||
	    !lock_take(db->lock, LIMIT_LOCK_WAIT_MS)) {
		db_stick_as(db, DB_BUSY, "others write, or it cannot be");
		return false;
	}
	why = write_anew(db, most);
	lock_drop(db->lock);
	if (why != NULL)
		db_stick_as(db, DB_BROKEN, why);
	return why == NULL;
}

bool
db_scrub(struct db *db, const struct shred *gone)
{
	sqlite3_int64 bytes;
	bool	 good;

	assert(db->state == DB_IDLE);
	if (gone == NULL)
		return true;
	if (db->lock == NULL || !lock_take(db->lock, LIMIT_LOCK_WAIT_MS))
		return false;
	good = empty_log(db);
	lock_drop(db->lock);
	/* Nothing that is written from here on can bring a trace back. */
	if (!good || !find(db, gone, &bytes))
		return good;
	if (bytes > LIMIT_REWRITE || !lock_take(db->lock, LIMIT_LOCK_WAIT_MS))
		return false;
	good = rewrite(db) && empty_log(db);
	lock_drop(db->lock);
	return good;
}
