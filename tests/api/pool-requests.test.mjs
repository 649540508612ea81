// Asking for tokens: POST /token-pools/request, the list, withdrawal, and the
// operator's yes or no.

import assert from 'node:assert/strict';
import test from 'node:test';
import { good, ID, NO_ID, pool, refused, rows } from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner({ tokens: 1000 });
const other = await site.partner();

const REQUEST = '/v1/partner/token-pools/request';
const REQUESTS = '/v1/partner/token-pools/requests';

let asked = 0;
const ask = async (changes = {}, partner = acme) => {
	site.clock.advance(1);
	return partner.post(REQUEST,
	    { amount: 500, reason: `forecast ${++asked}`, ...changes });
};
const withdraw = (id, partner = acme) => {
	site.clock.advance(1);
	return partner.signed('DELETE', `${REQUESTS}/${id}`);
};
const show = async (id) => good(await acme.get(`${REQUESTS}/${id}`));
const approve = (id, ...words) =>
	site.cli('request', 'approve', '--request', id, ...words);
const reject = (id, ...words) =>
	site.cli('request', 'reject', '--request', id, ...words);

/* enum event_type of lib/hooks/outbox.h. */
const words = { 6: 'refilled', 8: 'low', 9: 'created', 10: 'approved',
	11: 'rejected' };
const events = async (since = 0) => (await rows(site,
    'SELECT id, type FROM events WHERE tenant = (SELECT t.id FROM tenants t' +
    ` JOIN partners p ON p.id = t.partner WHERE p.slug = '${acme.slug}'` +
    ` AND t.side = 'test') AND id > ${since} ORDER BY id`));
const lastEvent = async () => (await events()).at(-1)?.id ?? 0;
const names = async (since) =>
	(await events(since)).map((e) => words[e.type]);

test('a request is pending, and moves nothing', async () => {
	const since = await lastEvent();
	const body = good(await ask({ amount: 500000,
	    reason: 'Q4 forecast: 25% over allocation' }), 201);
	const { requestId, createdAt } = body;
	assert.match(requestId, ID);
	assert.equal(Date.parse(createdAt), site.clock.now() * 1000);
	assert.deepEqual(body, { requestId, tokenPoolId: acme.tokenPoolId,
	    amount: 500000, reason: 'Q4 forecast: 25% over allocation',
	    status: 'PENDING', kind: 'MANUAL', decisionReason: null,
	    transactionId: null, createdAt, decidedAt: null });
	assert.deepEqual(await show(requestId), body);
	assert.equal((await pool(acme)).availableBalance, 1000);
	assert.deepEqual(await names(since), ['created']);
});

test('for another pool than the default', async () => {
	const { tokenPoolId } = await site.cli('pool', 'create',
	    '--partner', acme.slug, '--side', 'test', '--name', 'Second');
	const body = good(await ask({ tokenPoolId }), 201);
	assert.equal(body.tokenPoolId, tokenPoolId);
	await approve(body.requestId);
	const { availableBalance } = good(await acme.get(
	    `/v1/partner/token-pools/${tokenPoolId}/balance`));
	assert.equal(availableBalance, 500);
	assert.equal((await pool(acme)).availableBalance, 1000);
});

test('approval puts the tokens in, and both events tell it', async () => {
	const { requestId } = good(await ask({ amount: 70 }), 201);
	const before = await pool(acme);
	const since = await lastEvent();
	site.clock.advance(60);
	const done = await approve(requestId, '--reason', 'welcome');
	assert.equal(done.status, 'APPROVED');
	assert.equal(done.partner, acme.slug);
	assert.equal(done.side, 'test');
	const body = await show(requestId);
	assert.equal(body.status, 'APPROVED');
	assert.equal(body.decisionReason, 'welcome');
	assert.equal(Date.parse(body.decidedAt), site.clock.now() * 1000);
	assert.match(body.transactionId, ID);
	const after = await pool(acme);
	assert.equal(after.availableBalance, before.availableBalance + 70);
	assert.equal(after.totalAllocated, before.totalAllocated + 70);
	assert.deepEqual(await names(since), ['refilled', 'approved']);
	const { data } = good(await acme.get('/v1/partner/token-pools/' +
	    `${acme.tokenPoolId}/transactions`));
	assert.equal(data[0].transactionId, body.transactionId);
	assert.deepEqual([data[0].type, data[0].tokens], ['ALLOCATION', 70]);
});

