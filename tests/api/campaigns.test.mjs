// /campaigns: drafts, how a campaign goes from one status to the next, and
// what is refused on the way.

import assert from 'node:assert/strict';
import test from 'node:test';
import { activate, CAMPAIGNS, draft, makeCampaign, setStatus }
	from '../lib/campaign.mjs';
import { housekeep } from '../lib/cron.mjs';
import { good, NO_ID, refused, rows } from '../lib/expect.mjs';
import { NOW, useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();

const iso = (seconds) => new Date((NOW + seconds) * 1000).toISOString()
    .replace('.000Z', 'Z');
const show = async (id) => good(await acme.get(`${CAMPAIGNS}/${id}`));
const patch = (id, body) => {
	site.clock.advance(1);
	return acme.signed('PATCH', `${CAMPAIGNS}/${id}`, { body });
};
const discard = (id) => acme.signed('DELETE', `${CAMPAIGNS}/${id}`);

/** The types of the events that were told, the newest first. */
const events = async () => good(await acme.get('/v1/partner/events')).data
    .map(({ type }) => type).filter((type) => /^campaign/.test(type));

test('a draft is as it was said, with the default pool', async () => {
	const made = await makeCampaign(acme, { limits: { perUser: 5 },
		priority: 7 });
	assert.deepEqual([made.status, made.tokenPoolId, made.priority],
	    ['DRAFT', acme.tokenPoolId, 7]);
	assert.deepEqual(made.limits, { totalBudget: null, perUser: 5,
		perAction: null, perDay: null });
	assert.deepEqual(made.schedule, { startDate: null, endDate: null });
	assert.equal(made.budgetPercent, null);
	assert.deepEqual(await show(made.campaignId), made);
});

test('a draft rewards nothing', async () => {
	await makeCampaign(acme, { actionTypes: ['DONATION'] });
	assert.equal(good(await acme.submit({ actionType: 'DONATION' }))
	    .campaignId, null);
});

test('what a campaign cannot be is told all at once', async () => {
	refused(await acme.post(CAMPAIGNS, {}), 400, 'INVALID_REQUEST',
	    ['/name', '/templateId', '/actionTypes', '/distribution']);
	refused(await acme.post(CAMPAIGNS, draft({ templateId: 'FREE',
		actionTypes: [], priority: -1,
		limits: { totalBudget: 0, perUser: 1.5 } })), 400,
	    'INVALID_REQUEST', ['/templateId', '/actionTypes',
		'/limits/totalBudget', '/limits/perUser', '/priority']);
});

/** What is wrong with a draft that differs so, by its pointers. */
const WRONG = [
	[{ distribution: {} }, '/distribution/baseMultiplier'],
	[{ distribution: { baseMultiplier: 0 } },
		'/distribution/baseMultiplier'],
	[{ distribution: { baseMultiplier: 1.2345 } },
		'/distribution/baseMultiplier'],
	[{ distribution: { baseMultiplier: 1001 } },
		'/distribution/baseMultiplier'],
	[{ templateId: 'FIXED_REWARD' }, '/distribution/fixedTokens'],
	[{ templateId: 'TIERED_REWARD' }, '/distribution/tiers'],
	[{ templateId: 'TIERED_REWARD', distribution: { tiers: [
		{ minAmount: 5, multiplier: 1 },
		{ minAmount: 5.0, multiplier: 2 }] } }, '/distribution/tiers'],
	[{ templateId: 'TIERED_REWARD', distribution: { tiers: [
		{ minAmount: 0.00001, multiplier: 1 }] } },
		'/distribution/tiers/0'],
	[{ distribution: { baseMultiplier: 2, stakeholderSplits: [
		{ stakeholderTypeCode: 'A', percent: 60 },
		{ stakeholderTypeCode: 'B', percent: 39.9999 }] } },
		'/distribution/stakeholderSplits'],
	[{ distribution: { baseMultiplier: 2, stakeholderSplits: [
		{ stakeholderTypeCode: 'A', percent: 50 },
		{ stakeholderTypeCode: 'A', percent: 50 }] } },
		'/distribution/stakeholderSplits/1'],
	[{ distribution: { baseMultiplier: 2, stakeholderSplits: [
		{ stakeholderTypeCode: 'A', percent: 100 },
		{ stakeholderTypeCode: 'B', percent: 0 }] } },
		'/distribution/stakeholderSplits/1'],
	[{ distribution: { baseMultiplier: 2, stakeholderSplits: [
		{ stakeholderTypeCode: 'A', percent: 100 },
		{ stakeholderTypeCode: 'B', percent: 0.00001 }] } },
		'/distribution/stakeholderSplits/1'],
	[{ templateId: 'TIERED_REWARD', distribution: { tiers: [
		{ minAmount: 5, multiplier: 1 },
		{ minAmount: 7, multiplier: 0 }] } },
		'/distribution/tiers/1/multiplier'],
	[{ actionTypes: ['PURCHASE', 'visit'] }, '/actionTypes/1'],
	[{ actionTypes: ['A', 'B', 'A'] }, '/actionTypes/2'],
	[{ schedule: { startDate: iso(60), endDate: iso(50) } },
		'/schedule/endDate'],
	[{ schedule: { endDate: iso(-86400) } }, '/schedule/endDate'],
];

for (const [changes, pointer] of WRONG)
	test(`refused at ${pointer}: ${JSON.stringify(changes)}`, async () => {
		refused(await acme.post(CAMPAIGNS, draft(changes)), 400,
		    'INVALID_REQUEST', [pointer]);
	});

test('a pool that is not there, or does not pay for it', async () => {
	refused(await acme.post(CAMPAIGNS, draft({ tokenPoolId: NO_ID })),
	    422, 'POOL_NOT_FOUND');
	const { tokenPoolId } = await site.cli('pool', 'create', '--partner',
	    acme.slug, '--side', 'test', '--name', 'Visits');
	await site.cli('pool', 'set', '--partner', acme.slug, '--side',
	    'test', '--pool', tokenPoolId, '--action-types', 'VISIT');
	refused(await acme.post(CAMPAIGNS, draft({ tokenPoolId })), 422,
	    'POOL_NOT_ELIGIBLE');
	good(await acme.post(CAMPAIGNS, draft({ tokenPoolId,
		actionTypes: ['VISIT'] })), 201);
});

test('a draft is changed; an object takes the old one\'s place', async () => {
	const { campaignId } = await makeCampaign(acme,
	    { limits: { totalBudget: 100, perUser: 5 } });
	const changed = good(await patch(campaignId, { name: 'Thrice',
		distribution: { baseMultiplier: 3 }, limits: { perDay: 9 },
		schedule: { startDate: iso(3600.5) } }));
	assert.deepEqual(changed, { ...changed, name: 'Thrice',
		templateId: 'REWARD_MULTIPLIER', actionTypes: ['PURCHASE'],
		limits: { totalBudget: null, perUser: null, perAction: null,
			perDay: 9 },
		schedule: { startDate: iso(3600), endDate: null } });
	assert.equal(changed.distribution.baseMultiplier, 3);
	refused(await patch(campaignId, { templateId: 'FIXED_REWARD' }), 400,
	    'INVALID_REQUEST', ['/distribution/fixedTokens']);
	assert.deepEqual(await show(campaignId), changed);
});

test('a change and its status are one: both, or neither', async () => {
	const { campaignId } = await makeCampaign(acme);
	refused(await patch(campaignId, { name: 'No', status: 'PAUSED' }),
	    409, 'INVALID_TRANSITION');
	assert.equal((await show(campaignId)).name, 'Twice');
	const { name, status } = good(await patch(campaignId,
	    { name: 'Yes', status: 'ACTIVE' }));
	assert.deepEqual([name, status], ['Yes', 'ACTIVE']);
	good(await patch(campaignId, { status: 'COMPLETED' }));
});

/** Every status to every other. */
const WAYS = { DRAFT: ['ACTIVE'], ACTIVE: ['PAUSED', 'COMPLETED'],
	PAUSED: ['ACTIVE', 'COMPLETED'], COMPLETED: [] };
const PATHS = { DRAFT: [], ACTIVE: ['ACTIVE'], PAUSED: ['ACTIVE', 'PAUSED'],
	COMPLETED: ['ACTIVE', 'COMPLETED'] };
const TOLD = { ACTIVE: 'campaign.activated', PAUSED: 'campaign.paused',
	COMPLETED: 'campaign.completed' };

for (const from of Object.keys(WAYS))
	for (const to of Object.keys(WAYS))
		test(`${from} to ${to}`, async () => {
			const { campaignId } = await makeCampaign(acme);
			for (const status of PATHS[from])
				good(await setStatus(acme, campaignId,
				    status));
			const before = await events();
			const answer = await setStatus(acme, campaignId, to);
			if (!WAYS[from].includes(to)) {
				refused(answer, 409, 'INVALID_TRANSITION');
				assert.equal((await show(campaignId)).status,
				    from);
				assert.deepEqual(await events(), before);
			} else {
				assert.equal(good(answer).status, to);
				assert.deepEqual((await events())
				    .slice(0, 1), [TOLD[to]]);
			}
			if (['ACTIVE', 'PAUSED'].includes((await
			    show(campaignId)).status))
				good(await setStatus(acme, campaignId,
				    'COMPLETED'));
		});

test('what is no draft keeps its terms', async () => {
	const { campaignId } = await activate(acme);
	for (const body of [{ name: 'x' }, { priority: 1 },
		{ limits: { perUser: 1 } }, { actionTypes: ['VISIT'] },
		{ schedule: {} }, { tokenPoolId: acme.tokenPoolId }])
		refused(await patch(campaignId, body), 409,
		    'INVALID_TRANSITION');
	good(await setStatus(acme, campaignId, 'COMPLETED'));
});

test('a draft can be deleted, and nothing else', async () => {
	const { campaignId } = await makeCampaign(acme);
	assert.equal((await discard(campaignId)).status, 204);
	site.clock.advance(1);
	refused(await discard(campaignId), 404, 'NOT_FOUND');
	refused(await acme.get(`${CAMPAIGNS}/${campaignId}`), 404,
	    'NOT_FOUND');
	refused(await patch(campaignId, { name: 'x' }), 404, 'NOT_FOUND');
	const { campaignId: other } = await activate(acme);
	refused(await discard(other), 409, 'INVALID_TRANSITION');
	good(await setStatus(acme, other, 'COMPLETED'));
	refused(await acme.get(`${CAMPAIGNS}/${NO_ID}/analytics`), 404,
	    'NOT_FOUND');
});

test('a draft whose time has passed cannot be activated', async () => {
	const { campaignId } = await makeCampaign(acme, { schedule: {
		endDate: new Date((site.clock.now() + 5) * 1000) } });
	site.clock.advance(6);
	refused(await setStatus(acme, campaignId, 'ACTIVE'), 409,
	    'INVALID_TRANSITION');
});

test('one that has ended is completed by whoever touches it', async () => {
	const { campaignId } = await activate(acme, { schedule: {
		endDate: new Date((site.clock.now() + 5) * 1000) } });
	site.clock.advance(6);
	refused(await patch(campaignId, { status: 'PAUSED' }), 409,
	    'INVALID_TRANSITION');
	assert.equal((await show(campaignId)).status, 'COMPLETED');
	await housekeep(site);
	assert.deepEqual((await events()).slice(0, 2),
	    ['campaign.completed', 'campaign.activated']);
});

test('housekeep completes a paused one, too, and a draft never', async () => {
	const schedule = {
		endDate: new Date((site.clock.now() + 5) * 1000) };
	const paused = await activate(acme, { schedule });
	good(await setStatus(acme, paused.campaignId, 'PAUSED'));
	const sketch = await makeCampaign(acme, { schedule });
	site.clock.advance(86400 * 40);
	await housekeep(site);
	assert.equal((await show(paused.campaignId)).status, 'COMPLETED');
	assert.equal((await show(sketch.campaignId)).status, 'DRAFT');
});

test('lists are by status, and of those that match now', async () => {
	const beta = await site.partner();
	const list = async (query) => good(await beta.get(
	    `${CAMPAIGNS}${query}`)).data.map(({ name }) => name);
	await makeCampaign(beta, { name: 'sketch' });
	await activate(beta, { name: 'on' });
	await activate(beta, { name: 'later', schedule: {
		startDate: new Date((site.clock.now() + 60) * 1000) } });
	const off = await activate(beta, { name: 'off' });
	good(await setStatus(beta, off.campaignId, 'PAUSED'));
	assert.deepEqual(await list(''), ['off', 'later', 'on', 'sketch']);
	assert.deepEqual(await list('?status=ACTIVE'), ['later', 'on']);
	assert.deepEqual(await list('?status=DRAFT&limit=1'), ['sketch']);
	assert.deepEqual(await list('/active'), ['on']);
	const { pagination } = good(await beta.get(`${CAMPAIGNS}?limit=3`));
	assert.equal(pagination.total, 4);
	assert.deepEqual(await list(
	    `?limit=3&cursor=${pagination.nextCursor}`), ['sketch']);
	refused(await beta.get(`${CAMPAIGNS}?status=OVER`), 400,
	    'INVALID_REQUEST', ['/status']);
});

test('lists are by template and by time, both ends included', async () => {
	const beta = await site.partner();
	const list = async (query) => good(await beta.get(
	    `${CAMPAIGNS}${query}`)).data.map(({ name }) => name);
	const start = site.clock.now();
	const at = (seconds) =>
		new Date((start + seconds) * 1000).toISOString();
	for (const [seconds, name, templateId] of [
		[0, 'one', 'REWARD_MULTIPLIER'], [60, 'two', 'MATCHING'],
		[120, 'three', 'REWARD_MULTIPLIER'],
	]) {
		site.clock.set(start + seconds);
		await activate(beta, { name, templateId });
	}
	assert.deepEqual(await list('?templateId=REWARD_MULTIPLIER'),
	    ['three', 'one']);
	assert.deepEqual(await list(`?from=${at(60)}&to=${at(120)}`),
	    ['three', 'two']);
	assert.deepEqual(await list(`?from=${at(61)}&to=${at(119)}`), []);
	assert.deepEqual(await list(`?to=${at(60)}&status=ACTIVE`),
	    ['two', 'one']);
	assert.deepEqual(await list(
	    `/active?from=${at(60)}&templateId=REWARD_MULTIPLIER`), ['three']);
	assert.equal(good(await beta.get(`${CAMPAIGNS}?to=${at(0)}`))
	    .pagination.total, 1);
	refused(await beta.get(
	    `${CAMPAIGNS}?templateId=matching&from=2025&to=x`), 400,
	    'INVALID_REQUEST', ['/templateId', '/from', '/to']);
});

test('writing takes the scope and a secret key', async () => {
	const reader = await acme.newKey({ scopes: 'read' });
	refused(await reader.post(CAMPAIGNS, draft()), 403,
	    'INSUFFICIENT_SCOPE');
	refused(await acme.post(CAMPAIGNS, draft(), { key: 'pk' }), 403,
	    'SECRET_KEY_REQUIRED');
	good(await reader.get(CAMPAIGNS));
});

test('a sandbox that begins anew has no campaigns', async () => {
	const beta = await site.partner();
	const { campaignId } = await activate(beta, { schedule: {
		endDate: new Date((site.clock.now() + 60) * 1000) } });
	good(await beta.post('/v1/partner/sandbox/reset', {}));
	assert.deepEqual(good(await beta.get(CAMPAIGNS)).data, []);
	refused(await beta.get(`${CAMPAIGNS}/${campaignId}`), 404,
	    'NOT_FOUND');
	assert.equal(good(await beta.submit()).campaignId, null);
	site.clock.advance(120);
	await housekeep(site);
	const gone = await rows(site, 'SELECT c.status FROM campaigns c JOIN' +
	    " tenants t ON t.id = c.tenant WHERE t.side = 'gone'");
	assert.deepEqual(gone, [{ status: 2 }]);
});
