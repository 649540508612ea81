// Limits and budgets of campaigns: what they cut, what they leave out, that
// two processes cannot spend the same budget, and that a reversal gives it
// back.

import assert from 'node:assert/strict';
import test from 'node:test';
import { activate, analytics, CAMPAIGNS, paid }
	from '../lib/campaign.mjs';
import { good, refused } from '../lib/expect.mjs';
import { purchase, useSite } from '../lib/site.mjs';

const site = await useSite();

const customers = (people) => people.map((partnerUserId) =>
	({ stakeholderTypeCode: 'CUSTOMER', partnerUserId }));

async function withLimits(limits, changes = {}) {
	const partner = await site.partner();
	const { campaignId } = await activate(partner, { limits, ...changes });
	return { partner, campaignId, buy: async (amount, ...people) =>
		paid(await partner.submit({ amount, stakeholders:
			customers(people.length > 0 ? people : ['ada']) })) };
}

const reached = async (partner) => good(await partner.get(
    '/v1/partner/events?type=campaign.budget_reached')).data
    .map(({ data }) => data.campaignId);

async function reverse(partner, actionId, reversalPercentage = 100) {
	site.clock.advance(1);
	return good(await partner.post(
	    `/v1/partner/actions/${actionId}/reverse`,
	    { refundIdempotencyKey: `r${actionId}${site.clock.now()}`,
		reversalPercentage }));
}

async function spent(partner, id) {
	const { tokensSpent, actions } =
	    good(await partner.get(`${CAMPAIGNS}/${id}`));
	return [tokensSpent, actions];
}

test('perAction cuts a reward, though never below the usual', async () => {
	const { campaignId, buy } = await withLimits({ perAction: 60 });
	assert.deepEqual(await buy(30), [60, campaignId, 2, []]);
	assert.deepEqual(await buy(40), [60, campaignId, 2, ['perAction']]);
	assert.deepEqual(await buy(60), [60, campaignId, 2, ['perAction']]);
	assert.deepEqual(await buy(61), [61, null, null, ['perAction']]);
});

test('perUser cuts each share by what its user has', async () => {
	const { partner, campaignId, buy } = await withLimits({ perUser: 100 });
	assert.deepEqual(await buy(40, 'ann'), [80, campaignId, 2, []]);
	assert.deepEqual(await buy(15, 'ann'),
	    [20, campaignId, 2, ['perUser']]);
	assert.deepEqual(await buy(15, 'ann'), [15, null, null, ['perUser']]);
	/* 60 for each, and ann has had hers; bob alone has the usual. */
	assert.deepEqual(await buy(60, 'ann', 'bob'),
	    [60, campaignId, 2, ['perUser']]);
	assert.deepEqual(await buy(15, 'bob'), [30, campaignId, 2, []]);
	assert.deepEqual(await spent(partner, campaignId), [190, 4]);
});

test('perUser counts somebody who comes twice once', async () => {
	const { campaignId, buy } = await withLimits({ perUser: 100 });
	assert.deepEqual(await buy(60, 'new', 'new'),
	    [100, campaignId, 2, ['perUser']]);
	const other = await withLimits({ perUser: 100 });
	assert.deepEqual(await other.buy(60, 'one', 'two'),
	    [120, other.campaignId, 2, []]);
});

test('perDay pays the whole of an action or nothing, until midnight',
    async () => {
	const { campaignId, buy } = await withLimits({ perDay: 100 });
	assert.deepEqual(await buy(45), [90, campaignId, 2, []]);
	assert.deepEqual(await buy(6), [6, null, null, ['perDay']]);
	assert.deepEqual(await buy(5), [10, campaignId, 2, []]);
	site.clock.advance(86400 - site.clock.now() % 86400 - 1);
	assert.deepEqual(await buy(5), [5, null, null, ['perDay']]);
	site.clock.advance(1);
	assert.deepEqual(await buy(5), [10, campaignId, 2, []]);
});

test('totalBudget is spent to the last token, and told once', async () => {
	const { partner, campaignId, buy } =
	    await withLimits({ totalBudget: 100 });
	assert.deepEqual(await buy(40), [80, campaignId, 2, []]);
	assert.deepEqual(await reached(partner), []);
	/* Never in part; the event says that it could not pay. */
	assert.deepEqual(await buy(11), [11, null, null, ['totalBudget']]);
	assert.deepEqual(await reached(partner), [campaignId]);
	assert.deepEqual(await buy(10), [20, campaignId, 2, []]);
	assert.deepEqual(await buy(10), [10, null, null, []]);
	assert.deepEqual(await reached(partner), [campaignId]);
	const { budget } = await analytics(partner, campaignId);
	assert.deepEqual(budget, { totalBudget: 100, spent: 100,
		remaining: 0, percentSpent: 100 });
});

