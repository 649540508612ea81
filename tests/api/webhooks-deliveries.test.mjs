// What became of deliveries: the list and its filters, trying one again,
// replaying a time, and the test that a partner may ask for.

import assert from 'node:assert/strict';
import test from 'node:test';
import { good, NO_ID, refused, rows } from '../lib/expect.mjs';
import { configureHooks, deliver, startReceiver } from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
await configureHooks(site);

const HOOKS = '/v1/partner/webhooks';
const MINUTE = 60;

/** A partner, a receiver, and a webhook that is told of actions. */
async function party(changes) {
	const partner = await site.partner();
	const shop = await startReceiver();
	const hook = good(await partner.post(HOOKS, { url: shop.url,
		eventTypes: ['action.completed', 'user.created'],
		...changes }), 201);
	const path = `${HOOKS}/${hook.webhookId}`;
	return { partner, shop, path,
		list: async (query = '') => good(await partner.get(
		    `${path}/deliveries${query}`)),
		/* Each is a request of its own. */
		post: (rest, body) => {
			site.clock.advance(1);
			return partner.post(`${path}${rest}`, body);
		},
		patch: (body) => partner.signed('PATCH', path, { body }) };
}

test('queued, delivered, with every attempt', async () => {
	const { partner, shop, list, path } = await party();
	shop.says(503);
	good(await partner.submit());
	const { data: [one, two], pagination } = await list();
	assert.deepEqual(pagination, { page: 1, limit: 20, total: null,
		totalPages: null, nextCursor: null });
	assert.equal(one.eventType, 'action.completed');
	assert.equal(two.eventType, 'user.created');
	assert.deepEqual([one.status, one.attempts, one.endedAt],
	    ['PENDING', [], null]);
	assert.equal(one.nextAttemptAt, one.createdAt);
	await deliver(site);
	const [{ attempts: [attempt], nextAttemptAt }] = (await list()).data;
	assert.deepEqual({ ...attempt, durationMs: 0 }, { number: 1,
		at: attempt.at, outcome: 'answered', status: 503,
		durationMs: 0, answer: '503' });
	assert.ok(Date.parse(nextAttemptAt) > Date.parse(attempt.at));
	shop.answer = (response) => response.end('x'.repeat(5000));
	site.clock.advance(15);
	await deliver(site);
	const [done] = (await list()).data;
	assert.deepEqual([done.status, done.nextAttemptAt,
		done.attempts.map(({ status }) => status)],
	    ['DELIVERED', null, [503, 200]]);
	assert.equal(done.attempts[1].answer, 'x'.repeat(1024));
	const shown = good(await partner.get(path));
	assert.equal(shown.failingSince, null);
});

test('filters', async () => {
	const { partner, shop, list } = await party();
	const ids = (query) => list(query).then(({ data }) =>
		data.map(({ deliveryId }) => deliveryId));
	good(await partner.submit());
	await deliver(site);
	site.clock.advance(60);
	shop.says(410);
	good(await partner.submit());
	await deliver(site);
	const all = (await list()).data;
	assert.deepEqual(all.map(({ status }) => status),
	    ['FAILED', 'DELIVERED', 'DELIVERED']);
	const only = (pick) => all.filter(pick)
	    .map(({ deliveryId }) => deliveryId);
	for (const status of ['FAILED', 'DELIVERED', 'PENDING', 'DROPPED'])
		assert.deepEqual(await ids(`?status=${status}`),
		    only((one) => one.status === status));
	assert.deepEqual(await ids('?eventType=user.created'),
	    only((one) => one.eventType === 'user.created'));
	const at = all[0].createdAt;
	assert.deepEqual(await ids(`?from=${at}`), only((one, i) => i === 0));
	const before = all[1].createdAt;
	assert.deepEqual(await ids(`?to=${before}`), only((one, i) => i > 0));
	const first = await list('?limit=2');
	assert.equal(first.data.length, 2);
	assert.deepEqual(await ids(
	    `?limit=2&cursor=${first.pagination.nextCursor}`),
	    only((one, i) => i === 2));
	refused(await partner.get(`${HOOKS}/${NO_ID}/deliveries`),
	    404, 'NOT_FOUND');
});

