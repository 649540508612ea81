#ifndef COMMAND_HOOK_VERDICT_H
#define COMMAND_HOOK_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bin/command/hook_parcel.h"
#include "lib/base/clock.h"
#include "lib/hooks/dialect.h"

/* One thing that is wrong with a delivery, and what to do about it. */
struct hook_finding {
	const char	*code, *detail;
};

/* A delivery that is looked at, and what was found out. */
struct hook_verdict {
	const struct hook_parcel	*parcel;
	struct arena			*arena;
	const char			*secret;	/* as it was given */
	enum dialect_name		 dialect;	/* 0: by its headers */
	struct moment			 at;		/* when it arrived */
	bool				 at_known;	/* or is that now? */

	bool				 right;		/* signature is */
	const char			*format;	/* "sir", or NULL */
	struct hook_finding		 findings[16];
	size_t				 count;		/* 0: take it */
};

/* Fill what is below the empty line. */
void	hook_verdict(struct hook_verdict *);

/* For its parts: add a finding. */
void	hook_verdict_add(struct hook_verdict *, const char *code,
	    const char *detail, ...) __attribute__((format(printf, 3, 4)));

/* Was it us who wrote that body, byte for byte, by the looks of it? */
bool	hook_verdict_untouched(const struct hook_verdict *);

/*
 * How an HMAC comes about.  `parts` says what is signed: i the id, t the
 * time, b the body, any other character itself.
 */
struct hook_proof {
	enum dialect_name	 dialect;
	const char		*header;	/* "X-SIR-Signature" */
	const char		*time, *id;	/* headers, or NULL */
	const char		*before;	/* the signature: "sha256=" */
	bool			 base64;	/* it is; or hex */
	const char		*parts;		/* "t.b" */
};

/*
 * Make the signature `said` of the parcel, in all ways that we know to go
 * wrong, those with the fewest mistakes first.  True, and a finding for each
 * mistake (none: it is right), if one of them gives it.
 */
bool	hook_guess(struct hook_verdict *, const struct hook_proof *,
	    const unsigned char said[SHA256_SIZE]);

#endif
