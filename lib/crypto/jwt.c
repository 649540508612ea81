/*
 * JSON Web Tokens, as few kinds of them as can be: one.
 */
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/crypto/jwt.h"

static void
sign(unsigned char mac[SHA256_SIZE], const struct jwt *jwt,
    const char *text, size_t size)
{
	hmac_sign(mac, jwt->key, &(struct piece){ text, size }, 1);
}

static const char *
coded(struct arena *arena, const void *data, size_t size)
{
	return encode_base64_bare(arena, ENCODE_URL, data, size);
}

const char *
jwt_sign(struct arena *arena, const struct jwt *jwt, const char *payload)
{
	unsigned char	 mac[SHA256_SIZE];
	const char	*text;

	text = arena_printf(arena, "%s.%s",
	    coded(arena, jwt->header, strlen(jwt->header)),
	    coded(arena, payload, strlen(payload)));
	sign(mac, jwt, text, strlen(text));

	return arena_printf(arena, "%s.%s", text,
	    coded(arena, mac, sizeof(mac)));
}

const char *
jwt_verify(struct arena *arena, const struct jwt *jwt, const char *token)
{
	const char	*header = coded(arena, jwt->header,
			    strlen(jwt->header));
	const char	*last = strrchr(token, '.'), *payload;
	unsigned char	 mac[SHA256_SIZE], *said, *text;
	size_t		 size = strlen(header);

	if (strncmp(token, header, size) != 0 || token[size] != '.' ||
	    last == token + size)
		return NULL;
	payload = token + size + 1;
	said = encode_unbase64_bare(arena, ENCODE_URL, last + 1,
	    strlen(last + 1), &size);
	if (said == NULL || size != sizeof(mac))
		return NULL;
	sign(mac, jwt, token, (size_t)(last - token));
	if (!hmac_equal(mac, said, sizeof(mac)))
		return NULL;
	text = encode_unbase64_bare(arena, ENCODE_URL, payload,
	    (size_t)(last - payload), &size);
	if (text == NULL || memchr(text, '\0', size) != NULL)
		return NULL;

	return arena_copy(arena, (const char *)text, size);
}
