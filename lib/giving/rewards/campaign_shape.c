/*
 * campaign_shape: what a campaign looks like outside.
 */
#include "lib/giving/rewards/campaign.h"
#include "lib/giving/site/code.h"

const char *const campaign_templates[] = {
	[CAMPAIGN_MULTIPLIER - 1] = "REWARD_MULTIPLIER",
	[CAMPAIGN_FIXED - 1] = "FIXED_REWARD",
	[CAMPAIGN_TIERED - 1] = "TIERED_REWARD",
	[CAMPAIGN_MATCHING - 1] = "MATCHING", NULL };

const char *const campaign_statuses[] = {
	[CAMPAIGN_DRAFT - 1] = "DRAFT", [CAMPAIGN_ACTIVE - 1] = "ACTIVE",
	[CAMPAIGN_PAUSED - 1] = "PAUSED",
	[CAMPAIGN_COMPLETED - 1] = "COMPLETED", NULL };

static const struct shape part_shape = SHAPE("CampaignSplit",
    struct campaign_part,
	{ "stakeholderTypeCode", TEXT(struct campaign_part, role), NEED,
	    1, 64, .form = &code_form, .about = "whose part it is" },
	{ "percent", DECIMAL(struct campaign_part, percent), NEED, 0, 100,
	    .about = "of the reward; at most four digits after the point" });

static const struct shape step_shape = SHAPE("CampaignTier",
    struct campaign_step,
	{ "minAmount", DECIMAL(struct campaign_step, least), NEED,
	    0, LIMIT_TIER_AMOUNT,
	    .about = "from this amount on, in major units" },
	{ "multiplier", DECIMAL(struct campaign_step, multiplier), NEED,
	    0, LIMIT_MULTIPLIER,
	    .about = "how many times the usual reward, like 1.5" });

/* What is asked for and what is answered have the same members. */
#define DISTRIBUTION \
	{ "baseMultiplier", \
	    DECIMAL(struct campaign_distribution, multiplier), NULLS, \
	    0, LIMIT_MULTIPLIER, \
	    .about = "REWARD_MULTIPLIER: how many times the usual reward;" \
	    " MATCHING: how many times it is matched, else once" }, \
	{ "fixedTokens", INT(struct campaign_distribution, fixed), NULLS, \
	    1, LIMIT_TOKENS, .about = "FIXED_REWARD: what an action gets" }, \
	{ "stakeholderSplits", LIST(struct campaign_distribution, splits), \
	    NULLS, 0, LIMIT_SPLITS, .each = &part_shape, \
	    .about = "who gets what of it, 100 percent in all; none: equal" \
	    " shares" }, \
	{ "tiers", LIST(struct campaign_distribution, tiers), NULLS, \
	    0, LIMIT_TIERS, .each = &step_shape, \
	    .about = "TIERED_REWARD: the highest that the amount reaches" \
	    " counts" }

static const struct shape distribution_out = SHAPE(
    "CampaignDistribution", struct campaign_distribution,
	DISTRIBUTION);

const struct shape campaign_distribution_in = SHAPE(
    "CampaignDistributionWish", struct campaign_distribution,
	DISTRIBUTION);

#define LIMITS \
	{ "totalBudget", INT(struct campaign_limits, total_budget), NULLS, \
	    1, LIMIT_TOKENS, .about = "tokens that it may give in all" }, \
	{ "perUser", INT(struct campaign_limits, per_user), NULLS, \
	    1, LIMIT_TOKENS, .about = "to one user" }, \
	{ "perAction", INT(struct campaign_limits, per_action), NULLS, \
	    1, LIMIT_TOKENS, .about = "for one action" }, \
	{ "perDay", INT(struct campaign_limits, per_day), NULLS, \
	    1, LIMIT_TOKENS, .about = "in one day, UTC" }

static const struct shape limits_out = SHAPE(
    "CampaignLimits", struct campaign_limits,
	LIMITS);

const struct shape campaign_limits_in = SHAPE(
    "CampaignLimitsWish", struct campaign_limits,
	LIMITS);

#define SCHEDULE \
	{ "startDate", MOMENT(struct campaign_schedule, starts_at), NULLS, \
	    .about = "its first second; null: once it is active" }, \
	{ "endDate", MOMENT(struct campaign_schedule, ends_at), NULLS, \
	    .about = "its last second; null: until it is completed" }

static const struct shape schedule_out = SHAPE(
    "CampaignSchedule", struct campaign_schedule,
	SCHEDULE);

const struct shape campaign_schedule_in = SHAPE(
    "CampaignScheduleWish", struct campaign_schedule,
	SCHEDULE);

const struct shape campaign_out = SHAPE("Campaign", struct campaign,
	{ "campaignId",   TEXT(struct campaign, id),
	    .about = "our id of the campaign" },
	{ "tokenPoolId",  TEXT(struct campaign, pool),
	    .about = "the pool that pays" },
	{ "name",         TEXT(struct campaign, name),
	    .about = "what people call it" },
	{ "templateId",   TEXT(struct campaign, template),
	    .about = "how it rewards: REWARD_MULTIPLIER, FIXED_REWARD,"
	    " TIERED_REWARD or MATCHING" },
	{ "status",       TEXT(struct campaign, status),
	    .about = "DRAFT, ACTIVE, PAUSED or COMPLETED" },
	{ "live",         BOOL(struct campaign, live),
	    .about = "is it active, within its schedule, and not out of"
	    " budget?" },
	{ "actionTypes",  LIST(struct campaign, action_types),
	    .about = "what it rewards" },
	{ "distribution", OBJECT(struct campaign, distribution),
	    .each = &distribution_out, .about = "who gets what" },
	{ "limits",       OBJECT(struct campaign, limits),
	    .each = &limits_out,
	    .about = "how many tokens, null for no limit" },
	{ "schedule",     OBJECT(struct campaign, schedule),
	    .each = &schedule_out, .about = "when" },
	{ "priority",     INT(struct campaign, terms.priority),
	    .about = "of several that match, the highest" },
	{ "actions",      INT(struct campaign, actions),
	    .about = "how many it paid" },
	{ "tokensSpent",  TOKENS(struct campaign, spent),
	    .about = "of its budget: what it gave and was not taken back" },
	{ "budgetPercent", DECIMAL(struct campaign, percent_spent), NULLS,
	    .about = "spent of totalBudget, or null without one" },
	{ "activatedAt",  MOMENT(struct campaign, activated_at), NULLS,
	    .about = "when it became active first, or null" },
	{ "budgetReachedAt", MOMENT(struct campaign, terms.reached_at),
	    NULLS, .about = "when its budget did not pay for an action, or"
	    " was used up, first; or null" },
	{ "completedAt",  MOMENT(struct campaign, completed_at), NULLS,
	    .about = "when it was completed, or null" },
	{ "createdAt",    MOMENT(struct campaign, terms.created_at),
	    .about = "when it was made" });

const struct shape campaign_list_out = SHAPE("CampaignList",
    struct campaign_list,
	{ "data",       LIST(struct campaign_list, campaigns),
	    .each = &campaign_out,
	    .about = "one page of campaigns, the newest first" },
	{ "pagination", OBJECT(struct campaign_list, pagination),
	    .each = &page_out, .about = "where this page lies" });
