#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/bench/order.h"

#define WIRE_CONNECTIONS	1024
#define WIRE_STATUSES		600

/* How hard, how long, and where to. */
struct wire {
	struct sockaddr_in	 address;
	unsigned		 connections;	/* to WIRE_CONNECTIONS */
	int64_t			 warm_ns;	/* sent, but not counted */
	int64_t			 run_ns;	/* counted */
	uint64_t		 requests;	/* end after so many; or 0 */
	FILE			*keys;		/* of what was answered 2xx */
};

/*
 * What came of it.  Answers, statuses and latencies are those of requests
 * that were sent after the warm-up; the others appear only in `all_good`.  A
 * rate is made of `timely`, whenever they were sent: where an answer takes
 * long, those sent too early and those that come too late would be missed.
 */
struct tally {
	uint64_t	 statuses[WIRE_STATUSES];
	uint64_t	 good;		/* answers 2xx */
	uint64_t	 all_good;	/* the same, warm-up included */
	uint64_t	 broken;	/* connections lost while busy */
	uint64_t	 refused;	/* connections that could not be made */
	uint64_t	 unanswered;	/* requests still out at the end */
	uint32_t	*latency_us;	/* of the good ones */
	size_t		 latencies, room;
	int64_t		 counted_ns;	/* how long counting really took */
	uint64_t	 timely;	/* good ones that came while counting */
	int64_t		 timely_ns;	/* when the last of them came */
};

/*
 * Send orders 0, 1, 2, … until time or requests are used up, then wait for
 * the answers that are due.  A lost connection is opened again, so that a
 * server may be killed and come back under load.
 */
void	wire_run(const struct wire *, const struct order *, struct tally *);

#endif
