/*
 * dashboard: how an integration is doing, before a day's work or after it.
 * doc/api.md describes it.
 */
#include "lib/api/api.h"
#include "lib/api/counts.h"
#include "lib/giving/dashboard/dashboard.h"

static const struct shape	usage_in;

static enum err	overview(struct call *, const void *);
static enum err	health(struct call *, const void *);
static enum err	hooks(struct call *, const void *);
static enum err	usage(struct call *, const void *);

static const struct route routes[] = {
	{ "GET", "/v1/partner/dashboard/overview",
	    ACCESS_SIGNED, "read", NULL, &dashboard_out, overview,
	    .name = "showOverview",
	    .about = "Show what you have and what was done" },
	{ "GET", "/v1/partner/dashboard/integration-health",
	    ACCESS_SIGNED, "read", NULL, &dashboard_health_out, health,
	    .name = "showIntegrationHealth",
	    .about = "Show whether every part is at work" },
	{ "GET", "/v1/partner/dashboard/webhooks/health",
	    ACCESS_SIGNED, "read", NULL, &dashboard_hooks_out, hooks,
	    .name = "showWebhooksHealth",
	    .about = "Show how deliveries went, by webhook" },
	{ "GET", "/v1/partner/dashboard/api-usage",
	    ACCESS_SIGNED, "read", &usage_in, &dashboard_usage_out, usage,
	    .name = "showApiUsage",
	    .about = "Show how much you asked, by day" },
	{ 0 }
};

static enum err
overview(struct call *c, const void *input)
{
	struct dashboard	 found;

	(void)input;
	dashboard_read(api_work(c), &found);

	return api_reply(c, 200, &dashboard_out, &found);
}

static enum err
health(struct call *c, const void *input)
{
	struct dashboard_health	 found;

	(void)input;
	dashboard_health_read(api_work(c), api_conf(c), api_live(c), &found);

	return api_reply(c, 200, &dashboard_health_out, &found);
}

static enum err
hooks(struct call *c, const void *input)
{
	struct dashboard_hooks	 found;

	(void)input;
	dashboard_hooks_read(api_work(c), &found);

	return api_reply(c, 200, &dashboard_hooks_out, &found);
}

/* usage: of some days, and of the minute that is not written down yet. */

struct usage_days {
	int64_t	days;
};

static const struct shape usage_in = SHAPE("ApiUsageFilter",
    struct usage_days,
	{ "days", INT(struct usage_days, days), QUERY, 1, LIMIT_USAGE_DAYS,
	    .preset = 7, .about = "how many days, with today" });

static void
add(void *with, const struct count *n)
{
	dashboard_usage_add(with, n->day, n->counter, n->times);
}

static enum err
usage(struct call *c, const void *input)
{
	const struct usage_days		*in = input;
	struct dashboard_usage_told	 told;
	struct dashboard_usage		*u;
	struct allowance		 now;
	struct dashboard_limit		 limit;

	u = dashboard_usage_read(api_work(c), in->days);
	api_counted(c, add, u);
	dashboard_usage_tell(api_work(c), u, &told);
	now = api_allowance(c);
	limit = (struct dashboard_limit){ now.limit, now.remaining,
		{ now.reset * 1000 } };
	if (now.limit > 0)
		told.limit = &limit;

	return api_reply(c, 200, &dashboard_usage_out, &told);
}

int
main(int argc, char **argv)
{
	return api_main(argc, argv, routes);
}
