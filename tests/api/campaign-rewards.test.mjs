// What an action gets by a campaign: the four templates, splits, and which of
// several campaigns pays.

import assert from 'node:assert/strict';
import test from 'node:test';
import { activate, CAMPAIGNS, draft, makeCampaign, paid, setStatus }
	from '../lib/campaign.mjs';
import { good, NO_ID, pool, refused } from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();

/** Who has nothing but this campaign. */
async function withCampaign(changes) {
	const partner = await site.partner();
	const { campaignId } = await activate(partner, changes);
	return { partner, campaignId };
}

const later = (seconds) => new Date((site.clock.now() + seconds) * 1000);
const holders = (...roles) => roles.map((role, i) => ({
	stakeholderTypeCode: role, partnerUserId: `u${i}` }));
const shares = (answer) => good(answer).breakdown.map((s) => s.tokens);

test('REWARD_MULTIPLIER rounds once, half up', async () => {
	const { partner, campaignId } = await withCampaign(
	    { distribution: { baseMultiplier: 2.5 } });
	assert.deepEqual(paid(await partner.submit({ amount: 10 })),
	    [25, campaignId, 2.5, []]);
	/* 0.3 of a token, times 2.5: not of 0, which it rounds to. */
	assert.deepEqual(paid(await partner.submit({ amount: 0.3 })),
	    [1, campaignId, 2.5, []]);
	assert.deepEqual(paid(await partner.submit({ amount: 0.19 })),
	    [0, campaignId, 2.5, []]);
});

test('a multiplier below one is less', async () => {
	const { partner, campaignId } = await withCampaign(
	    { distribution: { baseMultiplier: 0.001 } });
	assert.deepEqual(paid(await partner.submit({ amount: 1500 })),
	    [2, campaignId, 0.001, []]);
});

test('a flat rule is multiplied, too', async () => {
	const { partner, campaignId } = await withCampaign({
		actionTypes: ['VISIT'],
		distribution: { baseMultiplier: 1.5 } });
	const visit = { actionType: 'VISIT', amount: undefined,
		currency: undefined };
	refused(await partner.submit(visit), 422, 'NO_REWARD_RULE');
	await site.rule({ slug: partner.slug, side: 'test', type: 'VISIT',
		flat: 5 });
	assert.deepEqual(paid(await partner.submit(visit)),
	    [8, campaignId, 1.5, []]);
});

test('FIXED_REWARD is what it says, with a rule or without', async () => {
	const { partner, campaignId } = await withCampaign({
		templateId: 'FIXED_REWARD', actionTypes: ['PURCHASE', 'VISIT'],
		distribution: { fixedTokens: 40 } });
	assert.deepEqual(paid(await partner.submit({ amount: 1000 })),
	    [40, campaignId, null, []]);
	assert.deepEqual(paid(await partner.submit({ actionType: 'VISIT',
		amount: undefined, currency: undefined })),
	    [40, campaignId, null, []]);
	refused(await partner.submit({ amount: undefined,
		currency: undefined }), 400, 'INVALID_REQUEST',
	    ['/currency', '/amount']);
});

test('TIERED_REWARD is by the highest that is reached', async () => {
	const { partner, campaignId } = await withCampaign({
		templateId: 'TIERED_REWARD', distribution: { tiers: [
			{ minAmount: 100, multiplier: 3 },
			{ minAmount: 49.99, multiplier: 2 }] } });
	const of = async (amount, currency = 'USD') =>
		paid(await partner.submit({ amount, currency }));
	assert.deepEqual(await of(49.98), [50, null, null, []]);
	assert.deepEqual(await of(49.99), [100, campaignId, 2, []]);
	assert.deepEqual(await of(99.99), [200, campaignId, 2, []]);
	assert.deepEqual(await of(100), [300, campaignId, 3, []]);
	assert.deepEqual(await of(50, 'JPY'), [100, campaignId, 2, []]);
	assert.deepEqual(await of(99.999, 'KWD'), [200, campaignId, 2, []]);
	refused(await partner.submit({ amount: 10, campaignId }), 422,
	    'CAMPAIGN_NOT_ELIGIBLE');
});

