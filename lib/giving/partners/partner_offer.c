/*
 * partner_offer: what a partner's pages may offer to those who give.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/limits.h"
#include "lib/base/money.h"
#include "lib/db/db.h"
#include "lib/giving/partners/partner_offer.h"

#define WORD_MAX 253			/* a host's name: RFC 1035 */

static bool
is_currency(const char *word)
{
	return money_currency(word) != NULL;
}

/* "2500": digits alone, and no more than may be given. */
static bool
is_amount(const char *word)
{
	size_t	 size = strlen(word);

	return size <= 8 && strspn(word, "0123456789") == size &&
	    word[0] != '0' && strtoll(word, NULL, 10) <= LIMIT_GIFT_MAX;
}

/*
 * "shop.example", or ".shop.example" for all that is below it: labels of
 * letters, digits and dashes, RFC 1123.  No port: it is not looked at.
 */
static bool
is_host(const char *word)
{
	const char	*s = word + (*word == '.');
	size_t		 n;

	for (;; s += n + 1) {
		n = strspn(s, "abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
		if (n == 0 || n > 63 || s[0] == '-' || s[n - 1] == '-')
			return false;
		if (s[n] == '\0')
			return true;
		if (s[n] != '.')
			return false;
	}
}

/* Words with one space between them, each of them good. */
static bool
are_words(const char *text, bool (*good)(const char *))
{
	char	 word[WORD_MAX + 1];
	size_t	 n;

	if (strlen(text) > LIMIT_OFFER)
		return false;
	for (;; text += n + 1) {
		n = strcspn(text, " ");
		if (n == 0 || n > WORD_MAX)
			return false;
		memcpy(word, text, n);
		word[n] = '\0';
		if (!good(word))
			return false;
		if (text[n] == '\0')
			return true;
	}
}

static void
check(struct work *w, const struct partner_offer *in)
{
	if (in->currencies != NULL && !are_words(in->currencies, is_currency))
		faults_add(w->faults, "/currencies", "ISO 4217 codes with a"
		    " space between them, as \"USD EUR\".");
	if (in->amounts != NULL && !are_words(in->amounts, is_amount))
		faults_add(w->faults, "/amounts", "Minor units with a space"
		    " between them, as \"1000 2500\" for 10.00 and 25.00.");
	if (in->return_hosts != NULL && in->return_hosts[0] != '\0' &&
	    !are_words(in->return_hosts, is_host))
		faults_add(w->faults, "/returnHosts", "Names of hosts with a"
		    " space between them, as \"shop.example .pages.example\";"
		    " neither https:// nor a port.");
	if (in->tip_percent > 100)
		faults_add(w->faults, "/tip", "At most 100 percent.");
}

enum err
partner_offer_set(struct work *w, const char *slug,
    const struct partner_offer *in)
{
	struct query	*q;

	check(w, in);
	if (w->faults->count > 0)
		return ERR_INVALID_REQUEST;
	q = db_query(w->db, SQL(
	    "UPDATE partners SET currencies = coalesce(?1, currencies),"
	    " suggested_amounts = coalesce(?2, suggested_amounts),"
	    " return_hosts = coalesce(?3, return_hosts),"
	    " tip_enabled = CASE ?4 WHEN -1 THEN tip_enabled"
	    " WHEN -2 THEN 0 ELSE 1 END,"
	    " tip_percent = CASE WHEN ?4 < 0 THEN tip_percent"
	    " ELSE ?4 END"
	    " WHERE slug = ?5"));
	db_text(q, in->currencies);
	db_text(q, in->amounts);
	db_text(q, in->return_hosts);
	db_int(q, in->tip_percent);
	db_text(q, slug);

	return db_run(q) == 1 ? OK : ERR_NOT_FOUND;
}
