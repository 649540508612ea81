/*
 * site: one database and one master key that belong together.
 */
#include <stdio.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/conf.h"
#include "lib/crypto/id.h"
#include "lib/crypto/random.h"
#include "lib/crypto/seal.h"
#include "lib/db/db.h"
#include "lib/giving/site.h"

/* The master key and the id key are of the process: set once, never changed,
 * since other threads read them. */
static bool		known;
static unsigned char	known_id_key[ID_KEY_SIZE];

/* What the probe says once it is opened with the right key. */
#define PROBE "almoner"
#define LABEL "site.probe"

static bool
load_key(const struct conf *conf, char *why, size_t size)
{
	const char	*what = NULL;

	switch (seal_load(conf->master_key)) {
	case SEAL_OK:
		return true;
	case SEAL_MISSING:
		what = "is missing or cannot be read";
		break;
	case SEAL_MALFORMED:
		what = "is not 64 hex digits";
		break;
	case SEAL_EXPOSED:
		what = "can be read by others: chmod 600 it";
		break;
	}
	snprintf(why, size, "the master key %s %s", conf->master_key, what);

	return false;
}

static void
describe(struct db *db, struct arena *arena, struct moment now)
{
	unsigned char	 id_key_bytes[ID_KEY_SIZE];
	unsigned char	*probe;
	size_t		 size;
	struct query	*q;

	random_bytes(id_key_bytes, sizeof(id_key_bytes));
	probe = seal_close(arena, LABEL, PROBE, &size);
	q = db_query(db, SQL(
	    "INSERT INTO site (one, version, id_key, probe, created_at)"
	    " VALUES (1, ?, ?, ?, ?)"));
	db_int(q, SITE_VERSION);
	db_bytes(q, id_key_bytes, sizeof(id_key_bytes));
	db_bytes(q, probe, size);
	db_int(q, now.ms);
	db_run(q);
}

bool
site_create(const struct conf *conf, const char *schema, struct arena *arena,
    struct moment now, char *why, size_t size)
{
	struct db	*db;
	bool		 done;

	if (!seal_create(conf->master_key)) {
		snprintf(why, size, "cannot make the master key %s:"
		    " is there one already?", conf->master_key);
		return false;
	}
	if (!load_key(conf, why, size))
		return false;
	db = db_open(conf->database, DB_CREATE, why, size);
	if (db == NULL)
		return false;

	db_begin(db, DB_WRITE);
	if (!db_script(db, schema))
		snprintf(why, size, "%s", db_why(db));
	describe(db, arena, now);
	done = db_commit(db) && db_flush(db);
	if (!done)
		snprintf(why, size, "%s: %s", conf->database, db_why(db));
	db_close(db);

	return done;
}

/* Does this database know this key, and do we know this database? */
static bool
check(struct db *db, struct arena *arena, char *why, size_t size)
{
	const unsigned char	*key, *probe;
	size_t			 key_size, probe_size;
	struct query		*q;
	int64_t			 version = 0;
	bool			 good = false;

	q = db_query(db, SQL(
	    "SELECT version, id_key, probe FROM site WHERE one = 1"));
	if (db_next(q)) {
		version = db_col_int(q, "version");
		key = db_col_bytes(q, arena, "id_key", &key_size);
		probe = db_col_bytes(q, arena, "probe", &probe_size);
		good = key_size == ID_KEY_SIZE &&
		    seal_open(arena, LABEL, probe, probe_size) != NULL;
		if (good && !known) {
			id_key(key);
			memcpy(known_id_key, key, ID_KEY_SIZE);
			known = true;
		}
		good = good && memcmp(known_id_key, key, ID_KEY_SIZE) == 0;
	}
	db_done(q);

	if (db_trouble(db) != DB_WELL || version == 0)
		snprintf(why, size, "it is not the database of a site: %s",
		    db_why(db));
	else if (version != SITE_VERSION)
		snprintf(why, size, "its schema has version %lld, this"
		    " program knows %d", (long long)version, SITE_VERSION);
	else if (!good)
		snprintf(why, size, "it is another site's, or the master key"
		    " is not the one that it was made with");

	return good && version == SITE_VERSION;
}

struct db *
site_open(const struct conf *conf, struct arena *arena, char *why,
    size_t size)
{
	struct db	*db;
	char		 said[512] = "";

	/* A wrong key may be mended; a right one is in use from now on. */
	if (!known && !load_key(conf, why, size))
		return NULL;
	db = db_open(conf->database, conf->sync_full ? DB_FULL : 0, why,
	    size);
	if (db == NULL)
		return NULL;

	db_begin(db, DB_READ);
	if (check(db, arena, said, sizeof(said)) && db_commit(db))
		return db;
	db_rollback(db);
	snprintf(why, size, "%s: %s", conf->database, said);
	db_close(db);

	return NULL;
}
