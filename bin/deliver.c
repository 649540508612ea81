/*
 * deliver: sends the webhooks that are due, and leaves.
 *
 * Cron starts it each minute, and the endpoint programs start it after an
 * answer that queued something (--after-answer).  One runs at a time: another
 * leaves word for it and goes.  It says nothing as long as all is well; what
 * is not well is in the site's log.
 */
#include "lib/base/limits.h"
#include "lib/giving/events/event.h"
#include "lib/giving/site/heartbeat.h"
#include "lib/giving/site/shift.h"
#include "lib/hooks/deliver.h"
#include "lib/hooks/turn.h"
#include "lib/net/net.h"

#define LINGER_MS	1000

static bool
told(void *with)
{
	return turn_told(with);
}

/* Run until nobody has left word. */
static bool
deliver(struct shift *s)
{
	const struct conf	*conf = &s->conf;
	struct net_rules	 rules = {
		.loopback_http = conf->loopback_http,
		.ca_file = conf->ca_file[0] != '\0' ? conf->ca_file : NULL,
		.ports = conf->webhook_ports, .connections = 256,
	};
	struct deliver_plan	 plan = {
		.rules = &rules, .concurrency = 64, .each = 4,
		.linger_ms = s->flagged ? LINGER_MS : 0,
		.tell = event_told, .more = told, .with = s->turn,
		.leave = shift_leaving(),
	};
	bool			 broken = false;

	turn_tell(s->turn);
	do {
		if (!turn_take_soon(s->turn))
			break;
		(void)turn_told(s->turn);
		plan.last = turn_last(s->turn);
		plan.budget_ms = (s->end_us - clock_ticks_us()) / 1000;
		broken = deliver_run(&s->work, &plan).broken;
		turn_ended(s->turn, clock_now());
		turn_drop(s->turn);
	} while (!broken && !*shift_leaving() && turn_told(s->turn) &&
	    clock_ticks_us() < s->end_us - s->budget_us / 2);

	return !broken;
}

static bool
work(struct shift *s)
{
	bool	 good;

	if (!s->flagged)
		heartbeat_begin(&s->work, "deliver");
	good = deliver(s);
	if (!s->flagged)
		heartbeat_end(&s->work, "deliver");

	return good;
}

static const struct shift_program	 program = {
	.name = "deliver",
	.about = "Sends the webhooks that are due, tries again those that"
	    " failed, and leaves.",
	.flag = "after-answer",
	.flag_about = "as the endpoints start it: wait a second for more; no"
	    " heartbeat",
	/* Cron comes each minute. */
	.budget_s = 55, .budget_most_s = LIMIT_LEASE_MS / 2000,
	.work = work,
};

int
main(int argc, char **argv)
{
	(void)argc;

	return shift_run(&program, argv);
}
