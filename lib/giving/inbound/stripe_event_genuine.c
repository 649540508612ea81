/*
 * stripe_event_genuine: is it Stripe who tells?
 *
 * https://docs.stripe.com/webhooks/signature: the header holds a time and one
 * or more signatures, of which those called v1 are the hex of HMAC-SHA256
 * over the time as it is written, a dot, and the bytes of the body.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/base/limits.h"
#include "lib/crypto/hmac.h"
#include "lib/giving/inbound/stripe_event.h"

/* The value of the next part called `name`, from *at on; NULL: no more. */
static const char *
next_part(struct work *w, const char **at, const char *name)
{
	size_t		 size = strlen(name), n;
	const char	*part;

	while (**at != '\0') {
		part = *at;
		n = strcspn(part, ",");
		*at += n;
		*at += **at == ',';
		if (n > size && strncmp(part, name, size) == 0 &&
		    part[size] == '=')
			return arena_copy(w->arena, part + size + 1,
			    n - size - 1);
	}

	return NULL;
}

static bool
is_recent(struct work *w, const char *time)
{
	size_t	 size = strlen(time);

	if (size == 0 || size > 12 || strspn(time, "0123456789") != size)
		return false;

	return w->now.ms / 1000 - strtoll(time, NULL, 10) <=
	    LIMIT_CLOCK_SKEW_S;
}

bool
stripe_event_genuine(struct work *w, const struct stripe_signed *in)
{
	const char	*at = in->header, *time = next_part(w, &at, "t");
	unsigned char	 mac[SHA256_SIZE], said[SHA256_SIZE];
	const char	*signature;
	bool		 right = false;

	if (time == NULL || in->secret[0] == '\0' || !is_recent(w, time))
		return false;
	hmac_sign(mac, (struct piece){ in->secret, strlen(in->secret) },
	    (struct piece[]){ { time, strlen(time) }, { ".", 1 },
	    { in->body, in->size } }, 3);
	at = in->header;
	while ((signature = next_part(w, &at, "v1")) != NULL)
		if (encode_unhex(said, sizeof(said), signature) &&
		    hmac_equal(said, mac, sizeof(mac)))
			right = true;

	return right;
}