test('MATCHING adds as much again, or as said', async () => {
	const once = await withCampaign({ templateId: 'MATCHING',
		distribution: {} });
	assert.deepEqual(paid(await once.partner.submit({ amount: 12 })),
	    [24, once.campaignId, 2, []]);
	const half = await withCampaign({ templateId: 'MATCHING',
		distribution: { baseMultiplier: 0.5 } });
	assert.deepEqual(paid(await half.partner.submit({ amount: 12 })),
	    [18, half.campaignId, 1.5, []]);
});

test('a split is by type, and never loses a token', async () => {
	const split = (type, percent) => ({ stakeholderTypeCode: type,
		percent });
	const { partner } = await withCampaign({ distribution: {
		baseMultiplier: 1, stakeholderSplits: [split('A', 70),
			split('B', 20), split('C', 10)] } });
	const of = async (amount, ...roles) => shares(await partner.submit(
	    { amount, stakeholders: holders(...roles) }));
	assert.deepEqual(await of(100, 'A', 'B', 'C'), [70, 20, 10]);
	assert.deepEqual(await of(1, 'C', 'B', 'A'), [0, 0, 1]);
	assert.deepEqual(await of(5, 'A', 'B', 'C'), [4, 1, 0]);
	assert.deepEqual(await of(3, 'C', 'B', 'A'), [0, 1, 2]);
	/* Several of a type share its part. */
	assert.deepEqual(await of(100, 'A', 'A', 'B', 'C'),
	    [35, 35, 20, 10]);
	assert.deepEqual(await of(10, 'B', 'B', 'B', 'A', 'C'),
	    [1, 1, 0, 7, 1]);
	/* What nobody is there for goes to the others in proportion. */
	assert.deepEqual(await of(90, 'A', 'B'), [70, 20]);
	assert.deepEqual(await of(50, 'C'), [50]);
	/* Who is not named has no part, unless nobody is. */
	assert.deepEqual(await of(90, 'X', 'A', 'B'), [0, 70, 20]);
	assert.deepEqual(await of(9, 'X', 'Y'), [5, 4]);
});

test('the highest priority pays, then the newest', async () => {
	const partner = await site.partner();
	const make = (name, priority) => activate(partner, { name, priority });
	const old = await make('old', 5), young = await make('young', 5);
	await make('low', 4);
	const who = async (more) =>
		good(await partner.submit(more)).campaignId;
	assert.equal(await who(), young.campaignId);
	assert.equal(await who({ campaignId: old.campaignId }),
	    old.campaignId);
	good(await setStatus(partner, young.campaignId, 'PAUSED'));
	assert.equal(await who(), old.campaignId);
	good(await setStatus(partner, young.campaignId, 'ACTIVE'));
	assert.equal(await who(), young.campaignId);
});

test('one that is named must run, and be for that', async () => {
	const partner = await site.partner();
	const sketch = await makeCampaign(partner);
	const soon = await activate(partner, {
		schedule: { startDate: later(60) } });
	const gifts = await activate(partner, { actionTypes: ['DONATION'] });
	const by = (one) => partner.submit({ campaignId: one.campaignId });
	const live = await partner.newKey({ side: 'live' });
	for (const stranger of [await site.partner(), live]) {
		const theirs = good(await stranger.post(CAMPAIGNS, draft({
			tokenPoolId: stranger === live ?
			    (await site.cli('pool', 'create', '--partner',
				partner.slug, '--side', 'live', '--name',
				'Live')).tokenPoolId : undefined })), 201);
		refused(await by(theirs), 422, 'CAMPAIGN_NOT_FOUND');
		refused(await partner.post(CAMPAIGNS, draft(
		    { tokenPoolId: theirs.tokenPoolId })), 422,
		    'POOL_NOT_FOUND');
	}
	refused(await by({ campaignId: NO_ID }), 422, 'CAMPAIGN_NOT_FOUND');
	refused(await by(sketch), 422, 'CAMPAIGN_NOT_ACTIVE');
	refused(await by(soon), 422, 'CAMPAIGN_NOT_ACTIVE');
	refused(await by(gifts), 422, 'CAMPAIGN_NOT_ELIGIBLE');
	good(await setStatus(partner, soon.campaignId, 'COMPLETED'));
	refused(await by(soon), 422, 'CAMPAIGN_NOT_ACTIVE');
});

