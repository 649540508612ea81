// Events: what each type says, the list with its filters, and pulling what
// came after one.

import assert from 'node:assert/strict';
import test from 'node:test';
import { good, NO_ID, refused, rows } from '../lib/expect.mjs';
import { configureHooks } from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
await configureHooks(site);
const acme = await site.partner();

const EVENTS = '/v1/partner/events';
const NONE = 'evt_000000000000000000000000';

const list = async (query = '', partner = acme) =>
	good(await partner.get(`${EVENTS}${query}`));

/** The newest event of a type. */
async function latest(type, partner = acme) {
	const { data: [event] } = await list(`?type=${type}&limit=1`, partner);
	assert.match(event.id, /^evt_[0-9a-f]{24}$/);
	assert.equal(event.type, type);
	return event;
}

test('action.completed is the action as GET shows it', async () => {
	const { actionId } = good(await acme.submit({
		metadata: { order: 7 } }));
	const { data } = await latest('action.completed');
	assert.deepEqual(data,
	    good(await acme.get(`/v1/partner/actions/${actionId}`)));
	assert.equal(data.breakdown[0].partnerUserId, 'user_42');
});

test('action.reversed is the reversal, with its action', async () => {
	const { actionId } = good(await acme.submit({ amount: 100 }));
	const answer = good(await acme.post(
	    `/v1/partner/actions/${actionId}/reverse`,
	    { refundIdempotencyKey: 'r1', reversalPercentage: 25 }));
	const { data, createdAt } = await latest('action.reversed');
	assert.deepEqual(data, { ...answer, actionId, createdAt });
});

test('action.failed says what was missing', async () => {
	const poor = await site.partner({ tokens: 3 });
	refused(await poor.submit({ amount: 50, idempotencyKey: 'k' }),
	    402, 'INSUFFICIENT_POOL');
	const { data } = await latest('action.failed', poor);
	assert.deepEqual(data, { idempotencyKey: 'k',
		actionType: 'PURCHASE', code: 'INSUFFICIENT_POOL',
		tokenPoolId: poor.tokenPoolId, available: 3, needed: 50 });
});

test('user.created is the user, as long as they are known', async () => {
	good(await acme.post('/v1/partner/users', { externalId: 'zoe',
		email: 'zoe@example.org', metadata: { a: 1 } }), 201);
	const { data } = await latest('user.created');
	assert.deepEqual(data, good(await acme.get('/v1/partner/users/zoe')));
	assert.equal((await acme.signed('DELETE',
	    '/v1/partner/users/zoe')).status, 204);
	const after = (await latest('user.created')).data;
	assert.deepEqual(after, { ...data, externalId: null, email: null,
		metadata: null });
});

test('transaction.completed is the redemption', async () => {
	const answer = good(await acme.post(
	    '/v1/partner/users/user_42/redeem',
	    { tokens: 5, idempotencyKey: 'spend' }));
	const { data } = await latest('transaction.completed');
	assert.deepEqual(data, { ...answer, type: 'REDEMPTION' });
});

test('what happens to pools', async () => {
	const ask = good(await acme.post('/v1/partner/token-pools/request',
	    { amount: 10, reason: 'June' }), 201);
	assert.deepEqual((await latest('token_pool_request.created')).data,
	    ask);
	await site.cli('request', 'approve', '--request', ask.requestId);
	const now = good(await acme.get(
	    `/v1/partner/token-pools/requests/${ask.requestId}`));
	assert.equal(now.status, 'APPROVED');
	assert.deepEqual((await latest('token_pool_request.approved')).data,
	    now);
	const { data } = await latest('token_pool.refilled');
	assert.deepEqual(data, { tokenPoolId: acme.tokenPoolId, tokens: 10,
		reason: 'June', transactionId: now.transactionId,
		createdAt: now.decidedAt });
});