test('rejection says why', async () => {
	const { requestId } = good(await ask(), 201);
	const before = await pool(acme);
	const since = await lastEvent();
	await reject(requestId, '--reason', 'not this quarter');
	const { status, decisionReason, transactionId } =
	    await show(requestId);
	assert.deepEqual([status, decisionReason, transactionId],
	    ['REJECTED', 'not this quarter', null]);
	assert.deepEqual(await pool(acme), before);
	assert.deepEqual(await names(since), ['rejected']);
});

test('withdrawal, which tells nobody', async () => {
	const { requestId } = good(await ask(), 201);
	const since = await lastEvent();
	const gone = good(await withdraw(requestId));
	assert.equal(gone.status, 'WITHDRAWN');
	assert.deepEqual(await show(requestId), gone);
	assert.deepEqual(await names(since), []);
});

test('the same signed withdrawal twice is one', async () => {
	const { requestId } = good(await ask(), 201);
	const first = await withdraw(requestId);
	const again = await acme.signed('DELETE', `${REQUESTS}/${requestId}`);
	assert.deepEqual(good(again), good(first));
	assert.equal(again.headers['idempotent-replayed'], 'true');
});

test('a request with an Idempotency-Key is made once', async () => {
	const headers = { 'Idempotency-Key': 'ask once' };
	const body = { amount: 5, reason: 'once' };
	const first = good(await acme.post(REQUEST, body, { headers }), 201);
	site.clock.advance(5);
	const again = good(await acme.post(REQUEST, body, { headers }), 201);
	assert.deepEqual(again, first);
	site.clock.advance(5);
	refused(await acme.post(REQUEST, { ...body, amount: 6 }, { headers }),
	    422, 'IDEMPOTENCY_KEY_REUSED');
});

test('what is decided stays so', async () => {
	for (const [status, end] of [
		['APPROVED', approve], ['REJECTED', reject],
		['WITHDRAWN', async (id) => good(await withdraw(id))],
	]) {
		const { requestId } = good(await ask(), 201);
		await end(requestId);
		const body = await show(requestId);
		const before = await pool(acme);
		const since = await lastEvent();
		const { detail } = refused(await withdraw(requestId),
		    409, 'INVALID_TRANSITION');
		assert.ok(detail.includes(status), detail);
		for (const verb of ['approve', 'reject']) {
			const { code, stderr } = await site.tryCli('request',
			    verb, '--request', requestId);
			assert.equal(code, 1);
			assert.match(stderr, new RegExp(
			    `INVALID_TRANSITION.*${status}`));
		}
		assert.deepEqual(await show(requestId), body);
		assert.deepEqual(await pool(acme), before);
		assert.deepEqual(await names(since), []);
	}
});

for (const [name, changes, pointers] of [
	['no amount', { amount: undefined }, ['/amount']],
	['amount 0', { amount: 0 }, ['/amount']],
	['amount below 0', { amount: -1 }, ['/amount']],
	['too high an amount', { amount: 10 ** 15 + 1 }, ['/amount']],
	['an amount with a fraction', { amount: 1.5 }, ['/amount']],
	['an amount in quotes', { amount: '5' }, ['/amount']],
	['no reason', { reason: undefined }, ['/reason']],
	['an empty reason', { reason: '' }, ['/reason']],
	['too long a reason', { reason: 'x'.repeat(501) }, ['/reason']],
	['an id too short', { tokenPoolId: 'abc' }, ['/tokenPoolId']],
	['nothing', { amount: undefined, reason: undefined },
		['/amount', '/reason']],
])
	test(`refused: ${name}`, async () => {
		refused(await ask(changes), 400, 'INVALID_REQUEST', pointers);
	});