test('a budget that is used up is told, and matches no more', async () => {
	const { partner, campaignId, buy } =
	    await withLimits({ totalBudget: 100 });
	assert.deepEqual(await buy(50), [100, campaignId, 2, []]);
	assert.deepEqual(await reached(partner), [campaignId]);
	const { live, status, budgetPercent, budgetReachedAt } = good(
	    await partner.get(`${CAMPAIGNS}/${campaignId}`));
	assert.deepEqual([live, status, budgetPercent,
		budgetReachedAt !== null], [false, 'ACTIVE', 100, true]);
	assert.deepEqual(good(await partner.get(`${CAMPAIGNS}/active`)).data,
	    []);
	/* By its name it is still asked, and says why not. */
	assert.deepEqual(paid(await partner.submit({ amount: 5,
		campaignId })), [5, null, null, ['totalBudget']]);
});

test('a refused action spends nothing and tells nothing', async () => {
	const { partner, campaignId } =
	    await withLimits({ totalBudget: 100 });
	refused(await partner.submit({ amount: 60, autoCreateUsers: false }),
	    422, 'USER_NOT_FOUND');
	refused(await partner.submit({ amount: 1e9 }), 402,
	    'INSUFFICIENT_POOL');
	assert.deepEqual(await spent(partner, campaignId), [0, 0]);
	assert.deepEqual(await reached(partner), []);
});

test('who cannot pay makes room for the next', async () => {
	const { partner, campaignId, buy } =
	    await withLimits({ totalBudget: 1000 });
	const first = await activate(partner, { priority: 1,
		distribution: { baseMultiplier: 3 },
		limits: { totalBudget: 100 } });
	assert.deepEqual(await buy(30), [90, first.campaignId, 3, []]);
	assert.deepEqual(await buy(30), [60, campaignId, 2, []]);
	assert.deepEqual(await reached(partner), [first.campaignId]);
});

test('all whose budgets fall short are told at once, and once', async () => {
	const { partner, campaignId, buy } =
	    await withLimits({ totalBudget: 30 });
	const [first, second] = await Promise.all([2, 1].map((priority) =>
		activate(partner, { priority, limits: { totalBudget: 40 } })));
	const all = [first.campaignId, second.campaignId, campaignId];
	const at = async () => (await Promise.all(all.map(async (id) =>
		good(await partner.get(`${CAMPAIGNS}/${id}`)))))
		.map((one) => one.budgetReachedAt);
	/* In the order in which they are asked, whoever pays or not. */
	assert.deepEqual(await buy(18), [36, first.campaignId, 2, []]);
	assert.deepEqual(await reached(partner), []);
	site.clock.advance(60);
	const time = new Date(site.clock.now() * 1000).toISOString()
	    .replace('.000Z', 'Z');
	assert.deepEqual(await buy(21), [21, null, null, ['totalBudget']]);
	assert.deepEqual((await reached(partner)).reverse(), all);
	assert.deepEqual(await at(), [time, time, time]);
	/* What one of them still pays, and what none can: not again. */
	assert.deepEqual(await buy(20), [40, second.campaignId, 2, []]);
	assert.deepEqual(await buy(21), [21, null, null, ['totalBudget']]);
	assert.deepEqual((await reached(partner)).reverse(), all);
});

test('one that pays tells of all before it that could not', async () => {
	const { partner, campaignId, buy } =
	    await withLimits({ totalBudget: 100 });
	const before = [];
	for (const priority of [1, 2, 3])
		before.unshift((await activate(partner, { priority,
			limits: { totalBudget: 10 } })).campaignId);
	/* Refused, so nothing of it is told; nor does a batch undone. */
	refused(await partner.submit({ amount: 50, autoCreateUsers: false }),
	    422, 'USER_NOT_FOUND');
	refused(await partner.post('/v1/partner/actions/bulk', { atomic: true,
		actions: [purchase({ amount: 50 }),
			purchase({ actionType: 'NOTHING' })] }), 422,
	    'NO_REWARD_RULE');
	assert.deepEqual(await reached(partner), []);
	assert.deepEqual(await buy(50), [100, campaignId, 2, []]);
	assert.deepEqual((await reached(partner)).reverse(),
	    [...before, campaignId]);
	await buy(50);
	assert.equal((await reached(partner)).length, 4);
});

test('a reversal gives the budget back, and it matches again', async () => {
	const { partner, campaignId, buy } =
	    await withLimits({ totalBudget: 100, perUser: 100, perDay: 100 });
	const { actionId } = good(await partner.submit({ amount: 50 }));
	assert.deepEqual(await buy(1), [1, null, null, []]);
	await reverse(partner, actionId, 33.3333);
	assert.deepEqual(await spent(partner, campaignId), [67, 1]);
	assert.deepEqual(await buy(10), [20, campaignId, 2, []]);
	await reverse(partner, actionId, 66.6667);
	assert.deepEqual(await spent(partner, campaignId), [20, 2]);
	assert.deepEqual(await buy(40), [80, campaignId, 2, []]);
	assert.deepEqual(await reached(partner), [campaignId]);
});