test('key.expiring names the set', async () => {
	const soon = new Date((site.clock.now() + 86400) * 1000)
	    .toISOString();
	const key = await acme.newKey({ expires: soon.replace('.000', '') });
	site.clock.advance(61);
	good(await acme.get(EVENTS));
	good(await acme.get(`${EVENTS}?page=2`));
	const { data } = await latest('key.expiring');
	assert.equal(data.id, key.keyId);
	assert.equal(data.publishableKey, key.publishableKey);
	assert.equal(JSON.stringify(data).includes('secret'), false);
});

test('one event, and none of nobody', async () => {
	const { data: [event] } = await list();
	assert.deepEqual(good(await acme.get(`${EVENTS}/${event.id}`)), event);
	for (const id of [`evt_${NO_ID}`, NO_ID, event.id.slice(4),
	    event.id.replace(/.$/, (c) => c === '0' ? '1' : '0')])
		refused(await acme.get(`${EVENTS}/${id}`), 404, 'NOT_FOUND');
	const other = await site.partner();
	refused(await other.get(`${EVENTS}/${event.id}`), 404, 'NOT_FOUND');
});

test('filters and pages agree with the whole', async () => {
	const shop = await site.partner();
	for (let day = 0; day < 3; day++) {
		site.clock.advance(86400);
		for (let i = 0; i < 3; i++)
			good(await shop.submit({ stakeholders: [{
				stakeholderTypeCode: 'CUSTOMER',
				partnerUserId: `user_${day}_${i}` }] }));
	}
	const { data: all, pagination } = await list('?limit=100', shop);
	assert.equal(pagination.total, all.length);
	assert.equal(all.length, 19);
	for (const type of ['action.completed', 'user.created',
	    'exchange.completed']) {
		const found = await list(`?type=${type}&limit=100`, shop);
		const same = all.filter((one) => one.type === type);
		assert.deepEqual(found.data, same);
		assert.equal(found.pagination.total, same.length);
	}
	const at = all[7].createdAt;
	const since = all.filter((one) => one.createdAt >= at);
	assert.deepEqual((await list(`?from=${at}&limit=100`, shop)).data,
	    since);
	assert.deepEqual((await list(`?to=${at}&limit=100`, shop)).data,
	    all.filter((one) => one.createdAt <= at));
	const walked = [];
	for (let query = '?limit=4'; query !== null;) {
		const page = await list(query, shop);
		walked.push(...page.data);
		const { nextCursor } = page.pagination;
		query = nextCursor && `?limit=4&cursor=${nextCursor}`;
	}
	assert.deepEqual(walked, all);
});

test('pulling what came after one misses nothing', async () => {
	const shop = await site.partner();
	const got = [];
	let after = NONE;
	const pull = async () => {
		for (;;) {
			const page = await list(
			    `?after=${after}&limit=3`, shop);
			if (page.data.length === 0)
				return assert.equal(page.nextAfter, after);
			got.push(...page.data);
			after = page.nextAfter;
			assert.equal(after, page.data.at(-1).id);
			assert.equal(page.pagination.page, null);
		}
	};
	await pull();
	for (let i = 0; i < 5; i++)
		good(await shop.submit());
	await pull();
	good(await shop.submit());
	await pull();
	const { data } = await list('?limit=100', shop);
	assert.deepEqual(got, data.reverse());
	const users = await list(`?after=${NONE}&type=user.created`, shop);
	assert.deepEqual(users.data,
	    got.filter((one) => one.type === 'user.created'));
});

test('after is an event of one’s own, without page or cursor', async () => {
	const { data: [event], pagination } = await list('?limit=1');
	for (const query of [`after=evt_${'f'.repeat(24)}`,
	    `after=${event.id}&page=2`,
	    `after=${event.id}&cursor=${pagination.nextCursor}`])
		refused(await acme.get(`${EVENTS}?${query}`),
		    400, 'INVALID_REQUEST', ['/after']);
	const other = await site.partner();
	refused(await other.get(`${EVENTS}?after=${event.id}`),
	    400, 'INVALID_REQUEST', ['/after']);
	refused(await acme.get(`${EVENTS}?type=no.such`),
	    400, 'INVALID_REQUEST', ['/type']);
});

test('without a webhook nothing is queued', async () => {
	assert.deepEqual(await rows(site, 'SELECT * FROM deliveries'), []);
});
