// Many processes, one budget: what is spent of it is never more than there
// was, is told once, and is the same to the token by analytics, by the rows
// of actions and by the entries of the ledger.

import assert from 'node:assert/strict';
import test from 'node:test';
import { activate, analytics, CAMPAIGNS, reckon }
	from '../lib/campaign.mjs';
import { good } from '../lib/expect.mjs';
import { seeded } from '../lib/random.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite({ procs: 4 });

const sum = (list) => list.reduce((all, n) => all + n, 0);
const net = (list, name) => Object.fromEntries(list.map((one) =>
	[one[name], [one.tokensDistributed, one.tokensReversed]]));

/** Every number of analytics, against the ledger and the rows. */
async function agree(partner, id) {
	const said = await analytics(partner, id, '?days=366');
	const wanted = await reckon(partner);
	const { totals } = said;
	assert.deepEqual([totals.tokensDistributed, totals.tokensReversed],
	    wanted.all);
	assert.equal(totals.tokensDistributed, wanted.moved);
	assert.deepEqual(net(said.byStakeholderType, 'stakeholderTypeCode'),
	    wanted.roles);
	assert.deepEqual(net(said.topActions, 'actionType'), wanted.types);
	assert.deepEqual(net(said.daily, 'date'), wanted.days);
	for (const list of [said.daily, said.topActions])
		assert.equal(sum(list.map((one) => one.actions)),
		    totals.actions);
	if (said.byTier.length > 0)
		assert.equal(sum(said.byTier.map((one) => one.tokensNet)),
		    totals.tokensNet);
	assert.equal(said.budget.spent, totals.tokensNet);
	return said;
}

test('forty at once for a budget of ten', async () => {
	const acme = await site.partner();
	const { campaignId } = await activate(acme,
	    { limits: { totalBudget: 1000 } });
	const answers = await Promise.all(Array.from({ length: 40 },
	    (_, i) => acme.submit({ amount: 50, stakeholders: [{
		stakeholderTypeCode: 'CUSTOMER',
		partnerUserId: `u${i % 7}` }] })));
	const bodies = answers.map((answer) => good(answer));
	assert.equal(bodies.filter((one) => one.campaignId === campaignId)
	    .length, 10);
	assert.equal(sum(bodies.map((one) => one.tokensDistributed)),
	    10 * 100 + 30 * 50);
	const { budget } = await agree(acme, campaignId);
	assert.equal(budget.remaining, 0);
	assert.equal(good(await acme.get(
	    '/v1/partner/events?type=campaign.budget_reached'))
	    .pagination.total, 1);
});

test('pausing and submitting at once leave one story', async () => {
	const acme = await site.partner();
	const { campaignId } = await activate(acme);
	const work = Array.from({ length: 20 }, (_, i) => i === 10 ?
		acme.signed('PATCH', `${CAMPAIGNS}/${campaignId}`,
		    { body: { status: 'PAUSED' } }) :
		acme.submit({ amount: 1 }));
	for (const answer of await Promise.all(work))
		good(answer);
	await agree(acme, campaignId);
	assert.equal(good(await acme.submit()).campaignId, null);
});

test('a month of rewards and reversals, added up both ways', () =>
	seeded(0, async (random) => {
	const acme = await site.partner();
	const { campaignId } = await activate(acme, {
		templateId: 'TIERED_REWARD',
		actionTypes: ['PURCHASE', 'DONATION'],
		distribution: { tiers: [{ minAmount: 0, multiplier: 1.5 },
			{ minAmount: 20, multiplier: 2 },
			{ minAmount: 50, multiplier: 3 }],
		stakeholderSplits: [
			{ stakeholderTypeCode: 'CUSTOMER', percent: 66.6667 },
			{ stakeholderTypeCode: 'REFERRER',
				percent: 33.3333 }] },
		limits: { totalBudget: 20000, perUser: 5000, perDay: 3000 },
	});
	const done = [];
	for (let i = 0; i < 150; i++) {
		if (random.chance(20))
			site.clock.advance(random.below(86400));
		if (done.length > 0 && random.chance(25)) {
			await acme.post(`/v1/partner/actions/` +
			    `${random.pick(done)}/reverse`, {
				refundIdempotencyKey: `r${i}`,
				reversalPercentage: random.pick([100, 50,
					33.3333, 0.0001, 12.5]) });
			continue;
		}
		const { actionId } = good(await acme.submit({
			actionType: random.pick(['PURCHASE', 'DONATION']),
			amount: random.below(7000) / 100,
			stakeholders: ['CUSTOMER', 'REFERRER', 'FRIEND']
			    .slice(random.below(2), 1 + random.below(3) || 1)
			    .concat('CUSTOMER').map((role) => ({
				stakeholderTypeCode: role,
				partnerUserId: `u${random.below(5)}` })) }));
		done.push(actionId);
	}
	const { totals } = await agree(acme, campaignId);
	assert.ok(totals.tokensReversed > 0);
}));