test('a reversal gives back to the day of its action, not today', async () => {
	const { partner, campaignId, buy } = await withLimits({ perDay: 100 });
	const give = async () => good(await partner.submit({ amount: 50,
		stakeholders: customers(['ada']) })).actionId;
	const first = await give();
	assert.deepEqual(await buy(1), [1, null, null, ['perDay']]);
	site.clock.advance(86400);
	const second = await give();
	await reverse(partner, first);
	assert.deepEqual(await buy(1), [1, null, null, ['perDay']]);
	await reverse(partner, second, 10);
	assert.deepEqual(await buy(6), [6, null, null, ['perDay']]);
	assert.deepEqual(await buy(5), [10, campaignId, 2, []]);
	const { daily } = await analytics(partner, campaignId);
	assert.deepEqual(daily.map((day) => [day.actions, day.tokensNet]),
	    [[1, 0], [2, 100]]);
	const today = await analytics(partner, campaignId, '?days=1');
	assert.deepEqual(today.daily, daily.slice(1));
	assert.equal(today.totals.actions, 3);
	for (const days of ['0', '367', 'x', '1.5'])
		refused(await partner.get(`${CAMPAIGNS}/${campaignId}` +
		    `/analytics?days=${days}`), 400, 'INVALID_REQUEST',
		    ['/days']);
});

test('a reversal gives each user back what was theirs', async () => {
	const { partner, campaignId, buy } = await withLimits({ perUser: 100 });
	const { actionId } = good(await partner.submit({ amount: 80,
		stakeholders: customers(['ann', 'bob']) }));
	good(await partner.post('/v1/partner/users/ann/redeem',
	    { tokens: 80, idempotencyKey: 'ann' }));
	assert.deepEqual(await buy(20, 'ann'),
	    [20, campaignId, 2, ['perUser']]);
	assert.deepEqual(await buy(1, 'ann'), [1, null, null, ['perUser']]);
	await reverse(partner, actionId, 50);
	/* 40 each, though ann owes what she had spent. */
	assert.deepEqual(await buy(20, 'ann'), [40, campaignId, 2, []]);
	assert.deepEqual(await buy(1, 'ann'), [1, null, null, ['perUser']]);
	assert.deepEqual(await buy(30, 'bob'), [60, campaignId, 2, []]);
	assert.deepEqual(await buy(1, 'bob'), [1, null, null, ['perUser']]);
});

test('what is owed after a reversal is no longer spent', async () => {
	const { partner, campaignId } =
	    await withLimits({ totalBudget: 100 });
	const { actionId } = good(await partner.submit({ amount: 50 }));
	good(await partner.post('/v1/partner/users/user_42/redeem',
	    { tokens: 90, idempotencyKey: 'spend' }));
	const back = await reverse(partner, actionId);
	assert.equal(back.tokensClawedBack, 10);
	assert.deepEqual(await spent(partner, campaignId), [0, 1]);
});

test('a reversal after the end changes what was spent alone', async () => {
	const { partner, campaignId } = await withLimits({ totalBudget: 50 });
	const { actionId } = good(await partner.submit({ amount: 25 }));
	site.clock.advance(1);
	good(await partner.signed('PATCH', `${CAMPAIGNS}/${campaignId}`,
	    { body: { status: 'COMPLETED' } }));
	await reverse(partner, actionId);
	assert.deepEqual(await spent(partner, campaignId), [0, 1]);
	assert.equal(good(await partner.submit()).campaignId, null);
});

test('a bulk spends in order, and atomically nothing', async () => {
	const { partner, campaignId } = await withLimits({ totalBudget: 100 });
	const actions = [30, 30, 20].map((amount) => purchase({ amount }));
	refused(await partner.post('/v1/partner/actions/bulk', { atomic: true,
		actions: [...actions, purchase({ actionType: 'NOTHING' })] }),
	    422, 'NO_REWARD_RULE');
	assert.deepEqual(await spent(partner, campaignId), [0, 0]);
	const { results } = good(await partner.post(
	    '/v1/partner/actions/bulk', { actions }));
	assert.deepEqual(results.map((one) => one.tokensDistributed),
	    [60, 30, 40]);
	assert.deepEqual(await spent(partner, campaignId), [100, 2]);
	assert.deepEqual(await reached(partner), [campaignId]);
});

test('reserved is what active budgets may still take', async () => {
	const { partner } = await withLimits({ totalBudget: 100 });
	await activate(partner, { limits: { totalBudget: 30 } });
	await activate(partner);
	const reserved = async () => good(await partner.get('/v1/partner' +
	    `/token-pools/${partner.tokenPoolId}/balance`)).reserved;
	assert.equal(await reserved(), 130);
	good(await partner.submit({ amount: 5 }));
	assert.equal(await reserved(), 130);
	const { data } = good(await partner.get(CAMPAIGNS));
	good(await partner.submit({ amount: 5,
		campaignId: data[2].campaignId }));
	assert.equal(await reserved(), 120);
	site.clock.advance(1);
	good(await partner.signed('PATCH', `${CAMPAIGNS}/${data[2].campaignId}`,
	    { body: { status: 'PAUSED' } }));
	assert.equal(await reserved(), 30);
});
