/*
 * net: many requests at once, in one thread.
 *
 * A request is first where its name is looked up, then with libcurl, then
 * among those that have ended; each list is short, as many as run at once.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/net/net_bundle.h"
#include "lib/net/net_name.h"
#include "lib/net/net_slot.h"

struct net {
	struct net_rules	 rules;
	struct net_names	*names;
	CURLM			*multi;
	struct net_slot		*all;		/* by `other` */
	struct net_slot		*idle;		/* by `next`, as the rest */
	struct net_slot		*waiting;	/* for their names */
	struct net_slot		*ended, **end;
	struct net_slot		*told;		/* given out by net_next() */
	size_t			 running;	/* begun, and not told */
	size_t			 with_curl;
};

static void
begin(void)
{
	struct sigaction now;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		log_line(LOG_ERROR, "net: libcurl does not start");
		abort();
	}
	/* OpenSSL writes to connections that may be closed. */
	if (sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL) {
		now.sa_handler = SIG_IGN;
		(void)sigaction(SIGPIPE, &now, NULL);
	}
}

struct net *
net_open(const struct net_rules *rules)
{
	static pthread_once_t	 once = PTHREAD_ONCE_INIT;
	struct net		*net;

	(void)pthread_once(&once, begin);
	net = calloc(1, sizeof(*net));
	if (net == NULL)
		return NULL;
	net->rules = *rules;
	if (rules->ca_file == NULL)
		net->rules.ca_file = net_bundle();
	if (net->rules.ca_file == NULL)
		log_line(LOG_WARN, "net: this system has no certificate"
		    " authorities in any usual place, so nobody's"
		    " certificate will do: name the file in ca_file");
	net->end = &net->ended;
	net->names = net_names_open(&net->rules);
	net->multi = curl_multi_init();
	if (net->names == NULL || net->multi == NULL) {
		net_close(net);
		return NULL;
	}
	(void)curl_multi_setopt(net->multi, CURLMOPT_MAXCONNECTS,
	    (long)rules->connections);

	return net;
}

void
net_close(struct net *net)
{
	struct net_slot *slot, *other;

	for (slot = net->all; slot != NULL; slot = other) {
		other = slot->other;
		if (slot->easy != NULL)
			(void)curl_multi_remove_handle(net->multi,
			    slot->easy);
		net_slot_free(slot);
	}
	if (net->multi != NULL)
		(void)curl_multi_cleanup(net->multi);
	if (net->names != NULL)
		net_names_close(net->names);
	free(net);
}

static struct net_slot *
slot_get(struct net *net)
{
	struct net_slot *slot = net->idle;

	if (slot != NULL) {
		net->idle = slot->next;
		return slot;
	}
	slot = net_slot_new(&net->rules);
	if (slot == NULL) {
		log_line(LOG_ERROR, "net: out of memory");
		abort();
	}
	slot->other = net->all;
	net->all = slot;

	return slot;
}

static void
end(struct net *net, struct net_slot *slot)
{
	slot->answer.duration_ms = (clock_ticks_us() - slot->from_us) / 1000;
	slot->next = NULL;
	*net->end = slot;
	net->end = &slot->next;
}

static void
end_so(struct net *net, struct net_slot *slot, enum net_outcome outcome,
    const char *why)
{
	slot->answer.outcome = outcome;
	(void)snprintf(slot->answer.why, sizeof(slot->answer.why), "%s", why);
	end(net, slot);
}

/* Its addresses are known, or it needs none. */
static void
run(struct net *net, struct net_slot *slot)
{
	if (!net_slot_ready(slot, clock_ticks_us())) {
		end(net, slot);
		return;
	}
	if (curl_multi_add_handle(net->multi, slot->easy) != CURLM_OK) {
		end_so(net, slot, NET_FAILED, "our memory ran out");
		return;
	}
	net->with_curl++;
}

