// Scenario 4 of the integrators' guide: a 2X holiday campaign, step by step,
// with the bodies that it has.

import assert from 'node:assert/strict';
import test from 'node:test';
import { activate, analytics, CAMPAIGNS, setStatus }
    from '../lib/campaign.mjs';
import { housekeep } from '../lib/cron.mjs';
import { good, ID } from '../lib/expect.mjs';
import { configureHooks, deliver, startReceiver } from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';

const at = (text) => Date.parse(text) / 1000;
const site = await useSite({ now: at('2026-11-22T12:00:00Z') });
await configureHooks(site);
const shop = await startReceiver();
const acme = await site.partner();
const known = {};

const SPLITS = [{ stakeholderTypeCode: 'DONOR', percent: 70 },
	{ stakeholderTypeCode: 'CHARITY', percent: 30 }];

const give = (amount, more = {}) => acme.submit({ actionType: 'DONATION',
	amount, stakeholders: [
		{ stakeholderTypeCode: 'DONOR', partnerUserId: 'ada' },
		{ stakeholderTypeCode: 'CHARITY', partnerUserId: 'red_cross' },
	], ...more });

async function told() {
	await deliver(site);
	return shop.got.splice(0).map(({ body }) => JSON.parse(body))
	    .map(({ type, data }) => [type, data.campaignId]);
}

test('a webhook is subscribed to what becomes of campaigns', async () => {
	good(await acme.post('/v1/partner/webhooks', { url: shop.url,
		eventTypes: ['campaign.activated', 'campaign.paused',
			'campaign.budget_reached', 'campaign.completed'] }),
	    201);
});

test('a token pool is picked to fund the campaign', async () => {
	const { data } = good(await acme.get('/v1/partner/token-pools'));
	known.pool = data.find((pool) =>
		pool.availableBalance >= 1000000).tokenPoolId;
});

test('the campaign is created in DRAFT', async () => {
	const body = good(await acme.post(CAMPAIGNS, {
		tokenPoolId: known.pool,
		name: 'Holiday 2X',
		templateId: 'REWARD_MULTIPLIER',
		actionTypes: ['DONATION'],
		distribution: { baseMultiplier: 2.0,
			stakeholderSplits: SPLITS },
		limits: { totalBudget: 1000000 },
		schedule: { startDate: '2026-11-28T00:00:00Z',
			endDate: '2026-12-31T23:59:59Z' },
	}), 201);
	assert.match(body.campaignId, ID);
	known.id = body.campaignId;
	assert.deepEqual(body, {
		campaignId: known.id, tokenPoolId: known.pool,
		name: 'Holiday 2X', templateId: 'REWARD_MULTIPLIER',
		status: 'DRAFT', live: false, actionTypes: ['DONATION'],
		distribution: { baseMultiplier: 2, fixedTokens: null,
			stakeholderSplits: SPLITS, tiers: [] },
		limits: { totalBudget: 1000000, perUser: null,
			perAction: null, perDay: null },
		schedule: { startDate: '2026-11-28T00:00:00Z',
			endDate: '2026-12-31T23:59:59Z' },
		priority: 0, actions: 0, tokensSpent: 0, budgetPercent: 0,
		activatedAt: null, budgetReachedAt: null, completedAt: null,
		createdAt: '2026-11-22T12:00:00Z',
	});
	assert.deepEqual(await told(), []);
});

test('it is activated, and a webhook tells of it', async () => {
	const body = good(await acme.signed('PATCH',
	    `${CAMPAIGNS}/${known.id}`, { body: { status: 'ACTIVE' } }));
	assert.deepEqual([body.status, body.live], ['ACTIVE', false]);
	assert.deepEqual(await told(), [['campaign.activated', known.id]]);
});

test('before Black Friday a donation has its usual reward', async () => {
	const { tokensDistributed, campaignId, multiplier, breakdown } =
	    good(await give(25));
	assert.deepEqual([tokensDistributed, campaignId, multiplier],
	    [175, null, null]);
	assert.deepEqual(breakdown.map(({ tokens }) => tokens), [88, 87]);
	assert.deepEqual(good(await acme.get(`${CAMPAIGNS}/active`)).data, []);
});