test('a retry sends the same event at once', async () => {
	const { partner, shop, list, post, patch } = await party();
	shop.says(500);
	good(await partner.submit());
	const [{ deliveryId, eventId }] = (await list()).data;
	const retry = (id = deliveryId) => post(`/deliveries/${id}/retry`);
	refused(await retry(), 409, 'INVALID_TRANSITION');
	await deliver(site);
	refused(await retry(), 409, 'INVALID_TRANSITION');
	/* Until it waits for longer than anybody could have it in hand. */
	for (let i = 0; i < 2; i++) {
		site.clock.advance(2 * MINUTE);
		await deliver(site);
	}
	assert.equal(good(await retry()).status, 'PENDING');
	shop.says(200);
	await deliver(site);
	assert.equal((await list()).data[0].status, 'DELIVERED');
	const before = shop.got.length;
	good(await retry());
	await deliver(site);
	assert.equal(shop.got.length, before + 1);
	assert.equal(shop.got.at(-1).id, eventId);
	refused(await retry(NO_ID), 404, 'NOT_FOUND');
	good(await patch({ status: 'DISABLED' }));
	refused(await retry(), 409, 'INVALID_TRANSITION');
	refused(await post('/replay', { from: '2025-01-01T00:00:00Z' }),
	    409, 'INVALID_TRANSITION');
});

test('a delivery is retried at its own webhook alone', async () => {
	const { partner, list } = await party();
	good(await partner.submit());
	await deliver(site);
	const [{ deliveryId }] = (await list()).data;
	const other = good(await partner.post(HOOKS, {
		url: 'https://9.9.9.9/', receiveAllEvents: true }), 201);
	refused(await partner.post(`${HOOKS}/${other.webhookId}/deliveries/` +
	    `${deliveryId}/retry`), 404, 'NOT_FOUND');
});

test('what was missed while it was off is replayed', async () => {
	const { partner, shop, post, patch } = await party();
	const from = new Date(site.clock.now() * 1000).toISOString();
	good(await partner.submit());
	await deliver(site);
	assert.equal(shop.got.length, 2);
	good(await patch({ status: 'DISABLED' }));
	site.clock.advance(86400);
	for (let i = 0; i < 3; i++)
		good(await partner.submit());
	site.clock.advance(1);
	good(await patch({ status: 'ACTIVE' }));
	await deliver(site);
	assert.equal(shop.got.length, 2);
	const body = { from, onlyFailed: true };
	assert.deepEqual(good(await post('/replay', body)),
	    { deliveriesQueued: 3, nextFrom: null });
	/* What is queued already is not queued again. */
	assert.equal(good(await post('/replay', body)).deliveriesQueued, 0);
	await deliver(site);
	assert.equal(shop.got.length, 5);
	assert.equal(new Set(shop.got.map(({ id }) => id)).size, 5);
	assert.equal(good(await post('/replay', body)).deliveriesQueued, 0);
	assert.equal(good(await post('/replay', { from,
		eventTypes: ['user.created'] })).deliveriesQueued, 1);
	await deliver(site);
	assert.equal(shop.got.at(-1).body, shop.got.find((one) =>
		one.id === shop.got.at(-1).id).body);
	assert.equal(good(await post('/replay', { from, to: from,
		eventTypes: ['action.completed'] })).deliveriesQueued, 1);
	assert.equal(good(await post('/replay', { from,
		eventTypes: ['action.failed'] })).deliveriesQueued, 0);
});

test('a replay of another time, or of no time', async () => {
	const { post } = await party();
	refused(await post('/replay', {}), 400, 'INVALID_REQUEST', ['/from']);
	refused(await post('/replay', { from: '2025-05-10T00:00:00Z',
		to: '2025-05-09T00:00:00Z' }),
	    400, 'INVALID_REQUEST', ['/to']);
	refused(await post('/replay', { from: '2025-05-10T00:00:00Z',
		eventTypes: ['user.created', 'x'] }),
	    400, 'INVALID_REQUEST', ['/eventTypes/1']);
	assert.equal(good(await post('/replay',
	    { from: '2100-01-01T00:00:00Z' })).deliveriesQueued, 0);
});