void
net_start(struct net *net, const struct net_wish *wish)
{
	struct net_slot	*slot = slot_get(net);
	int64_t		 now_us = clock_ticks_us();

	net->running++;
	slot->name = NULL;
	if (!net_slot_begin(slot, wish, now_us)) {
		end(net, slot);
		return;
	}
	if (slot->place.number) {
		run(net, slot);
		return;
	}
	slot->name = net_names_get(net->names, &slot->place, now_us);
	if (slot->name == NULL)
		end_so(net, slot, NET_FAILED, "our memory ran out");
	else if (slot->name->outcome == NET_ANSWERED)
		run(net, slot);
	else if (slot->name->outcome != 0)
		end_so(net, slot, slot->name->outcome, slot->name->why);
	else {
		slot->next = net->waiting;
		net->waiting = slot;
	}
}

size_t
net_running(const struct net *net)
{
	return net->running;
}

/*
 * Go on with those whose names have been found, and give up those that have
 * waited for too long; how long the others may still wait, at most `wait_ms`.
 */
static int
serve_waiting(struct net *net, int wait_ms)
{
	struct net_slot	*slot, *next;
	int64_t		 now_us = clock_ticks_us(), left_ms;

	slot = net->waiting;
	net->waiting = NULL;
	for (; slot != NULL; slot = next) {
		next = slot->next;
		left_ms = slot->wish.timeout_ms -
		    (now_us - slot->from_us) / 1000;
		if (slot->name->outcome == NET_ANSWERED) {
			run(net, slot);
		} else if (slot->name->outcome != 0) {
			end_so(net, slot, slot->name->outcome,
			    slot->name->why);
		} else if (left_ms <= 0) {
			end_so(net, slot, NET_NO_DNS, "its host name was "
			    "not looked up within the time limit");
		} else {
			slot->next = net->waiting;
			net->waiting = slot;
			if (left_ms < wait_ms)
				wait_ms = (int)left_ms;
		}
	}

	return wait_ms;
}

/* Let libcurl work, and take from it what has ended. */
static void
work(struct net *net)
{
	struct net_slot	*slot;
	CURLMsg		*message;
	CURLcode	 code;
	int		 left;
	char		*with;

	if (net->with_curl == 0)
		return;
	(void)curl_multi_perform(net->multi, &left);
	while ((message = curl_multi_info_read(net->multi, &left)) != NULL) {
		if (message->msg != CURLMSG_DONE)
			continue;
		code = message->data.result;
		(void)curl_easy_getinfo(message->easy_handle,
		    CURLINFO_PRIVATE, &with);
		slot = (struct net_slot *)(void *)with;
		(void)curl_multi_remove_handle(net->multi, slot->easy);
		net->with_curl--;
		net_slot_end(slot, code);
		end(net, slot);
	}
}

/*
 * With 64 at once this costs as much processor time as epoll and
 * curl_multi_socket_action() do, 13 us a request, and is the simpler.
 */
static void
wait_for(struct net *net, int wait_ms)
{
	struct curl_waitfd	 found = {
		.fd = net_names_fd(net->names), .events = CURL_WAIT_POLLIN,
	};

	(void)curl_multi_poll(net->multi, &found, net->waiting != NULL,
	    wait_ms, NULL);
}

bool
net_next(struct net *net, int wait_ms, struct net_answer *out)
{
	int64_t	 until_us = clock_ticks_us() + wait_ms * INT64_C(1000);
	int	 left_ms;

	if (net->told != NULL) {
		net->told->next = net->idle;
		net->idle = net->told;
		net->told = NULL;
	}
	for (left_ms = wait_ms; net->ended == NULL && net->running > 0;) {
		if (net->waiting != NULL) {
			(void)net_names_collect(net->names, clock_ticks_us());
			left_ms = serve_waiting(net, left_ms);
		}
		work(net);
		if (net->ended != NULL || left_ms <= 0)
			break;
		wait_for(net, left_ms);
		left_ms = (int)((until_us - clock_ticks_us()) / 1000);
	}
	if (net->ended == NULL)
		return false;

	net->told = net->ended;
	net->ended = net->told->next;
	if (net->ended == NULL)
		net->end = &net->ended;
	net->running--;
	*out = net->told->answer;

	return true;
}
