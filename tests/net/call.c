/*
 * lib/net for tests that have servers of their own: reads lines, makes the
 * requests, and says what became of each.
 *
 *	call [-l] [-c ca_file] [-p ports] [-n connections]
 *
 *	url URL			net_url()
 *	resolved URL		net_url_resolved()
 *	call NAME TIMEOUT_MS KEEP METHOD URL BODY [HEADER: VALUE]…
 *				begin a request; fields are parted by tabs
 *	wait			until all have ended
 *	many COUNT AT_ONCE URL	POST as often, and say how fast it was
 *
 * An answer is a line of the fields of struct net_answer, parted by tabs: what
 * would break the line is written as "?".
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/net/net.h"

#define FIELDS	20
#define BODY	"{\"id\":\"evt_000000000000000000000001\"}"

/* A request must last as long as it runs, and so must its line. */
struct request {
	struct request		*next;
	char			*line;
	struct net_header	 headers[FIELDS];
	struct net_wish		 wish;
};

static struct net		*net;
static struct net_rules		 rules = { .connections = 64 };
static struct request		*requests;

static void
print_answer(const struct net_answer *answer)
{
	const struct request *request = answer->with;

	printf("%s\t%s\t%d\t%" PRId64 "\t%" PRId64 "\t%zu\t%s\t",
	    request->line, net_word(answer->outcome), answer->status,
	    answer->duration_ms, answer->retry_after_s, answer->size,
	    answer->why);
	for (size_t i = 0; i < answer->size; i++)
		putchar(strchr("\t\n", answer->body[i]) != NULL ? '?' :
		    answer->body[i]);
	putchar('\n');
	fflush(stdout);
}

static void
wait_all(void)
{
	struct net_answer	 answer;

	while (net_running(net) > 0)
		if (net_next(net, 10000, &answer))
			print_answer(&answer);
}

/* "Name: value" is cut in two where it lies. */
static struct net_header
read_header(char *text)
{
	struct net_header	 header = { text, "" };
	char			*colon = strstr(text, ": ");

	if (colon != NULL) {
		*colon = '\0';
		header.value = colon + 2;
	}

	return header;
}

static void
start(char *fields[FIELDS], size_t count, char *line)
{
	struct request	*request = calloc(1, sizeof(*request));
	struct net_wish	*wish = &request->wish;

	if (count < 6) {
		fprintf(stderr, "call: too few fields\n");
		exit(2);
	}
	request->line = line;
	request->next = requests;
	requests = request;
	wish->timeout_ms = atoll(fields[1]);
	wish->keep = (size_t)atoll(fields[2]);
	wish->method = fields[3];
	wish->url = fields[4];
	wish->body = fields[5];
	wish->size = strlen(fields[5]);
	wish->headers = request->headers;
	wish->with = request;
	for (size_t i = 6; i < count; i++)
		request->headers[wish->header_count++] =
		    read_header(fields[i]);
	net_start(net, wish);
}

static void
check(bool resolve, const char *url)
{
	char	 why[128] = "";
	bool	 good;

	good = resolve ? net_url_resolved(&rules, url, why, sizeof(why)) :
	    net_url(&rules, url, why, sizeof(why));
	printf("%s\t%s\n", good ? "good" : "bad", why);
	fflush(stdout);
}

static void
many(long count, size_t at_once, const char *url)
{
	static const struct net_header	 headers[] = {
		{ "Content-Type", "application/json" },
		{ "X-SIR-Signature", "sha256=0123456789abcdef0123456789abcdef"
		    "0123456789abcdef0123456789abcdef" },
		{ "X-SIR-Timestamp", "1746876000" },
		{ "webhook-id", "evt_000000000000000000000001" },
	};
	const struct net_wish	 wish = {
		.method = "POST", .url = url, .headers = headers,
		.header_count = sizeof(headers) / sizeof(headers[0]),
		.body = BODY, .size = sizeof(BODY) - 1,
		.timeout_ms = 10000, .keep = 1024,
	};
	struct net_answer	 answer;
	int64_t			 from = clock_ticks_us(), us;
	long			 begun = 0, good = 0, ended = 0;

	while (ended < count) {
		for (; begun < count && net_running(net) < at_once; begun++)
			net_start(net, &wish);
		if (!net_next(net, 10000, &answer))
			continue;
		ended++;
		if (answer.outcome == NET_ANSWERED && answer.status == 200)
			good++;
		else if (ended - good == 1)
			fprintf(stderr, "%s %d %s\n", net_word(answer.outcome),
			    answer.status, answer.why);
	}
	us = clock_ticks_us() - from;
	printf("%ld\t%" PRId64 "\n", good,
	    (int64_t)good * 1000000 / (us > 0 ? us : 1));
	fflush(stdout);
}

static void
obey(char *text)
{
	char	*fields[FIELDS], *at = strchr(text, ' ');
	size_t	 count = 0;
	char	*url;
	long	 number;

	if (strncmp(text, "call ", 5) == 0) {
		for (; at != NULL && count < FIELDS; at = strchr(at, '\t')) {
			*at++ = '\0';
			fields[count++] = at;
		}
		start(fields, count, text + 5);
	} else if (strcmp(text, "wait") == 0) {
		wait_all();
	} else if (strncmp(text, "many ", 5) == 0) {
		number = strtol(at, &at, 10);
		count = strtoul(at, &url, 10);
		many(number, count, url + 1);
	} else if (at != NULL) {
		check(text[0] == 'r', at + 1);
	}
}

int
main(int argc, char *argv[])
{
	struct request	*next;
	char		*line = NULL;
	size_t		 room = 0;
	ssize_t		 size;
	int		 option;
	bool		 keep;

	while ((option = getopt(argc, argv, "lc:p:n:")) != -1)
		switch (option) {
		case 'l': rules.loopback_http = true; break;
		case 'c': rules.ca_file = optarg; break;
		case 'p': rules.ports = optarg; break;
		case 'n': rules.connections = (size_t)atol(optarg); break;
		default: return 2;
		}
	if (!clock_set(getenv("ALMONER_NOW")) ||
	    (net = net_open(&rules)) == NULL)
		return 1;
	while ((size = getline(&line, &room, stdin)) > 0) {
		line[size - 1] = '\0';
		keep = strncmp(line, "call ", 5) == 0;
		obey(line);
		if (keep)
			line = NULL;	/* it is the request's now */
	}
	net_close(net);
	free(line);
	for (; requests != NULL; requests = next) {
		next = requests->next;
		free(requests->line - 5);
		free(requests);
	}

	return 0;
}
