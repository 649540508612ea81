/*
 * Passwords by scrypt, one at a time.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/crypto/engine.h"
#include "lib/crypto/hmac.h"
#include "lib/crypto/password.h"
#include "lib/crypto/random.h"

#define SALT_SIZE	16
#define HASH_SIZE	32
#define HASH_MOST	64	/* of one that others have made */
/* Beside the 128 * r * 2^ln bytes that scrypt is about: what OpenSSL takes
 * more.  What would need twice as much was not made by us. */
#define MEMORY		(64 << 20)

/* 2^log blocks of 128 * r bytes, p times. */
struct cost {
	unsigned	log, r, p;
};

static const struct cost	now = { 15, 8, 3 };

/* A PHC string, read. */
struct kept {
	struct cost		 cost;
	const unsigned char	*salt, *hash;
	size_t			 salt_size, hash_size;
};

static pthread_mutex_t	turn = PTHREAD_MUTEX_INITIALIZER;
static atomic_int	in_line;

/* False: too many are in line, or it could not be computed. */
static bool
derive(unsigned char *out, const char *password, const struct kept *k)
{
	bool	 good = false;

	(void)engine_get();	/* OpenSSL is started as this room wants it */
	if (atomic_fetch_add(&in_line, 1) <= LIMIT_PASSWORDS) {
		pthread_mutex_lock(&turn);
		good = EVP_PBE_scrypt(password, strlen(password), k->salt,
		    k->salt_size, (uint64_t)1 << k->cost.log, k->cost.r,
		    k->cost.p, MEMORY, out, k->hash_size) == 1;
		pthread_mutex_unlock(&turn);
		if (!good)
			log_line(LOG_WARN, "no memory to check a password");
	}
	atomic_fetch_sub(&in_line, 1);

	return good;
}

static const char *
begin(struct arena *arena, const struct cost *c)
{
	return arena_printf(arena, "$scrypt$ln=%u,r=%u,p=%u$", c->log, c->r,
	    c->p);
}

/* Written again it must be the same: scanf() takes what we would not write. */
static bool
read_kept(struct arena *arena, const char *text, struct kept *k)
{
	const char	*salt, *hash;
	size_t		 size;

	if (sscanf(text, "$scrypt$ln=%2u,r=%2u,p=%2u$", &k->cost.log,
	    &k->cost.r, &k->cost.p) != 3)
		return false;
	size = strlen(begin(arena, &k->cost));
	if (strncmp(text, begin(arena, &k->cost), size) != 0)
		return false;
	salt = text + size;
	hash = strchr(salt, '$');
	if (hash == NULL || k->cost.log > 30)
		return false;
	k->salt = encode_unbase64_bare(arena, ENCODE_PLAIN, salt,
	    (size_t)(hash - salt), &k->salt_size);
	k->hash = encode_unbase64_bare(arena, ENCODE_PLAIN, hash + 1,
	    strlen(hash + 1), &k->hash_size);

	return k->salt != NULL && k->hash != NULL &&
	    k->hash_size >= HASH_SIZE && k->hash_size <= HASH_MOST;
}

const char *
password_make(struct arena *arena, const char *password)
{
	unsigned char	 salt[SALT_SIZE], hash[HASH_SIZE];
	struct kept	 k = { now, salt, NULL, SALT_SIZE, HASH_SIZE };

	random_bytes(salt, sizeof(salt));
	if (!derive(hash, password, &k))
		return NULL;

	return arena_printf(arena, "%s%s$%s", begin(arena, &now),
	    encode_base64_bare(arena, ENCODE_PLAIN, salt, sizeof(salt)),
	    encode_base64_bare(arena, ENCODE_PLAIN, hash, sizeof(hash)));
}

enum password_says
password_check(struct arena *arena, const char *password, const char *kept)
{
	static const unsigned char	 nobody[HASH_SIZE];
	unsigned char			 hash[HASH_MOST];
	struct kept			 k = { now, nobody, nobody,
					    SALT_SIZE, HASH_SIZE };
	bool				 known, right;

	known = kept != NULL && read_kept(arena, kept, &k);
	if (kept != NULL && !known) {
		log_line(LOG_ERROR, "what is kept of a password cannot be"
		    " read");
		return PASSWORD_WRONG;
	}
	if (!derive(hash, password, &k))
		return PASSWORD_BUSY;
	right = hmac_equal(hash, k.hash, k.hash_size) && known;
	OPENSSL_cleanse(hash, sizeof(hash));

	return right ? PASSWORD_RIGHT : PASSWORD_WRONG;
}

bool
password_is_old(const char *kept)
{
	struct cost	 c;

	return sscanf(kept, "$scrypt$ln=%2u,r=%2u,p=%2u$", &c.log, &c.r,
	    &c.p) != 3 || c.log != now.log || c.r != now.r || c.p != now.p;
}
