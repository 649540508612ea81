/*
 * bare: our program without what a submit writes for dashboards alone.
 *
 * It is the same objects as the real one, with these three functions instead
 * of the real ones: the linker's --wrap, in build.sh, asks for the names.  Left
 * out are the tally of the day, the sums of a campaign by day, type, tier and
 * stakeholder, and the counts of answers that become rows of `usage`.
 *
 * A campaign's own row stays, since its budget is kept there and the number
 * of its actions is in the same UPDATE; so does what each user has of a
 * campaign that limits it.  The sum of the day is what perDay is kept by: no
 * campaign that this program is measured with may have such a limit.
 */
#include "lib/api/counts.h"
#include "lib/giving/site/tally.h"

/* For the functions that it keeps to itself. */
#include "lib/giving/rewards/campaign_sums.c"

void	__wrap_tally_add(struct work *, const struct tally *);
void	__wrap_counts_answer(struct counts *, int64_t tenant,
	    const char *group, int status, int64_t took_us, struct moment now);
void	__wrap_campaign_sums_spend(struct work *,
	    const struct campaign_offer *, int64_t type, const struct share *,
	    size_t count);

void
__wrap_tally_add(struct work *w, const struct tally *t)
{
	(void)w, (void)t;
}

void
__wrap_counts_answer(struct counts *c, int64_t tenant, const char *group,
    int status, int64_t took_us, struct moment now)
{
	(void)c, (void)tenant, (void)group, (void)status, (void)took_us;
	(void)now;
}

void
__wrap_campaign_sums_spend(struct work *w, const struct campaign_offer *o,
    int64_t type, const struct share *shares, size_t count)
{
	struct campaign_offer unpaid = *o;

	/* Whose budgets fell short is told all the same. */
	unpaid.campaign = 0;
	campaign_sums_spend(w, &unpaid, type, shares, count);
	if (o->campaign == 0)
		return;
	spend(w, o);
	for (size_t i = 0; i < count && o->per_user; i++)
		add_user(w, o->campaign, shares[i].user,
		    shares[i].tokens.units);
}
