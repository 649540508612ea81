/*
 * site: one database and one master key that belong together.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/conf.h"
#include "lib/base/work.h"
#include "lib/crypto/id.h"
#include "lib/crypto/random.h"
#include "lib/crypto/seal.h"
#include "lib/db/db.h"
#include "lib/giving/site/site.h"

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

/* The id key is not for ever yet: there may be no site in the end. */
static void
describe(const struct work *w)
{
	unsigned char	 id_key_bytes[ID_KEY_SIZE];
	unsigned char	*probe;
	size_t		 size;
	struct query	*q;

	random_bytes(id_key_bytes, sizeof(id_key_bytes));
	id_key(id_key_bytes);
	probe = seal_close(w->arena, LABEL, PROBE, &size);
	q = db_query(w->db, SQL(
	    "INSERT INTO site (one, version, oldest, id_key, probe, created_at)"
	    " VALUES (1, ?, ?, ?, ?, ?)"));
	db_int(q, SITE_VERSION);
	db_int(q, SITE_VERSION);
	db_bytes(q, id_key_bytes, sizeof(id_key_bytes));
	db_bytes(q, probe, size);
	db_int(q, w->now.ms);
	db_run(q);
}

/* All of it in one transaction.  False, and `why` in half a sentence. */
static bool
fill(struct work *w, const char *schema, const struct site_first *first,
    const char **why)
{
	bool	 done;

	w->detail = NULL;
	db_begin(w->db, DB_WRITE);
	(void)db_script(w->db, schema);
	describe(w);
	done = first->fill == NULL || first->fill(w, first->with);
	if (!done)
		db_rollback(w->db);
	done = done && db_commit(w->db) && db_flush(w->db);
	*why = db_trouble(w->db) != DB_WELL ? db_why(w->db) :
	    w->detail != NULL ? w->detail :
	    "what it is to begin with was refused";

	return done;
}

bool
site_create(const struct conf *conf, const char *schema, struct work *w,
    const struct site_first *first, char *why, size_t size)
{
	const char	*refused;
	bool		 done;

	if (known) {
		snprintf(why, size, "this program has known another site:"
		    " start the web server anew");
		return false;
	}
	if (!seal_create(conf->master_key)) {
		snprintf(why, size, "cannot make the master key %s:"
		    " is there one already?", conf->master_key);
		return false;
	}
	if (!load_key(conf, why, size) || (w->db = db_open(conf->database,
	    DB_CREATE, why, size)) == NULL) {
		(void)unlink(conf->master_key);
		return false;
	}
	done = fill(w, schema, first, &refused);
	if (!done)
		snprintf(why, size, "%s: %s", conf->database, refused);
	db_close(w->db);
	w->db = NULL;
	/* Nothing is sealed with the key yet that anybody has. */
	if (!done) {
		(void)unlink(conf->database);
		(void)unlink(conf->master_key);
	}

	return done;
}

/* Can we live with this schema, and it with us? */
static bool
check_version(int64_t version, int64_t oldest, char *why, size_t size)
{
	if (version < SITE_OLDEST) {
		snprintf(why, size, "its schema has version %lld, and this"
		    " program needs %d: run almoner migrate",
		    (long long)version, SITE_OLDEST);
		return false;
	}
	if (oldest > SITE_VERSION) {
		snprintf(why, size, "its schema has version %lld and needs"
		    " programs that know %lld; this one knows %d: put the"
		    " newer programs in its place", (long long)version,
		    (long long)oldest, SITE_VERSION);
		return false;
	}

	return true;
}

/* The id key is the process's own from the first time on. */
static bool
check_key(const unsigned char *key)
{
	if (!known) {
		id_key(key);
		memcpy(known_id_key, key, ID_KEY_SIZE);
		known = true;
	}

	return memcmp(known_id_key, key, ID_KEY_SIZE) == 0;
}

/* Does this database know this key, and do we know this database? */
static bool
check(struct db *db, struct arena *arena, char *why, size_t size)
{
	const unsigned char	*key, *probe;
	size_t			 key_size, probe_size;
	struct query		*q;
	int64_t			 version = -1, oldest = 0;
	bool			 good = false;

	q = db_query(db, SQL(
	    "SELECT version, oldest, id_key, probe FROM site WHERE one = 1"));
	if (db_next(q)) {
		version = db_col_int(q, "version");
		oldest = db_col_int(q, "oldest");
		key = db_col_bytes(q, arena, "id_key", &key_size);
		probe = db_col_bytes(q, arena, "probe", &probe_size);
		good = key_size == ID_KEY_SIZE && seal_open(arena, LABEL,
		    probe, probe_size) != NULL && check_key(key);
	}
	db_done(q);

	if (db_trouble(db) != DB_WELL || version < 0) {
		snprintf(why, size, "it is not the database of a site: %s",
		    db_why(db));
		return false;
	}
	if (!good)
		snprintf(why, size, "it is another site's, or the master key"
		    " is not the one that it was made with");

	return good && check_version(version, oldest, why, size);
}

static struct db *
open_checked(const char *database, unsigned flags, struct arena *arena,
    char *why, size_t size)
{
	struct db	*db = db_open(database, flags, why, size);
	char		 said[512] = "";

	if (db == NULL)
		return NULL;
	db_begin(db, DB_READ);
	if (check(db, arena, said, sizeof(said)) && db_commit(db))
		return db;
	db_rollback(db);
	snprintf(why, size, "%s: %s", database, said);
	db_close(db);

	return NULL;
}

struct db *
site_open(const struct conf *conf, struct arena *arena, char *why,
    size_t size)
{
	/* A wrong key may be mended; a right one is in use from now on. */
	if (!known && !load_key(conf, why, size))
		return NULL;

	return open_checked(conf->database, conf->sync_full ? DB_FULL : 0,
	    arena, why, size);
}

struct db *
site_look(const struct conf *conf, const char *database,
    struct arena *arena, char *why, size_t size)
{
	if (!known && !load_key(conf, why, size))
		return NULL;

	return open_checked(database, DB_READONLY, arena, why, size);
}
