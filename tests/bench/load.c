/*
 * load: ask a server for signed requests as fast as it answers them.
 *
 * A measuring tool for make bench and for the tests that need load.  It prints
 * one line of JSON: how many answers a second, how long they took, and which
 * statuses came.  A general tool such as wrk can't sign each request anew.
 */

#include <arpa/inet.h>
#include <err.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/order.h"
#include "tests/bench/wire.h"

#define HOST_SIZE	64
#define PREFIX_SIZE	8
#define SECOND_NS	INT64_C(1000000000)

static _Noreturn void
usage(void)
{
	fputs("usage: load [options] http://127.0.0.1:8080/path?query\n"
	    "  -m mode     submit, bulk or get (default submit)\n"
	    "  -k key      value of X-Partner-Key\n"
	    "  -s secret   the key's hmacSecret\n"
	    "  -c number   connections, one request out on each (default 16)\n"
	    "  -d seconds  how long to count (default 5, or for ever with -n)\n"
	    "  -w seconds  warm up for so long before (default 0)\n"
	    "  -n number   stop after so many requests\n"
	    "  -u number   reward so many different users (default 1000)\n"
	    "  -b number   actions in one bulk request (default 100)\n"
	    "  -v          of several types, amounts and people\n"
	    "  -t seconds  sign for this unix time, where the site's clock is\n"
	    "  -p prefix   of the idempotency keys (default: from the clock)\n"
	    "  -o file     append the idempotency keys answered with 2xx\n",
	    stderr);
	exit(2);
}

static double
number(const char *text, double least, double most)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end != '\0' || !(value >= least && value <= most))
		errx(2, "%s: not a number from %g to %g", text, least, most);
	return value;
}

static enum order_kind
mode(const char *word)
{
	static const struct {
		const char	*word;
		enum order_kind	 kind;
	} modes[] = {
		{ "submit", ORDER_SUBMIT },
		{ "bulk", ORDER_BULK },
		{ "get", ORDER_GET },
	};

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(word, modes[i].word) == 0)
			return modes[i].kind;
	errx(2, "%s: the modes are submit, bulk and get", word);
}

static void
take_url(const char *url, struct wire *plan, struct order *order)
{
	static char host[HOST_SIZE];
	const char *begin = url + strlen("http://"), *path;
	char *colon;

	if (strncmp(url, "http://", strlen("http://")) != 0 ||
	    (path = strchr(begin, '/')) == NULL ||
	    path - begin >= HOST_SIZE)
		errx(2, "%s: want http://address:port/path", url);
	memcpy(host, begin, (size_t)(path - begin));
	order->target = path;
	plan->address.sin_family = AF_INET;
	plan->address.sin_port = htons(80);
	if ((colon = strchr(host, ':')) != NULL) {
		plan->address.sin_port =
		    htons((uint16_t)number(colon + 1, 1, 65535));
		*colon = '\0';
	}
	if (inet_pton(AF_INET, host, &plan->address.sin_addr) != 1)
		errx(2, "%s: not an IPv4 address", host);
	/* Load is for servers of one's own, on one's own machine. */
	if (ntohl(plan->address.sin_addr.s_addr) >> 24 != IN_LOOPBACKNET)
		errx(2, "%s: only loopback addresses are asked", host);
	if (colon != NULL)
		*colon = ':';
	order->host = host;
}

