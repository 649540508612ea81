#ifndef HOOKS_DIALECT_ROW_H
#define HOOKS_DIALECT_ROW_H

#include "lib/hooks/dialect.h"

struct shape;

/* For the files of the dialects: what the rows in dialect.c point at. */
#define DIALECT_BODY(name) \
	const char *name(struct arena *, const struct told *)
#define DIALECT_SIGN(name) \
	size_t name(struct arena *, const struct dialect_seal *, \
	    struct dialect_header[DIALECT_HEADERS])
#define DIALECT_SECRET(name) \
	const char *name(struct arena *)

DIALECT_BODY(dialect_sir_body);
DIALECT_SIGN(dialect_sir_sign);
DIALECT_SECRET(dialect_sir_secret);

DIALECT_BODY(dialect_standard_body);
DIALECT_SIGN(dialect_standard_sign);
DIALECT_SECRET(dialect_standard_secret);

/* Its headers, three at most, which another dialect may carry as well. */
size_t	dialect_standard_headers(struct arena *, const struct dialect_seal *,
	    struct dialect_header *);

DIALECT_BODY(dialect_chuffed_body);
DIALECT_SIGN(dialect_chuffed_sign);
DIALECT_SECRET(dialect_chuffed_secret);

DIALECT_BODY(dialect_qiibee_body);
DIALECT_SIGN(dialect_qiibee_sign);
DIALECT_SECRET(dialect_qiibee_secret);

/* What they share: an object as a body; NULL over LIMIT_PAYLOAD bytes … */
const char	*dialect_row_json(struct arena *, const struct shape *,
		    const void *);

/* … a moment in whole seconds, "2026-05-10T09:12:00Z" … */
const char	*dialect_row_time(struct arena *, struct moment);

/* … and in unix seconds, "1746868320". */
const char	*dialect_row_stamp(struct arena *, struct moment);

/* HMAC-SHA256 of `before`, which may be "", and the body, in hex. */
const char	*dialect_row_hex(struct arena *, const char *secret,
		    const char *before, const struct dialect_seal *);

#endif