test('a long replay is continued where it ended', async () => {
	const { partner, post } = await party();
	good(await partner.submit());
	const [{ tenant }] = await rows(site,
	    'SELECT max(tenant) AS tenant FROM events');
	const now = site.clock.now() * 1000;
	await site.run('sqlite3', `${site.dir}/data/ledger.db`,
	    'WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1' +
	    ' FROM n WHERE i < 12099) INSERT INTO events (tenant, id, type,' +
	    ` refers, created_at) SELECT ${tenant}, i, 1, 1, ${now} + i` +
	    ' FROM n');
	const from = new Date(now + 100).toISOString();
	const one = good(await post('/replay', { from }));
	assert.equal(one.deliveriesQueued, 10000);
	assert.equal(Date.parse(one.nextFrom), now + 10099);
	const two = good(await post('/replay', { from: one.nextFrom }));
	assert.deepEqual(two, { deliveriesQueued: 2000, nextFrom: null });
});

test('a test says what the receiver did', async () => {
	const { shop, list, post } = await party();
	const probe = async () => ({ ...good(await post('/test')),
		durationMs: 0, deliveryId: '' });
	const kept = async () => (await list('?limit=1')).data[0];
	shop.answer = (response) => response.end('Zoë says thanks');
	const said = await probe();
	assert.deepEqual(said, { deliveryId: '', delivered: true,
		outcome: 'answered', status: 200, durationMs: 0,
		answer: 'Zoë says thanks' });
	const { status, attempts, eventType } = await kept();
	assert.deepEqual([status, attempts.length, eventType],
	    ['DELIVERED', 1, 'webhook.test']);
	assert.equal(JSON.parse(shop.got.at(-1).body).type, 'webhook.test');
	shop.says(404);
	assert.deepEqual(await probe(), { ...said, delivered: false,
		status: 404, answer: '404' });
	assert.equal((await kept()).status, 'FAILED');
	shop.answer = (response) => response.end(Buffer.from([97, 0, 255]));
	assert.equal((await probe()).answer, 'a??');
	await shop.stop();
	const none = await probe();
	assert.deepEqual([none.delivered, none.status], [false, null]);
	assert.ok(none.answer.length > 10);
	/* It had its one attempt, and nobody tries it again. */
	await deliver(site);
	assert.equal((await kept()).attempts.length, 1);
});

test('a format without words for a test says so', async () => {
	const { post } = await party({ format: 'chuffed',
		eventTypes: ['donation.payment_confirmed'] });
	refused(await post('/test'), 409, 'INVALID_TRANSITION');
});

test('a sandbox that begins anew keeps its webhooks', async () => {
	const { partner, shop } = await party({ description: 'stays' });
	good(await partner.submit());
	good(await partner.post('/v1/partner/sandbox/reset', {}));
	const { data: [hook] } = good(await partner.get(HOOKS));
	assert.equal(hook.description, 'stays');
	assert.deepEqual(good(await partner.get(
	    `${HOOKS}/${hook.webhookId}/deliveries`)).data.filter(
	    ({ eventType }) => eventType === 'action.completed'), []);
	site.clock.advance(1);
	await deliver(site);
	const before = shop.got.length;
	good(await partner.submit());
	await deliver(site);
	assert.equal(shop.got.length, before + 2);
});

test('an erased person is not in what receivers said', async () => {
	const { partner, shop, list } = await party();
	shop.answer = (response, { body }) => response.end(body);
	good(await partner.post('/v1/partner/users', {
		externalId: 'person-9', email: 'nine@example.org' }), 201);
	await deliver(site);
	assert.match((await list()).data[0].attempts[0].answer, /person-9/);
	assert.equal((await partner.signed('DELETE',
	    '/v1/partner/users/person-9')).status, 204);
	assert.equal((await list()).data[0].attempts[0].answer, null);
});