test('it is judged by when it is told, not when it occurred', async () => {
	const partner = await site.partner();
	const { campaignId } = await activate(partner, { schedule: {
		startDate: later(10), endDate: later(20) } });
	const who = async (occurredAt) =>
		good(await partner.submit({ occurredAt })).campaignId;
	assert.equal(await who(later(15)), null);
	site.clock.advance(9);
	assert.equal(await who(), null);
	site.clock.advance(1);
	assert.equal(await who('2025-01-01T00:00:00Z'), campaignId);
	site.clock.advance(10);
	assert.equal(await who(), campaignId);
	site.clock.advance(1);
	assert.equal(await who(), null);
});

test('its own pool pays, and no other', async () => {
	const partner = await site.partner({ tokens: 1000 });
	const words = ['--partner', partner.slug, '--side', 'test'];
	const { tokenPoolId } = await site.cli('pool', 'create', ...words,
	    '--name', 'Festive');
	await site.cli('pool', 'allocate', ...words, '--pool', tokenPoolId,
	    '--tokens', '150');
	const { campaignId } = await activate(partner, { tokenPoolId });
	const action = good(await partner.submit({ amount: 50 }));
	assert.equal(action.campaignId, campaignId);
	const shown = good(await partner.get(
	    `/v1/partner/actions/${action.actionId}`));
	assert.equal(shown.tokenPoolId, tokenPoolId);
	assert.equal((await pool(partner)).availableBalance, 1000);
	/* It has 50 left and is topped up, rather than passed over. */
	refused(await partner.submit({ amount: 50 }), 402,
	    'INSUFFICIENT_POOL');
	/* A pool that is named pays by its own campaigns, or the rule. */
	assert.deepEqual(paid(await partner.submit({ amount: 50,
		tokenPoolId: partner.tokenPoolId })), [50, null, null, []]);
	refused(await partner.submit({ campaignId,
		tokenPoolId: partner.tokenPoolId }), 422,
	    'CAMPAIGN_NOT_ELIGIBLE');
	good(await partner.submit({ amount: 25, campaignId, tokenPoolId }));
	/* It pays for purchases no more, and nobody pays in its place. */
	await site.cli('pool', 'set', ...words, '--pool', tokenPoolId,
	    '--action-types', 'VISIT');
	for (const more of [{}, { campaignId }])
		refused(await partner.submit({ amount: 1, ...more }), 422,
		    'POOL_NOT_ELIGIBLE');
});

test('the first answer is given again, campaign and all', async () => {
	const { partner, campaignId } = await withCampaign(
	    { limits: { perAction: 60 } });
	const order = { idempotencyKey: 'once', amount: 50 };
	const first = good(await partner.submit(order));
	assert.deepEqual([first.campaignId, first.tokensDistributed,
		first.appliedLimits], [campaignId, 60, ['perAction']]);
	good(await setStatus(partner, campaignId, 'COMPLETED'));
	site.clock.advance(1);
	const { status, body } = await partner.submit(order);
	assert.equal(status, 409);
	assert.deepEqual(body, { ...first, code: 'IDEMPOTENT',
		bodyMatches: true });
});

test('what is more than an action may give is not multiplied', async () => {
	const { partner } = await withCampaign(
	    { distribution: { baseMultiplier: 1000 } });
	await site.cli('pool', 'allocate', '--partner', partner.slug,
	    '--side', 'test', '--tokens', '10000000000000');
	assert.deepEqual(paid(await partner.submit({ amount: 2e12 })),
	    [2e12, null, null, []]);
});