static void
take_options(int argc, char *argv[], struct wire *plan, struct order *order)
{
	int c;

	while ((c = getopt(argc, argv, "m:k:s:c:d:w:n:u:b:vt:p:o:")) != -1)
		switch (c) {
		case 'm': order->kind = mode(optarg); break;
		case 'k': order->key = optarg; break;
		case 's': order->secret = optarg; break;
		case 'c': plan->connections =
			    (unsigned)number(optarg, 1, WIRE_CONNECTIONS);
			break;
		case 'd': plan->run_ns =
			    (int64_t)(number(optarg, 0, 1e6) * 1e9);
			break;
		case 'w': plan->warm_ns =
			    (int64_t)(number(optarg, 0, 1e6) * 1e9);
			break;
		case 'n': plan->requests = (uint64_t)number(optarg, 1, 1e12);
			break;
		case 'u': order->users = (unsigned)number(optarg, 1, 1e9);
			break;
		case 'b': order->batch =
			    (unsigned)number(optarg, 1, ORDER_BATCH);
			break;
		case 'v': order->varied = true; break;
		case 't': order->signed_at = (int64_t)number(optarg, 1, 1e12);
			break;
		case 'p': order->prefix = optarg; break;
		case 'o':
			if ((plan->keys = fopen(optarg, "a")) == NULL)
				err(1, "%s", optarg);
			break;
		default: usage();
		}
	if (optind != argc - 1)
		usage();
	take_url(argv[optind], plan, order);
}

static int
compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Milliseconds within which `part` of the answers came; they are sorted. */
static double
within(const struct tally *t, double part)
{
	size_t at = (size_t)(part * (double)t->latencies);

	if (t->latencies == 0)
		return 0;
	if (at >= t->latencies)
		at = t->latencies - 1;
	return t->latency_us[at] / 1000.0;
}

static double
cpu_seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void
report(const struct tally *t)
{
	double seconds = (double)t->counted_ns / 1e9;
	const char *comma = "";

	if (t->latencies > 0)
		qsort(t->latency_us, t->latencies, sizeof(*t->latency_us),
		    compare);
	printf("{\"seconds\":%.3f,\"good\":%" PRIu64 ",\"allGood\":%" PRIu64
	    ",\"rate\":%.1f,\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f,",
	    seconds, t->good, t->all_good,
	    t->timely > 0 ? (double)t->timely * 1e9 / (double)t->timely_ns : 0,
	    within(t, 0.5), within(t, 0.99), within(t, 1));
	printf("\"broken\":%" PRIu64 ",\"refused\":%" PRIu64
	    ",\"unanswered\":%" PRIu64 ",\"cpuSeconds\":%.3f,\"statuses\":{",
	    t->broken, t->refused, t->unanswered, cpu_seconds());
	for (unsigned i = 0; i < WIRE_STATUSES; i++) {
		if (t->statuses[i] == 0)
			continue;
		printf("%s\"%u\":%" PRIu64, comma, i, t->statuses[i]);
		comma = ",";
	}
	printf("}}\n");
}

/*
 * A prefix that no other run has: with a number behind it, a key is about as
 * long as the "order_98765" of a shop.
 */
static void
name_run(char prefix[static PREFIX_SIZE])
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	struct timespec now;
	uint64_t drawn;

	clock_gettime(CLOCK_REALTIME, &now);
	drawn = ((uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec) ^
	    (uint64_t)getpid() << 32;
	drawn = (drawn ^ drawn >> 31) * 0x9e3779b97f4a7c15;
	drawn ^= drawn >> 32;
	for (int i = 0; i < 6; i++, drawn /= 36)
		prefix[i] = digits[drawn % 36];
	prefix[6] = '\0';
}

int
main(int argc, char *argv[])
{
	char prefix[PREFIX_SIZE];
	struct order order = {
		.kind = ORDER_SUBMIT, .key = "none", .secret = "none",
		.prefix = prefix, .users = 1000, .batch = ORDER_BATCH
	};
	struct wire plan = { .connections = 16, .run_ns = -1 };
	struct tally tally = { 0 };

	name_run(prefix);
	take_options(argc, argv, &plan, &order);
	if (strlen(order.prefix) > 200 || strlen(order.key) > 200 ||
	    strlen(order.target) > 400)
		errx(2, "the prefix, key or target is too long");
	if (plan.run_ns == -1)
		plan.run_ns = (plan.requests > 0 ? 1000000 : 5) * SECOND_NS;
	order_init(&order);
	wire_run(&plan, &order, &tally);
	if (plan.keys != NULL && fclose(plan.keys) == EOF)
		err(1, "the file of keys");
	report(&tally);
	free(tally.latency_us);
	return 0;
}
