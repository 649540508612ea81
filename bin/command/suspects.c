/*
 * suspects: the secrets that a request might have been signed with.  The
 * first is that of the key that it shows; the others are those that people
 * take instead.
 */
#include <stdlib.h>
#include <string.h>

#include "bin/command/cli.h"
#include "bin/command/credentials.h"
#include "bin/command/suspects.h"
#include "lib/base/arena.h"
#include "lib/giving/partners/key.h"

static void
add_secret(struct judge *j, const char *code, const char *says,
    const char *secret)
{
	struct guess_way	*way = arena_alloc(j->request.arena,
				    sizeof(*way));

	if (secret == NULL)
		return;
	way->code = code;
	way->says = says;
	guess_add(&j->secrets, way, (struct piece){ secret,
	    strlen(secret) });
}

#define MISTAKEN 3

/* Secrets that are none. */
static void
add_mistaken(struct judge *j, const char *secret_key,
    const char *publishable)
{
	add_secret(j, "KEY_AS_SECRET", "The request was signed with the"
	    " secret key.  That goes into X-Partner-Key; sign with"
	    " hmacSecret.", secret_key);
	add_secret(j, "KEY_AS_SECRET", "The request was signed with the"
	    " publishable key.  Sign with hmacSecret.", publishable);
	add_secret(j, "NO_SECRET", "The request was signed with an empty"
	    " secret: the variable that should hold it is not set.", "");
}

static bool
is_live(const char *key)
{
	return strncmp(key + 2, "_live_", 6) == 0;
}

/* Where the site is, if the request does not say. */
static void
read_base(struct judge *j, const char *url)
{
	const char	*host = url != NULL ? strstr(url, "://") : NULL;
	size_t		 size;

	if (host == NULL || j->request.host != NULL)
		return;
	host += 3;
	size = strcspn(host, "/");
	j->request.host = arena_copy(j->request.arena, host, size);
	if (j->request.prefix[0] == '\0')
		j->request.prefix = host + size;
}

static bool
has_key(const struct credentials *cr, const char *key)
{
	return key == NULL || strcmp(key, cr->secret_key) == 0 ||
	    (cr->publishable_key != NULL &&
	    strcmp(key, cr->publishable_key) == 0);
}

bool
suspects_from_files(struct cli *c, struct judge *j, const char *key)
{
	const char		*files[] = { cli_value(c, "credentials"),
				    cli_value(c, "other") };
	struct credentials	 sets[2];
	int			 right = 0;
	bool			 both = files[1] != NULL;

	for (int i = 0; i <= both; i++)
		credentials_read(c, files[i], &sets[i]);
	if (!has_key(&sets[0], key))
		right = both && has_key(&sets[1], key) ? 1 : -1;
	if (right < 0) {
		judge_add(j, "UNKNOWN_KEY", "X-Partner-Key is not in %s."
		    "  Take key and secret from one set.", files[0]);
		return false;
	}
	read_base(j, sets[right].base_url);
	add_secret(j, NULL, NULL, sets[right].hmac_secret);
	if (both)
		add_secret(j, is_live(sets[0].secret_key) !=
		    is_live(sets[1].secret_key) ? "OTHER_ENVIRONMENT" :
		    "OTHER_SET", arena_printf(c->arena, "The request was"
		    " signed with the secret in %s, but has the key of %s."
		    "  Take key and secret from one set.", files[!right],
		    files[right]), sets[!right].hmac_secret);
	add_mistaken(j, sets[right].secret_key, sets[right].publishable_key);

	return true;
}

/* What the server says of a key before it looks at the signature. */
static void
judge_key(struct judge *j, const struct key *k)
{
	struct arena	*arena = j->request.arena;

	if (k->revoked_at.ms != 0)
		judge_add(j, "KEY_REVOKED", "The set %s (%s) was revoked at"
		    " %s.  Use another.", k->id, k->name,
		    clock_format(arena, k->revoked_at));
	if (k->expires_at.ms != 0 && k->expires_at.ms <= j->at.ms)
		judge_add(j, "KEY_EXPIRED", "The set %s (%s) expired at %s."
		    "  Use another.", k->id, k->name,
		    clock_format(arena, k->expires_at));
	if (k->partner == PARTNER_SUSPENDED)
		judge_add(j, "PARTNER_SUSPENDED", "The partner is"
		    " suspended.");
	if (k->partner == PARTNER_PENDING && k->live)
		judge_add(j, "PARTNER_NOT_APPROVED", "The partner is not"
		    " approved yet: only its test keys work.");
}

bool
suspects_from_books(struct cli *c, struct judge *j, const char *key)
{
	struct list		 list = { NULL, 0 };
	const struct key	*k, *right;
	enum err		 e = key_family(&c->work, key, &list);

	if (e == ERR_INVALID_KEY) {
		judge_add(j, "UNKNOWN_KEY", "This site has no such key.  Is"
		    " it whole, and was it issued here?");
		return false;
	}
	if (e != OK)
		exit(cli_refuse(c, e));
	right = list.items;
	judge_key(j, right);
	add_secret(j, NULL, NULL, right->hmac_secret);
	for (k = right + 1; k < right + list.count &&
	    j->secrets.count < GUESS_OPTIONS - MISTAKEN; k++)
		add_secret(j, k->live != right->live ? "OTHER_ENVIRONMENT" :
		    "OTHER_SET", arena_printf(c->arena, "The request was"
		    " signed with the secret of the %s set %s (%s), but has"
		    " the key of the %s set %s (%s).  Take key and secret"
		    " from one set.", k->live ? "live" : "test", k->id,
		    k->name, right->live ? "live" : "test", right->id,
		    right->name), k->hmac_secret);
	add_mistaken(j, strncmp(key, "sk_", 3) == 0 ? key : NULL,
	    right->publishable);

	return true;
}