test('the ends of what may be asked for', async () => {
	good(await ask({ amount: 1, reason: 'x' }), 201);
	good(await ask({ amount: 10 ** 15, reason: 'ä'.repeat(500),
	    tokenPoolId: null }), 201);
});

test('refused: a pool that is not there, or is another\'s', async () => {
	for (const tokenPoolId of [NO_ID, other.tokenPoolId, 'g'.repeat(24)])
		refused(await ask({ tokenPoolId }), 422, 'POOL_NOT_FOUND');
});

test('asking and withdrawing need the secret key and the scope', async () => {
	const { requestId } = good(await ask(), 201);
	const reader = await acme.newKey({ scopes: 'read actions:write' });
	const asker = await acme.newKey({ scopes: 'token-pools:request' });
	refused(await ask({}, reader), 403, 'INSUFFICIENT_SCOPE');
	refused(await withdraw(requestId, reader), 403, 'INSUFFICIENT_SCOPE');
	good(await reader.get(`${REQUESTS}/${requestId}`));
	refused(await acme.post(REQUEST, { amount: 1, reason: 'x' },
	    { key: 'pk' }), 403, 'SECRET_KEY_REQUIRED');
	refused(await acme.signed('DELETE', `${REQUESTS}/${requestId}`,
	    { key: 'pk' }), 403, 'SECRET_KEY_REQUIRED');
	good(await acme.get(`${REQUESTS}/${requestId}`, { key: 'pk' }));
	good(await ask({}, asker), 201);
	good(await withdraw(requestId, asker));
	refused(await asker.get(REQUESTS), 403, 'INSUFFICIENT_SCOPE');
});

test('another\'s request is as one that is not there', async () => {
	const { requestId } = good(await ask(), 201);
	for (const id of [requestId, NO_ID, other.tokenPoolId, 'x']) {
		refused(await other.get(`${REQUESTS}/${id}`),
		    404, 'NOT_FOUND');
		refused(await withdraw(id, other), 404, 'NOT_FOUND');
	}
	assert.equal((await show(requestId)).status, 'PENDING');
	assert.deepEqual(good(await other.get(REQUESTS)).data, []);
	refused(await other.get(`${REQUESTS}?cursor=${requestId}`),
	    400, 'INVALID_REQUEST', ['/cursor']);
});

test('literal addresses are no ids', async () => {
	refused(await acme.get(REQUEST), 404, 'NOT_FOUND');
	const answer = await acme.post(REQUESTS, {});
	refused(answer, 405, 'METHOD_NOT_ALLOWED');
	assert.match(answer.headers.allow, /GET/);
	refused(await acme.post('/v1/partner/token-pools', {}),
	    405, 'METHOD_NOT_ALLOWED');
});

