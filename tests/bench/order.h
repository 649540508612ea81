#ifndef BENCH_ORDER_H
#define BENCH_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Bytes that the largest request needs: a bulk of 100 with its head. */
#define ORDER_SIZE	(64 * 1024)
#define ORDER_BATCH	100

enum order_kind {
	ORDER_GET,		/* no body: for a server that says hello */
	ORDER_SUBMIT,		/* one action a request */
	ORDER_BULK		/* `batch` actions a request */
};

/* What the generator asks for; the strings must outlive the run. */
struct order {
	enum order_kind	 kind;
	const char	*host;		/* of the Host header */
	const char	*target;	/* path with query, as sent */
	const char	*key;		/* sk_… or pk_… */
	const char	*secret;	/* its hmacSecret, as issued */
	const char	*prefix;	/* begins every idempotency key */
	unsigned	 users;		/* how many people the rewards go to */
	unsigned	 batch;		/* 1 to ORDER_BATCH */
	bool		 varied;	/* types, amounts, people: of several */
	int64_t		 signed_at;	/* unix seconds; 0 for the clock's */
};

/* Must be called once before order_write(); ends the program if it can't. */
void	order_init(const struct order *);

/*
 * Write request `number` into `out`, which has ORDER_SIZE bytes, signed for
 * this moment.  Its length comes back.  The same number gives the same body.
 */
size_t	order_write(const struct order *, uint64_t number, char *out);

/* Write the idempotency keys of request `number`, one a line. */
void	order_keys(const struct order *, uint64_t number, FILE *);

#endif
