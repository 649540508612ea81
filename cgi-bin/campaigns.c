/*
 * campaigns: rewarding what customers do in another way for a while.
 * doc/api.md describes it.
 */
#include "lib/api/api.h"
#include "lib/base/limits.h"
#include "lib/giving/rewards/campaign.h"
#include "lib/giving/rewards/campaign_stats.h"

#define SCOPE	"campaigns:write"

static const struct shape	list_in, active_in, create_in, show_in;
static const struct shape	change_in, analytics_in;

static enum err	list(struct call *, const void *);
static enum err	active(struct call *, const void *);
static enum err	create(struct call *, const void *);
static enum err	show(struct call *, const void *);
static enum err	change(struct call *, const void *);
static enum err	discard(struct call *, const void *);
static enum err	analytics(struct call *, const void *);

/* "active" comes before what any id may stand for. */
static const struct route routes[] = {
	{ "GET", "/v1/partner/campaigns",
	    ACCESS_SIGNED, "read", &list_in, &campaign_list_out, list,
	    .name = "listCampaigns",
	    .about = "List campaigns, the newest first" },
	{ "POST", "/v1/partner/campaigns",
	    ACCESS_SECRET, SCOPE, &create_in, &campaign_out, create,
	    .success = 201,
	    .refuses = REFUSES(ERR_POOL_NOT_FOUND, ERR_POOL_NOT_ELIGIBLE),
	    .name = "createCampaign",
	    .about = "Make a campaign, as a draft" },
	{ "GET", "/v1/partner/campaigns/active",
	    ACCESS_SIGNED, "read", &active_in, &campaign_list_out, active,
	    .name = "listActiveCampaigns",
	    .about = "List the campaigns that match now" },
	{ "GET", "/v1/partner/campaigns/{campaignId}",
	    ACCESS_SIGNED, "read", &show_in, &campaign_out, show,
	    .name = "showCampaign",
	    .about = "Show one campaign" },
	{ "PATCH", "/v1/partner/campaigns/{campaignId}",
	    ACCESS_SECRET, SCOPE, &change_in, &campaign_out, change,
	    .refuses = REFUSES(ERR_INVALID_TRANSITION, ERR_POOL_NOT_FOUND,
	    ERR_POOL_NOT_ELIGIBLE),
	    .name = "changeCampaign",
	    .about = "Change a draft; activate, pause or complete" },
	{ "DELETE", "/v1/partner/campaigns/{campaignId}",
	    ACCESS_SECRET, SCOPE, &show_in, NULL, discard, .success = 204,
	    .refuses = REFUSES(ERR_INVALID_TRANSITION),
	    .name = "removeCampaign",
	    .about = "Delete a draft" },
	{ "GET", "/v1/partner/campaigns/{campaignId}/analytics",
	    ACCESS_SIGNED, "read", &analytics_in, &campaign_stats_out,
	    analytics, .name = "showCampaignAnalytics",
	    .about = "What a campaign gave, to whom, when and for what" },
	{ 0 }
};

/* list, active: by page or by cursor. */

#define FILTERS \
	PAGE_FIELDS(struct campaign_filter, page), \
	{ "templateId", WORD(struct campaign_filter, template), QUERY, \
	    .words = campaign_templates, .about = "only these" }, \
	PAGE_TIMES(struct campaign_filter)

static const struct shape list_in = SHAPE("CampaignFilter",
    struct campaign_filter,
	FILTERS,
	{ "status", WORD(struct campaign_filter, status), QUERY,
	    .words = campaign_statuses, .about = "only these" });

static const struct shape active_in = SHAPE("ActiveCampaignFilter",
    struct campaign_filter,
	FILTERS);

static enum err
reply_list(struct call *c, const struct campaign_filter *f)
{
	struct campaign_list	 found;
	enum err		 e = campaign_list(api_work(c), f, &found);

	if (e != OK)
		return e;

	return api_reply(c, 200, &campaign_list_out, &found);
}

static enum err
list(struct call *c, const void *input)
{
	return reply_list(c, input);
}

static enum err
active(struct call *c, const void *input)
{
	struct campaign_filter	 f = *(const struct campaign_filter *)input;

	f.live = true;

	return reply_list(c, &f);
}

/* create: nothing is rewarded before it is activated. */

/*
 * What a draft is made of and may be changed to: `needed` says whether it has
 * to be said.
 */