test('the list: by page, by cursor, by what is asked for', async () => {
	const partner = await site.partner({ slug: 'lists', tokens: 0 });
	const made = [];
	for (let i = 0; i < 7; i++) {
		const { requestId } = good(await ask({ amount: i + 1 },
		    partner), 201);
		made.unshift(requestId);
	}
	await approve(made[6]);
	await reject(made[5]);
	good(await withdraw(made[4], partner));
	const list = async (query = '') =>
		good(await partner.get(REQUESTS + query));
	const ids = async (query) =>
		(await list(query)).data.map((r) => r.requestId);

	const { data, pagination } = await list('?limit=3');
	assert.deepEqual(data.map((r) => r.requestId), made.slice(0, 3));
	assert.deepEqual(pagination, { page: 1, limit: 3, total: 7,
	    totalPages: 3, nextCursor: made[2] });
	assert.deepEqual(await ids('?limit=3&page=3'), made.slice(6));
	assert.deepEqual(await ids('?page=100000&limit=100'), []);
	const walked = [];
	for (let cursor = ''; cursor !== null;) {
		const page = await list(`?limit=2${cursor &&
		    `&cursor=${cursor}`}`);
		walked.push(...page.data.map((r) => r.requestId));
		cursor = page.pagination.nextCursor;
	}
	assert.deepEqual(walked, made);
	assert.deepEqual(await ids('?status=PENDING'), made.slice(0, 4));
	assert.deepEqual(await ids('?status=APPROVED'), [made[6]]);
	assert.deepEqual(await ids('?status=REJECTED'), [made[5]]);
	assert.deepEqual(await ids('?status=WITHDRAWN'), [made[4]]);
	const pending = await list('?status=PENDING&limit=3');
	assert.equal(pending.pagination.total, 4);
	assert.deepEqual(await ids('?status=PENDING&cursor=' +
	    pending.pagination.nextCursor), [made[3]]);
	assert.deepEqual(await ids('?kind=MANUAL'), made);
	assert.deepEqual(await ids('?kind=AUTO'), []);
	/* By time, both ends included; they are a second apart. */
	const ago = (seconds) => new Date(Date.parse(data[0].createdAt) -
	    seconds * 1000).toISOString();
	assert.deepEqual(await ids(`?from=${ago(4)}&to=${ago(2)}`),
	    made.slice(2, 5));
	assert.deepEqual(await ids(`?to=${ago(5)}&status=APPROVED`),
	    [made[6]]);
	assert.deepEqual(await ids(`?from=${ago(-1)}`), []);
	for (const query of ['status=pending', 'status=', 'limit=101',
		'page=0', `cursor=${NO_ID}`, 'kind=auto', 'from=2025', 'to=x'])
		refused(await partner.get(`${REQUESTS}?${query}`), 400,
		    'INVALID_REQUEST', [`/${query.split('=')[0]}`]);
});

test('the operator sees all that is asked for, or a part', async () => {
	const pending = await site.cli('request', 'list',
	    '--status', 'PENDING');
	assert.ok(pending.every((r) => r.status === 'PENDING'));
	const slugs = new Set(pending.map((r) => r.partner));
	assert.deepEqual([...slugs].sort(), [acme.slug, 'lists'].sort());
	const lists = await site.cli('request', 'list', '--partner', 'lists');
	assert.equal(lists.length, 7);
	assert.deepEqual(await site.cli('request', 'list', '--partner',
	    'lists', '--side', 'live'), []);
	const { code, stdout } = await site.tryCli('request', 'list');
	assert.equal(code, 0);
	assert.match(stdout, /^requestId +partner +side .*decisionReason\n/);
	for (const [words, status] of [
		[['--status', 'pending'], 2], [['--side', 'prod'], 2],
		[['--partner', 'nobody'], 1],
	])
		assert.equal((await site.tryCli('request', 'list', ...words))
		    .code, status, words.join(' '));
});

test('the operator is told what is wrong', async () => {
	const { requestId } = good(await ask(), 201);
	for (const id of [NO_ID, acme.tokenPoolId, 'x']) {
		const { code, stderr } = await site.tryCli('request',
		    'approve', '--request', id);
		assert.equal(code, 1);
		assert.match(stderr, /no such request/);
	}
	for (const words of [[], ['--request', requestId, '--reason',
	    'x'.repeat(501)]])
		assert.equal((await site.tryCli('request', 'reject',
		    ...words)).code, 2);
	assert.equal((await show(requestId)).status, 'PENDING');
});

test('of a live side, too', async () => {
	const live = await site.partner({ side: 'live', tokens: 0 });
	const { requestId } = good(await ask({ amount: 9 }, live), 201);
	assert.equal((await approve(requestId)).side, 'live');
	assert.equal((await pool(live)).availableBalance, 9);
});
