/*
 * housekeep: does what is due to a site because time has passed, and leaves.
 *
 * Cron starts it each minute; lib/giving/upkeep/chores.c says what it does.
 * One runs at a time: another finds its lock taken and goes.  It says nothing
 * as long as all is well; what is not well, or took long, is in the site's log.
 */
#include "lib/api/courier.h"
#include "lib/base/limits.h"
#include "lib/giving/site/heartbeat.h"
#include "lib/giving/site/shift.h"
#include "lib/giving/upkeep/chores.h"
#include "lib/hooks/turn.h"

/* What was queued is sent at once, as after an answer. */
static void
send_word(const struct conf *conf)
{
	struct courier	*c = courier_new();

	courier_configure(c, conf);
	courier_call(c);
	courier_free(c);
}

static bool
keep_house(struct shift *s)
{
	struct chores_plan	 plan = {
		.end_us = s->end_us, .webhook_days = s->conf.webhook_days,
		.rewrite_bytes = s->flagged ? INT64_MAX : LIMIT_REWRITE_CALM,
		.rewrite_now = s->flagged, .leave = shift_leaving(),
	};
	struct chores_result	 result;

	if (!turn_take_soon(s->turn))
		return true;
	heartbeat_begin(&s->work, "housekeep");
	result = chores_run(&s->work, &plan);
	heartbeat_end(&s->work, "housekeep");
	if (result.told)
		send_word(&s->conf);
	turn_drop(s->turn);

	return !result.broken;
}

static const struct shift_program	 program = {
	.name = "housekeep",
	.about = "Does what is due: tokens that expired go back to their"
	    " pools, unpaid donations\nexpire, paid ones are rewarded,"
	    " partners are warned of keys that will expire,\nand rows that"
	    " have had their time are deleted.  Then it leaves.",
	.flag = "rewrite",
	.flag_about = "if something erased may still be in the database's"
	    " file,\n                  write it anew now, however large it is;"
	    " who writes waits\n                  or is told 503",
	/* Cron comes each minute; a file that is large takes longer. */
	.budget_s = 50, .budget_most_s = 86400,
	.work = keep_house,
};

int
main(int argc, char **argv)
{
	(void)argc;

	return shift_run(&program, argv);
}