#define NAMED(needed) \
	{ "tokenPoolId",  TEXT(struct campaign_wish, pool), NULLS, 24, 24, \
	    .about = "the pool that pays; else the default pool" }, \
	{ "name",         TEXT(struct campaign_wish, name), needed, \
	    1, LIMIT_TITLE, .about = "what people call it" }, \
	{ "templateId",   WORD(struct campaign_wish, template), needed, \
	    .words = campaign_templates, .about = "how it rewards" }, \
	{ "actionTypes",  LIST(struct campaign_wish, action_types), needed, \
	    1, LIMIT_CAMPAIGN_TYPES, \
	    .about = "what it rewards" }, \
	{ "distribution", OBJECT(struct campaign_wish, distribution), \
	    needed, .each = &campaign_distribution_in, \
	    .about = "who gets what" }
#define BOUNDED \
	{ "limits",       OBJECT(struct campaign_wish, limits), NULLS, \
	    .each = &campaign_limits_in, \
	    .about = "how many tokens; none: no limits" }, \
	{ "schedule",     OBJECT(struct campaign_wish, schedule), NULLS, \
	    .each = &campaign_schedule_in, \
	    .about = "when; none: while it is active" }

static const struct shape create_in = SHAPE("CampaignDraft",
    struct campaign_wish,
	NAMED(NEED), BOUNDED,
	{ "priority",     INT(struct campaign_wish, priority), NULLS,
	    0, LIMIT_PRIORITY, .preset = 0,
	    .about = "of several that match, the highest pays, then the"
	    " newest" });

static enum err
create(struct call *c, const void *input)
{
	const struct campaign_wish	*in = input;
	struct campaign			 made;
	enum err			 e;

	e = campaign_create(api_work(c), in, &made);
	if (e != OK)
		return e;

	return api_reply(c, 201, &campaign_out, &made);
}

/* show, discard: one of them. */

struct show {
	const char	*campaign;
};

static const struct shape show_in = SHAPE("CampaignName", struct show,
	{ "campaignId", TEXT(struct show, campaign), PATH | NEED,
	    .about = "our id of the campaign" });

static enum err
show(struct call *c, const void *input)
{
	const struct show	*in = input;
	struct campaign		 found;
	enum err		 e;

	e = campaign_find(api_work(c), in->campaign, &found);
	if (e != OK)
		return e;

	return api_reply(c, 200, &campaign_out, &found);
}

static enum err
discard(struct call *c, const void *input)
{
	const struct show	*in = input;
	enum err		 e;

	e = campaign_remove(api_work(c), in->campaign);
	if (e != OK)
		return e;

	return api_done(c);
}

/* change: a draft's terms, anybody's status. */

static const struct shape change_in = SHAPE("CampaignChange",
    struct campaign_wish,
	{ "campaignId",   TEXT(struct campaign_wish, campaign), PATH | NEED,
	    .about = "our id of the campaign" },
	NAMED(NULLS), BOUNDED,
	{ "priority",     INT(struct campaign_wish, priority), NULLS,
	    0, LIMIT_PRIORITY, .preset = -1,
	    .about = "of several that match, the highest pays, then the"
	    " newest" },
	{ "status",       WORD(struct campaign_wish, status), NULLS,
	    .words = campaign_statuses,
	    .about = "ACTIVE, PAUSED or COMPLETED" });

static enum err
change(struct call *c, const void *input)
{
	const struct campaign_wish	*in = input;
	struct campaign			 now;
	enum err			 e;

	e = campaign_change(api_work(c), in, &now);
	if (e != OK)
		return e;

	return api_reply(c, 200, &campaign_out, &now);
}

/* analytics: read from sums, so they cost the same for any campaign. */

struct analytics {
	const char	*campaign;
	int64_t		 days;
};

static const struct shape analytics_in = SHAPE("CampaignAnalyticsFilter",
    struct analytics,
	{ "campaignId", TEXT(struct analytics, campaign), PATH | NEED,
	    .about = "our id of the campaign" },
	{ "days", INT(struct analytics, days), QUERY, 1, LIMIT_TREND_DAYS,
	    .preset = 30, .about = "how many days daily has, up to today" });

static enum err
analytics(struct call *c, const void *input)
{
	const struct analytics	*in = input;
	struct campaign_stats	 stats;
	enum err		 e;

	e = campaign_stats_read(api_work(c), in->campaign, in->days, &stats);
	if (e != OK)
		return e;

	return api_reply(c, 200, &campaign_stats_out, &stats);
}

int
main(int argc, char **argv)
{
	return api_main(argc, argv, routes);
}
