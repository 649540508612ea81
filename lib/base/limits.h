#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/*
 * Every limit of the system stands here, with its unit and the reason for its
 * size where there is one.  doc/security.md lists those that protect us.
 */

/* The request. */
#define LIMIT_BODY		(1024 * 1024)	/* bytes of a request's body */
/* Of a body that is too large this much is read and thrown away: a server
 * that is still sending may show a broken connection and not the answer. */
#define LIMIT_DRAIN		(16 * (size_t)LIMIT_BODY)
#define LIMIT_TARGET		8192		/* bytes of a request target */
#define LIMIT_HEADER		8192		/* bytes of one header value */
#define LIMIT_QUERY_FIELDS	64		/* pairs in a query string */
#define LIMIT_PATH_PARTS	8		/* {names} in a route */

/* JSON. */
#define LIMIT_JSON_DEPTH	16		/* nested arrays and objects */
#define LIMIT_FAULTS		64		/* faults told of one body */
#define LIMIT_ELEMENT		255		/* characters of listed text */
#define LIMIT_IGNORED		32		/* unknown fields named back */
/* All headers of an answer: nginx has 4 KiB for them, and else says 502. */
#define LIMIT_IGNORED_TEXT	2048		/* bytes of X-Ignored-Fields */
#define LIMIT_ORIGIN		512		/* bytes of one we repeat */

/* Signatures: seconds a timestamp may lie from our clock, either way. */
#define LIMIT_CLOCK_SKEW_S	300
#define LIMIT_REPLAY_S		86400		/* Idempotency-Key is kept */

/* Actions. */
#define LIMIT_KEY		255		/* an idempotency key, bytes */
#define LIMIT_BULK		100		/* submissions at once */
#define LIMIT_STAKEHOLDERS	20
#define LIMIT_USER_ID		128		/* a partner's own user id */
#define LIMIT_EMAIL		254		/* RFC 5321, 4.5.3.1.3 */
#define LIMIT_NAME		128
#define LIMIT_REASON		500
#define LIMIT_METADATA_KEYS	50
#define LIMIT_METADATA		(16 * 1024)	/* bytes of its JSON */

/* Money and tokens: far from where 64 bits end, so that sums stay inside. */
#define LIMIT_AMOUNT		1000000000000000	/* minor units: 10^15 */
#define LIMIT_TOKENS		1000000000000000	/* one move: 10^15 */
#define LIMIT_BOOKS		4000000000000000000	/* one balance */

/* Token pools. */
#define LIMIT_POOL_DAYS		3650		/* of vesting and of expiry */
#define LIMIT_POOL_TYPES	32		/* action types it pays for */
#define EXPIRING_SOON_DAYS	30		/* what a balance warns of */

/* Sandboxes: how far ahead a clock may go, and resets in a day. */
#define LIMIT_AHEAD_S		(10LL * 366 * 86400)
#define LIMIT_RESETS		100

/* Lists. */
#define LIMIT_PAGE		100		/* rows of one page */
#define LIMIT_PAGES		100000		/* highest ?page= */
/* Rows of a list that are counted, and that a page may skip: 10 to 40 ms. */
#define LIMIT_COUNT		100000

/* Keys. */
#define LIMIT_ORIGINS		32		/* allowed origins of a key */
#define LIMIT_ADDRESSES		32		/* allowed networks of a key */

/* The books. */
#define LIMIT_POSTINGS		128		/* accounts in a transaction */
#define LIMIT_TENANTS		(1 << 24)	/* 24 bits of a public id */

/* The database. */
#define LIMIT_BATCH		64		/* writes in one commit */
#define LIMIT_THREADS		256		/* of one process */
#define LIMIT_STACK		(512 * 1024)	/* bytes, of a thread */
#define LIMIT_LOCK_WAIT_MS	10000		/* then 503 UNAVAILABLE */
/* SQLite's own wait, for those that do not know of the writers' lock. */
#define LIMIT_BACKSTOP_MS	5000
#define LIMIT_WAL_FRAMES	1000		/* then a checkpoint */
#define LIMIT_REWRITE		(256LL << 20)	/* bytes: a second or two */
#define LIMIT_READERS_MS	1000		/* before it is emptied */
/* Shorter texts are found by chance, and more would take too long to find. */
#define LIMIT_SHRED_MIN		4
#define LIMIT_SHREDS		32
#define LIMIT_STATEMENTS	512		/* prepared in one process */

#endif
