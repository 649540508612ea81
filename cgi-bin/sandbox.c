/*
 * sandbox: for those who try us out with test keys: a clock to move, and a
 * new beginning.  doc/api.md describes it.
 */
#include "lib/api/api.h"
#include "lib/giving/pools/pool.h"
#include "lib/giving/upkeep/sandbox.h"

static const struct shape	move_in;

static enum err	show(struct call *, const void *);
static enum err	move(struct call *, const void *);
static enum err	reset(struct call *, const void *);

static const struct route routes[] = {
	{ "GET", "/v1/partner/sandbox/clock",
	    ACCESS_SIGNED, "read", NULL, &sandbox_clock_out, show,
	    .refuses = REFUSES(ERR_SANDBOX_ONLY),
	    .name = "showSandboxClock",
	    .about = "What time it is in your sandbox" },
	{ "POST", "/v1/partner/sandbox/clock",
	    ACCESS_SECRET, "actions:write", &move_in, &sandbox_clock_out,
	    move,
	    .refuses = REFUSES(ERR_SANDBOX_ONLY),
	    .name = "moveSandboxClock",
	    .about = "Move your sandbox's clock ahead" },
	{ "POST", "/v1/partner/sandbox/reset",
	    ACCESS_SECRET, "actions:write", NULL, &pool_list_out, reset,
	    .refuses = REFUSES(ERR_SANDBOX_ONLY),
	    .name = "resetSandbox",
	    .about = "Empty your sandbox; its pools are full again" },
	{ 0 }
};

/* clock: what takes days in life takes seconds here. */

static const struct shape move_in = SHAPE("SandboxMove",
    struct sandbox_move,
	{ "now", MOMENT(struct sandbox_move, to), NULLS,
	    .about = "the time to move to" },
	{ "advanceSeconds", INT(struct sandbox_move, seconds), 0,
	    1, LIMIT_AHEAD_S, .about = "or how far to go ahead" });

static enum err
show(struct call *c, const void *input)
{
	struct sandbox_clock	 now;
	enum err		 e;

	(void)input;
	e = sandbox_clock(api_work(c), &now);
	if (e != OK)
		return e;

	return api_reply(c, 200, &sandbox_clock_out, &now);
}

static enum err
move(struct call *c, const void *input)
{
	struct sandbox_clock	 now;
	enum err		 e;

	e = sandbox_move(api_work(c), input, &now);
	if (e != OK)
		return e;

	return api_reply(c, 200, &sandbox_clock_out, &now);
}

/* reset: the answer lists the pools with their new ids. */

static enum err
reset(struct call *c, const void *input)
{
	const struct pool_filter first = {
		.page = { 1, LIMIT_PAGE, NULL } };
	struct pool_list	 pools;
	enum err		 e;

	(void)input;
	e = sandbox_reset(api_work(c));
	if (e == OK)
		e = pool_list(api_work(c), &first, &pools);
	if (e != OK)
		return e;

	return api_reply(c, 200, &pool_list_out, &pools);
}

int
main(int argc, char **argv)
{
	return api_main(argc, argv, routes);
}
