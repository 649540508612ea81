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
/* What asks somebody else first: then its process is taken for dead. */
#define LIMIT_CALL_S		60

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

/* Webhooks. */
#define LIMIT_WEBHOOKS		50		/* of one tenant */
#define LIMIT_HOOK_HEADERS	10		/* of a partner's own */
#define LIMIT_HOOK_NAME		64
#define LIMIT_HOOK_VALUE	1024
#define LIMIT_HOOK_EVENTS	64		/* types that are named */
#define LIMIT_PER_SECOND	1000		/* that a webhook may allow */
#define LIMIT_OVERLAP_S		(7 * 86400)	/* of two secrets */
#define LIMIT_AGAIN		10000		/* deliveries of one replay */
#define LIMIT_PAYLOAD		(256 * 1024)	/* bytes of a delivery's body */
#define LIMIT_IN_HAND		512		/* claimed deliveries */
#define LIMIT_DELIVER_BATCH	128		/* of them in one commit */
#define LIMIT_ANSWER_KEPT	1024		/* bytes of its answer */
/* For so long a delivery is a run's: longer than one lasts. */
#define LIMIT_LEASE_MS		120000
/* When nobody delivered for so long, what is overdue is spread out. */
#define LIMIT_ABSENT_MS		120000
/* Our own trouble, no DNS say: then again. */
#define LIMIT_TROUBLE_MS	30000
/* Nothing but failures for so long switch a webhook off: 5 days. */
#define LIMIT_FAILING_MS	432000000

/* Requests of ours to addresses of others. */
#define LIMIT_URL		2048		/* bytes of one */
#define LIMIT_ANSWER		(64 * 1024)	/* bytes of its body … */
#define LIMIT_ANSWER_HEAD	(64 * 1024)	/* … and of its headers */
#define LIMIT_NET_HEADERS	32		/* sent with one request */
#define LIMIT_LOOKUPS		256		/* names asked for at once */
#define LIMIT_LOOKUP_MS		5000		/* one, while a client waits */
#define LIMIT_NAME_KEPT_S	60		/* that were looked at */

/* Token pools. */
#define LIMIT_POOL_DAYS		3650		/* of vesting and of expiry */
#define LIMIT_POOL_TYPES	32		/* action types it pays for */
#define LIMIT_REFILLS		1000		/* of one pool in a month */
#define EXPIRING_SOON_DAYS	30		/* what a balance warns of */

/* Campaigns. */
#define LIMIT_CAMPAIGN_TYPES	32		/* action types it is for */
#define LIMIT_SPLITS		20		/* stakeholder types */
#define LIMIT_TIERS		20
#define LIMIT_MULTIPLIER	1000		/* times */
#define LIMIT_TIER_AMOUNT	100000000000000	/* major units: 10^14 */
#define LIMIT_PRIORITY		1000000
#define LIMIT_TREND_DAYS	366		/* that analytics show */

/* Nonprofits and appeals. */
#define LIMIT_SLUG		80
#define LIMIT_TITLE		255		/* of a nonprofit's name too */
#define LIMIT_DESCRIPTION	2000
#define LIMIT_SEARCH		100		/* characters of ?q= */
#define LIMIT_SEARCH_WORDS	8
#define LIMIT_SEARCH_COUNT	10000		/* found, and skipped */
#define LIMIT_PERKS		100		/* of one perk to one gift */
#define LIMIT_APPEAL_PARTS	100		/* perks, and fundraisers */
/* Rows of one commit of an import: others write between two of them. */
#define LIMIT_IMPORT_BATCH	20000

/* Sandboxes: how far ahead a clock may go, and resets in a day. */
#define LIMIT_AHEAD_S		(10LL * 366 * 86400)
#define LIMIT_RESETS		100

/* Donations. */
#define LIMIT_GIFT_MIN		50		/* minor units, of two digits */
#define LIMIT_GIFT_MAX		99999999	/* minor units, as Stripe */
#define LIMIT_LINK_S		86400		/* that a donor has to pay */
#define LIMIT_OFFER		2048		/* bytes of one list */
#define LIMIT_REWARD_AGAIN_S	3600		/* what a pool could not pay */
#define LIMIT_REWARDS_AGAIN	100		/* of one donation */
#define LIMIT_DUE		200		/* done in one transaction */
#define LIMIT_INBOUND_MIN	16		/* bytes of a secret */

/* Exchanges. */
#define LIMIT_MEMBER		254		/* who somebody is elsewhere */
#define LIMIT_SYMBOL		16		/* of a token, in short */
#define LIMIT_RATE		1000000000	/* either side of a rate */

/* Housekeeping: messages of providers are known again for so long. */
#define LIMIT_KNOWN_DAYS	90
#define LIMIT_TOOK_LONG_MS	1000		/* then the log tells of it */
/* A file is written anew by housekeep, if its requests could not clear it:
 * once they had their time, and again when that failed. */
#define LIMIT_TRACE_S		60
#define LIMIT_TRACE_AGAIN_S	3600

/* Dashboards. */
#define LIMIT_USAGE_DAYS	90		/* that usage is told of */
#define LIMIT_BACKLOG		1000		/* deliveries counted */
/* What is due waits for so long, or cron is late: degraded, and down.  A
 * cron of five minutes is still well. */
#define LIMIT_LAG_S		600
#define LIMIT_LAG_DOWN_S	3600
#define LIMIT_CRON_S		600
#define LIMIT_CRON_DOWN_S	7200

/* The page that makes a site: its token, and wrong ones in a minute. */
#define LIMIT_SETUP_TOKEN	255
#define LIMIT_SETUP_TOKEN_MIN	16
#define LIMIT_SETUP_TRIES	10

/* People who log in: their passwords, and what they are given for them. */
#define LIMIT_PASSWORD_MIN	10		/* characters */
#define LIMIT_PASSWORD		1024		/* bytes */
#define LIMIT_PASSWORDS		3		/* that wait to be checked */
#define LIMIT_ACCESS_S		900		/* an access token */
#define LIMIT_REFRESH_S		(30 * 86400)	/* a refresh token */
#define LIMIT_TOKEN		4096		/* bytes of either */
/* Wrong passwords in a quarter of an hour, for one e-mail address and from
 * one address: who guesses has some hundred tries a day. */
#define LIMIT_GUESSES_S		900
#define LIMIT_GUESSES_EMAIL	10
#define LIMIT_GUESSES_ADDRESS	30

/* The operator's doctor: room on the disk, the log, and how far two clocks
 * may lie apart before it says so. */
#define LIMIT_ROOM_MIB		256
#define LIMIT_ROOM_LEAST_MIB	16
#define LIMIT_LOG_MIB		64
#define LIMIT_CLOCKS_S		30

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
#define LIMIT_WAL_FRAMES	2000		/* then a checkpoint */
#define LIMIT_REWRITE		(256LL << 20)	/* bytes: a second or two */
/* The same by housekeep: writers wait, less than LIMIT_LOCK_WAIT_MS. */
#define LIMIT_REWRITE_CALM	(512LL << 20)
#define LIMIT_READERS_MS	1000		/* before it is emptied */
/* Shorter texts are found by chance, and more would take too long to find. */
#define LIMIT_SHRED_MIN		4
#define LIMIT_SHREDS		48
#define LIMIT_STATEMENTS	512		/* prepared in one process */

#endif