test('from then on it is doubled, and split as said', async () => {
	site.clock.set(at('2026-11-28T00:00:00Z'));
	const { actionId, tokensDistributed, campaignId, multiplier,
	    appliedLimits, breakdown } = good(await give(25));
	assert.deepEqual([tokensDistributed, campaignId, multiplier,
		appliedLimits], [350, known.id, 2, []]);
	assert.deepEqual(breakdown.map(({ tokens }) => tokens), [245, 105]);
	const shown = good(await acme.get(`/v1/partner/actions/${actionId}`));
	assert.deepEqual([shown.campaignId, shown.multiplier,
		shown.appliedLimits], [known.id, 2, []]);
	const { data } = good(await acme.get(`${CAMPAIGNS}/active`));
	assert.deepEqual(data.map((one) => one.campaignId), [known.id]);
});

test('campaignId can be passed explicitly', async () => {
	site.clock.set(at('2026-11-29T10:00:00Z'));
	const { tokensDistributed, campaignId } =
	    good(await give(10, { campaignId: known.id }));
	assert.deepEqual([tokensDistributed, campaignId], [140, known.id]);
});

test('analytics show who, when, and how much of the budget', async () => {
	const sums = (gave) => ({ tokensDistributed: gave, tokensReversed: 0,
		tokensNet: gave });
	assert.deepEqual(await analytics(acme, known.id), {
		campaignId: known.id, name: 'Holiday 2X', status: 'ACTIVE',
		totals: { actions: 2, ...sums(490) },
		budget: { totalBudget: 1000000, spent: 490,
			remaining: 999510, percentSpent: 0.05 },
		byStakeholderType: [
			{ stakeholderTypeCode: 'DONOR', rewards: 2,
				...sums(343) },
			{ stakeholderTypeCode: 'CHARITY', rewards: 2,
				...sums(147) },
		],
		byTier: [],
		daily: [{ date: '2026-11-28', actions: 1, ...sums(350) },
			{ date: '2026-11-29', actions: 1, ...sums(140) }],
		topActions: [{ actionType: 'DONATION', actions: 2,
			...sums(490) }],
	});
});

test('it lasts through its last second, and ends by itself', async () => {
	site.clock.set(at('2026-12-31T23:59:59Z'));
	await housekeep(site);
	assert.equal(good(await give(1)).campaignId, known.id);
	site.clock.set(at('2027-01-01T00:00:00Z'));
	assert.equal(good(await give(1)).campaignId, null);
	assert.deepEqual(await told(), []);
	await housekeep(site);
	await housekeep(site);
	assert.deepEqual(await told(), [['campaign.completed', known.id]]);
	const { status, completedAt } =
	    good(await acme.get(`${CAMPAIGNS}/${known.id}`));
	assert.deepEqual([status, completedAt],
	    ['COMPLETED', '2027-01-01T00:00:00Z']);
});

test('a budget that is short, and an early end, are told as well', async () => {
	const { campaignId } = await activate(acme, {
		actionTypes: ['DONATION'], limits: { totalBudget: 300 } });
	assert.equal(good(await give(20)).tokensDistributed, 280);
	assert.deepEqual(await told(), [['campaign.activated', campaignId]]);
	assert.equal(good(await give(25)).campaignId, null);
	assert.equal(good(await give(1)).campaignId, campaignId);
	await deliver(site);
	const [{ type, data }, ...others] = shop.got.splice(0)
	    .map(({ body }) => JSON.parse(body));
	assert.deepEqual([type, data.campaignId, data.tokensSpent,
		data.budgetPercent, data.budgetReachedAt, others],
	    ['campaign.budget_reached', campaignId, 294, 98,
		'2027-01-01T00:00:00Z', []]);
	good(await setStatus(acme, campaignId, 'PAUSED'));
	assert.deepEqual(await told(), [['campaign.paused', campaignId]]);
	assert.equal(good(await give(1)).campaignId, null);
});
